"""Metrics: one function each under `model/metrics/`, found by scanning, recorded every tick.

`@metric("USD", "last")` gives the unit and the rule by which a run's path becomes one number. The name of a metric is
`<file>.<function>`. A function takes the market and returns a number.

A file that sets `WEEKLY` holds metrics that change only on the first tick of a week and on the last tick: on others they
are not asked, and their values stand. Figures that several metrics have in common are measured by a `shared` function;
a metric `of` them takes what it found in place of the market.
"""

import importlib
import math
import pkgutil
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, overload

from mesa.datacollection import DataCollector

if TYPE_CHECKING:
    import pandas as pd

    from model.marketplace import Marketplace

RULES = ("last", "mean", "sum", "max", "min")
ANSWERS = "answers_of_a_recording"  # name under which a market keeps shared figures while it is recorded
Found = TypeVar("Found")


class Metric(NamedTuple):
    """One recorded number.

    Attributes:
        name, unit, rule, meaning: of it; the rule of summary
        needs: mechanisms or kinds without which it is not recorded
        function: of the market
        headline: whether it belongs to the short table
        weekly: whether it is asked once a week only
        of, read: what finds the figures that it reads, None for the market itself, and how it reads them
    """

    name: str
    unit: str
    rule: str
    meaning: str
    needs: tuple[str, ...]
    function: Callable[["Marketplace"], float]
    headline: bool
    weekly: bool
    of: Callable[["Marketplace"], Any] | None
    read: Callable[[Any], float]


@overload
def metric(
    unit: str, rule: str = ..., needs: tuple[str, ...] = ..., headline: bool = ...
) -> Callable[[Callable[["Marketplace"], float]], Callable[["Marketplace"], float]]: ...


@overload
def metric(
    unit: str,
    rule: str = ...,
    needs: tuple[str, ...] = ...,
    headline: bool = ...,
    *,
    of: Callable[["Marketplace"], Found],
) -> Callable[[Callable[[Found], float]], Callable[["Marketplace"], float]]: ...


def metric(
    unit: str,
    rule: str = "last",
    needs: tuple[str, ...] = (),
    headline: bool = False,
    of: Callable[["Marketplace"], Any] | None = None,
) -> Callable[[Callable[[Any], float]], Callable[["Marketplace"], float]]:
    """Declare a metric.

    Args:
        unit: unit of the number
        rule: how a run's path becomes one number: last, mean, sum, max, min
        needs: mechanism keys or agent kinds without which it is not recorded
        headline: whether it belongs to the short table that `run` prints
        of: a `shared` function; the metric takes what it found
    """
    if rule not in RULES:
        raise ValueError(f"no summary rule '{rule}'")

    def mark(read: Callable[[Any], float]) -> Callable[["Marketplace"], float]:
        function = read
        if of is not None:

            @wraps(read)
            def function(market: "Marketplace") -> float:
                return read(of(market))

        function.__dict__["metric"] = (unit, rule, needs, headline, of, read)
        return function

    return mark


def shared(measure: Callable[["Marketplace"], Found]) -> Callable[["Marketplace"], Found]:
    """Measure figures at the first question of a recording and keep them until it ends; outside of one, at every question."""

    @wraps(measure)
    def known(market: "Marketplace") -> Found:
        answers: dict[Any, Any] | None = market.__dict__.get(ANSWERS)
        if answers is None:
            return measure(market)
        try:
            found: Found = answers[measure]
        except KeyError:
            found = answers[measure] = measure(market)
        return found

    return known


@cache
def registry() -> dict[str, Metric]:
    """Every metric found under `model/metrics`, by name."""
    import model.metrics as package

    found: dict[str, Metric] = {}
    for info in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        module = importlib.import_module(info.name)
        for name, item in vars(module).items():
            mark = getattr(item, "metric", None)
            if isinstance(mark, tuple) and item.__module__ == module.__name__:
                unit, rule, needs, headline, of, read = mark
                full = f"{info.name.rsplit('.', 1)[1]}.{name}"
                meaning = (item.__doc__ or "").strip().splitlines()[0].rstrip(".") if item.__doc__ else ""
                weekly = getattr(module, "WEEKLY", False)
                found[full] = Metric(full, unit, rule, meaning, needs, item, headline, weekly, of, read)
    return found


def summarise(values: list[float], rule: str) -> float:
    """One number from a path; undefined values are left out.

    >>> summarise([1.0, 3.0], "mean")
    2.0
    """
    defined = [v for v in values if not math.isnan(v)]
    if not defined:
        return math.nan
    if rule == "last":
        return defined[-1]
    if rule == "mean":
        return math.fsum(defined) / len(defined)
    if rule == "sum":
        return math.fsum(defined)
    return max(defined) if rule == "max" else min(defined)


def recorded(present: Collection[str], patterns: Collection[str] = ()) -> list[Metric]:
    """Metrics that a market with these mechanism keys and agent kinds records.

    Args:
        present: keys and kinds
        patterns: names, * and ? for many, of those that are wanted; empty for all
    """
    known = [m for m in registry().values() if set(m.needs) <= set(present)]
    return [m for m in known if not patterns or any(fnmatchcase(m.name, p) for p in patterns)]


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
        self._measures = [of or _itself for of in sources]
        self._reads = [m.read for m in metrics]
        self._places = [sources.index(m.of) for m in metrics]

    def ask(self, market: "Marketplace") -> list[float]:
        """A value of each metric."""
        found = [measure(market) for measure in self._measures]
        return [read(found[place]) for read, place in zip(self._reads, self._places, strict=True)]


def _itself(market: "Marketplace") -> "Marketplace":
    return market


class Recorder:
    """Metrics of one run, tick by tick, also fed to Mesa's DataCollector.

    Attributes:
        latest: value of each metric in the last tick that was recorded
    """

    def __init__(self, market: "Marketplace") -> None:
        self.clock = market.clock
        self.metrics = market.scenario.recorded()
        market.datacollector = DataCollector(
            model_reporters={m.name: (lambda _, name=m.name: self.latest[name]) for m in self.metrics}
        )
        self.columns: dict[str, list[float]] = market.datacollector.model_vars
        self.latest: Latest = Latest(self.columns)
        daily = [m for m in self.metrics if not m.weekly]
        self._all, self._daily = ((Round(some), [self.columns[m.name] for m in some]) for some in (self.metrics, daily))
        self._standing = [self.columns[m.name] for m in self.metrics if m.weekly]

    def record(self, market: "Marketplace") -> None:
        """Evaluate every metric once."""
        whole = self.clock.new_week or self.clock.tick + 1 >= self.clock.ticks
        asked, columns = self._all if whole else self._daily
        market.__dict__[ANSWERS] = {}
        try:
            values = asked.ask(market)
        finally:
            del market.__dict__[ANSWERS]
        deque(map(list.append, columns, values), 0)
        if not whole:
            for path in self._standing:
                path.append(path[-1])

    def path(self, name: str) -> list[float]:
        """All values of one metric so far."""
        return self.columns[name]

    def table(self) -> "pd.DataFrame":
        """One row per tick, one column per metric."""
        import pandas as pd

        columns = {m.name: self.path(m.name) for m in self.metrics}
        frame = pd.DataFrame(columns, index=pd.RangeIndex(self.clock.tick + 1, name="tick"))
        frame.attrs["units"] = {m.name: m.unit for m in self.metrics}
        return frame

    def summary(self) -> dict[str, float]:
        """The run's number by each metric's own rule."""
        return {m.name: summarise(self.path(m.name), m.rule) for m in self.metrics}
