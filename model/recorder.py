"""Recording: every metric is asked once a tick, and its path kept, also for Mesa's DataCollector."""

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
from mesa.datacollection import DataCollector

from model.errors import ScenarioError, nearest
from model.metric import ANSWERS, Metric

if TYPE_CHECKING:
    import pandas as pd

    from model.marketplace import Marketplace

USUAL = frozenset({float, int, np.float64, np.int64})  # types of most values: known at a glance


class Latest(Mapping[str, float]):
    """The last value of each path that has any.

    >>> latest = Latest({"bitcoin.price": [1.0, 2.0], "amm.depth": []})
    >>> dict(latest), "amm.depth" in latest
    ({'bitcoin.price': 2.0}, False)
    """

    def __init__(self, columns: dict[str, list[float]]) -> None:
        self._columns = columns

    def __getitem__(self, name: str) -> float:
        path = self._columns[name]
        if not path:
            raise KeyError(name)
        return path[-1]

    def __iter__(self) -> Iterator[str]:
        return (name for name, path in self._columns.items() if path)

    def __len__(self) -> int:
        return sum(map(bool, self._columns.values()))


class Round:
    """Some metrics, asked together: what several of them read is looked up once.

    Args:
        metrics: in the order of their values
    """

    def __init__(self, metrics: Collection[Metric]) -> None:
        sources = list(dict.fromkeys(m.of for m in metrics))
        self._names = [m.name for m in metrics]
        self._measures = [of or _itself for of in sources]
        self._reads = [m.read for m in metrics]
        self._places = [sources.index(m.of) for m in metrics]

    def ask(self, market: "Marketplace") -> list[float]:
        """A value of each metric; one that fails is named."""
        try:
            found = [measure(market) for measure in self._measures]
            return [read(found[place]) for read, place in zip(self._reads, self._places, strict=True)]
        except Exception:
            self._name_the_faulty(market)
            raise

    def _name_the_faulty(self, market: "Marketplace") -> None:
        for name, read, place in zip(self._names, self._reads, self._places, strict=True):
            try:
                read(self._measures[place](market))
            except Exception as error:
                error.add_note(f"in metric {name}")
                raise

    def look_at(self, values: list[float]) -> None:
        """Refuse what is no number, with the metric's name."""
        if not USUAL.issuperset(map(type, values)):
            for name, value in zip(self._names, values, strict=True):
                if not isinstance(value, (Real, np.bool_)):
                    raise ScenarioError(f"metric {name}: gave {value!r}; return a number, NaN for none")


def _itself(market: "Marketplace") -> "Marketplace":
    return market


class Collected(DataCollector):
    """Mesa's collector of a market, which records by itself: a user's `collect` finds all of it here."""

    def collect(self, model: Any) -> None:
        """Add nothing."""


class Recorder:
    """Metrics of one run, tick by tick, also fed to Mesa's DataCollector.

    Attributes:
        latest: value of each metric in the last tick that was recorded
    """

    def __init__(self, market: "Marketplace") -> None:
        self.clock = market.clock
        self.metrics = market.scenario.recorded()
        market.datacollector = Collected(
            model_reporters={m.name: (lambda _, name=m.name: self.latest[name]) for m in self.metrics}
        )
        self.columns: dict[str, list[float]] = market.datacollector.model_vars
        self.latest: Latest = Latest(self.columns)
        weekly, daily = ([m for m in self.metrics if m.weekly is each] for each in (True, False))
        self._all, self._weekly, self._daily = (
            (Round(some), [self.columns[m.name] for m in some]) for some in (self.metrics, weekly, daily)
        )
        self.ticks: list[int] = []  # those recorded: a tick in which a run broke off is not
        self._whole = False  # whether every metric was asked in the last of them

    def record(self, market: "Marketplace") -> None:
        """Evaluate every metric once; those of a week on its first tick, on others their values stand."""
        self._whole = not self.ticks or self.clock.new_week
        asked, columns = self._all if self._whole else self._daily
        values = self._ask(asked, market)
        if self._whole:
            asked.look_at(values)
        deque(map(list.append, columns, values), 0)
        if not self._whole:
            for path in self._weekly[1]:
                path.append(path[-1])
        self.ticks.append(self.clock.tick)

    def finish(self, market: "Marketplace") -> None:
        """Evaluate those of a week in the last tick too."""
        if not self._whole:
            asked, columns = self._weekly
            for path, value in zip(columns, self._ask(asked, market), strict=True):
                path[-1] = value
            self._whole = True

    def _ask(self, asked: Round, market: "Marketplace") -> list[float]:
        market.__dict__[ANSWERS] = {}
        try:
            return asked.ask(market)
        finally:
            del market.__dict__[ANSWERS]

    def path(self, name: str) -> list[float]:
        """All values of one metric so far.

        Raises:
            ScenarioError: it is not recorded
        """
        if name not in self.columns:
            raise ScenarioError(f"{name}: this run records no such metric{nearest(str(name), self.columns)}")
        return self.columns[name]

    def table(self) -> "pd.DataFrame":
        """One row per tick that was recorded, one column per metric."""
        import pandas as pd

        columns = {m.name: self.path(m.name) for m in self.metrics}
        n = len(self.ticks)
        gap = n > 0 and self.ticks[-1] != n - 1
        frame = pd.DataFrame(columns, index=pd.Index(self.ticks if gap else range(n), name="tick"))
        frame.attrs["units"] = {m.name: m.unit for m in self.metrics}
        return frame

    def summary(self) -> dict[str, float]:
        """The run's number by each metric's own rule."""
        return {m.name: m.summary(self.columns) for m in self.metrics}
