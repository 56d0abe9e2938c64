"""From the table of two scenarios' runs to paired differences, and to gains and losses by kind of agent."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.compare.sense import sense
from experiments.console import plain
from experiments.statistics import LEVEL, Difference, Precision, difference, holm
from model.errors import ScenarioError, nearest
from model.metric import Metric, registry

if TYPE_CHECKING:
    import pandas as pd

GAINS = "gains."  # metrics of this file: gain of each kind of agent [USD]


class Row(NamedTuple):
    """One metric over two scenarios.

    Attributes:
        metric: its declaration
        sense: 1 where more is better, -1 where less is, 0 where it depends
        difference: second minus first
        adjusted: p after Holm, over all rows of the table
    """

    metric: Metric
    sense: int
    difference: Difference
    adjusted: float


@dataclass(frozen=True)
class Comparison:
    """Two scenarios, replicate by replicate.

    Attributes:
        first, second: their names
        replicates: of both sides that finished
        rows: metrics; sectors: gains by kind of agent
        unpaired: replicates of which one side failed, left out
        precision: of the metric that set the number of replicates, with its name; None if that was given
        level: of all intervals
    """

    first: str
    second: str
    replicates: int
    rows: tuple[Row, ...]
    sectors: tuple[Row, ...]
    unpaired: int = 0
    precision: tuple[str, Precision] | None = None
    level: float = LEVEL

    def table(self) -> "pd.DataFrame":
        """Metrics and sectors, one row each."""
        import pandas as pd

        return pd.DataFrame([_record(row) for row in (*self.rows, *self.sectors)])

    def record(self) -> dict[str, Any]:
        """Everything as plain data, for JSON."""
        precision = None
        if self.precision is not None:
            name, reached = self.precision
            precision = {"metric": name, **{k: plain(v) for k, v in reached._asdict().items()}}
        return {
            "first": self.first,
            "second": self.second,
            "replicates": self.replicates,
            "unpaired": self.unpaired,
            "level": self.level,
            "precision": precision,
            "metrics": [_record(row) for row in self.rows],
            "sectors": [_record(row) for row in self.sectors],
        }


def _record(row: Row) -> dict[str, Any]:
    """One row as plain data."""
    d = row.difference
    return {
        "metric": row.metric.name,
        "unit": row.metric.unit,
        "rule": row.metric.rule,
        "n": d.n,
        "first": plain(d.first),
        "second": plain(d.second),
        "difference": plain(d.interval.value),
        "low": plain(d.interval.low),
        "high": plain(d.interval.high),
        "method": d.interval.method,
        "sd": plain(d.sd),
        "p": plain(d.p),
        "p_holm": plain(row.adjusted),
        "better_is": {1: "higher", -1: "lower", 0: None}[row.sense],
        "second_better": plain(d.better.value),
        "second_better_low": plain(d.better.low),
        "second_better_high": plain(d.better.high),
        "ties": d.ties,
        "variance_reduction": plain(d.reduction),
        "warning": d.warning,
    }


def chosen(wanted: Sequence[str], known: Sequence[str]) -> list[str]:
    """Metric names among the known that fit the wanted names or patterns; headline ones where nothing is wanted.

    >>> chosen(["amm.*"], ["amm.depth", "bitcoin.price"])
    ['amm.depth']
    """
    if not wanted:
        headline = [name for name in known if registry()[name].headline]
        return headline or list(known)
    found: dict[str, None] = {}
    wrong = []
    for pattern in wanted:
        fits = [name for name in known if fnmatchcase(name, pattern)]
        if not fits:
            wrong.append(f"metric {pattern!r}: none such is recorded in both scenarios{nearest(pattern, known)}")
        found.update(dict.fromkeys(fits))
    if wrong:
        raise ScenarioError("\n".join(wrong))
    return list(found)


def sides(table: "pd.DataFrame", metric: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """One metric of points 0 and 1, over the replicates that both have, in order."""
    first, second = (table[table["point"] == p].set_index("replicate")[metric] for p in table["point"].unique())
    both = sorted(set(first.index) & set(second.index))
    return first.loc[both].to_numpy(float), second.loc[both].to_numpy(float)


def rows_of(table: "pd.DataFrame", names: Sequence[str], level: float = LEVEL) -> tuple[Row, ...]:
    """Differences of several metrics, their p-values adjusted together; where nothing differs nothing is tested."""
    known, found = registry(), []
    for name in names:
        towards = sense(name)
        found.append((known[name], towards, difference(*sides(table, name), name, towards or 1, level)))
    adjusted = holm([d.p if d.ties < d.n else math.nan for *_, d in found])
    return tuple(Row(m, s, d, p) for (m, s, d), p in zip(found, adjusted, strict=True))


def analyse(
    table: "pd.DataFrame",
    first: str,
    second: str,
    metrics: Sequence[str] = (),
    precision: tuple[str, Precision] | None = None,
    level: float = LEVEL,
) -> Comparison:
    """Compare the two points of a tidy table, replicate by replicate.

    Args:
        table: one row per run, as `driver.execute` gives it, with exactly two points
        first, second: names to print
        metrics: names or patterns; headline metrics where empty
        precision: what set the number of replicates

    Raises:
        ScenarioError: a metric is unknown, or no replicate finished on both sides
    """
    points = list(table["point"].unique())
    if len(points) != 2:
        raise ScenarioError(f"{first} and {second}: runs of {len(points)} scenarios finished, two are needed")
    mine, theirs = (set(table.loc[table["point"] == p, "replicate"]) for p in points)
    if not mine & theirs:
        raise ScenarioError(f"{first} and {second}: no replicate finished on both sides; see the failed runs")
    recorded = registry()
    common = [
        name
        for name in table.columns
        if name in recorded and all(table.loc[table["point"] == p, name].notna().any() for p in points)
    ]
    names = chosen(metrics, common)
    gains = [name for name in common if name.startswith(GAINS)]
    return Comparison(
        first,
        second,
        len(mine & theirs),
        rows_of(table, names, level),
        rows_of(table, gains, level),
        len(mine ^ theirs),
        precision,
        level,
    )
