"""A study as CSV, for spreadsheets and other programs."""

import csv
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pandas as pd

from experiments.disk import unwritable
from experiments.store import read
from experiments.store.design import NEEDED
from experiments.store.layout import DESIGN, TEMPORARY, run_files, shard_files
from experiments.store.parquet import AGAIN, columns_of, read_parquet
from model.errors import ScenarioError

FOLDER = "csv"  # inside the study's folder
SUMMARY, DESIGN_CSV, SERIES = "summary.csv", "design.csv", "series.csv"
INNER = ["values", "tables", "folder"]  # columns of the design that are there for repeating runs


def export(folder: Path, series: bool, force: bool, to: Path | None = None) -> list[Path]:
    """Write `summary.csv` and `design.csv`, and all time series under one another as `series.csv`.

    Args:
        folder: of the study
        series: the time series too
        force: replace files that are there
        to: folder of these files; `csv/` in the study's by default

    Raises:
        ScenarioError: a file is there already or cannot be written, or one of the study is damaged
    """
    table = read(folder)
    place = to or folder / FOLDER
    files = [place / name for name in (SUMMARY, DESIGN_CSV, *([SERIES] if series else []))]
    there = [path for path in files if path.exists()]
    if there and not force:
        raise ScenarioError(f"{there[0]}: is there already; give --force to replace it")
    design = read_parquet(folder / DESIGN, AGAIN, NEEDED).to_pandas().drop(columns=INNER)
    writers: list[Callable[[Path], None]] = [
        lambda path: table.to_csv(path, index=False),
        lambda path: design.to_csv(path, index=False),
        lambda path: _all_series(folder, path, set(table["run"])),
    ]
    _written(dict(zip(files, writers, strict=False)))
    return files


def _written(writers: dict[Path, Callable[[Path], None]]) -> None:
    """Write all files beside their places, then rename them: there are all of them, or none."""
    own = secrets.token_hex(4)  # another export may write to the same place
    hidden = {path: path.with_name(f".{path.name}-{own}{TEMPORARY}") for path in writers}
    path = next(iter(writers))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for path, write in writers.items():
            write(hidden[path].absolute())
        for path, written in hidden.items():
            written.replace(path)
    except OSError as error:
        raise unwritable(path, error, "choose another folder with --to") from None
    finally:
        with suppress(OSError):
            for written in hidden.values():
                written.unlink(missing_ok=True)


def _all_series(folder: Path, path: Path, wanted: set[str]) -> None:
    """Time series of the wanted runs, a file at a time; a run in two places is written once."""
    single = sorted(run_files(folder))  # before shards: a run that is packed meanwhile is in one of both at least
    sources = [*shard_files(folder), *single]
    names: dict[str, None] = {}
    for source in sources:
        names |= dict.fromkeys(columns_of(source))
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(names)
        for source in sources:
            part = read_parquet(source).to_pandas()
            part["run"] = part["run"].astype(str)
            part = part[part["run"].isin(wanted)]
            wanted = wanted - set(part["run"])
            pd.DataFrame(part.reindex(columns=list(names))).to_csv(file, index=False, header=False)
