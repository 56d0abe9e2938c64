"""Frozen payouts: what is owed, and who stays."""

from experiments.figures.panels import Lines

PLACE = 49
PANELS = (
    Lines("Frozen pay", (("freeze.owed", "owed"), ("freeze.lost", "kept for good")), when=("freeze.owed",)),
    Lines("Miners in frozen pools", (("freeze.members", "part of hash rate"),), when=("freeze.members",)),
)
