"""What traders and lenders know of floors, and of which collection they come across a piece."""

import math
from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from model.jit import helper, kernel
from model.nft_kind import NftKind
from model.view import MarketView, frozen

COLLECTIBLE = int(NftKind.COLLECTIBLE)
NOTHING = frozen(np.zeros(0))
_i, _f = types.int64, types.float64
_ints, _floats = (types.Array(of, 1, "C", readonly=True) for of in (_i, _f))


@kernel
def _cheapest(owner: Any, anchor: Any, collection: Any, out: Any) -> None:
    out[:] = math.nan
    for n in range(owner.size):
        c = collection[n]
        if owner[n] >= 0 and not anchor[n] >= out[c]:
            out[c] = anchor[n]


def comparables(market: MarketView) -> NDArray[np.float64]:
    """What comparable sales of the cheapest piece of each collection fetch [USD], for `market.once`; NaN for none."""
    nfts = market.nfts
    out = np.empty(nfts.kinds.size)
    _cheapest(nfts.owner, nfts.anchor, nfts.collection, out)
    return out


@kernel
def _best_known(reported: Any, asked: Any, out: Any) -> None:
    for c in range(out.size):
        if asked.size > 0 and asked[c] < out[c]:
            out[c] = asked[c]
        if reported.size > 0 and reported[c] == reported[c]:
            out[c] = reported[c]


def floors(market: MarketView) -> NDArray[np.float64]:
    """Floors that all know by collection [USD], for `market.once`; NaN for none.

    The loans' report, else the cheapest comparable sale, or the lowest price asked where that is less.
    """
    known = (getattr(market, key).floor if market.has(key) else NOTHING for key in ("nft_loans", "nft_market"))
    out = market.once(comparables).copy()
    _best_known(*known, out)
    return out


@helper(_i(_i, _ints, _ints, _ints, _floats, _f, _f), from_python=True)
def come_across(first, owner, kind, collection, floor, part, most):
    """Collection of the next collectible from some NFT on, of whose floor he can pay a part; -1 for none.

    Args:
        first: number of the NFT with which he begins; after the last comes the first
        owner, kind, collection: by NFT; floor: by collection [USD], NaN for unknown
        part: of the floor [1]; most: that he can pay [USD]
    """
    for k in range(owner.size):
        n = (first + k) % owner.size
        if owner[n] >= 0 and kind[n] == COLLECTIBLE and 0.0 < floor[collection[n]] * part <= most:
            return collection[n]
    return -1
