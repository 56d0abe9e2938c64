"""Settlement row after row in plain Python, for what is rare and cannot be taken back from a bundle."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Status
from model.books import Books


def one_by_one(
    books: Books, rows: NDArray[Any], order: NDArray[np.int64], act: Callable[..., tuple[Status, int]]
) -> None:
    """Carry rows out in order; in a bundle none of them is allowed.

    Args:
        rows: of one action
        order: places of the rows
        act: what one row does, from its account and its own columns: the status, and what was filled
    """
    if books.logging[0] != 0:
        rows["status"][order] = Status.NOT_ALLOWED
        return
    table = rows.view(np.int64).reshape(rows.size, -1)
    for i, values in zip(order.tolist(), table[order, :-2].tolist(), strict=True):
        table[i, -2:] = act(*values)
