"""The desk: all rows of a tick side by side as one column of numbers, put in order and counted in one loop each."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Action, Status, arrange, room_for
from model.jit import kernel

FIRST, ROWS, WIDTH, START = range(
    4
)  # columns of the table of parts: first number, rows, columns, first place in `order`
DONE = int(Status.DONE)


@kernel
def _arrange_all(key: Any, uid: Any, flat: Any, parts: Any, words: Any, order: Any, starts: Any) -> None:
    """Put the rows of each part in order; `starts` is work space."""
    for p in range(parts.shape[0]):
        first, n, width, start = parts[p, FIRST], parts[p, ROWS], parts[p, WIDTH], parts[p, START]
        if n > 0:
            end = start + n
            arrange(key, uid, flat[first : first + n * width], width, words[start:end], order[start:end], starts)


@kernel
def count_rows(flat: Any, parts: Any, tick: int, tally: Any, last: Any, sector: Any, accepted: Any) -> int:
    """Add the rows of each part, status last but one, to the counts; accounts that act for the first time in the tick.

    Args:
        parts: by place of the action; tally: rows by the same and by status
        last: tick in which each account acted last
        sector: of each account; accepted: rows carried out, by sector
    """
    new = 0
    for p in range(parts.shape[0]):
        row, width = parts[p, FIRST], parts[p, WIDTH]
        for _ in range(parts[p, ROWS]):
            status, account = flat[row + width - 2], flat[row]
            tally[p, status] += 1
            if status == DONE:
                accepted[sector[account]] += 1
            if last[account] != tick:
                last[account] = tick
                new += 1
            row += width
    return new


Part = tuple[Sequence[Action], NDArray[np.int64], NDArray[np.int64], NDArray[np.uint64]]
"""The rows of one type of action: batches as handed in, their rows as numbers, the order of rows, the word of each."""
NOTHING: Part = (), np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.uint64)


class Desk:
    """Rows that lie ready to be settled.

    Args:
        actions: in the order of their settlement

    Attributes:
        parts: by type of action, until they are taken
    """

    def __init__(self, actions: Sequence[type[Action]]) -> None:
        self.places = {action: place for place, action in enumerate(actions)}
        self.parts: dict[type[Action], Part] = {}
        self._table = np.zeros((len(actions), 4), np.int64)
        self._table[:, WIDTH] = [action.width for action in actions]
        self._sheets: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []  # numbers and tables, still to be counted

    def lay(self, inbox: dict[type[Action], list[Action]], key: np.uint64, uid: NDArray[np.int64]) -> None:
        """Put all rows side by side, each part in random order, an account's own rows in his; batches get theirs as views.

        What lies there still is laid once more, with what came after it.

        Args:
            inbox: batches by type of action, at least one; empty afterwards
            key: of the tick's random order
            uid: of each account
        """
        for action, part in self.parts.items():
            inbox[action] = [*part[0], *inbox.get(action, ())]
            self._sheets[-1][1][self.places[action], ROWS] = 0
        columns = [batch.flat for batches in inbox.values() for batch in batches]
        flat, table = np.concatenate(columns) if len(columns) > 1 else columns[0], self._table.copy()
        first = rows = most = 0
        found = []
        for action, batches in inbox.items():
            end = first
            for batch in batches:
                start, end = end, end + batch.flat.size
                batch.lie(flat[start:end])
            place, n = self.places[action], (end - first) // action.width
            table[place, FIRST], table[place, ROWS], table[place, START] = first, n, rows
            found.append((action, batches, first, end, rows, rows + n))
            first, rows, most = end, rows + n, max(most, n)
        words, order, starts = room_for(rows, most)
        _arrange_all(key, uid, flat, table, words, order, starts)
        self.parts = {
            action: (batches, flat[first:end], order[row:stop], words[row:stop])
            for action, batches, first, end, row, stop in found
        }
        self._sheets.append((flat, table))
        inbox.clear()

    def take(self, action: type[Action]) -> Part | None:
        """The rows of one type of action, to be settled now."""
        return self.parts.pop(action, None)

    def sheets(self) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """All that was laid since the last time, for `count_rows`."""
        while self._sheets:
            yield self._sheets.pop(0)

    def one(self, action: Action) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The same of rows that never lay here."""
        table = self._table.copy()
        table[self.places[type(action)], ROWS] = len(action)
        return action.flat, table
