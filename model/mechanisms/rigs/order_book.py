"""The order book of makers: first come, first served; orders of one tick, or week, share what is left pro rata."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.jit import kernel
from model.sheaf import Sheaf


class Orders(Sheaf):
    """Columns by order, oldest first."""

    site: Any  # int32
    came: Any  # int32 when it was ordered: orders of one time lie together
    watts: Any  # W not yet shipped


class OrderBook:
    """Orders that makers have not shipped.

    Attributes:
        orders: columns with room to grow; rows from `first` to `n` wait, those before have been shipped
    """

    def __init__(self) -> None:
        self.orders = Orders(np.zeros(64, np.int32), np.zeros(64, np.int32), np.zeros(64))
        self.first = self.n = 0

    def add(
        self, sites: NDArray[np.int64], watts: NDArray[np.float64], came: int, backlog: NDArray[np.float64]
    ) -> None:
        """Let orders [W] join the end of the book, and `backlog` [W, by site]; each site once or more often."""
        some = np.flatnonzero(watts > 0.0)
        self._reserve(some.size)
        new = slice(self.n, self.n + some.size)
        self.orders.site[new], self.orders.came[new], self.orders.watts[new] = sites[some], came, watts[some]
        self.n = new.stop
        _count(self.orders, new.start, self.n, backlog)

    def ship(self, watts: float, backlog: NDArray[np.float64], shipped: NDArray[np.float64]) -> None:
        """Ship so many watts, oldest orders first: add them to `shipped` and leave the rest in `backlog` [W, by site]."""
        self.first = int(_ship(self.orders, self.first, self.n, watts, shipped))
        backlog[:] = 0.0
        _count(self.orders, self.first, self.n, backlog)

    def waiting(self) -> tuple[NDArray[Any], ...]:
        """Columns of the orders that wait."""
        return tuple(column[self.first : self.n] for column in self.orders)

    def _reserve(self, more: int) -> None:
        """Make room at the end: orders that wait move to the front, of a longer table if they would fill three quarters."""
        size, waiting = self.orders.site.size, self.waiting()
        if self.n + more <= size:
            return
        self.first, self.n = 0, self.n - self.first
        if 4 * (self.n + more) > 3 * size:
            self.orders = Orders(*(np.zeros(2 * max(size, self.n + more), c.dtype) for c in self.orders))
        for column, kept in zip(self.orders, waiting, strict=True):
            column[: self.n] = kept


@kernel
def _count(orders: Any, first: int, n: int, backlog: Any) -> None:
    """Add orders to what their sites wait for, in order."""
    for i in range(first, n):
        backlog[orders.site[i]] += orders.watts[i]


@kernel
def _ship(orders: Any, first: int, n: int, watts: float, shipped: Any) -> int:
    """Serve the oldest orders whole and those of the last time that is reached pro rata; the first row that waits."""
    while first < n and watts > 0.0:
        end, together = first, 0.0
        while end < n and orders.came[end] == orders.came[first]:
            together += orders.watts[end]
            end += 1
        part = min(1.0, watts / together)
        for i in range(first, end):
            out = orders.watts[i] * part
            shipped[orders.site[i]] += out
            orders.watts[i] -= out
        if part < 1.0:
            break
        first, watts = end, watts - together
    return first
