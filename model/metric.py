"""Metrics: one function each under `model/metrics/`, found by scanning, recorded every tick.

`@metric("USD", "last")` gives the unit and the rule by which a run's path becomes one number. The name of a metric is
`<file>.<function>`. A function takes the market and returns a number.

A ratio whose denominator differs by orders of magnitude from tick to tick names in `weight` the metric of the same ticks by
which its mean is weighted: a yield the worth that earns it, a part of what was bid the bids. What weighs is recorded too.

A file that sets `WEEKLY` holds metrics that change only on the first tick of a week and on the last tick: on others they
are not asked, and their values stand. Figures that several metrics have in common are measured by a `shared` function;
a metric `of` them takes what it found in place of the market.
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, overload

from model.kinds import look_at_needs
from model.scan import modules
from model.unit_names import known_unit

if TYPE_CHECKING:
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
        weight: name of the metric that weighs its mean, "" for none
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
    weight: str

    def summary(self, paths: Mapping[str, Sequence[float]]) -> float:
        """The run's number from the paths of all that is recorded."""
        return summarise(paths[self.name], self.rule, paths[self.weight] if self.weight else None)


@overload
def metric(
    unit: str, rule: str = ..., needs: tuple[str, ...] = ..., headline: bool = ..., *, weight: str = ...
) -> Callable[[Callable[["Marketplace"], float]], Callable[["Marketplace"], float]]: ...


@overload
def metric(
    unit: str,
    rule: str = ...,
    needs: tuple[str, ...] = ...,
    headline: bool = ...,
    *,
    of: Callable[["Marketplace"], Found],
    weight: str = ...,
) -> Callable[[Callable[[Found], float]], Callable[["Marketplace"], float]]: ...


def metric(
    unit: str,
    rule: str = "last",
    needs: tuple[str, ...] = (),
    headline: bool = False,
    of: Callable[["Marketplace"], Any] | None = None,
    weight: str = "",
) -> Callable[[Callable[[Any], float]], Callable[["Marketplace"], float]]:
    """Declare a metric.

    Args:
        unit: unit of the number
        rule: how a run's path becomes one number: last, mean, sum, max, min
        needs: mechanism keys or agent kinds without which it is not recorded
        headline: whether it belongs to the short table that `run` prints
        of: a `shared` function; the metric takes what it found
        weight: name of a metric, recorded wherever this one is, whose path weighs the mean
    """
    known_unit(unit)
    if rule not in RULES or (weight and rule != "mean"):
        raise ValueError(f"no summary rule '{rule}'{' with a weight' if weight else ''}")

    def mark(read: Callable[[Any], float]) -> Callable[["Marketplace"], float]:
        function = read
        if of is not None:

            @wraps(read)
            def function(market: "Marketplace") -> float:
                return read(of(market))

        function.__dict__["metric"] = (unit, rule, needs, headline, of, read, weight)
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
    found: dict[str, Metric] = {}
    for module in modules("model.metrics"):
        for name, item in vars(module).items():
            mark = getattr(item, "metric", None)
            if isinstance(mark, tuple) and item.__module__ == module.__name__:
                unit, rule, needs, headline, of, read, weight = mark
                full = f"{module.__name__.rsplit('.', 1)[1]}.{name}"
                look_at_needs(f"metric {full}", needs)
                meaning = (item.__doc__ or "").strip().splitlines()[0].rstrip(".") if item.__doc__ else ""
                weekly = getattr(module, "WEEKLY", False)
                found[full] = Metric(full, unit, rule, meaning, needs, item, headline, weekly, of, read, weight)
    return found


def summarise(values: Sequence[float], rule: str, weights: Sequence[float] | None = None) -> float:
    """One number from a path; undefined values are left out.

    >>> summarise([1.0, 3.0], "mean"), summarise([1.0, 3.0], "mean", [3.0, 1.0])
    (2.0, 1.5)
    """
    if weights is not None:
        pairs = [(v, w) for v, w in zip(values, weights, strict=True) if not math.isnan(v) and w > 0.0]
        whole = math.fsum(w for _, w in pairs)
        return math.fsum(v * w for v, w in pairs) / whole if pairs else math.nan
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
    wanted = {m.name for m in known if not patterns or any(fnmatchcase(m.name, p) for p in patterns)}
    wanted |= {m.weight for m in known if m.name in wanted}
    return [m for m in known if m.name in wanted]
