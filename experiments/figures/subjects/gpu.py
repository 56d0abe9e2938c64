"""The second coin: what cards earn against their power, its network, and cards that are sold."""

from experiments.figures.panels import Lines

PLACE = 14
PANELS = (
    Lines("Cards: income and power", (("gpu.income", "mined"), ("gpu.power", "power")), when=("gpu.income",)),
    Lines("Second coin's network", (("gpu.hashrate", "hash rate"),), when=("gpu.hashrate",)),
    Lines("Cards of the market's miners", (("gpu.owned", "owned"),), when=("gpu.owned",)),
)
