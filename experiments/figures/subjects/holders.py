"""Holders of fractions: what it brought them, over how many vaults they spread, and how few they are."""

from experiments.figures.panels import Lines

PLACE = 75
PANELS = (
    Lines(
        "Return so far, by kind",
        (
            ("holders.retail_return", "investors"),
            ("holders.miner_return", "miners"),
            ("holders.provider_return", "providers"),
            ("holders.arbitrageur_return", "arbitrageurs"),
            ("holders.institution_return", "institutions"),
            ("holders.creator_return", "creators"),
        ),
        level=0.0,
        spare=1,
    ),
    Lines("Vaults in a portfolio", (("holders.diversification", "vaults"),), spare=3),
    Lines(
        "Concentration of fractions",
        (
            ("holders.gini", "Gini"),
            ("holders.herfindahl", "Herfindahl"),
            ("holdings.retail_top_tenth", "top tenth"),
        ),
        spare=2,
    ),
)
