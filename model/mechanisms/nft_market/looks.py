"""What strategies see of the market of whole NFTs."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from model.jit import kernel
from model.mechanisms.nft_market.public import NftMarketView
from model.sheaf import Sheaf
from model.units import USD
from model.view import frozen

if TYPE_CHECKING:
    from model.mechanisms.nft_market.mechanism import NftMarket

NUMBER, BIDDER, COLLECTION, NFT, PRICE, UNTIL = range(6)  # of offers


class Listed(Sheaf):
    """Columns by NFT: price asked [USD base units], who asked, owner, collection."""

    asked: Any
    seller: Any
    owner: Any
    collection: Any


@kernel
def prices(listed: Listed, offers: Any, n: int, price: Any, offered: Any, best: Any) -> int:
    """Fill what is asked and offered for each of n NFTs, and the best offers by collection [USD], NaN for none; how many are asked.

    Args:
        offers: rows of open offers, of which those for no NFT are for any of its collection
    """
    found = 0
    best[:] = math.nan
    for i in range(n):
        sells = listed.asked[i] > 0 and listed.seller[i] == listed.owner[i]
        price[i] = listed.asked[i] / USD if sells else math.nan
        offered[i] = math.nan
        found += sells
    for k in range(offers.shape[0]):
        bid, nft, c = offers[k, PRICE] / USD, offers[k, NFT], offers[k, COLLECTION]
        if nft >= 0:
            offered[nft] = bid if math.isnan(offered[nft]) else max(bid, offered[nft])
        else:
            best[c] = bid if math.isnan(best[c]) else max(bid, best[c])
    for i in range(n):
        top = best[listed.collection[i]]
        if not math.isnan(top):
            offered[i] = top if math.isnan(offered[i]) else max(top, offered[i])
    return found


class Board:
    """Columns by NFT that are worked out every morning and stay read-only in between."""

    def __init__(self, nfts: int) -> None:
        self.price, self.offered, self.best = (np.full(nfts, math.nan) for _ in range(3))
        self.n, self.shown = 0, (frozen(self.price[:0]), frozen(self.offered[:0]))


def look(m: "NftMarket") -> NftMarketView:
    """All of a morning."""
    board, n = m.board, m.nfts.n
    prices(m.listed, m.offers, n, board.price, board.offered, board.best)
    if board.n != n:
        board.n, board.shown = n, (frozen(board.price[:n]), frozen(board.offered[:n]))
    floor, last = m.floors
    return NftMarketView(*board.shown, floor, last, m.params.fee_bps, frozen(m.offers[:, :UNTIL]))
