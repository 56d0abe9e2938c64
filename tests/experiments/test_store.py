"""The store: whole files, one driver, packing without loss, the same table from disk."""

import errno
import json
import math
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from experiments import placing
from experiments.disk import unwritable
from experiments.store import export, lock, read, series, shards
from experiments.store.failures import failures
from experiments.store.layout import run_files, run_path, shard_files, sweep_temporary, write_whole
from experiments.store.runfile import Footer, encoded, plain, read_footer, restored
from experiments.store.status import status
from experiments.sweeps.driver import execute
from model.errors import ScenarioError
from tests.experiments.tiny import contents, study

FOOTER = Footer("ab-00001", "ab", 1, 7, "c", "d", 3, "f", {"x": 1.5, "y": math.nan, "z": -math.inf})


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    return execute(study(), tmp_path_factory.mktemp("results"), progress=False)


def test_a_footer_survives_its_file(tmp_path):
    write_whole(tmp_path / "a.parquet", encoded(FOOTER, [0, 2], {"x": [1.0, math.nan]}))
    back = read_footer(tmp_path / "a.parquet")
    assert json.dumps(plain(back)) == json.dumps(plain(FOOTER))
    assert math.isnan(back.summary["y"]) and back.summary["z"] == -math.inf


def test_a_footer_as_json_is_strict_json():
    assert restored(json.loads(json.dumps(plain(FOOTER), allow_nan=False))).summary["z"] == -math.inf


def test_a_torn_file_is_no_finished_run(tmp_path):
    content = encoded(FOOTER, [0], {"x": [1.0]})
    for length in (0, 10, len(content) // 2, len(content) - 1):
        (tmp_path / "a.parquet").write_bytes(content[:length])
        assert read_footer(tmp_path / "a.parquet") is None


def test_nothing_remains_of_a_write_that_fails(tmp_path):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "inside").touch()
    with pytest.raises(ScenarioError, match="cannot be written"):
        write_whole(tmp_path / "taken", b"x")
    assert [p.name for p in tmp_path.iterdir()] == ["taken"]
    assert isinstance(unwritable(tmp_path, OSError(28, "No space left on device")), ScenarioError)


def test_temporary_files_are_swept(tmp_path):
    (tmp_path / "runs" / "ab").mkdir(parents=True)
    (tmp_path / "runs" / "ab" / ".x.parquet-1.tmp").touch()
    (tmp_path / "runs" / "ab" / "x.parquet").touch()
    assert sweep_temporary(tmp_path) == 1
    assert [p.name for p in run_files(tmp_path)] == ["x.parquet"]


HOLD = """
import sys, time
from pathlib import Path
from experiments.store import lock
with lock.held(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_two_drivers_do_not_share_a_folder_and_a_dead_one_is_no_driver(tmp_path):
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout.readline() == "held\n"
        assert lock.busy(tmp_path)
        with pytest.raises(ScenarioError, match=f"process {holder.pid} on .* is at work"), lock.held(tmp_path):
            pass
    finally:
        holder.kill()
        holder.wait()
    with lock.held(tmp_path):
        assert not list(tmp_path.glob("*.parquet"))
    assert not lock.busy(tmp_path)


def test_the_table_from_disk_is_the_table(done):
    pd.testing.assert_frame_equal(read(done.folder), done.table)
    assert list(done.table.columns[:7]) == ["run", "point", "label", "replicate", "seed", "ticks", "fingerprint"]
    assert list(done.table["label"]) == ["fee 10", "fee 10", "fee 50", "fee 50"]


def test_time_series_are_kept_as_asked(tmp_path):
    every = execute(study(every=2, columns=("amm.*",), replicates=1), tmp_path, progress=False)
    table = series(every.folder, every.table["run"][0])
    assert list(table.index) == [0, 2]
    assert all(name.startswith("amm.") for name in table.columns)
    last = every.table.loc[0]
    assert table["amm.depth"].iloc[-1] == last["amm.depth"], "depth is summed up by its last value"


def test_no_time_series_is_a_file_without_rows(tmp_path):
    none = execute(study(every=0, replicates=1), tmp_path, progress=False)
    assert series(none.folder, none.table["run"][0]).empty
    assert len(read(none.folder)) == 2


def test_duckdb_reads_the_folder_as_it_is(done):
    runs = f"{done.folder}/runs/*/*.parquet"
    rows = duckdb.sql(f"SELECT run, max(\"amm.depth\") AS depth FROM read_parquet('{runs}') GROUP BY run").df()
    assert sorted(rows["run"]) == sorted(done.table["run"])
    means = duckdb.sql(
        f"SELECT label, avg(\"amm.depth\") AS depth FROM '{done.folder}/summary.parquet' GROUP BY label ORDER BY label"
    ).df()
    assert list(means["depth"]) == pytest.approx(list(done.table.groupby("label")["amm.depth"].mean()))


def packed_copy(tmp_path):
    first = execute(study(), tmp_path, progress=False)
    return first, {run: series(first.folder, run) for run in first.table["run"]}


def test_packing_loses_nothing_and_runs_can_be_added(tmp_path):
    first, paths = packed_copy(tmp_path)
    assert shards.compact(first.folder) == (4, 1, 4)
    assert not list(run_files(first.folder)) and len(shard_files(first.folder)) == 1
    for run, path in paths.items():
        pd.testing.assert_frame_equal(series(first.folder, run), path)
    summary = (first.folder / "summary.parquet").read_bytes()
    again = execute(study(), tmp_path, progress=False)
    assert not list(run_files(first.folder)), "nothing was run again"
    assert (again.folder / "summary.parquet").read_bytes() == summary
    more = execute(study(replicates=3), tmp_path, progress=False)
    assert len(more.table) == 6 and len(list(run_files(first.folder))) == 2
    assert shards.compact(first.folder).shards == 1
    assert len(read(first.folder)) == 6


@pytest.mark.parametrize("cut", [0, 1, 3])
def test_packing_can_be_killed_at_any_moment(tmp_path, monkeypatch, cut):
    first, paths = packed_copy(tmp_path)
    removed = []

    def unlink(path, **_):
        if len(removed) == cut:
            raise KeyboardInterrupt
        removed.append(path)
        path.rename(path.with_suffix(".gone"))

    with monkeypatch.context() as patched:
        patched.setattr("pathlib.Path.unlink", unlink)
        with pytest.raises(KeyboardInterrupt):
            shards.compact(first.folder)
    assert len(list(run_files(first.folder))) == 4 - cut
    assert sorted(f.run for f in shards.footers(first.folder)) == sorted(paths)
    shards.compact(first.folder)
    assert not list(run_files(first.folder)) and len(shard_files(first.folder)) == 1
    for run, path in paths.items():
        pd.testing.assert_frame_equal(series(first.folder, run), path)


@pytest.mark.parametrize("look", ["run_files", "shard_files"])
def test_a_reader_misses_no_run_that_is_packed_meanwhile(tmp_path, monkeypatch, look):
    first, paths = packed_copy(tmp_path)
    seen, packed = getattr(shards, look), []

    def pack_then(folder):
        found = list(seen(folder))
        if not packed:
            packed.append(True)
            shards.compact(folder)
        return found

    monkeypatch.setattr(shards, look, pack_then)
    assert sorted(footer.run for footer in shards.footers(first.folder)) == sorted(paths)


def test_a_shard_holds_so_many_runs(tmp_path, monkeypatch):
    first, _ = packed_copy(tmp_path)
    monkeypatch.setattr(shards, "RUNS_PER_SHARD", 3)
    assert shards.compact(first.folder).shards == 2
    assert len({f.run for f in shards.footers(first.folder)}) == 4


def test_runs_with_other_columns_go_into_other_shards(tmp_path):
    first = execute(study(), tmp_path, progress=False)
    narrow = execute(study(fees=(20,), columns=("amm.*",)), tmp_path / "b", progress=False)
    for path in run_files(narrow.folder):
        place = run_path(first.folder, path.stem)
        place.parent.mkdir(exist_ok=True)
        path.rename(place)
    assert shards.compact(first.folder).shards == 2
    assert len({f.run for f in shards.footers(first.folder)}) == 6


def test_status_counts(done):
    found = status(done.folder)
    assert (found["asked"], found["done"], found["failed"], found["missing"], found["mixed"]) == (4, 4, 0, 0, 0)
    assert found["state"] == "finished" and found["seconds_per_run"] > 0 and not failures(done.folder)


def test_csv_holds_the_same_numbers_and_is_not_overwritten(done):
    files = export.export(done.folder, series=True, force=False)
    table = pd.read_csv(files[0])
    assert list(table["amm.depth"]) == pytest.approx(list(done.table["amm.depth"]), rel=1e-12)
    assert len(pd.read_csv(files[1])) == 2
    assert len(pd.read_csv(files[2])) == 4 * 3
    with pytest.raises(ScenarioError, match="--force"):
        export.export(done.folder, series=False, force=False)
    export.export(done.folder, series=False, force=True)


def test_two_exports_at_once_do_not_write_into_one_another(done, tmp_path, monkeypatch):
    place, rename, second = tmp_path / "mine", Path.replace, []

    def other_first(path, target):
        if not second:
            second.append(True)
            export.export(done.folder, True, True, place)
        return rename(path, target)

    monkeypatch.setattr(Path, "replace", other_first)
    files = export.export(done.folder, True, False, place)
    assert second and sorted(place.iterdir()) == sorted(files) and len(pd.read_csv(files[2])) == 4 * 3


def test_a_sweep_that_goes_on_leaves_an_export_alone_that_is_being_written(tmp_path, monkeypatch):
    folder, write = execute(study(), tmp_path, progress=False).folder, pd.DataFrame.to_csv

    def sweep_meanwhile(table, path, **how):
        write(table, path, **how)
        execute(study(), tmp_path, progress=False)

    monkeypatch.setattr(pd.DataFrame, "to_csv", sweep_meanwhile)
    files = export.export(folder, series=False, force=False)
    assert sorted((folder / "csv").iterdir()) == sorted(files)


def test_csv_goes_where_the_user_may_write(done, tmp_path):
    before = sorted(done.folder.rglob("*"))
    files = export.export(done.folder, True, False, tmp_path / "mine")
    assert {path.parent for path in files} == {tmp_path / "mine"} and sorted(done.folder.rglob("*")) == before
    (tmp_path / "taken").touch()
    with pytest.raises(ScenarioError, match=r"cannot be written.*choose another folder with --to"):
        export.export(done.folder, False, True, tmp_path / "taken" / "csv")


def test_csv_of_paths_holds_the_runs_of_the_table(tmp_path):
    execute(study(replicates=4), tmp_path, progress=False)
    folder = execute(study(replicates=2), tmp_path, progress=False).folder
    summary, _, paths = (pd.read_csv(path) for path in export.export(folder, True, False))
    assert set(summary["run"]) == set(paths["run"]) and len(summary) == 4


def test_a_full_disk_is_told_with_the_folder(tmp_path, monkeypatch):
    def write(handle, content):
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as full:
        full.setattr(os, "write", write)
        with pytest.raises(ScenarioError, match=f"{tmp_path}: cannot be written.*free some space"), lock.held(tmp_path):
            pass
    assert not lock.busy(tmp_path)


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.ENOLCK])
def test_a_disk_without_locks_is_said_to_be_one(tmp_path, monkeypatch, number):
    fcntl = pytest.importorskip("fcntl")

    def flock(*given):
        raise OSError(number, "no locks")

    monkeypatch.setattr(fcntl, "flock", flock)
    with pytest.raises(ScenarioError, match="this disk cannot lock files"), lock.held(tmp_path):
        pass
    assert not lock.busy(tmp_path)
    with placing.beside(tmp_path / "1-20d6e269") as new:
        assert new.exists(), "a single run needs no lock"


def test_a_run_has_the_same_bytes_whoever_makes_it(done, tmp_path):
    again = execute(study(), tmp_path, progress=False)
    before, after = contents(done.folder), contents(again.folder)
    assert {name: each[0] for name, each in before.items()} == {name: each[0] for name, each in after.items()}
    footer = pq.read_metadata(next(run_files(again.folder))).metadata[b"rigshare"]
    assert json.loads(footer)["fingerprint"]
