"""Many small files of finished runs packed into few: `compact`.

A shard is a Parquet file with the time series of its runs one after another, and their footers in its own. It is
written whole before the files it stands for are removed, so that a run is at every moment in one place at least.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from experiments.store.layout import SHARDS, run_files, run_path, shard_files, write_whole
from experiments.store.parquet import AWAY, columns_of, read_parquet
from experiments.store.runfile import KEY, Footer, packed, plain, read_footer, restored
from model.errors import ScenarioError

RUNS_PER_SHARD = 1_000
ROWS_PER_SHARD = 2_000_000  # of time series; about 1 GiB of memory while packing a hundred metrics


class Packed(NamedTuple):
    """What packing did.

    Attributes:
        runs: how many were packed
        shards: files that hold them now
        removed: small files that are gone
    """

    runs: int
    shards: int
    removed: int


def shard_footers(path: Path) -> list[Footer]:
    """Footers of the runs in a shard.

    Raises:
        ScenarioError: the shard is damaged
    """
    try:
        return [restored(record) for record in json.loads(pq.read_metadata(path).metadata[KEY])]
    except (OSError, pa.ArrowInvalid, KeyError, TypeError, ValueError) as error:
        raise ScenarioError(f"{path}: cannot be read ({error}); {AWAY}") from None


def footers(folder: Path) -> Iterator[Footer]:
    """Every finished run of a study, each once; a file whose footer cannot be read is no finished run.

    Single files first: a run that `compact` takes out of its own meanwhile is in a shard by then.
    """
    seen = set()
    for path in sorted(run_files(folder)):
        found = read_footer(path)
        if found is not None:
            seen.add(found.run)
            yield found
    for shard in shard_files(folder):
        for footer in shard_footers(shard):
            if footer.run not in seen:
                seen.add(footer.run)
                yield footer


def footer_of(folder: Path, run: str) -> Footer | None:
    """One run's footer, wherever it is kept; None where it is nowhere."""
    path = run_path(folder, run)
    if path.exists():
        return read_footer(path)
    return next((f for shard in shard_files(folder) for f in shard_footers(shard) if f.run == run), None)


def series_of(folder: Path, run: str) -> pa.Table:
    """Time series of one run, wherever it is kept.

    Raises:
        ScenarioError: there is no such finished run, or its file is damaged
    """
    path = run_path(folder, run)
    if path.exists():
        return read_parquet(path)
    for shard in shard_files(folder):
        if any(footer.run == run for footer in shard_footers(shard)):
            return read_parquet(shard, filters=[("run", "==", run)])
    raise ScenarioError(f"{folder}: has no finished run {run}; `run.py status {folder}` counts what there is")


def compact(folder: Path) -> Packed:
    """Pack all single files into shards, runs with the same columns together."""
    known = {footer.run: footer for shard in shard_files(folder) for footer in shard_footers(shard)}
    removed, groups = 0, {}  # type: tuple[int, dict[tuple[str, ...], list[tuple[Path, Footer]]]]
    for path in sorted(run_files(folder)):
        found = read_footer(path)
        if found is not None and _same(known.get(found.run), found):  # an earlier packing was cut short
            path.unlink()
            removed += 1
        elif found is not None and found.run not in known:
            groups.setdefault(tuple(columns_of(path)), []).append((path, found))
    shards = runs = 0
    for members in groups.values():
        for part in _parts(members):
            _pack(folder, part)
            for path, _ in part:
                path.unlink()
            shards, runs, removed = shards + 1, runs + len(part), removed + len(part)
    for place in (folder / "runs").glob("*"):
        if place.is_dir() and not any(place.iterdir()):
            place.rmdir()
    return Packed(runs, shards, removed)


def _same(known: Footer | None, footer: Footer) -> bool:
    """Whether a shard holds this very run; texts are compared, since an undefined number is unequal to itself."""
    return known is not None and json.dumps(plain(known)) == json.dumps(plain(footer))


def _parts(members: list[tuple[Path, Footer]]) -> Iterator[list[tuple[Path, Footer]]]:
    """Members in lots that fit into one shard."""
    lot: list[tuple[Path, Footer]] = []
    rows = 0
    for path, footer in members:
        more = pq.read_metadata(path).num_rows
        if lot and (len(lot) == RUNS_PER_SHARD or rows + more > ROWS_PER_SHARD):
            yield lot
            lot, rows = [], 0
        lot.append((path, footer))
        rows += more
    if lot:
        yield lot


def _pack(folder: Path, part: list[tuple[Path, Footer]]) -> None:
    """Write one shard, named by its content."""
    tables: list[Any] = [read_parquet(path).replace_schema_metadata(None) for path, _ in part]
    note = json.dumps([plain(footer) for _, footer in part], allow_nan=False).encode()
    content = packed(pa.concat_tables(tables).unify_dictionaries(), {KEY: note})
    name = hashlib.blake2b(note, digest_size=8).hexdigest()
    write_whole(folder / SHARDS / f"{name}.parquet", content)
