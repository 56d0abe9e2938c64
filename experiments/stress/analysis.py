"""From the table of stressed runs to its answers: data first, printing and pictures elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass
from typing import TYPE_CHECKING, Any

from experiments.console import plain
from experiments.statistics import LEVEL
from experiments.stress import LEAST
from experiments.stress.fans import Fan
from experiments.stress.heat import Heat, heat
from experiments.stress.parts import (
    WORST,
    Insolvency,
    Loser,
    Loss,
    WorstRun,
    losers,
    losses,
    miners,
    protocol,
    worst_runs,
)
from model.errors import ScenarioError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Stressed:
    """One scenario under stress.

    Attributes:
        label, values: its place: for people, and by axis
        runs: that finished
        protocol, miners: insolvency; None where the scenario has no pool, or no miners
        losses: bad debt, what of it was left, debt liquidated
        losers: by kind of agents, largest mean loss first
    """

    label: str
    values: dict[str, Any]
    runs: int
    protocol: Insolvency | None
    miners: Insolvency | None
    losses: tuple[Loss, ...]
    losers: tuple[Loser, ...]


@dataclass(frozen=True)
class StressResult:
    """All answers of a stress test.

    Attributes:
        scenario: name of the base
        shocks: what was laid on it, in words
        points: every stressed scenario, in the order of the grid
        calm: the base without the shocks, under the same seeds; None where it was not run
        worst: the worst runs of all points, each with the command that repeats it
        maps: probability of insolvency over two axes, by who: "protocol", "miners"
        fans: paths of chosen metrics, by metric
        level: of all intervals
    """

    scenario: str
    shocks: tuple[str, ...]
    points: tuple[Stressed, ...]
    calm: Stressed | None
    worst: tuple[WorstRun, ...]
    maps: dict[str, Heat] = field(default_factory=dict)
    fans: dict[str, Fan] = field(default_factory=dict)
    level: float = LEVEL

    def table(self) -> "pd.DataFrame":
        """One row per point: place, runs, probabilities with intervals, mean losses."""
        import pandas as pd

        rows = []
        for point in (*self.points, *((self.calm,) if self.calm else ())):
            row: dict[str, Any] = {"label": point.label, **point.values, "runs": point.runs}
            for found in (point.protocol, point.miners):
                if found is not None:
                    p = found.probability
                    row |= {f"p_{found.who}": p.value, f"p_{found.who}_low": p.low, f"p_{found.who}_high": p.high}
            row |= {loss.name.replace(" ", "_"): loss.mean.value for loss in point.losses}
            rows.append(row)
        return pd.DataFrame(rows)

    def record(self) -> dict[str, Any]:
        """Everything as plain data, for JSON; undefined numbers are null."""
        found = _plain(self)
        assert isinstance(found, dict)
        return found


def _plain(item: Any) -> Any:
    """Named tuples, dataclasses and arrays as what JSON can hold."""
    if is_dataclass(item) and not isinstance(item, type):
        return {name: _plain(getattr(item, name)) for name in item.__dataclass_fields__}
    if hasattr(item, "_asdict"):
        return {name: _plain(value) for name, value in item._asdict().items()}
    if hasattr(item, "tolist"):
        return _plain(item.tolist())
    if isinstance(item, Mapping):
        return {str(key): _plain(value) for key, value in item.items()}
    if isinstance(item, list | tuple):
        return [_plain(value) for value in item]
    return plain(item) if isinstance(item, float) else item


def stressed(
    table: "pd.DataFrame",
    label: str,
    values: Mapping[str, Any],
    calm: "pd.DataFrame | None" = None,
    level: float = LEVEL,
    least: float = LEAST,
) -> Stressed:
    """Answers for the runs of one point.

    Args:
        table: its rows of a tidy table
        label, values: its place
        calm: rows of the base without the shocks, if it was run
        least: bad debt left from which on the protocol counts as insolvent [USD]
    """
    rows = table.sort_values("replicate")
    return Stressed(
        label,
        dict(values),
        len(rows),
        protocol(rows, level, least),
        miners(rows, level),
        losses(rows, level),
        losers(rows, calm, level),
    )


def analyse(
    table: "pd.DataFrame",
    scenario: str,
    places: Mapping[str, Mapping[str, Any]],
    commands: Mapping[str, str],
    *,
    shocks: Sequence[str] = (),
    calm: str | None = None,
    fans: Mapping[str, Fan] | None = None,
    worst: int = WORST,
    level: float = LEVEL,
    least: float = LEAST,
) -> StressResult:
    """Answers of a stress test from its tidy table.

    Args:
        table: one row per run, with `label`, `replicate`, `seed`, `run` and summary numbers, as the driver gives it
        scenario: name of the base
        places: values by axis, by label of the point
        commands: what repeats a run but for its seed, by label
        shocks: what was laid on the base, in words
        calm: label of the point without the shocks
        fans: paths of chosen metrics
        worst: how many runs to name
        level: of all intervals
        least: bad debt left from which on the protocol counts as insolvent [USD]

    Raises:
        ScenarioError: no run of a point finished
    """
    parts = {label: table[table["label"] == label] for label in places}
    empty = [label for label, rows in parts.items() if rows.empty]
    if empty:
        raise ScenarioError(f"{scenario}: no run finished at {'; '.join(empty)}; see the failed runs")
    quiet = parts[calm] if calm is not None else None
    points = tuple(
        stressed(parts[label], label, values, quiet, level, least) for label, values in places.items() if label != calm
    )
    bad = table[table["label"] != calm] if calm is not None else table
    maps = {}
    for who in ("protocol", "miners"):
        found = {p.label: getattr(p, who) for p in points}
        if len(points[0].values) == 2 and all(i is not None for i in found.values()):
            maps[who] = heat([(p.values, getattr(p, who).probability) for p in points], who)
    return StressResult(
        scenario,
        tuple(shocks),
        points,
        stressed(parts[calm], calm, {}, None, level, least) if calm is not None else None,
        worst_runs(bad, dict(commands), worst),
        maps,
        dict(fans or {}),
        level,
    )
