"""The market of whole NFTs: floors, sales, royalties and offers."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from model.mechanisms.nft_market.looks import KIND, NFT, PRICE
from model.metric import metric
from model.nft_kind import NftKind
from model.units import USD

if TYPE_CHECKING:
    from model.marketplace import Marketplace

COLLECTIBLE, ART = int(NftKind.COLLECTIBLE), int(NftKind.ART)
NEEDS = ("nft_market",)


def _market(market: "Marketplace") -> Any:
    return market.mechanisms["nft_market"]


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
    o = m.offers
    prices = o[(o[:, KIND] == COLLECTIBLE) & (o[:, NFT] < 0), PRICE]
    best = int(prices.max()) / USD if prices.size else 0.0
    return float(m.floor[COLLECTIBLE]) / best - 1.0 if best > 0.0 else math.nan
