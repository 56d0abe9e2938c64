"""How slow this machine is now, against the one on which the aims for a tick were set."""

import time
from collections import namedtuple

import numpy as np

from model.jit import maker
from model.ledger import Ledger
from model.marketplace import INSTITUTIONS

REFERENCE_US = 1.6  # a call of a kernel with a ledger's books there [microseconds]
CALLS = 50  # in one sample


@maker  # as all kernels were when the aims were set: what it costs to call one has halved since
def _touch(books: object, number: int) -> int:
    return number


class Slowness:
    """Samples of what a call of a kernel with a ledger's books costs, taken between the things that are timed."""

    def __init__(self) -> None:
        books = Ledger(list(INSTITUTIONS), 16, 4, 1).books
        self.books = namedtuple("Books", books._fields)(*books)
        _touch(self.books, 1)
        self.samples: list[float] = []

    def sample(self) -> None:
        """Time a few calls."""
        start = time.process_time_ns()
        for _ in range(CALLS):
            _touch(self.books, 1)
        self.samples.append((time.process_time_ns() - start) / CALLS)

    def factor(self) -> float:
        """Median time of a call over that of the reference machine, at least 1."""
        return max(1.0, float(np.median(self.samples)) / 1e3 / REFERENCE_US)
