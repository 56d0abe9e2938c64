"""Rented hashpower: its price against mining, how much is rented and for what, and what an attack costs."""

from experiments.figures.panels import Lines

PLACE = 47
PANELS = (
    Lines(
        "Price of hashpower over mining it",
        (("rental.over_hashprice", "standard orders"),),
        when=("rental.over_hashprice",),
        level=1.0,
    ),
    Lines(
        "Hashpower for hire",
        (
            ("rental.demand", "bid for"),
            ("rental.supply", "offered"),
            ("rental.rented", "rented"),
            ("rental.elsewhere", "on other chains"),
        ),
        when=("rental.rented",),
    ),
    Lines(
        "Hashprice sold forward",
        (("forwards.strike_over_index", "strike over hashprice"),),
        when=("forwards.strike_over_index",),
        level=1.0,
    ),
    Lines("Cost of an attack so far", (("rental.attack_cost", "paid"),), when=("rental.attack_cost",), zeros=False),
)
