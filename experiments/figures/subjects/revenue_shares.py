"""Revenue shares: capital raised and paid back, and what runs."""

from experiments.figures.panels import Lines

PLACE = 48
PANELS = (
    Lines(
        "Capital against revenue",
        (("revenue_shares.raised", "raised"), ("revenue_shares.paid", "paid on it")),
        when=("revenue_shares.running",),
    ),
    Lines("Revenue shares: marked at", (("revenue_shares.outstanding", "worth"),), when=("revenue_shares.running",)),
)
