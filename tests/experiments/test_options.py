"""Options that several verbs have mean one thing in all of them."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import run
from experiments import runs
from experiments.options import FEW, MANY
from experiments.store.layout import MANIFEST
from experiments.stress import points, shocks
from experiments.values import toml_value
from model import Scenario, ScenarioError

STUDIES = {"sweep": MANY, "sensitivity": MANY, "optimise": MANY, "calibrate": MANY, "compare": FEW, "stress": FEW}
SHARED = ("engine", "scheduler", "workers", "new", "allow_mixed", "deadline")
TINY = 'question = "Well?"\n[clock]\nticks = 2\n[bitcoin]\n'
cli = CliRunner()


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def options(verb):
    command = typer.main.get_command(run.app).commands[verb]
    return {parameter.name: parameter for parameter in command.params}


@pytest.mark.parametrize("name", SHARED)
def test_a_shared_option_is_described_alike(name):
    assert len({(options(verb)[name].help, *options(verb)[name].opts) for verb in STUDIES}) == 1


@pytest.mark.parametrize("verb", STUDIES)
def test_a_file_of_many_runs_takes_all_cores_and_a_line_one(verb):
    assert options(verb)["engine"].default == STUDIES[verb]


def test_new_moves_the_folder_aside_and_other_code_is_kept_where_it_may_be_mixed():
    Path("a.toml").write_text(TINY)
    words = ["compare", "a.toml", "a.toml", "--set-b", "bitcoin.volatility=.9", "--seeds", "2", "--json"]
    folder = Path(json.loads(cli.invoke(run.app, words).stdout)["folder"])
    assert cli.invoke(run.app, [*words, "--new"]).exit_code == 0
    aside = folder.with_name(f"{folder.name}.old-1")
    assert {path.name for path in folder.parent.iterdir()} == {folder.name, aside.name}
    assert (folder / MANIFEST).is_file() and (aside / MANIFEST).is_file()


def test_other_code_is_refused_by_options_that_the_verb_has(monkeypatch):
    Path("a.toml").write_text(TINY)
    words = ["compare", "a.toml", "a.toml", "--set-b", "bitcoin.volatility=.9", "--seeds", "2"]
    assert cli.invoke(run.app, words).exit_code == 0
    monkeypatch.setattr("experiments.sweeps.underway.code_hash", lambda plugins: "of another day")
    refused = cli.invoke(run.app, words)
    assert refused.exit_code == 2 and "--allow-mixed" in refused.stderr
    assert cli.invoke(run.app, [*words, "--allow-mixed"]).exit_code == 0


@pytest.mark.parametrize(
    ("word", "value"),
    [("-.5", -0.5), ("5.", 5.0), (".5e3", 500.0), ("true", True), ("'a b'", "a b"), ("007", "007"), ("a.b", "a.b")],
)
def test_words_are_read_alike_by_all_options(word, value):
    assert toml_value(word) == value
    assert points.axis(f"bitcoin.volatility={word}") == ("bitcoin.volatility", [value])


@pytest.mark.parametrize("word", ["[1", "{", '"x', "'", "1\n2", ""])
def test_what_is_no_value_is_refused(word):
    with pytest.raises(ScenarioError, match="is no TOML value"):
        toml_value(word)


def test_a_shock_takes_numbers_and_days():
    smoke = Scenario.load("smoke")
    (row,) = shocks.from_line("channel=hashrate,size=-.5,date=2021-02-01,days=5.", smoke).shocks
    assert row.size == -0.5 and str(row.date) == "2021-02-01" and row.days == 5.0
    for part, said in (("day=true", "write a number"), ("day=[1", "write a number"), ("date=2021-02", "2023-05-01")):
        with pytest.raises(ScenarioError, match=said):
            shocks.from_line(f"channel=hashrate,size=-.5,{part}", smoke)
    with pytest.raises(ScenarioError, match=r"--grid 'lending.loan_to_value=.3,\[1': '\[1' is no TOML value"):
        points.axis("lending.loan_to_value=.3,[1")


@pytest.mark.parametrize(("text", "short"), [("clock.ticks=90", {"ticks": 2}), ("clock.seed=4", {"seed": 3})])
def test_a_key_that_is_given_twice_is_refused(text, short):
    with pytest.raises(ScenarioError, match="give one of the two"):
        runs.settings([text], **short)
    assert runs.settings([], **short) == {text.partition("=")[0]: 2 if "ticks" in short else 3}


@pytest.mark.parametrize(
    ("words", "meanwhile", "said"),
    [
        (["compact", "a"], "store.find.study_folder", "no run is lost"),
        (["export", "a", "--csv"], "store.find.study_folder", "no file of the export was replaced"),
        (["report", "a"], "report.kinds.place_of", "the page was not written"),
        (["stress", "smoke"], "runs.prepare", "finished runs are kept; the same command goes on"),
        (["run", "smoke"], "runs.prepare", "nothing was written for the run that was going on"),
    ],
)
def test_a_verb_says_what_an_interrupt_leaves(words, meanwhile, said, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(f"experiments.{meanwhile}", interrupted)
    done = cli.invoke(run.app, words)
    assert done.exit_code == 130 and done.stderr.startswith(f"interrupted; {said}")
