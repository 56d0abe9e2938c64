"""Many bundles handed in as one table, for rules that make them in a compiled loop."""

from collections.abc import Sequence
from copy import copy

import numpy as np
from numpy.typing import NDArray

from model.actions import Action, Bundle


class Bundles(Bundle):
    """Bundles of many accounts: batches of rows, and which rows are whose steps in which order.

    Each is settled like a `Bundle` of its own; what became of its steps is in the rows of the batches.

    Args:
        account: whose each bundle is
        actions: rows of all bundles, one batch for each type of action
        steps: int64[step, 2], batch and row of each step, bundle after bundle
        first: int64[bundles + 1], each one's first step, and the number of all steps

    >>> from model.mechanisms.lending import Borrow, Pledge
    >>> batches = [Pledge([7, 8], vault=0, amount=5), Borrow([7], amount=3)]
    >>> table = Bundles(np.array([7, 8]), batches, np.array([[0, 0], [1, 0], [0, 1]]), np.array([0, 2, 3]))
    >>> [[type(action).__name__ for action in table.bundle(b).actions] for b in range(len(table))]
    [['Pledge', 'Borrow'], ['Pledge']]
    """

    def __init__(
        self, account: NDArray[np.int64], actions: Sequence[Action], steps: NDArray[np.int64], first: NDArray[np.int64]
    ) -> None:
        self.accounts, self.actions = account, list(actions)
        self.steps, self.first = steps, first

    def __len__(self) -> int:
        return self.accounts.size

    def bundle(self, b: int) -> Bundle:
        """One of them, its actions being rows of this table."""
        found = []
        for batch, row in self.steps[self.first[b] : self.first[b + 1]]:
            one = copy(self.actions[batch])
            one.rows = one.rows[row : row + 1]
            found.append(one)
        return Bundle(found)
