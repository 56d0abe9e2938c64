"""The columns of sales, and the slips on which is written who paid what into escrow."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.mechanisms.offerings import kernels
from model.sheaf import Sheaf


class Sales(Sheaf):
    """Sales by vault, int64 unless said."""

    is_open: Any  # bool
    price: Any  # of the first fraction now [USD base units per whole fraction]
    rise: Any  # by how much it has risen when all is sold [the same]
    offered: Any  # [base units]
    left: Any  # still for sale [base units]
    lots: Any  # sold at once [base units]


def empty_sales(size: int) -> Sales:
    """No sales."""
    price, rise, offered, left = (np.zeros(size, np.int64) for _ in range(4))
    return Sales(np.zeros(size, np.bool_), price, rise, offered, left, np.ones(size, np.int64))


class Slips:
    """Who paid what for which vault, in the order of payment; what is torn up was delivered or paid back.

    Attributes:
        rows: int64 (vault, account, fractions, USD base units), `count[0]` of them in use
    """

    def __init__(self) -> None:
        self.rows = np.zeros((64, 4), np.int64)
        self.count = np.zeros(1, np.int64)

    def reserve(self, more: int) -> None:
        """Make room."""
        need = int(self.count[0]) + more
        if need > self.rows.shape[0]:
            wider = np.zeros((max(need, 2 * self.rows.shape[0]), 4), np.int64)
            wider[: self.rows.shape[0]] = self.rows
            self.rows = wider

    def used(self) -> NDArray[np.int64]:
        """All slips."""
        return self.rows[: int(self.count[0])]

    def of(self, v: int) -> NDArray[np.int64]:
        """Slips of one vault."""
        return self.used()[self.used()[:, kernels.VAULT] == v]

    def number(self, v: int) -> int:
        """How many there are."""
        return len(self.of(v))

    def paid(self, v: int) -> int:
        """USD base units that were paid in."""
        return int(self.of(v)[:, kernels.PAID].sum())

    def pay_back(self, books: Any, escrow: int, v: int, price: int) -> int:
        """Pay back what was paid above a price, 0 for everything; USD base units."""
        return int(kernels.pay_back(books, escrow, v, self.rows, int(self.count[0]), price))

    def tear(self, v: int) -> None:
        """Forget a vault's slips."""
        kept = self.used()[self.used()[:, kernels.VAULT] != v]
        self.rows[: len(kept)] = kept
        self.count[0] = len(kept)
