"""Hashpower for hire that does not arrive."""

from typing import TYPE_CHECKING

from experiments.presets.looks import mean, value
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace

DAY, END = 60.0, 70.0


def look(market: "Marketplace") -> Numbers:
    """What is rented, at what price, and who is broken off, before, during and after."""
    before = mean(market, "rental.rented", DAY - 20.0, DAY)
    return {
        "rented in the outage over before": mean(market, "rental.rented", DAY, END) / before,
        "rented a month later over before": mean(market, "rental.rented", END + 20.0, END + 40.0) / before,
        "price in the outage over hashprice": mean(market, "rental.over_hashprice", DAY, END),
        "price before over hashprice": mean(market, "rental.over_hashprice", DAY - 20.0, DAY),
        "terms broken off": value(market, "rental.defaults"),
        "gain of renters": value(market, "gains.renter"),
    }


def tell(found: "Found") -> str:
    """Who pays, and whether it comes back."""
    return (
        f"Buyers pay only for what comes: {found.mean('rented in the outage over before')} of what was rented before. Sellers lose "
        f"{found.mean('terms broken off')} terms in the run and may not offer for a month, so a month later {found.mean('rented a month later over before')} is "
        f"rented. The price is {found.mean('price in the outage over hashprice')} of hashprice meanwhile, {found.plain('price before over hashprice')} before."
    )


ANSWER = Answer(
    look,
    tell,
    {
        "rented in the outage over before": "%",
        "rented a month later over before": "%",
        "price in the outage over hashprice": "%",
        "price before over hashprice": "%",
        "terms broken off": "",
        "gain of renters": "USD",
    },
)
