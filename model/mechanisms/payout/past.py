"""Shares of earlier ticks, for pools that pay a block over a window of shares: a ring that grows as it must."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.mechanisms.payout.luck import GIGAHASHES_PER_SHARE

LARGEST_PAST = 40_000_000  # cells of memory; a window that would need more is cut at its old end
LEAST_DEPTH = 2


class Past:
    """What was delivered to pools in earlier ticks.

    Args:
        n: number of pools
        pools: those that pay over a window

    Attributes:
        delivered: GH/s, float64[place in `pools`, tick, account]
        shares: of the whole pool, float64[pool, tick]
        hashrate: of the whole pool [GH/s] and members' part, alternately, float64[pool, 2 tick]
        weight: satoshi per GH/s in this tick and `filled` earlier ones, float64[pool, 1 + tick]
        head, filled: place of the last tick, ticks kept
    """

    def __init__(self, n: int, pools: NDArray[np.int64]) -> None:
        self.pools = [int(k) for k in pools]
        self.head = self.filled = 0
        self._shape(n, LEAST_DEPTH, 0)

    def _shape(self, n: int, depth: int, accounts: int) -> None:
        self.delivered = np.zeros((len(self.pools), depth, accounts))
        self.shares, self.hashrate = np.zeros((n, depth)), np.zeros((n, 2 * depth))
        self.weight = np.zeros((n, depth + 1))

    def reserve(self, ticks: int, accounts: int) -> None:
        """Room for so many earlier ticks and accounts, as far as memory allows."""
        n, depth, width = self.shares.shape[0], self.shares.shape[1], self.delivered.shape[2]
        most = max(LEAST_DEPTH, LARGEST_PAST // max(1, accounts * len(self.pools)))
        wanted = min(max(depth, ticks), most)
        if wanted <= depth and accounts <= width:
            return
        depth_new = depth if wanted <= depth else min(most, 2 * wanted)
        order = [(self.head - a) % depth for a in range(self.filled)][::-1]
        before = self.delivered, self.shares, self.hashrate
        self._shape(n, depth_new, max(accounts, width))
        for new, old in enumerate(order):
            self.delivered[:, new, :width] = before[0][:, old]
            self.shares[:, new] = before[1][:, old]
            self.hashrate[:, 2 * new : 2 * new + 2] = before[2][:, 2 * old : 2 * old + 2]
        self.head = max(0, self.filled - 1)

    def keep(self, hashrate: NDArray[np.float64], members: NDArray[np.float64], seconds: float) -> None:
        """Keep this tick's totals beside what `pay_by_window` has written."""
        depth = self.shares.shape[1]
        self.head = (self.head + 1) % depth
        self.filled = min(self.filled + 1, depth)
        self.shares[:, self.head] = hashrate * seconds / GIGAHASHES_PER_SHARE
        self.hashrate[:, 2 * self.head] = hashrate
        self.hashrate[:, 2 * self.head + 1] = np.divide(
            members, hashrate, out=np.zeros(members.size), where=hashrate > 0
        )

    def state(self, accounts: int) -> Iterable[NDArray[Any]]:
        """What belongs to the fingerprint."""
        return self.shares, self.hashrate, self.delivered[:, :, :accounts], np.array([self.head, self.filled])
