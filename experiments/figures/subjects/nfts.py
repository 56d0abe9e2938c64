"""NFTs: how many of which kind, what they are worth, and what they bring their owners."""

from experiments.figures.panels import Lines

PLACE = 24
KINDS = (
    ("nfts.art", "art"),
    ("nfts.collectibles", "collectibles"),
    ("nfts.game_items", "game items"),
    ("nfts.land", "land"),
    ("nfts.mining_rights", "mining rights"),
    ("nfts.infrastructure", "nodes"),
    ("nfts.in_vaults", "in vaults"),
)
PANELS = (
    Lines("NFTs: appraisals", (("nfts.appraisal", "sum"),), twin=("nfts.index", "index")),
    Lines("NFTs here, by kind", KINDS, zeros=False),
    Lines("NFTs: paid so far", (("nfts.rent", "rent, fees"), ("nfts.charges", "standing cost")), "so far", zeros=False),
    Lines("NFTs: sold so far", (("nfts.sales", "sales"), ("nfts.royalties", "royalties")), "so far", zeros=False),
)
