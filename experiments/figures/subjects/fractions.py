"""Fractions: price against net asset value, yield, and how much is behind them."""

from experiments.figures.panels import Lines

PLACE = 20
PANELS = (
    Lines("Fractions: ln(price / NAV)", (("fractions.premium", "premium"),), level=0.0),
    Lines("Fractions: income yield", (("fractions.income_yield", "yield"),), level=0.0),
    Lines("Fractions: hash rate", (("fractions.hashrate", "hash rate"),), when=("fractions.hashrate",)),
)
