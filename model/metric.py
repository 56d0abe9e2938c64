"""Metrics: one function each under `model/metrics/`, found by scanning, recorded every tick.

`@metric("USD", "last")` gives the unit and the rule by which a run's path becomes one number. The name of a metric is
`<file>.<function>`. A function takes the market and returns a number; with `by="vault"` it returns one per vault,
kept out of the table unless asked for.

A file that sets `WEEKLY` holds metrics that change only on the first tick of a week and on the last tick: on others they
are not asked, and their values stand. Figures that several metrics have in common are measured by a `shared` function.
"""

import importlib
import math
import pkgutil
from collections import deque
from collections.abc import Callable, Collection
from fnmatch import fnmatchcase
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from mesa.datacollection import DataCollector

if TYPE_CHECKING:
    import pandas as pd

    from model.marketplace import Marketplace

RULES = ("last", "mean", "sum", "max", "min")
ANSWERS = "answers_of_a_recording"  # name under which a market keeps shared figures while it is recorded
Function = TypeVar("Function", bound=Callable[..., Any])
Found = TypeVar("Found")


class Metric(NamedTuple):
    """One recorded number: name, unit, rule of summary, meaning, mechanisms or kinds it needs, the function, how often."""

    name: str
    unit: str
    rule: str
    meaning: str
    needs: tuple[str, ...]
    function: Callable[["Marketplace"], float]
    headline: bool
    weekly: bool = False


def metric(
    unit: str, rule: str = "last", needs: tuple[str, ...] = (), headline: bool = False
) -> Callable[[Function], Function]:
    """Declare a metric.

    Args:
        unit: unit of the number
        rule: how a run's path becomes one number: last, mean, sum, max, min
        needs: mechanism keys or agent kinds without which it is not recorded
        headline: whether it belongs to the short table that `run` prints
    """
    if rule not in RULES:
        raise ValueError(f"no summary rule '{rule}'")

    def mark(function: Function) -> Function:
        function.__dict__["metric"] = (unit, rule, needs, headline)
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
                unit, rule, needs, headline = mark
                full = f"{info.name.rsplit('.', 1)[1]}.{name}"
                meaning = (item.__doc__ or "").strip().splitlines()[0].rstrip(".") if item.__doc__ else ""
                found[full] = Metric(full, unit, rule, meaning, needs, item, headline, getattr(module, "WEEKLY", False))
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


class Recorder:
    """Metrics of one run, tick by tick, also fed to Mesa's DataCollector."""

    def __init__(self, market: "Marketplace") -> None:
        self.clock = market.clock
        self.metrics = market.scenario.recorded()
        self.latest: dict[str, float] = {}
        latest = self.latest
        market.datacollector = DataCollector(
            model_reporters={m.name: (lambda _, name=m.name: latest[name]) for m in self.metrics}
        )
        self.columns: dict[str, list[float]] = market.datacollector.model_vars
        self._all, self._daily, self._weekly = (
            ([m.name for m in some], [m.function for m in some], [self.columns[m.name] for m in some])
            for some in (self.metrics, [m for m in self.metrics if not m.weekly], [m for m in self.metrics if m.weekly])
        )

    def record(self, market: "Marketplace") -> None:
        """Evaluate every metric once."""
        latest, clock = self.latest, self.clock
        whole = clock.new_week or clock.tick + 1 >= clock.ticks
        names, functions, columns = self._all if whole else self._daily
        market.__dict__[ANSWERS] = {}
        try:
            values = [function(market) for function in functions]
        finally:
            del market.__dict__[ANSWERS]
        latest.update(zip(names, values, strict=True))
        deque(map(list.append, columns, values), 0)
        if not whole:
            standing, _, columns = self._weekly
            deque(map(list.append, columns, map(latest.__getitem__, standing)), 0)

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
