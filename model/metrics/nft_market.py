"""The market of whole NFTs: floors, sales, royalties and offers."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from model.mechanisms.nft_market.looks import prices
from model.metric import metric, shared
from model.nft_kind import NftKind
from model.units import USD

if TYPE_CHECKING:
    from model.marketplace import Marketplace

COLLECTIBLE, ART = int(NftKind.COLLECTIBLE), int(NftKind.ART)
NEEDS = ("nft_market",)


def _market(market: "Marketplace") -> Any:
    return market.mechanisms["nft_market"]


@shared
def _standing(market: "Marketplace") -> tuple[int, float]:
    """NFTs that are listed, and the best offer for any collectible [USD], NaN for none."""
    m = _market(market)
    price, offered, best = np.empty(m.asked.size), np.empty(m.asked.size), np.empty(len(NftKind))
    return int(prices(m.listed, m.offers, m.nfts.n, price, offered, best)), float(best[COLLECTIBLE])


@metric("USD", "last", NEEDS, headline=True, of=_market)
def floor_of_collectibles(m: Any) -> float:
    """Lowest price asked for a collectible this morning; undefined without one."""
    return float(m.floor[COLLECTIBLE])


@metric("USD", "last", NEEDS, of=_market)
def floor_of_art(m: Any) -> float:
    """Lowest price asked for a work of art this morning; undefined without one."""
    return float(m.floor[ART])


@metric("NFTs", "last", NEEDS, of=_standing)
def listed(standing: tuple[int, float]) -> float:
    """NFTs that their owners ask a price for."""
    return float(standing[0])


@metric("USD", "last", NEEDS, of=_market)
def offered(m: Any) -> float:
    """Dollars in escrow of open offers."""
    return m.ledger.balance(0, m.escrow) / USD


@metric("NFTs", "sum", NEEDS, headline=True, of=_market)
def sales(m: Any) -> float:
    """Whole NFTs that changed hands on the market."""
    return float(m.sales)


@metric("USD", "sum", NEEDS, of=_market)
def volume(m: Any) -> float:
    """Paid for them."""
    return m.volume / USD


@metric("USD", "sum", NEEDS, of=_market)
def royalties(m: Any) -> float:
    """Royalties to artists from these sales."""
    return m.royalties / USD


@metric("1", "last", NEEDS)
def spread(market: "Marketplace") -> float:
    """Lowest price asked for a collectible over the best offer for any of them, less one; undefined without both."""
    best = _standing(market)[1]
    return float(_market(market).floor[COLLECTIBLE]) / best - 1.0 if best > 0.0 else math.nan
