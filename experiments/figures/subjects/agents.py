"""Agents: who looks and acts, and how wealth is spread over them."""

from experiments.figures.panels import Lines

PLACE = 70
PANELS = (
    Lines(
        "Share of agents a tick",
        (("agents.awake", "awake"), ("agents.acting", "acting")),
        when=("agents.awake", "agents.acting"),
    ),
    Lines(
        "Shares of all wealth",
        (
            ("agents.miner_wealth", "miners"),
            ("agents.retail_wealth", "investors"),
            ("agents.provider_wealth", "providers"),
            ("agents.arbitrageur_wealth", "arbitrageurs"),
            ("agents.institution_wealth", "institutions"),
        ),
        least=2,
    ),
    Lines("Institutions' share of fractions", (("agents.institution_fractions", "share"),)),
    Lines("Gini of wealth", (("agents.gini", "everybody"),)),
    Lines(
        "Hill exponent of wealth",
        (("tail.everybody", "all"), ("tail.retail", "investors"), ("tail.miners", "miners")),
        spare=4,
    ),
)
