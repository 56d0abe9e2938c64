"""Columns of a population: strided views of one table whose rows are agents.

An agent's values lie together in memory, so that a rule which looks at some awake agents touches a few cache lines each
instead of one for every trait. What is scanned over everybody every tick is kept on its own.
"""

import math
from collections.abc import Iterable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from model.sheaf import Sheaf

Chosen = TypeVar("Chosen", bound=tuple[Any, ...] | Sheaf)

SCANNED = {"attention", "startle", "chartist"}


class Columns(dict[str, NDArray[np.float64]]):
    """Columns by name, float64[slot]; growing makes all views anew, so nobody keeps one.

    Args:
        names: of the first columns
        size: slots

    Attributes:
        table: float64[slot, column], all columns but those that are scanned
    """

    def __init__(self, names: Iterable[str], size: int) -> None:
        super().__init__()
        self._chosen: dict[tuple[type, str], Any] = {}
        self._extremes: dict[str, tuple[int, float, float]] = {}
        self.fills: dict[str, float] = {}  # state of newcomers by column
        names = list(names)
        self._names = [name for name in names if name not in SCANNED]
        self.table = np.zeros((size, len(self._names)))
        for name in names:
            if name in SCANNED:
                self[name] = np.zeros(size)
        self._show()

    def _show(self) -> None:
        self._chosen.clear()
        for j, name in enumerate(self._names):
            self[name] = self.table[:, j]

    def add(self, name: str, fill: float) -> None:
        """A further column with the same value for everybody, newcomers too."""
        self.fills[name] = fill
        size = self.table.shape[0]
        if name in self:
            self[name][:] = fill
            return
        if name in SCANNED:
            self[name] = np.full(size, fill)
            return
        self.table = np.hstack([self.table, np.full((size, 1), fill)])
        self._names.append(name)
        self._show()

    def of(self, shape: type[Chosen], prefix: str = "") -> Chosen:
        """Some columns as kernels take them: a sheaf of those that it names, with `prefix` before each name."""
        found: Chosen | None = self._chosen.get((shape, prefix))
        if found is None:
            names: tuple[str, ...] = shape._fields  # type: ignore[attr-defined]
            found = self._chosen[shape, prefix] = shape(*(self[prefix + name] for name in names))
        return found

    def put(self, name: str, slots: int | NDArray[np.int64], values: float | NDArray[np.float64]) -> None:
        """Give an agent, or some, other values of a trait or state."""
        self[name][slots] = values
        self._extremes.pop(name, None)

    def least(self, name: str, n: int) -> float:
        """Least value of a trait, which no rule changes, among the first n slots; infinite for none."""
        return self._range(name, n)[1]

    def most(self, name: str, n: int) -> float:
        """Largest value of a trait, which no rule changes, among the first n slots; minus infinity for none."""
        return self._range(name, n)[2]

    def _range(self, name: str, n: int) -> tuple[int, float, float]:
        found = self._extremes.get(name)
        if found is None or found[0] != n:
            column = self[name][:n]
            found = (n, float(column.min()), float(column.max())) if n else (0, math.inf, -math.inf)
            self._extremes[name] = found
        return found

    def reserve(self, size: int) -> None:
        """Make room for more slots."""
        more = size - self.table.shape[0]
        self.table = np.vstack([self.table, np.zeros((more, len(self._names)))])
        for name in SCANNED & self.keys():
            self[name] = np.concatenate([self[name], np.zeros(more)])
        self._show()
