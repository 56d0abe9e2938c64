"""A sweep's results, wherever they are: run now, or read from a folder."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.sensitivity.analysis import metrics_of
from experiments.sensitivity.folder import study_of
from experiments.store import read
from experiments.store.failures import failures, refuse_empty
from experiments.store.layout import MANIFEST
from experiments.store.status import status
from experiments.sweeps.driver import execute
from experiments.sweeps.study import Study, load
from model.errors import ScenarioError

if TYPE_CHECKING:
    import pandas as pd


class Done(NamedTuple):
    """A study whose runs are there.

    Attributes:
        study: with its design
        table: one row a run
        folder: of results
        metrics: to be explained
        failed: how many runs failed
    """

    study: Study
    table: "pd.DataFrame"
    folder: Path
    metrics: list[str]
    failed: int


def results(name: str, out: Path, plugins: Sequence[str], metrics: Sequence[str], options: Mapping[str, Any]) -> Done:
    """Results of a sweep.

    Args:
        name: of a sweep, its path, or a folder that `sweep` has made
        out: folder of results, for sweeps that are still to be run
        plugins: packages with further kinds and strategies
        metrics: asked for; unknown ones are refused before anything runs
        options: of `experiments.sweeps.driver.execute`

    Raises:
        ScenarioError: the sweep or folder cannot be used, or runs of the folder are missing
        FailedRuns: all have failed
    """
    folder = Path(name)
    if (folder / MANIFEST).is_file():
        study, table, state = study_of(folder, plugins), read(folder), status(folder)
        missing = state["asked"] - state["failed"] - len(table)
        if missing > 0:
            raise ScenarioError(f"{folder}: {missing:,} runs are missing; give the sweep file, which runs them")
        chosen, failed = metrics_of(study, metrics), failures(folder)
    else:
        study = load(name, plugins)
        chosen = metrics_of(study, metrics)
        folder, table, failed, _ = execute(study, out, **options)
    if table.empty:
        refuse_empty([point.id for point in study.points], (), failed, folder)
    return Done(study, table, folder, chosen, len(failed))
