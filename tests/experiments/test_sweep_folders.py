"""A study finds its scenario and its data from whatever folder it is asked, or says that they are others."""

import json
import os
import shlex
from html import unescape
from pathlib import Path

import pytest

from experiments.engines import job as jobs
from experiments.engines.serial import Serial
from experiments.report.page import write
from experiments.store.design import read_design
from experiments.store.layout import SWEEP, run_files
from experiments.store.manifest import read_manifest, write_manifest
from experiments.study_files import asks, refuse_studies
from experiments.sweeps.driver import execute
from experiments.sweeps.folder import origin
from experiments.sweeps.study import load
from model.errors import ScenarioError
from tests.experiments.tiny import command

SCENARIO = """
extends = "smoke"
[clock]
start = "2023-01-01"
ticks = 3
[bitcoin]
process = "csv"
file = "prices.csv"
"""
SWEEP_FILE = """
[experiment]
question = "Does it find its data?"
base = "bases/own.toml"
[[design]]
kind = "grid"
[design.vars]
"amm.fee_bps" = [10, 50]
[outputs]
summary = ["bitcoin.price"]
"""


def project(folder, price=16_500):
    """A sweep with a base in a folder beside it, and the base's prices."""
    (folder / "bases").mkdir(parents=True)
    (folder / "bases" / "own.toml").write_text(SCENARIO)
    rows = "".join(f"2023-01-{day:02},{price + day}\n" for day in range(1, 20))
    (folder / "bases" / "prices.csv").write_text("date,price_usd\n" + rows)
    (folder / "ask.toml").write_text(SWEEP_FILE)
    return folder / "ask.toml"


def runs(folder):
    return {path.name: path.read_bytes() for path in run_files(folder)}


@pytest.fixture
def swept(tmp_path, monkeypatch):
    """Swept by a relative path, from the folder above the project."""
    project(tmp_path / "mine" / "proj")
    monkeypatch.chdir(tmp_path / "mine")
    folder = execute(load("proj/ask.toml"), Path("results"), progress=False).folder.resolve()
    elsewhere = tmp_path / "elsewhere"
    project(elsewhere / "proj", price=60_000)
    monkeypatch.chdir(elsewhere)
    return folder


class Kept(Serial):
    """An engine that keeps the jobs that it is given."""

    given = ()

    def run(self, found):
        Kept.given = found
        return super().run(found)


def first_job(root, path, monkeypatch):
    monkeypatch.setattr("experiments.sweeps.driver.open_engine", lambda *_: Kept())
    monkeypatch.setattr(jobs, "_scenarios", {})
    execute(load(path), root, progress=False)
    return Kept.given[0]


def test_what_is_stored_does_not_hang_on_the_folder_of_the_moment(swept, tmp_path):
    assert {point.folder for point in read_design(swept)} == {str(tmp_path / "mine" / "proj" / "bases")}
    assert read_manifest(swept)["beside"] == str(tmp_path / "mine" / "proj")


def test_a_run_has_the_same_bytes_from_whatever_folder(swept, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path / "mine" / "proj" / "bases")
    near = execute(load("../ask.toml"), tmp_path / "near", progress=False).folder
    project(tmp_path / "moved")
    moved = execute(load(tmp_path / "moved" / "ask.toml"), tmp_path / "far", progress=False).folder
    assert runs(near) == runs(moved) == runs(swept)
    assert (near / "summary.parquet").read_bytes() == (moved / "summary.parquet").read_bytes()


def test_a_run_is_repeated_from_another_folder(swept):
    run = next(run_files(swept)).stem
    done = command("rerun", f"{swept}/{run}", "--json", folder=Path.cwd())
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["same"] is True and not found["changes"]


def test_a_job_names_its_folder_from_the_root(swept, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path / "mine")
    assert first_job(Path("again"), "proj/ask.toml", monkeypatch).place == str(tmp_path / "mine" / "proj" / "bases")


def test_a_worker_with_other_data_refuses(swept, tmp_path, monkeypatch):
    job = first_job(tmp_path / "again", tmp_path / "mine" / "proj" / "ask.toml", monkeypatch)
    monkeypatch.setattr(jobs, "_scenarios", {})
    other = job._replace(place=str(tmp_path / "elsewhere" / "proj" / "bases"))
    with pytest.raises(ScenarioError, match=r"another configuration of fee_bps 10 .* same data files") as refused:
        jobs.scenario_of(other)
    assert "\n" not in str(refused.value)
    assert not jobs._scenarios and jobs.scenario_of(job).folder == Path(job.place)


def test_a_data_file_that_is_gone_is_said(swept, tmp_path):
    (tmp_path / "mine" / "proj" / "bases" / "prices.csv").unlink()
    done = command("rerun", f"{swept}/{next(run_files(swept)).stem}", folder=Path.cwd())
    assert done.returncode == 2 and "prices.csv" in done.stderr and "Traceback" not in done.stderr


def commands(page):
    """Commands of the last section of a report."""
    last = page[page.index("How to repeat this</h2>") :]
    return [unescape(part.split("</code>")[0]) for part in last.split("<code>")[1:]]


def test_the_command_of_the_report_repeats_the_whole(swept):
    page = write(swept).path.read_text()
    assert "are read again from" in page
    whole = next(line for line in commands(page) if " sweep " in line)
    assert str(swept / SWEEP) in whole
    done = command(*shlex.split(whole)[2:], "--engine", "serial", folder=Path.cwd())
    assert done.returncode == 0, done.stderr
    again = Path("another_folder") / "ask"
    assert (again / "summary.parquet").read_bytes() == (swept / "summary.parquet").read_bytes()
    assert runs(again) == runs(swept) and (again / SWEEP).read_bytes() == (swept / SWEEP).read_bytes()
    assert read_manifest(again)["beside"] == read_manifest(swept)["beside"]


def test_the_copy_of_a_shipped_study_finds_its_base(tmp_path):
    study = load("leverage_gsa")
    folder = tmp_path / study.name
    folder.mkdir()
    (folder / SWEEP).write_text(study.source)
    with pytest.raises(ScenarioError, match="no such file"):
        load(folder / SWEEP)
    record = {"format": 1, "study": study.name, "question": "", "state": "finished", "code_hash": "", "plugins": [],
              "replicates": 3, "mixed": {}, "history": [], "beside": str(study.beside)}  # fmt: skip
    write_manifest(folder, record)
    again = load(folder / SWEEP)
    assert (again.name, again.beside) == (study.name, study.beside)
    assert [point.id for point in again.points] == [point.id for point in study.points]


def test_a_sweep_of_ones_own_may_be_called_like_the_copy(tmp_path):
    path = project(tmp_path / "proj").rename(tmp_path / "proj" / SWEEP)
    assert origin(path) == ("sweep", tmp_path / "proj")
    (tmp_path / "proj" / "manifest.json").write_text('{"name": "of some other program"}')
    assert origin(path) == ("sweep", tmp_path / "proj") and len(load(path).points) == 2
    write_manifest(tmp_path / "proj", {"format": 1, "study": "ask", "question": "", "state": "finished",
        "code_hash": "", "plugins": [], "replicates": 1, "mixed": {}, "history": [], "beside": str(tmp_path / "gone")})  # fmt: skip
    assert origin(path) == ("ask", tmp_path / "proj"), "what the copy lay beside is gone: its own folder is tried"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ltv_by_volatility", "is a sweep; `run.py sweep` takes it"),
        ("lending_frontier", "is an optimisation; `run.py optimise` takes it"),
        ("calibrate_prices", "is a calibration; `run.py calibrate` takes it"),
    ],
)
def test_a_file_of_many_runs_is_refused_with_its_verb(name, said):
    with pytest.raises(ScenarioError) as refused:
        refuse_studies(name)
    assert str(refused.value) == f"{name}: {said}"


def test_a_scenario_is_not_refused_as_a_study(tmp_path):
    path = project(tmp_path / "proj")
    for name in ("smoke", path.parent / "bases" / "own.toml", "no_such_name", tmp_path / "no.toml"):
        refuse_studies(name)
    assert asks(path) == "sweep"
    with pytest.raises(ScenarioError, match=f"{os.sep}ask.toml: is a sweep"):
        refuse_studies(path)
