"""Vaults: who gets their income, and how they end."""

from experiments.figures.panels import Lines

PLACE = 22
PANELS = (
    Lines(
        "Income passed on so far",
        (
            ("vaults.income_stakers", "stakers"),
            ("vaults.income_providers", "providers"),
            ("vaults.income_taken", "others"),
        ),
        "so far",
        when=("vaults.staked_share", "vaults.income_taken"),
        zeros=False,
    ),
    Lines("Staked share of fractions", (("vaults.staked_share", "staked"),), when=("vaults.staked_share",)),
    Lines(
        "Vaults that ended",
        (("vaults.wound_up", "of age"), ("vaults.terminated", "at a loss"), ("vaults.taken_out", "redeemed")),
        when=("fractions.ended",),
        zeros=False,
    ),
)
