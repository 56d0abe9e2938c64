"""One run's Parquet: its time series, and in the footer all that it is and came to.

The bytes depend on the run alone: no time, no host, no order. Wall time and memory are kept in `timings.jsonl`.
"""

import io
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

KEY = b"rigshare"  # of the footer's metadata
WRITER: dict[str, Any] = {"compression": "zstd", "use_dictionary": ["run"], "write_statistics": False}
WORDS = {"nan": None, "inf": "inf", "-inf": "-inf"}  # numbers that JSON has no form for


class Footer(NamedTuple):
    """What a finished run was and came to.

    Attributes:
        run, point, replicate, seed: which run
        config: digest of scenario, data files and what was asked to be kept
        code: digest of the sources that ran
        ticks: length of the run
        fingerprint: digest of the final state
        summary: the run's number for each metric; NaN where undefined
    """

    run: str
    point: str
    replicate: int
    seed: int
    config: str
    code: str
    ticks: int
    fingerprint: str
    summary: dict[str, float]


def number(value: float) -> float | str | None:
    """A number as JSON can hold it.

    >>> number(1.5), number(float("nan")), number(float("-inf"))
    (1.5, None, '-inf')
    """
    return value if math.isfinite(value) else WORDS[str(value)]


def plain(footer: Footer) -> dict[str, Any]:
    """A footer as JSON can hold it."""
    return {**footer._asdict(), "summary": {name: number(value) for name, value in footer.summary.items()}}


def restored(record: Mapping[str, Any]) -> Footer:
    """The footer that `plain` made a record of."""
    summary = {name: math.nan if value is None else float(value) for name, value in record["summary"].items()}
    return Footer(**{**record, "summary": summary})


def series_table(run: str, ticks: Sequence[int], series: Mapping[str, Sequence[float]]) -> pa.Table:
    """Time series of one run: columns `run`, `tick`, and one for each metric kept."""
    same = pa.DictionaryArray.from_arrays(pa.array(np.zeros(len(ticks), np.int32)), pa.array([run], pa.string()))
    columns = {name: pa.array(np.asarray(values, np.float64), from_pandas=True) for name, values in series.items()}
    return pa.table({"run": same, "tick": pa.array(ticks, pa.int32()), **columns})


def encoded(footer: Footer, ticks: Sequence[int], series: Mapping[str, Sequence[float]]) -> bytes:
    """Bytes of a run's file."""
    table = series_table(footer.run, ticks, series)
    return packed(table, {KEY: json.dumps(plain(footer), allow_nan=False).encode()})


def packed(table: pa.Table, notes: dict[bytes, bytes]) -> bytes:
    """Bytes of a Parquet file with notes in its footer."""
    buffer = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(notes), buffer, **WRITER)
    return buffer.getvalue()


def read_footer(path: Path) -> Footer | None:
    """What a run's file says of itself; None where it cannot be read."""
    try:
        return restored(json.loads(pq.read_metadata(path).metadata[KEY]))
    except (OSError, pa.ArrowInvalid, KeyError, TypeError, ValueError):
        return None
