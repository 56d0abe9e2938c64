"""The market of whole NFTs: floors, sales, royalties and offers."""

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


def _lowest(m: Any, by_collection: Any, kind: int) -> float:
    """The least of collections of a kind that have one, NaN where none has."""
    return float(np.fmin.reduce(by_collection[m.nfts.kinds == kind], initial=np.nan))


@shared
def _standing(market: "Marketplace") -> tuple[int, Any]:
    """NFTs that are listed, and the best offer for any of each collection [USD], NaN for none."""
    m = _market(market)
    price, offered, best = (np.empty(m.asked.size) for _ in range(3))
    return int(prices(m.listed, m.offers, m.nfts.n, price, offered, best)), best


@metric("USD", "last", NEEDS, headline=True, of=_market)
def floor_of_collectibles(m: Any) -> float:
    """Lowest price asked for a collectible this morning; undefined without one."""
    return _lowest(m, m.floor, COLLECTIBLE)


@metric("USD", "last", NEEDS, of=_market)
def floor_of_art(m: Any) -> float:
    """Lowest price asked for a work of art this morning; undefined without one."""
    return _lowest(m, m.floor, ART)


@metric("NFTs", "last", NEEDS, of=_standing)
def listed(standing: tuple[int, Any]) -> float:
    """NFTs that their owners ask a price for."""
    return float(standing[0])


@metric("USD", "last", NEEDS, of=_market)
def offered(m: Any) -> float:
    """Dollars in escrow of open offers."""
    return m.ledger.balance(0, m.escrow.account) / USD


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
    """Lowest price asked over the best offer for any of a collection of collectibles, less one; the least, undefined without."""
    m = _market(market)
    return _lowest(m, m.floor / _standing(market)[1] - 1.0, COLLECTIBLE)
