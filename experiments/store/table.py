"""The tidy table of a study: one row for each finished run, by point and replicate, and its Parquet."""

import io
import json
import math
from array import array
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.store.layout import SUMMARY, write_whole
from experiments.store.parquet import AGAIN, columns_of, read_parquet
from experiments.store.runfile import Footer

HEAD = ("run", "point", "label", "replicate", "seed", "ticks", "fingerprint")
MIXED = "code"  # further column where runs of several codes stand together
PARAM = "param."  # before the path of what the design set


class Rows:
    """Finished runs in memory, numbers in columns: about a kilobyte a run with a hundred metrics."""

    def __init__(self) -> None:
        self.place: dict[str, int] = {}
        self.heads: list[tuple[str, str, int, int, int, str, str]] = []
        self.numbers: dict[str, array[float]] = {}

    def __len__(self) -> int:
        return len(self.heads)

    def __contains__(self, run: str) -> bool:
        return run in self.place

    def add(self, footer: Footer) -> None:
        """One more run; one that is there already stays."""
        if footer.run in self.place:
            return
        n = self.place[footer.run] = len(self.heads)
        f = footer
        self.heads.append((f.run, f.point, f.replicate, f.seed, f.ticks, f.fingerprint, f.code))
        for name, value in footer.summary.items():
            column = self.numbers.setdefault(name, array("d"))
            column.extend([math.nan] * (n - len(column)))
            column.append(value)

    def column(self, name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        """One metric of every run, in the order in which they came; NaN where undefined."""
        values = np.full(len(self.heads), np.nan)
        found = self.numbers.get(name)
        if found is not None:
            values[: len(found)] = np.frombuffer(found, np.float64)
        return values


def tidy(rows: Rows, points: Sequence[Any], runs: Sequence[str], mixed: bool = False) -> pd.DataFrame:
    """One row for each of `runs` that has finished, by place of its point and by replicate.

    Args:
        rows: what has finished
        points: of the study, with `id`, `label` and `values`, in their order
        runs: which belong to the study as it is now
        mixed: show the digest of the code that made each
    """
    order = {point.id: place for place, point in enumerate(points)}
    chosen = [rows.place[run] for run in runs if run in rows.place]
    chosen.sort(key=lambda n: (order[rows.heads[n][1]], rows.heads[n][2]))
    heads = [rows.heads[n] for n in chosen]
    places = [order[head[1]] for head in heads]
    columns: dict[str, Any] = {
        "run": [head[0] for head in heads],
        "point": [head[1] for head in heads],
        "label": [points[place].label for place in places],
        "replicate": np.array([head[2] for head in heads], np.int64),
        "seed": np.array([head[3] for head in heads], np.int64),
        "ticks": np.array([head[4] for head in heads], np.int64),
        "fingerprint": [head[5] for head in heads],
    }
    if mixed:
        columns[MIXED] = [head[6] for head in heads]
    for name, values in parameters([point.values for point in points]).items():
        columns[PARAM + name] = [values[place] for place in places]
    for name in sorted(rows.numbers):
        if chosen:
            columns[name] = rows.column(name)[chosen]
    return pd.DataFrame(columns)


def parameters(points: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Columns of what the design set: numbers where all are numbers, else text; None where a point does not set it."""
    found: dict[str, list[Any]] = {}
    for name in dict.fromkeys(name for values in points for name in values):
        column = [values.get(name) for values in points]
        numeric = all(v is None or (isinstance(v, int | float) and not isinstance(v, bool)) for v in column)
        logical = all(isinstance(v, bool) for v in column)
        if numeric and any(v is None or isinstance(v, float) for v in column):
            column = [math.nan if v is None else float(v) for v in column]
        elif not numeric and not logical:
            column = [v if v is None or isinstance(v, str) else json.dumps(v, sort_keys=True) for v in column]
        found[name] = column
    return found


def encoded(table: pd.DataFrame) -> bytes:
    """Bytes of a table's Parquet: undefined numbers are nulls, nothing of the machine or the day is in it."""
    columns = {}
    for name in table.columns:
        values = table[name]
        if values.dtype == object or str(values.dtype).startswith("str"):
            columns[name] = pa.array([None if pd.isna(v) else v for v in values], pa.string())
        else:
            columns[name] = pa.array(values.to_numpy(), from_pandas=True)
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, compression="zstd")
    return buffer.getvalue()


def write_summary(folder: Path, table: pd.DataFrame) -> None:
    """Write `summary.parquet`, unless it holds just this."""
    content, path = encoded(table), folder / SUMMARY
    if not path.exists() or path.read_bytes() != content:
        write_whole(path, content)


def decoded(path: Path) -> pd.DataFrame:
    """The table from its Parquet.

    Raises:
        ScenarioError: it is damaged or another file
    """
    table = read_parquet(path, AGAIN, HEAD).to_pandas()
    for name, kind in {"replicate": np.int64, "seed": np.int64, "ticks": np.int64}.items():
        table[name] = table[name].astype(kind)
    return table


def check_summary(folder: Path) -> None:
    """Look at the footer of `summary.parquet`, if there is one.

    Raises:
        ScenarioError: it is damaged or another file
    """
    if (folder / SUMMARY).exists():
        columns_of(folder / SUMMARY, AGAIN, HEAD)
