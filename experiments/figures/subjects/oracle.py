"""The oracle against the price at which fractions trade."""

from experiments.figures.panels import Lines

PLACE = 35
PANELS = (
    Lines(
        "Oracle against spot", (("amm.price_median", "spot"), ("oracle.price_median", "oracle")), when=("oracle.gap",)
    ),
    Lines(
        "Oracle: distance from spot", (("oracle.gap", "median"), ("oracle.stale", "share stale")), when=("oracle.gap",)
    ),
)
