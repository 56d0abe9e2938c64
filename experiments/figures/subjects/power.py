"""Power: its price, what utilities take back and pay for it, and what the state takes."""

from experiments.figures.panels import Lines

PLACE = 55
PANELS = (
    Lines("Power price over its mean", (("power.index", "index"),), when=("power.index",), level=1.0),
    Lines(
        "Power taken back by utilities",
        (("power.interrupted", "share"),),
        when=("power.interrupted",),
    ),
    Lines(
        "Credits and tax so far",
        (("power.credits_paid", "credits"), ("power.tax", "tax")),
        "so far",
        when=("power.credits_paid", "power.tax"),
        zeros=False,
    ),
)
