"""The market of whole NFTs: floors, sales, royalties and offers."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from model.metric import metric
from model.nft_kind import NftKind
from model.units import USD

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("nft_market",)


def _market(market: "Marketplace") -> Any:
    return market.mechanisms["nft_market"]


def _floor(market: "Marketplace", kind: NftKind) -> float:
    return float(_market(market).floor[kind])


@metric("USD", "last", NEEDS, headline=True)
def floor_of_collectibles(market: "Marketplace") -> float:
    """Lowest price asked for a collectible this morning; undefined without one."""
    return _floor(market, NftKind.COLLECTIBLE)


@metric("USD", "last", NEEDS)
def floor_of_art(market: "Marketplace") -> float:
    """Lowest price asked for a work of art this morning; undefined without one."""
    return _floor(market, NftKind.ART)


@metric("NFTs", "last", NEEDS)
def listed(market: "Marketplace") -> float:
    """NFTs that their owners ask a price for."""
    m = _market(market)
    return float(np.count_nonzero((m.asked > 0) & (m.seller == m.nfts.owner)))


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
    m = _market(market)
    best = max((int(o[4]) for o in m.offers if o[2] == NftKind.COLLECTIBLE and o[3] < 0), default=0) / USD
    floor = _floor(market, NftKind.COLLECTIBLE)
    return floor / best - 1.0 if best > 0.0 else math.nan
