"""Numbers of saved runs and studies as charts and tables want them."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app import saved
from app.address import Setup
from app.pair import PREFERRED, label
from app.server import inside
from experiments.console import rule_words
from experiments.replicates import Estimate
from experiments.statistics import estimated
from experiments.store import read
from experiments.store.design import Stored, read_design
from experiments.store.find import command_of
from experiments.store.table import HEAD, MIXED, PARAM
from model.errors import ScenarioError
from model.metric import registry
from model.units import HOURS_PER_DAY

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 2  # replicates without which there is no interval


class Kept(NamedTuple):
    """A saved run: its place, what it says of itself, its paths over days, and its number for every metric."""

    key: str
    record: dict[str, Any]
    days: NDArray[np.float64]
    table: "pd.DataFrame"
    sums: dict[str, float]

    @property
    def name(self) -> str:
        """What to call it in a chart."""
        return f"{self.record['scenario']} {self.key.rsplit('/', 1)[-1]}"


class Study(NamedTuple):
    """A saved study: its place, what it says of itself, its table, its points, and its answer in a paragraph."""

    key: str
    record: dict[str, Any]
    table: "pd.DataFrame"
    points: tuple[Stored, ...]
    answer: str

    @property
    def metrics(self) -> list[str]:
        """Metrics that it is about, then all others that are defined."""
        known = [
            name
            for name in self.table.columns
            if name not in (*HEAD, MIXED) and not name.startswith(PARAM) and self.table[name].notna().any()
        ]
        first = [name for name in self.record["summary"] if name in known] or [
            name for name in known if name in registry() and registry()[name].headline
        ]
        return [*first, *(name for name in known if name not in first)]


class Mean(NamedTuple):
    """One metric at one point of a study."""

    label: str
    place: float | None
    found: Estimate


def kept(root: Path, key: str) -> Kept:
    """A saved run with its paths.

    Raises:
        ScenarioError: it cannot be read
    """
    import pandas as pd

    record = saved.manifest(root, key)
    try:
        table = pd.read_parquet(io.BytesIO(saved.content(root, key, "metrics.parquet")))
    except (OSError, ValueError) as error:
        raise ScenarioError(f"{key}: its numbers cannot be read ({type(error).__name__})") from None
    hours = float(record["parameters"]["clock"]["hours_per_tick"])
    days = (np.arange(len(table)) + 1) * hours / HOURS_PER_DAY
    return Kept(key, record, days, table, saved.numbers(record))


def metrics(runs: Sequence[Kept]) -> list[str]:
    """Metrics of all runs, headline ones first."""
    common = [name for name in runs[0].table.columns if all(name in run.table for run in runs)] if runs else []
    known = [name for name in common if name in registry() and registry()[name].headline]
    head = list(dict.fromkeys([*(name for name in PREFERRED if name in common), *known]))
    return [*head, *(name for name in common if name not in head)]


def meaning(name: str) -> str:
    """A metric in a few words."""
    return label(name) if name in registry() else name


def unit(name: str) -> str:
    """Unit of a metric."""
    return registry()[name].unit if name in registry() else ""


def rule(name: str) -> str:
    """How a metric's path became one number, in words."""
    return rule_words(registry()[name]) if name in registry() else ""


def study(root: Path, key: str) -> Study:
    """A saved study with its table and its answer.

    Raises:
        ScenarioError: it cannot be read
    """
    from experiments.answers import answer

    record, folder = saved.manifest(root, key), inside(root, key)
    try:
        table, points = read(folder), tuple(read_design(folder))
        counts: Mapping[str, Any] = record.get("counts") or {}
        asked = int(counts.get("asked", len(points) * int(record["replicates"])))
        found = Study(key, record, table, points, "")
        watched = found.metrics[: max(1, len(record["summary"]))]
        words = answer(str(record["study"]), table, watched, folder, max(0, asked - len(table)))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ScenarioError(f"{key}: its runs cannot be read ({type(error).__name__}: {error})") from None
    return found._replace(answer=words)


def axis_of(found: Study) -> str:
    """The one number that the study varies, by dotted path; empty where it varies none or several."""
    names = [name for name in found.table.columns if name.startswith(PARAM)]
    numeric = [name for name in names if found.table[name].dtype.kind in "fi" and found.table[name].notna().all()]
    return names[0].removeprefix(PARAM) if len(names) == 1 and numeric == names else ""


def means(found: Study, metric: str) -> list[Mean]:
    """A metric's mean with its interval at every point, as the terminal and the report give it, in their order; by size where one number is varied."""
    varied, rows = axis_of(found), []
    for point in found.points:
        part = found.table[found.table["point"] == point.id]
        if metric in part and len(part):
            place = float(part[PARAM + varied].iloc[0]) if varied else None
            rows.append(Mean(point.label, place, estimated(part[metric].to_numpy(float), metric)))
    return sorted(rows, key=lambda row: row.place or 0.0) if varied else rows


def repeat_of(root: Path, found: Study, run: str) -> tuple[Setup | None, str]:
    """What repeats a run of a study: the run in Explore where a link can say it, and the command.

    Raises:
        ScenarioError: the study has no such run
    """
    rows = found.table[found.table["run"] == run]
    if rows.empty:
        raise ScenarioError(f"{run[:80]}: {found.key} has no such run")
    command = command_of(root / found.key, run, found.record["plugins"])
    point = next(point for point in found.points if point.id == rows["point"].iloc[0])
    if found.record["plugins"]:
        return None, command
    try:
        scenario = point.scenario(())
    except ScenarioError:  # rules of today refuse it; the command says which
        return None, command
    seed = int(rows["seed"].iloc[0])
    return saved.setup_of(point.name, seed, scenario.resolved(), scenario.fingerprint()), command
