"""Prices, and the network in which rigs mine."""

from experiments.figures.panels import Lines

PLACE = 10
PANELS = (
    Lines("Prices", (("bitcoin.price", "coin"), ("amm.price_median", "fraction"), ("rigs.price", "rig")), "index"),
    Lines("Mining network", (("network.hashrate", "hash rate"),), twin=("network.difficulty", "difficulty")),
    Lines("Hashprice", (("network.hashprice", "hashprice"), ("rigs.breakeven_hashprice", "break-even"))),
    Lines("Hash rate of miners here", (("rigs.miners", "hash rate"),), spare=5),
)
