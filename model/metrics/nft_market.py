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


def _floor(market: "Marketplace", kind: int) -> float:
    return float(_market(market).floor[kind])


@metric("USD", "last", NEEDS, headline=True)
def floor_of_collectibles(market: "Marketplace") -> float:
    """Lowest price asked for a collectible this morning; undefined without one."""
    return _floor(market, COLLECTIBLE)


@metric("USD", "last", NEEDS)
def floor_of_art(market: "Marketplace") -> float:
    """Lowest price asked for a work of art this morning; undefined without one."""
    return _floor(market, ART)


@metric("NFTs", "last", NEEDS)
def listed(market: "Marketplace") -> float:
    """NFTs that their owners ask a price for."""
    return float(_standing(market)[0])


@metric("USD", "last", NEEDS)
def offered(market: "Marketplace") -> float:
    """Dollars in escrow of open offers."""
    m = _market(market)
    return m.ledger.balance(0, m.escrow) / USD


@metric("NFTs", "sum", NEEDS, headline=True)
def sales(market: "Marketplace") -> float:
    """Whole NFTs that changed hands on the market."""
    return float(_market(market).sales)


@metric("USD", "sum", NEEDS)
def volume(market: "Marketplace") -> float:
    """Paid for them."""
    return _market(market).volume / USD


@metric("USD", "sum", NEEDS)
def royalties(market: "Marketplace") -> float:
    """Royalties to artists from these sales."""
    return _market(market).royalties / USD


@metric("1", "last", NEEDS)
def spread(market: "Marketplace") -> float:
    """Lowest price asked for a collectible over the best offer for any of them, less one; undefined without both."""
    best = _standing(market)[1]
    return _floor(market, COLLECTIBLE) / best - 1.0 if best > 0.0 else math.nan
