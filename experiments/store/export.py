"""A study as CSV, for spreadsheets and other programs."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from experiments.outputs import unwritable
from experiments.store import read
from experiments.store.layout import DESIGN, run_files, shard_files
from model.errors import ScenarioError

FOLDER = "csv"  # inside the study's folder
SUMMARY, DESIGN_CSV, SERIES = "summary.csv", "design.csv", "series.csv"
INNER = ["values", "tables", "folder"]  # columns of the design that are there for repeating runs


def export(folder: Path, series: bool, force: bool) -> list[Path]:
    """Write `csv/summary.csv` and `csv/design.csv`, and all time series under one another as `csv/series.csv`.

    Args:
        folder: of the study
        series: the time series too
        force: replace files that are there

    Raises:
        ScenarioError: a file is there already, or cannot be written
    """
    table = read(folder)
    place = folder / FOLDER
    files = [place / name for name in (SUMMARY, DESIGN_CSV, *([SERIES] if series else []))]
    there = [path for path in files if path.exists()]
    if there and not force:
        raise ScenarioError(f"{there[0]}: is there already; give --force to replace it")
    design = pq.read_table(folder / DESIGN).to_pandas().drop(columns=INNER)
    _written(files[0], lambda path: table.to_csv(path, index=False))
    _written(files[1], lambda path: design.to_csv(path, index=False))
    if series:
        _written(files[2], lambda path: _all_series(folder, path))
    return files


def _written(path: Path, write: Callable[[Path], None]) -> None:
    """Write beside the place and rename."""
    hidden = path.with_name(f".{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(hidden)
        hidden.replace(path)
    except OSError as error:
        hidden.unlink(missing_ok=True)
        raise unwritable(path, error) from None


def _all_series(folder: Path, path: Path) -> None:
    """Every run's time series, a file at a time; a run in two places is written once."""
    sources = [*shard_files(folder), *sorted(run_files(folder))]
    names: dict[str, None] = {}
    for source in sources:
        names |= dict.fromkeys(pq.read_schema(source).names)
    seen: set[Any] = set()
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(names)
        for source in sources:
            part = pq.read_table(source).to_pandas()
            part["run"] = part["run"].astype(str)
            part = part[~part["run"].isin(seen)]
            seen |= set(part["run"].unique())
            pd.DataFrame(part.reindex(columns=list(names))).to_csv(file, index=False, header=False)
