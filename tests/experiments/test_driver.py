"""The driver: resumes, refuses what is not the same, keeps failures, stops by precision."""

import dataclasses
import json
import signal

import numpy as np
import pytest

from experiments import interrupts
from experiments.engines.serial import Serial
from experiments.statistics.precision import longer_side
from experiments.store import read
from experiments.store.failures import failures, read_failure
from experiments.store.find import run_of
from experiments.store.layout import failed_path
from experiments.store.manifest import read_manifest
from experiments.store.status import status
from experiments.sweeps import underway
from experiments.sweeps.batches import Reached, next_total
from experiments.sweeps.driver import execute
from experiments.sweeps.repeat import repeat, verdict
from experiments.sweeps.study import Precision
from experiments.sweeps.told import record
from model.errors import ScenarioError
from tests.experiments.tiny import add_poison, contents, poisoned, study


def run(what, root, **more):
    return execute(what, root, progress=False, **more)


def count_runs(monkeypatch):
    """Names of the runs that are really performed."""
    performed, own = [], Serial.run

    def counted(self, jobs):
        for each in own(self, jobs):
            performed.append(each.run)
            yield each

    monkeypatch.setattr(Serial, "run", counted)
    return performed


def summary(folder):
    return (folder / "summary.parquet").read_bytes()


def test_points_and_replicates_added_change_no_file(tmp_path):
    small = run(study(), tmp_path)
    before = contents(small.folder)
    run(study(replicates=3), tmp_path)
    large = run(study(fees=(5, 10, 50), replicates=3), tmp_path)
    after = contents(large.folder)
    assert len(before) == 4 and len(after) == 9
    assert {name: after[name] for name in before} == before
    kept = large.table.set_index("run").loc[small.table["run"], small.table.columns[3:]]
    assert kept.equals(small.table.set_index("run")[small.table.columns[3:]])


def test_an_interrupted_sweep_goes_on_to_the_same_bytes(tmp_path, monkeypatch):
    whole = run(study(replicates=3), tmp_path / "whole")
    own = Serial.run

    def interrupted(self, jobs):
        for n, each in enumerate(own(self, jobs)):
            yield each
            if n == 2:
                raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Serial, "run", interrupted)
        with pytest.raises(KeyboardInterrupt, match="3 finished runs are kept"):
            run(study(replicates=3), tmp_path)
    folder = tmp_path / "tiny"
    assert status(folder)["state"] == "interrupted" and status(folder)["missing"] == 3
    assert list(read(folder)["replicate"]) == [0, 1, 0], "replicate by replicate over all points"
    performed = count_runs(monkeypatch)
    done = run(study(replicates=3), tmp_path)
    assert len(performed) == 3
    assert summary(done.folder) == summary(whole.folder)
    states = [each["state"] for each in read_manifest(folder)["history"]]
    assert states == ["interrupted", "finished"]


def test_a_damaged_file_is_made_again(tmp_path, monkeypatch):
    first = run(study(), tmp_path)
    path = next((first.folder / "runs").rglob("*.parquet"))
    whole = path.read_bytes()
    path.write_bytes(whole[:-9])
    performed = count_runs(monkeypatch)
    run(study(), tmp_path)
    assert performed == [path.stem] and path.read_bytes() == whole


def test_other_code_is_refused_moved_aside_or_said(tmp_path, monkeypatch):
    first = run(study(), tmp_path)
    monkeypatch.setattr(underway, "code_hash", lambda _: "other")
    monkeypatch.setattr("experiments.engines.job.code_hash", lambda _: "other")
    with pytest.raises(ScenarioError, match=r"4 with other code; --new .* --allow-mixed"):
        run(study(replicates=3), tmp_path)
    mixed = run(study(replicates=3), tmp_path, allow_mixed=True)
    assert sorted(mixed.table["code"].value_counts()) == [2, 4]
    assert read(mixed.folder)["code"].equals(mixed.table["code"])
    assert read_manifest(mixed.folder)["mixed"] == {"runs": 4, "strays": 0}
    assert status(mixed.folder)["mixed"] == 4
    fresh = run(study(), tmp_path, new=True)
    assert "code" not in fresh.table
    assert len(contents(tmp_path / "tiny.old-1")) == 6, "nothing is lost"
    assert list(fresh.table["fingerprint"]) == list(first.table["fingerprint"])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"every": 2}, "4 with other configuration"),
        ({"columns": ("amm.*",)}, "4 with other configuration"),
        ({"root": 2}, "4 with other seeds"),
        ({"fees": (10, 30)}, "2 of points that the sweep no longer has"),
        ({"ticks": 4}, "4 of points that the sweep no longer has"),
    ],
)
def test_another_configuration_is_refused(tmp_path, changed, said):
    first = run(study(), tmp_path)
    before = contents(first.folder)
    with pytest.raises(ScenarioError, match=said):
        run(study(**changed), tmp_path)
    assert contents(first.folder) == before


def test_fewer_replicates_are_a_part_of_what_is_there(tmp_path):
    run(study(replicates=3), tmp_path)
    assert list(run(study(), tmp_path).table["replicate"]) == [0, 1, 0, 1]
    assert len(contents(tmp_path / "tiny")) == 6


def test_replicates_share_their_seed_over_points(tmp_path):
    table = run(study(), tmp_path).table
    assert table.groupby("replicate")["seed"].nunique().tolist() == [1, 1]
    assert table["seed"].nunique() == 2


def test_a_failing_run_is_kept_with_all_that_repeats_it(tmp_path, monkeypatch):
    add_poison(tmp_path, monkeypatch)
    done = run(poisoned(["mean_variance", "raises"]), tmp_path)
    assert list(done.table["label"]) == ["mean_variance"] * 2
    assert [each.label for each in done.failed] == ["raises"] * 2
    first = read_failure(done.folder, done.failed[0].run)
    assert first == done.failed[0] and first.tick == 2 and first.kind == "error"
    assert first.stage.startswith("decide of ")
    assert first.message == "ZeroDivisionError: poison" and "in decide" in first.traceback
    assert first.command.startswith("python run.py rerun ") and first.command.endswith("--plugins poison")
    told = record(poisoned(["mean_variance", "raises"]), done)
    assert len(told["failed"]) == 2 and json.dumps(told, default=str)
    performed = count_runs(monkeypatch)
    again = run(poisoned(["mean_variance", "raises"]), tmp_path)
    assert not performed and again.failed == done.failed, "an error of the model comes again; it is not tried again"
    found = run_of(f"poisoned/{first.run}", tmp_path)
    repeated = repeat(found, ("poison",))
    assert "ZeroDivisionError: poison" in repeated.error and repeated.tick == 2
    assert repeat(found, ("poison",), to_tick=1).tick == 1


def test_an_interrupt_of_which_a_library_makes_another_error_is_no_failed_run(tmp_path, monkeypatch):
    monkeypatch.setattr(interrupts, "came", [])

    def advance(*_):
        interrupts.came.append(signal.SIGINT)
        raise ImportError("numba._devicearray failed to import")

    monkeypatch.setattr("experiments.engines.job.advance", advance)
    with pytest.raises(KeyboardInterrupt, match="0 finished runs are kept"):
        run(study(), tmp_path)
    assert not failures(tmp_path / "tiny")


def test_runs_that_died_are_tried_again(tmp_path, monkeypatch):
    first = run(study(), tmp_path)
    name = first.table["run"][0]
    path = next((first.folder / "runs").rglob(f"{name}.parquet"))
    path.unlink()
    monkeypatch.setattr("experiments.engines.job.result_of", lambda *_: (_ for _ in ()).throw(MemoryError("full")))
    failed = run(study(), tmp_path)
    assert [each.kind for each in failed.failed] == ["machine"]
    monkeypatch.undo()
    assert not run(study(), tmp_path).failed
    assert not failed_path(first.folder, name).exists() and not failures(first.folder)


@pytest.mark.parametrize("name", ["sweeps.repeat.Marketplace", "store.design.Stored.scenario"])
def test_a_finished_run_that_todays_rules_refuse_is_a_sentence(tmp_path, monkeypatch, name):
    done = run(study(), tmp_path)
    found = run_of(done.table["run"][0], tmp_path)

    def refuse(*_, **__):
        raise ScenarioError("smoke: amm.gone = 1: no such parameter")

    monkeypatch.setattr(f"experiments.{name}", refuse)
    monkeypatch.setattr("experiments.sweeps.repeat.code_hash", lambda _: "of another day")
    with pytest.raises(ScenarioError, match=r"-00000: smoke: amm\.gone.*\(code is of another day, was .*\)$"):
        repeat(found, ())


def test_rerun_repeats_what_is_there(tmp_path):
    done = run(study(), tmp_path)
    found = run_of(done.table["run"][1], tmp_path)
    whole = repeat(found, ())
    assert whole.same and whole.fingerprint == done.table["fingerprint"][1]
    assert whole.numbers["amm.depth"] == done.table["amm.depth"][1]
    assert verdict(whole, None).startswith("the same")
    part = repeat(found, (), to_tick=1)
    assert part.tick == 1 and part.same is None and part.fingerprint != whole.fingerprint
    with pytest.raises(ScenarioError, match="ticks 0 to 2"):
        repeat(found, (), to_tick=3)


def test_runs_are_found_by_name_or_refused(tmp_path):
    done = run(study(), tmp_path)
    name = done.table["run"][0]
    assert run_of(f"{done.folder}/{name}", tmp_path) == run_of(name, tmp_path) == run_of(f"tiny/{name}", tmp_path)
    run(study(), tmp_path, name="twin")
    for text, said in ((name, "several studies"), ("abc", "is no run"), (f"tinny/{name}", "did you mean 'tiny'")):
        with pytest.raises(ScenarioError, match=said):
            run_of(text, tmp_path)


def test_replicates_go_on_until_the_mean_is_known(tmp_path, monkeypatch):
    asked = study(replicates=3)
    first = run(asked, tmp_path / "pilot").table
    widest = max(longer_side(part["agents.gini"], "agents.gini") for _, part in first.groupby("point"))
    stop = Precision("agents.gini", widest * 0.7, 40)
    asked = study(replicates=3).__class__(**{**vars(asked), "stop": stop})
    done = run(asked, tmp_path / "stop")
    n = done.table.groupby("point").size()
    assert n.nunique() == 1 and 3 < n.iloc[0] < 40
    parts = [part["agents.gini"] for _, part in done.table.groupby("point")]
    assert all(longer_side(part, "agents.gini") <= stop.half_width for part in parts)
    performed = count_runs(monkeypatch)
    again = run(asked, tmp_path / "stop")
    assert not performed and summary(again.folder) == summary(done.folder)
    limited = study(replicates=3).__class__(**{**vars(asked), "stop": Precision("agents.gini", widest / 1e6, 5)})
    assert run(limited, tmp_path / "most").table.groupby("point").size().tolist() == [5, 5]


def test_the_next_batch_is_what_the_spread_promises():
    assert next_total([Reached("a", 10, 0.1)], 10, 0.2, 99) == 10
    assert next_total([Reached("a", 10, 0.1), Reached("b", 10, np.inf)], 10, 0.2, 99) == 20
    assert next_total([Reached("a", 10, 0.201)], 10, 0.2, 99) == 11
    assert next_total([Reached("a", 10, 9.0)], 10, 0.2, 12) == 12
    assert next_total([Reached("a", 12, 9.0)], 12, 0.2, 12) == 12


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"engine": "disk"}, "no such engine, did you mean 'dask'"),
        ({"workers": 0}, "--workers 0"),
        ({"workers": 4}, "--workers 4: belongs to --engine dask"),
        ({"scheduler": "tcp://127.0.0.1:1"}, "belongs to --engine dask"),
        ({"deadline": 0.0}, "--deadline 0"),
    ],
)
def test_what_cannot_be_is_said_before_anything_runs(tmp_path, more, said):
    with pytest.raises(ScenarioError, match=said):
        run(study(), tmp_path, **more)
    assert not list(tmp_path.rglob("*.parquet"))


def test_a_study_that_goes_on_for_precision_says_how_many_runs_are_asked_for_now(tmp_path, monkeypatch):
    """Its driver is killed in the second batch, when it has no time to write anything."""
    asked = dataclasses.replace(study(replicates=3), stop=Precision("agents.gini", 1e-9, 12))
    seen = []

    def killed(engine, jobs):
        for ended in perform(engine, jobs):
            yield ended
            if ended.footer.replicate == 4:
                seen.append(status(tmp_path / "tiny"))
                return

    perform = Serial.run
    monkeypatch.setattr(Serial, "run", killed)
    run(asked, tmp_path)
    assert (seen[0]["asked"], seen[0]["done"], seen[0]["missing"]) == (12, 9, 3)
