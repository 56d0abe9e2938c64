"""The floor that loans rely on: the cheapest piece of each collection, as a mean over some hours, moving by a guard a tick.

What it follows: comparable sales (`[nfts] path` scripts them), or the lowest price asked on the market of whole NFTs as
far as comparable sales bear it out: anybody may ask any price, so that an ask bounds worth from above alone.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.mechanisms.nft_loans.kernels import find_comparables, move_floors, take_floors

TREND_DAYS = 3.0
EXACT = 2  # floors that a plain sum rounds no more than once


class FloorOracle:
    """Reported floors by collection [USD].

    Attributes:
        price: reported, NaN before the first
        trend: mean log change of the report a day, over three days or since the first
        fresh: whether there was a floor within the window; else the report stays and nothing is lent on it
    """

    def __init__(self, window: int, days_of_a_tick: float, collections: int) -> None:
        self.window, self.days = window, days_of_a_tick
        self.seen = np.full((window, collections), np.nan)
        self.past = np.full((max(2, round(TREND_DAYS / days_of_a_tick) + 1), collections), np.nan)
        self.price, self.trend = np.full(collections, np.nan), np.zeros(collections)
        self.fresh = np.zeros(collections, np.bool_)
        self.mean = np.full(collections, np.nan)  # work space

    def report(self, source: NDArray[np.float64], most_move: float) -> None:
        """Take today's floors, NaN where there is none, and move the report towards their mean."""
        mean = self.mean[: source.size]
        take_floors(source, self.seen, self.past, mean)
        if self.window > EXACT:
            for c, seen in enumerate(self.seen.T[: source.size].tolist()):
                known = [x for x in seen if x == x]  # those that are a number
                mean[c] = math.fsum(known) / len(known) if known else math.nan
        move_floors(mean, most_move, self.days, self.price, self.past, self.trend, self.fresh)

    def state(self) -> tuple[NDArray[Any], ...]:
        """Reports and what they are made from."""
        return self.seen, self.past, self.price


def comparables(nfts: Any) -> NDArray[np.float64]:
    """What comparable sales of the cheapest piece of each collection fetch [USD], NaN for none."""
    lowest = np.empty(nfts.collections)
    find_comparables(nfts.owner, nfts.anchor, nfts.collection, nfts.n, lowest)
    return lowest


def asks(nfts: Any, market: Any) -> NDArray[np.float64]:
    """The lowest price asked for a piece of each collection, or comparable sales where they are less [USD], NaN without asks."""
    return np.minimum(market.floor[: nfts.collections], comparables(nfts))
