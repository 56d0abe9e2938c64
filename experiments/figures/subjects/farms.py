"""Farms: what is staked and for what yield, what is emitted, the reward token, the shop and the peg."""

from experiments.figures.panels import Lines

PLACE = 52
STAKES = (
    ("farms.staked_pool_shares", "pool shares"),
    ("farms.staked_fractions", "fractions"),
    ("farms.staked_tokens", "tokens"),
    ("farms.staked_deposits", "deposits"),
)
EMISSION = (("farms.emitted", "emitted"), ("farms.paid", "claimed"), ("farms.burned", "burnt"))
PANELS = (
    Lines("Farms: staked", STAKES, twin=("farms.apr", "yield"), zeros=False),
    Lines("Farms: reward token", (("farms.token_price", "price"),), twin=("farms.mercenary_share", "mercenary share")),
    Lines("Farms: tokens so far", EMISSION, "so far", zeros=False),
    Lines("Farms: shop, sold so far", (("farms.shop_sold", "pieces"),), "so far", zeros=False),
    Lines("Farms: the peg", (("farms.peg_price", "price"),), twin=("farms.peg_backing", "dollars behind"), zeros=False),
)
