"""Folders of searches: one command at a time, the question beside its answer, answers whole, and how they stand."""

import json

import pytest
from typer.testing import CliRunner

import run
from experiments import laboratory
from experiments.engines import serial
from experiments.laboratory import Laboratory, Options
from experiments.optimise.file import load
from experiments.optimise.study import optimise
from experiments.report.page import write
from experiments.store import layout, lock
from experiments.store.layout import ASKED, FRONTIER
from experiments.store.manifest import read_manifest
from experiments.store.search import answered
from experiments.store.status import status
from experiments.sweeps import driver
from model.errors import ScenarioError
from model.scenario import Scenario
from tests.experiments.test_optimise_market import FILE, written

SMALL = (
    FILE.replace("trials = 12", "trials = 6")
    .replace("population = 5", "population = 3")
    .replace("fresh = 12", "fresh = 0")
)
RUNS = 6 * 10


@pytest.fixture
def folder(tmp_path):
    """A search that has come to its end."""
    return optimise(load(written(tmp_path, SMALL)), Options(tmp_path / "results", progress=False)).folder


def changed(tmp_path, before, after):
    assert before in SMALL
    return load(written(tmp_path, SMALL.replace(before, after)))


def breaks_after(monkeypatch, batches):
    """Interrupt the next search when so many batches are done."""
    done = []

    def execute(*args, **options):
        if len(done) == batches:
            raise KeyboardInterrupt
        done.append(driver.execute(*args, **options))
        return done[-1]

    monkeypatch.setattr(laboratory, "execute", execute)


@pytest.mark.parametrize("new", [False, True])
def test_a_search_holds_its_folder_between_its_batches(tmp_path, monkeypatch, new):
    """A second one, also with --new, is refused and moves nothing while the first goes on."""
    problem, refusals = load(written(tmp_path, SMALL)), []

    def execute(*args, **options):
        monkeypatch.setattr(laboratory, "execute", driver.execute)
        with pytest.raises(ScenarioError, match="at work in it") as refused:
            optimise(problem, Options(tmp_path / "results", progress=False, new=new))
        refusals.append(refused)
        return driver.execute(*args, **options)

    monkeypatch.setattr(laboratory, "execute", execute)
    found = optimise(problem, Options(tmp_path / "results", progress=False))
    assert refusals and [p.name for p in (tmp_path / "results").iterdir()] == ["coin"]
    assert status(found.folder)["done"] == RUNS and not lock.busy(found.folder)


def test_the_answer_is_written_while_the_folder_is_held(tmp_path, monkeypatch):
    held = []
    monkeypatch.setattr("experiments.optimise.report.write", lambda frontier: held.append(lock.busy(frontier.folder)))
    optimise(load(written(tmp_path, SMALL)), Options(tmp_path / "results", progress=False))
    assert held == [True]


def test_a_refused_search_leaves_the_question_of_the_answer(folder, tmp_path):
    before = {name: (folder / name).read_bytes() for name in (ASKED, FRONTIER)}
    with pytest.raises(ScenarioError, match="--new begins afresh"):
        optimise(changed(tmp_path, "high = 2.0", "high = 1.9"), Options(tmp_path / "results", progress=False))
    assert {name: (folder / name).read_bytes() for name in before} == before and answered(folder)
    assert "high = 2.0" in write(folder).path.read_text()


def test_an_answer_to_another_question_is_not_reported(folder, tmp_path, monkeypatch):
    """The same first batches, more of them, and broken off: the folder asks more than its answer says."""
    more = changed(tmp_path, "trials = 6", "trials = 9")
    with monkeypatch.context() as patched:
        breaks_after(patched, 2)
        with pytest.raises(KeyboardInterrupt):
            optimise(more, Options(tmp_path / "results", progress=False))
    assert "trials = 9" in (folder / ASKED).read_text() and not answered(folder)
    with pytest.raises(ScenarioError, match=r"answers another file than asked\.toml beside it"):
        write(folder)
    optimise(more, Options(tmp_path / "results", progress=False))
    assert write(folder).told.facts["places tried"] == "9"


def test_an_answer_of_an_earlier_version_is_reported(folder):
    answer = json.loads((folder / FRONTIER).read_text())
    assert answer.pop("asked_hash")
    (folder / FRONTIER).write_text(json.dumps(answer))
    assert write(folder).told.answer == answer["answer"]


def test_a_search_goes_on_when_a_lost_run_is_tried_again(tmp_path, monkeypatch):
    """Without that run's place the search turned elsewhere; with it, it finds what an undisturbed one finds."""
    problem, perform, lost = changed(tmp_path, "replicates = 10", "replicates = 3"), serial.perform, []

    def late(job):
        lost.append(job.run)
        return perform(job._replace(deadline=0.0) if len(lost) == 1 else job)

    with monkeypatch.context() as patched:
        patched.setattr(serial, "perform", late)
        first = optimise(problem, Options(tmp_path / "results", progress=False))
    again = optimise(problem, Options(tmp_path / "results", progress=False))
    whole = optimise(problem, Options(tmp_path / "peace", progress=False))
    assert first.failed == 1 and first.trials[3:] != whole.trials[3:]
    assert again.failed == 0 and again.trials == whole.trials
    assert (again.folder / FRONTIER).read_bytes() == (whole.folder / FRONTIER).read_bytes()
    assert read_manifest(again.folder / "generation-001")["mixed"] == {"runs": 0, "strays": 9}


def test_a_search_whose_places_are_all_refused_keeps_its_question(tmp_path):
    text = SMALL.replace(
        "[vars]", '[params]\n"bitcoin.price" = 20_000.0\n[vars]\n"bitcoin.process" = { choices = ["history"] }'
    )
    found = optimise(load(written(tmp_path, text)), Options(tmp_path / "results", progress=False))
    assert all(trial.refused for trial in found.trials) and (found.folder / ASKED).read_text() == text
    assert status(found.folder)["state"] == "finished" and status(found.folder)["asked"] == 0


def test_an_answer_is_there_whole_or_as_it_was(folder, tmp_path, monkeypatch):
    before = (folder / FRONTIER).read_bytes()

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(layout.os, "fsync", full)
    with pytest.raises(ScenarioError, match="free some space"):
        optimise(load(written(tmp_path, SMALL)), Options(tmp_path / "results", progress=False))
    assert (folder / FRONTIER).read_bytes() == before and not list(folder.glob(".*.tmp"))


def test_what_a_killed_search_was_writing_is_removed(folder, tmp_path):
    (folder / f".{FRONTIER}-abc{layout.TEMPORARY}").touch()
    with Laboratory("coin", "", Options(tmp_path / "results"), Scenario.load("smoke")):
        assert not list(folder.glob(f".*{layout.TEMPORARY}"))


def test_a_search_stands_as_the_sum_of_its_batches(tmp_path, monkeypatch):
    problem, options = load(written(tmp_path, SMALL)), Options(tmp_path / "results", progress=False)
    with monkeypatch.context() as patched:
        breaks_after(patched, 1)
        with pytest.raises(KeyboardInterrupt):
            optimise(problem, options)
    told = CliRunner().invoke(run.app, ["status", "coin", "--out", str(tmp_path / "results"), "--json"])
    assert told.exit_code == 0, told.output
    (row,) = json.loads(told.stdout)
    assert (row["state"], row["asked"], row["done"], row["missing"]) == ("interrupted", RUNS // 2, RUNS // 2, 0)
    assert row["seconds_left"] is None
    done = optimise(problem, options).folder
    assert status(done)["state"] == "finished" and status(done)["done"] == RUNS
    listed = CliRunner().invoke(run.app, ["status", "--out", str(tmp_path / "results")])
    assert listed.exit_code == 0 and "coin" in listed.stdout and "finished" in listed.stdout
    next((done / "generation-001").rglob("runs/*/*.parquet")).unlink()
    row = status(done)
    assert row["state"] == "incomplete" and row["missing"] == 1 and row["missing_runs"][0].startswith("generation-001/")


def test_a_folder_that_cannot_be_made_is_told_in_one_sentence(tmp_path):
    (tmp_path / "results").write_text("a file")
    with pytest.raises(ScenarioError, match="cannot be written"):
        optimise(load(written(tmp_path, SMALL)), Options(tmp_path / "results", progress=False))
