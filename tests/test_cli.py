"""The command line: what each verb prints, and what a run leaves in its folder."""

import json
import os
import subprocess
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import run
from experiments import outputs, runs
from experiments.console import readable
from experiments.figures import compact
from experiments.interrupts import ENDING
from experiments.replicates import t_estimate
from experiments.statistics import estimated_gap
from model import Marketplace, Scenario, ScenarioError

ROOT = Path(__file__).resolve().parent.parent
cli = CliRunner()


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("empty.toml").write_text('question = "Does an empty day pass?"\n[clock]\nticks = 3\n')


def ask(*words):
    answer = cli.invoke(run.app, [str(word) for word in words])
    assert answer.exit_code == 0, answer.output
    return answer.stdout


def process(*words, **environment):
    return subprocess.run(
        [sys.executable, ROOT / "run.py", *map(str, words)],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=300,
    )


def test_a_run_leaves_all_its_files():
    record = json.loads(ask("run", "empty.toml", "--json", "--seed", 7))
    folder = Path(record["folder"])
    scenario = Scenario.load("empty.toml")
    assert folder == Path("results") / "empty" / f"7-{scenario.fingerprint()[:8]}"
    assert sorted(path.name for path in folder.iterdir()) == sorted(outputs.FILES)
    assert [path.name for path in folder.parent.iterdir()] == [folder.name], "a temporary folder was left behind"
    manifest = json.loads((folder / "manifest.json").read_text())
    with Marketplace(scenario, rng=7) as market:
        assert market.run().fingerprint() == record["fingerprint"] == manifest["fingerprint"]
        assert list(pd.read_parquet(folder / "metrics.parquet").columns) == list(market.metrics().columns)
    assert manifest["seed"] == 7
    assert manifest["counts"]["ticks"] == scenario.clock.ticks
    assert manifest["parameters"]["clock"]["ticks"] == scenario.clock.ticks
    assert str(Path.cwd()) not in json.dumps(manifest), "a manifest names no path of this machine"
    assert list(pd.read_parquet(folder / "events.parquet")) == ["tick", "kind", "account", "vault", "amount", "text"]
    assert (folder / "figures.png").read_bytes()[:4] == b"\x89PNG"


def test_an_identical_rerun_replaces_and_another_needs_force():
    folder = Path(json.loads(ask("run", "empty.toml", "--json"))["folder"])
    (folder / "figures.png").write_bytes(b"of another day")
    ask("run", "empty.toml")
    assert (folder / "figures.png").read_bytes()[:4] == b"\x89PNG", "a rerun replaces all that a run writes"
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**manifest, "code_hash": "of another day"}))
    refused = cli.invoke(run.app, ["run", "empty.toml"])
    assert refused.exit_code == 2
    assert "--force" in refused.stderr
    assert "of another day" in (folder / "manifest.json").read_text()
    ask("run", "empty.toml", "--force")
    assert json.loads((folder / "manifest.json").read_text())["code_hash"] == manifest["code_hash"]


def test_settings_reach_the_run():
    record = json.loads(ask("run", "empty.toml", "--json", "--set", "clock.ticks=2", "--set", 'clock.start="2024-02"'))
    parameters = json.loads((Path(record["folder"]) / "manifest.json").read_text())["parameters"]
    assert record["ticks"] == 2
    assert parameters["clock"]["start"] == "2024-02"
    assert json.loads(ask("run", "empty.toml", "--json", "--ticks", 5))["ticks"] == 5


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a.b=1", 1),
        ("a.b = 0.5", 0.5),
        ("a.b=true", True),
        ('a.b="x y"', "x y"),
        ("a.b=word", "word"),
        ("a.b=[1]", [1]),
        ("a.b=.5", 0.5),
        ("a.b=-.5", -0.5),
        ("a.b=2031-01", "2031-01"),
        ("a.b=some/prices.csv", "some/prices.csv"),
    ],
)
def test_values_are_written_as_in_toml(text, value):
    assert runs.settings([text]) == {"a.b": value}


@pytest.mark.parametrize("option", ["--set", "--set-b"])
@pytest.mark.parametrize("value", ["[1", '"x', "{", "1\nb = 2"])
def test_what_is_no_value_is_named_without_a_place_in_a_line_nobody_wrote(option, value):
    with pytest.raises(ScenarioError, match="is no TOML value") as raised:
        runs.settings([f"a.b={value}"], option)
    assert str(raised.value).startswith(f"{option} ") and "column" not in str(raised.value)


def test_a_month_and_a_short_number_can_be_set():
    words = ("run", "empty.toml", "--json", "--set", "clock.start=2031-01")
    record = json.loads(ask(*words))
    assert (
        json.loads((Path(record["folder"]) / "manifest.json").read_text())["parameters"]["clock"]["start"] == "2031-01"
    )
    refused = cli.invoke(run.app, ["run", "smoke", "--set", "bitcoin.volatility=-.5"])
    assert refused.exit_code == 2 and "bitcoin.volatility = -0.5: " in refused.stderr


def test_seeds_and_paired_differences():
    record = json.loads(ask("run", "empty.toml", "--seeds", 2, "--compare", "empty.toml", "--json"))
    assert [each["seed"] for each in record["runs"]] == [1, 2, 1, 2]
    assert set(record) == {"means", "differences", "runs"}
    assert "95 % interval" in ask("run", "empty.toml", "--seeds", 2)


def test_the_interval_is_students():
    rng = np.random.default_rng(1)
    covered = 0
    for _ in range(400):
        e = t_estimate(list(rng.normal(3.0, 2.0, 5)))
        covered += e.low <= 3.0 <= e.high
    assert 0.92 <= covered / 400 <= 0.98
    noise = rng.normal(0, 100, 10)
    e = estimated_gap(list(noise), list(noise + 1.0), "noise")
    assert e.mean == pytest.approx(1.0)
    assert e.high - e.low < 1e-6, "common noise cancels"
    assert t_estimate([float("nan"), 2.0]).n == 1


def test_numbers_are_readable():
    assert readable(0.0) == "0"
    assert readable(-1234.5) == "-1,234"
    assert readable(2.5e20) == "2.500e+20"
    assert readable(0.00001) == "1.000e-05"
    assert readable(0.1) == "0.1"
    assert compact(0.0) == "0"


def test_list_shows_every_scenario_with_its_question():
    rows = {row["scenario"]: row["question"] for row in json.loads(ask("list", "--json"))}
    assert list(rows) == Scenario.names()
    assert all(question.endswith("?") for question in rows.values()), "each scenario opens with its question"
    table = ask("list")
    assert all(name in table for name in rows)


@pytest.mark.parametrize("what", ["--mechanisms", "--metrics", "--agents"])
def test_list_shows_registries(what):
    assert all("meaning" in row and row["meaning"] for row in json.loads(ask("list", what, "--json")))


@pytest.mark.parametrize("name", Scenario.names())
def test_every_scenario_is_described_and_checked(name):
    page = json.loads(ask("describe", name, "--json"))
    assert page["question"]
    for row in page["parameters"]:
        assert row["meaning"], f"{row['parameter']} has no meaning"
    assert "ok" in ask("check", name)


def test_describe_marks_what_differs_from_the_parent():
    Path("longer.toml").write_text('extends = "empty.toml"\nquestion = "And for longer?"\n[clock]\nticks = 9\n')
    text = ask("describe", "longer.toml")
    assert "* ticks = 9  [ticks, 1 to 1,000,000]  (empty.toml: 3)" in text
    assert "And for longer?" in text


def test_plan_prints_the_day():
    rows = json.loads(ask("plan", "empty.toml", "--json"))
    with Marketplace("empty.toml") as market:
        assert [(row["stage"], row["of"], row["what"]) for row in rows] == [line[:3] for line in market.plan]
    assert "the view is frozen" in ask("plan", "empty.toml")


def test_the_schema_knows_every_mechanism_and_kind():
    from model.kinds import agent_kinds
    from model.mechanism import catalogue

    schema = json.loads(ask("check", "--schema"))
    assert set(catalogue()) <= set(schema["properties"])
    assert set(agent_kinds(("agents",))) == set(schema["properties"]["agents"]["properties"])
    references = {part.split('"')[0] for part in json.dumps(schema).split('"$ref": "#/$defs/')[1:]}
    assert references <= set(schema["$defs"])


@pytest.mark.slow
def test_backtest_as_numbers():
    assert set(json.loads(ask("backtest", "--json"))) >= {"2018-01", "2021-01", "2022-01"}


@pytest.mark.parametrize(
    ("scenario", "ticks"), [("empty.toml", 3), pytest.param("smoke", 5, marks=pytest.mark.slow, id="smoke")]
)
def test_interpreted_runs_end_in_the_same_state(scenario, ticks):
    words = ("run", scenario, "--json", "--ticks", ticks)
    compiled, interpreted = process(*words, "--out", "a"), process(*words, "--out", "b", "--no-jit")
    assert interpreted.returncode == 0, interpreted.stderr
    assert json.loads(compiled.stdout)["fingerprint"] == json.loads(interpreted.stdout)["fingerprint"]


def test_a_page_is_drawn_whatever_its_question_holds():
    name = "costs $x_{ or $y.toml"
    Path(name).write_text('question = "Does 矿 cost $x_{ or $y?"\n[clock]\nticks = 2\n', encoding="utf-8")
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        ask("run", name)
    assert not [each for each in heard if "Glyph" in str(each.message)]


def test_docstrings_may_be_left_out():
    answer = subprocess.run(
        [sys.executable, "-OO", ROOT / "run.py", "check", "smoke"], capture_output=True, text=True, timeout=300
    )
    assert answer.returncode == 0 and "smoke: ok" in answer.stdout, answer.stderr


@pytest.mark.slow
def test_a_first_run_says_what_it_waits_for(tmp_path):
    cache = {"XDG_CACHE_HOME": str(tmp_path / "nothing here"), "NUMBA_CACHE_DIR": ""}
    first = process("run", "empty.toml", "--json", **cache)
    assert first.returncode == 0
    assert "this first command takes longer" in first.stderr
    assert "are interpreted until they are" in first.stderr
    assert json.loads(first.stdout)["ticks"] == 3, "what it waits for goes to standard error"
    patience = time.monotonic() + 120  # others compile on, after the run has ended
    while not list(Path(cache["XDG_CACHE_HOME"]).rglob("*.nbi")) and time.monotonic() < patience:
        time.sleep(0.5)
    assert not process("run", "empty.toml", **cache).stderr


@pytest.mark.parametrize("number", ENDING)
def test_an_interrupted_run_leaves_nothing_and_says_so(number):
    going = subprocess.Popen(
        [sys.executable, ROOT / "run.py", "run", "empty.toml", "--ticks", "1000000"], stderr=subprocess.PIPE, text=True
    )
    while not Path("results/empty").exists() and going.poll() is None:
        time.sleep(0.05)
    time.sleep(0.5)
    going.send_signal(number)
    _, said = going.communicate(timeout=60)
    assert going.returncode == 130
    assert "interrupted" in said
    assert "Traceback" not in said
    assert not Path("results").exists()


def test_an_error_inside_a_run_names_tick_agent_and_seed():
    Path("broken_rules.py").write_text(BROKEN)
    Path("broken.toml").write_text('question = "Who fails?"\n[clock]\nticks = 9\n[agents.clumsy]\ncount = 3\n')
    words = ("run", "broken.toml", "--plugins", "broken_rules", "--seed", "5")
    answer = process(*words)
    assert answer.returncode == 1
    for part in ("ZeroDivisionError", "tick 4", "seed 5", "clumsy 0", "account "):
        assert part in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not Path("results").exists()
    assert "Traceback" in process(*words, RIGSHARE_DEBUG="1").stderr


BROKEN = '''
from typing import Any
from agents.base import MarketAgent, PerAgentStrategy, Traits, trait

class ClumsyTraits(Traits):
    cash: Any = trait(100, "USD", "cash at the start")
    attention: Any = trait(1, "1/day", "chance of a look")

class Clumsy(MarketAgent):
    """Somebody who divides by zero."""
    kind, strategy, Traits = "clumsy", "divide", ClumsyTraits

class Divide(PerAgentStrategy):
    """Divide by zero on day 4."""
    serves, name = "clumsy", "divide"
    def decide_one(self, agent, market):
        return () if market.tick < 4 else [1 / 0]
'''
