"""The floor that loans rely on: the cheapest NFT of each kind, as a mean over some hours, and never more than a guard a tick.

What it follows: comparable sales (`[nfts] path` scripts them), or the lowest price asked on the market of whole NFTs.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.mechanisms.nft_loans.kernels import find_comparables, move_floors, take_floors
from model.nft_kind import NftKind

KINDS = len(NftKind)
TREND_DAYS = 3.0
EXACT = 2  # floors that a plain sum rounds no more than once


class FloorOracle:
    """Reported floors by `NftKind` [USD].

    Attributes:
        price: reported, NaN before the first
        trend: mean log change of the report a day, over three days or since the first
    """

    def __init__(self, window: int, days_of_a_tick: float) -> None:
        self.window, self.days = window, days_of_a_tick
        self.seen = np.full((window, KINDS), np.nan)
        self.past = np.full((max(2, round(TREND_DAYS / days_of_a_tick) + 1), KINDS), np.nan)
        self.price, self.trend = np.full(KINDS, np.nan), np.zeros(KINDS)
        self.mean = np.full(KINDS, np.nan)  # work space

    def report(self, source: NDArray[np.float64], most_move: float) -> None:
        """Take today's floors, NaN where there is none, and move the report towards their mean."""
        take_floors(source, self.seen, self.past, self.mean)
        if self.window > EXACT:
            for kind, seen in enumerate(self.seen.T.tolist()):
                known = [x for x in seen if x == x]  # those that are a number
                self.mean[kind] = math.fsum(known) / len(known) if known else math.nan
        move_floors(self.mean, most_move, self.days, self.price, self.past, self.trend)

    def state(self) -> tuple[NDArray[Any], ...]:
        """Reports and what they are made from."""
        return self.seen, self.past, self.price


def comparables(nfts: Any) -> NDArray[np.float64]:
    """What comparable sales of the cheapest NFT of each kind fetch [USD], NaN for none."""
    lowest = np.empty(KINDS)
    find_comparables(nfts.owner, nfts.anchor, nfts.kind, nfts.n, lowest)
    return lowest
