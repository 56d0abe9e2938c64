"""Drafts of bundles: the table that kernels fill step by step, and what is handed in from it."""

from typing import Any, NamedTuple

import numpy as np
from numba import types

from agents.venues import Venues
from model.actions import Action
from model.bundles import Bundles
from model.jit import helper
from model.mechanisms.lending import Borrow, FlashBorrow, FlashRepay, Pledge, Release, Repay

LOANS: tuple[type[Action], ...] = (Pledge, Release, Borrow, Repay, FlashBorrow, FlashRepay)
PLEDGE, RELEASE, BORROW, REPAY, FLASH_BORROW, FLASH_REPAY, TRADE, STEP, BUNDLE = range(9)
NOTHING = [kind.of_rows(np.zeros((0, len(kind.dtype.names or ())), np.int64)) for kind in LOANS]
TRADED = 7  # columns of a trade at any venue


class Draft(NamedTuple):
    """Rows by kind of step, int64[row, column]; then steps (kind, row), first step of each bundle, and how many of each."""

    pledges: Any
    releases: Any
    borrows: Any
    repays: Any
    flash_borrows: Any
    flash_repays: Any
    trades: Any
    steps: Any
    first: Any  # [bundle + 1, 2] and whose the bundle before is
    count: Any  # [1, kind], of steps and bundles too


_i = types.int64
DRAFT = types.NamedUniTuple(types.Array(types.int64, 2, "C"), len(Draft._fields), Draft)


def empty_draft(bundles: int, steps: int) -> Draft:
    """Room for bundles with so many steps in all."""
    widths = (*(len(kind.dtype.names or ()) for kind in LOANS), TRADED, 2)
    shapes = (*((steps, width) for width in widths), (bundles + 1, 2), (1, BUNDLE + 1))
    return Draft(*(np.zeros(shape, np.int64) for shape in shapes))


def cleared(draft: Draft, bundles: int, steps: int) -> Draft:
    """The same draft, empty, if it has room for so many; what was handed in from it has been settled."""
    if draft.steps.shape[0] < steps or draft.first.shape[0] <= bundles:
        return empty_draft(2 * bundles, 2 * steps)
    draft.count[:] = 0
    return draft


@helper(types.void(DRAFT, _i, _i, _i, _i, _i, _i), from_python=False)
def add(draft, kind, who, a, b, c, d):
    """A further step: an account, and as many of the numbers as the kind has columns of its own."""
    rows, i = draft[kind], draft.count[0, kind]
    rows[i, :] = 0
    rows[i, 0], rows[i, 1] = who, a
    if rows.shape[1] > 4:
        rows[i, 2] = b
    if rows.shape[1] > 5:
        rows[i, 3], rows[i, 4] = c, d
    s = draft.count[0, STEP]
    draft.steps[s, 0], draft.steps[s, 1] = kind, i
    draft.count[0, kind], draft.count[0, STEP] = i + 1, s + 1


@helper(types.void(DRAFT, _i), from_python=False)
def close(draft, who):
    """The end of an account's bundle."""
    n = draft.count[0, BUNDLE] + 1
    draft.first[n, 0], draft.first[n, 1], draft.count[0, BUNDLE] = draft.count[0, STEP], who, n


def bundles_of(draft: Draft, venues: Venues) -> Bundles:
    """The bundles of a draft, their trades at the best venues."""
    count = draft.count[0].tolist()
    steps, first = draft.steps[: count[STEP]], draft.first[: count[BUNDLE] + 1]
    batches = [kind.of_rows(draft[k][: count[k]]) if count[k] else NOTHING[k] for k, kind in enumerate(LOANS)]
    trades = draft.trades[: count[TRADE]]
    choice = venues.choose(trades, len(trades))
    if choice is None:
        batches.append(venues.actions[0].of_rows(trades))
        return Bundles(first[1:, 1].copy(), batches, steps, first[:, 0].copy())
    place = np.zeros(len(trades), np.int64)  # of each trade among those of its venue
    for k, action in enumerate(venues.actions):
        chosen = np.flatnonzero(choice == k)
        place[chosen] = np.arange(chosen.size)
        batches.append(action.of_rows(trades[chosen]))
    traded = steps[:, 0] == TRADE
    row = steps[traded, 1]
    steps[traded, 0], steps[traded, 1] = TRADE + choice[row], place[row]
    return Bundles(first[1:, 1].copy(), batches, steps, first[:, 0].copy())
