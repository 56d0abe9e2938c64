"""Venues: depth, volume and price at each, what providers earn, and what runs dry."""

from experiments.figures.panels import Lines

PLACE = 30
CONTINUOUS = (("amm", "product"), ("curve", "curve"), ("weighted", "weighted"))
VENUES = (*CONTINUOUS, ("auction", "auction"))


def of(metric: str, venues: tuple[tuple[str, str], ...] = VENUES) -> tuple[tuple[str, str], ...]:
    """One metric at several venues."""
    return tuple((f"{venue}.{metric}", label) for venue, label in venues)


PANELS = (
    Lines("Pools", (("amm.depth", "depth"),), twin=("amm.volume", "volume")),
    Lines(
        "Share of pools traded today", (("amm.traded_share", "share"),), when=("fractions.vaults",)
    ),  # of one: 0 or 1
    Lines("Fraction price by venue", of("price_median"), least=2),
    Lines("Depth by venue", of("depth", CONTINUOUS), least=2),
    Lines("Volume by venue, so far", of("volume"), "so far", least=2),
    Lines("Providers' return, so far", of("lp_return", CONTINUOUS), "so far", level=0.0, least=2),
    Lines(
        "Swaps refused so far",
        (("curve.dry", "curve ran dry"), ("weighted.refused", "too large")),
        "so far",
        zeros=False,
    ),
    Lines("Auction: vaults that traded", (("auction.batches", "vaults"),)),
)
