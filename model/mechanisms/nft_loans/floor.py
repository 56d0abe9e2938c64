"""The floor that loans rely on: the cheapest NFT of each kind, as a mean over some hours, and never more than a guard a tick.

What it follows: comparable sales (`[nfts] path` scripts them), or the lowest price asked on the market of whole NFTs.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.mechanisms.nft_loans.kernels import find_comparables
from model.nft_kind import NftKind

KINDS = len(NftKind)
TREND_DAYS = 3.0


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

    def report(self, source: NDArray[np.float64], most_move: float) -> None:
        """Take today's floors, NaN where there is none, and move the report towards their mean."""
        self.seen[:-1], self.past[:-1] = self.seen[1:], self.past[1:]
        self.seen[-1] = np.where(source > 0.0, source, self.seen[-1])
        for kind, (seen, past, old) in enumerate(
            zip(self.seen.T.tolist(), self.past[:-1].T.tolist(), self.price.tolist(), strict=True)
        ):
            known = [x for x in seen if x == x]  # those that are a number
            if not known:
                continue
            mean = math.fsum(known) / len(known)
            if old == old:
                mean = min(max(mean, old * (1.0 - most_move)), old * (1.0 + most_move))
            self.price[kind] = self.past[-1, kind] = mean
            there = [x for x in past if x == x]
            elapsed = len(there) * self.days
            self.trend[kind] = math.log(mean / there[0]) / elapsed if elapsed else 0.0

    def state(self) -> tuple[NDArray[Any], ...]:
        """Reports and what they are made from."""
        return self.seen, self.past, self.price


def comparables(nfts: Any) -> NDArray[np.float64]:
    """What comparable sales of the cheapest NFT of each kind fetch [USD], NaN for none."""
    lowest = np.empty(KINDS)
    find_comparables(nfts.owner, nfts.anchor, nfts.kind, nfts.n, lowest)
    return lowest
