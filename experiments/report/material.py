"""What a report of a study is made from: its folder read once."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.console import chosen
from experiments.replicates import t_estimate
from experiments.report.paths import NONE, Paths, paths
from experiments.store import read
from experiments.store.design import Stored, read_design
from experiments.store.failures import Failure, failures
from experiments.store.manifest import read_manifest
from experiments.store.status import status
from model.metric import Metric, registry

if TYPE_CHECKING:
    import pandas as pd

MOST_WITHOUT_CHOICE = 8  # metrics of a study that names none


class Material(NamedTuple):
    """A study as its folder has it.

    Attributes:
        folder: of the study
        manifest: as written
        state: counts of runs
        failed: runs that failed, those of points that the study no longer has left out
        points: in the order of the design
        table: one row for each finished run
        metrics: what the study is about
        paths: time series of a few points, as far as they can be read
    """

    folder: Path
    manifest: dict[str, Any]
    state: dict[str, Any]
    failed: list[Failure]
    points: list[Stored]
    table: "pd.DataFrame"
    metrics: list[Metric]
    paths: Paths = NONE

    @property
    def name(self) -> str:
        """Name of the study."""
        return str(self.manifest["study"])

    @property
    def missing(self) -> int:
        """Runs that were asked for and are not in the table."""
        return max(0, int(self.state["asked"]) - len(self.table))

    def rows(self, point: Stored) -> "pd.DataFrame":
        """Finished runs of a point, by replicate."""
        return self.table[self.table["point"] == point.id]


def material(folder: Path) -> Material:
    """Read a study's folder.

    Raises:
        ScenarioError: the folder is no study
    """
    manifest, table, points = read_manifest(folder), read(folder), read_design(folder)
    known = {point.id for point in points}
    failed = [each for each in failures(folder) if each.point in known]
    metrics = watched(manifest["summary"], manifest["stop"], table)
    kept = paths(folder, points, table) if manifest["every"] and manifest["columns"] else NONE
    return Material(folder, manifest, status(folder), failed, points, table, metrics, kept)


def watched(summary: Sequence[str], stop: dict[str, Any] | None, table: "pd.DataFrame") -> list[Metric]:
    """Metrics that a study is about: those it names, else headline ones that differ between runs."""
    known = registry()
    wanted = list(summary) or ([str(stop["metric"])] if stop else [])
    if wanted:
        return [known[name] for name in wanted if name in known and name in table]
    there = [known[name] for name in table if name in known and table[name].nunique() > 1]
    return chosen(there)[:MOST_WITHOUT_CHOICE]


def undefined(found: Material) -> list[str]:
    """Metrics of interest that are undefined in every run, or defined in too few runs of a point for an interval."""
    told = []
    for metric in found.metrics:
        n = [t_estimate(found.rows(point)[metric.name].tolist()).n for point in found.points]
        if n and max(n) == 0:
            told.append(f"{metric.name} is undefined in every run")
        elif n and min(n) < 2 <= found.manifest["replicates"]:
            few = sum(each < 2 for each in n)
            told.append(
                f"{metric.name} is defined in fewer than two runs at {few} of {len(n)} points: no interval there"
            )
    return told
