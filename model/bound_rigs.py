"""Rigs that must stay with their owner: pledged to a lender, or sold as hashpower by tokens."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Status

MOVES_RIGS = frozenset({"SellRigs", "Tokenise", "OfferContract"})  # actions whose `ghs` leave their owner


def refuse_bound(
    rows: NDArray[Any], order: NDArray[np.int64], bound: NDArray[np.int64], held: Callable[[int], int]
) -> NDArray[np.int64]:
    """Refuse rows of `MOVES_RIGS` that, with the account's rows before them, would take bound rigs away.

    Args:
        rows: of one action; order: in which they are settled
        bound: by account, as far as any may have some [GH/s]
        held: registered to an account [GH/s]

    Returns:
        the order of the rows that remain
    """
    if not bound.any():
        return order
    keep, leave = np.ones(order.size, np.bool_), np.zeros(bound.size, np.int64)
    for j, i in enumerate(order.tolist()):
        account, ghs = int(rows[i]["account"]), int(rows[i]["ghs"])
        stay = int(bound[account]) if account < bound.size else 0
        if stay and held(account) - stay - int(leave[account]) < ghs:
            rows[i]["status"], keep[j] = Status.LOCKED, False
        elif stay:
            leave[account] += max(0, ghs)
    return order[keep]
