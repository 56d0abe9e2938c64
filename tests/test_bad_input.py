"""Bad input: one clear sentence, exit code 2, nothing half-written, no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import run

ROOT = Path(__file__).resolve().parent.parent
cli = CliRunner()


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("empty.toml").write_text(GOOD)


def refuse(*words):
    """What a refused command says; it wrote nothing."""
    answer = cli.invoke(run.app, [str(word) for word in words])
    assert answer.exit_code == 2, answer.output
    assert "Traceback" not in answer.output
    assert not answer.stdout
    assert not Path("results").exists() or not list(Path("results").rglob("*.parquet"))
    return answer.stderr.strip()


def scenario(text, name="mine.toml"):
    Path(name).write_text(text)
    return name


GOOD = 'question = "Well?"\n[clock]\nticks = 2\n'
FILES = {
    "misspelt key": (GOOD + "tics = 3\n", ["mine.toml: clock.tics = 3", "did you mean 'ticks'"]),
    "misspelt table": (GOOD + "[clok]\nticks = 3\n", ["mine.toml: [clok]", "did you mean 'clock'"]),
    "out of range": (GOOD.replace("2", "0"), ["clock.ticks = 0", "allowed 1 to 1000000 [ticks]"]),
    "wrong type": (GOOD.replace("2", '"many"'), ["clock.ticks = 'many'", "integer"]),
    "no such kind": (GOOD + "[agents.minor]\ncount = 1\n", ["agents.minor: no such kind of agent"]),
    "an hour for a day": (
        GOOD + "start = 2023-01-01T10:00:00\n",
        ["mine.toml: clock.start = 2023-01-01 10:00:00: write it in quotes"],
    ),
    "shocks that are no tables": (
        GOOD.replace("[clock]", "shocks = 3\n[clock]"),
        ["1: 3: write each row as a table [[shocks]]"],
    ),
    "a change on a day": (
        GOOD + "[[changes]]\nday = 3\nset = 3\n",
        ["changes row 1: tick: field required", "day = 3: no such key", "set = 3: write a table such as"],
    ),
    "broken TOML": (GOOD + "[agents\n", ["mine.toml: is not valid TOML", "line 4"]),
    "extends itself": ('extends = "mine.toml"\n', ["extends itself", "mine.toml -> mine.toml"]),
    "missing parent": ('extends = "baselin"\n', ["extends = baselin", "did you mean 'baseline'"]),
    "metric to stop at": (
        GOOD + 'stop_when = { metric = "coin.price", below = 1 }\n',
        ["clock.stop_when.metric = 'coin.price'", "no such metric"],
    ),
    "stop both ways": (
        GOOD + 'stop_when = { metric = "x", below = 1, above = 2 }\n',
        ["stop_when", "exactly one of below and above"],
    ),
    "start": (GOOD + 'start = "January"\n', ["clock.start = 'January'", "YYYY-MM"]),
    "shock nobody hears": (
        GOOD + '[[shocks]]\nchannel = "weather"\nday = 1\nsize = 1\nsource = "x"\n',
        ["shocks row 1", "'weather'", "no mechanism of this scenario listens"],
    ),
    "agents not a table": (GOOD + "[agents]\nminer = 3\n", ["agents.miner"]),
    "parts that do not go together": (
        'extends = "smoke"\nquestion = "Well?"\n[buyouts]\ncapacity = 2\n',
        ["mine: buyouts.capacity = 2", "vaults.capacity"],
    ),
    "shocks that together are too much": (
        'extends = "price_crash"\nquestion = "Well?"\n'
        + 2 * '[[shocks]]\nchannel = "attention"\nday = 9\nsize = 100\nsource = "x"\n',
        ["shocks rows 2, 3: channel = 'attention': together they multiply it by 10,201 on day 9, allowed up to 1,001"],
    ),
    "margin of nothing": (
        'extends = "hashpower_rental"\nquestion = "Well?"\n[forwards]\nmargin_usd = 1e-9\n',
        ["forwards.margin_usd = 1e-09", "allowed 0.001 to 1"],
    ),
    "difficulty beyond the books": (
        'extends = "smoke"\nquestion = "Well?"\n[network]\ndifficulty = 1e20\n',
        ["mine: the purse of the rest of the network comes to", "weaken network.difficulty"],
    ),
    "tick": (GOOD + "hours_per_tick = 5\n", ["clock.hours_per_tick = 5", "1, 4, 6, 12 or 24"]),
}


@pytest.mark.parametrize("case", FILES)
def test_a_faulty_file_is_refused(case):
    text, parts = FILES[case]
    said = refuse("run", scenario(text))
    for part in parts:
        assert part in said
    assert said.endswith(refuse("check", "mine.toml")), "check says what run would say, who may first tell of compiling"


def test_every_fault_is_named_at_once():
    said = refuse("check", scenario(GOOD + "tics = 1\nseed = -1\n[clok]\n[agents.minor]\n"))
    assert len(said.splitlines()) == 4


def test_a_fault_in_a_table_is_told_once_and_not_by_those_who_need_it():
    said = refuse("run", "smoke", "--set", "bitcoin.volatility=-1", "--set", 'record=["bitcoin.price"]')
    assert said.startswith("smoke with overrides: bitcoin.volatility = -1") and len(said.splitlines()) == 1


def test_a_strategy_that_is_not_there_may_be_one_of_a_plugin():
    said = refuse("run", "smoke", "--set", "agents.retail_investor.strategy=hoard")
    assert "no such strategy of retail_investor" in said and said.endswith("come with --plugins)")


def test_a_scenario_that_is_not_there():
    assert "no such file" in refuse("run", "nowhere.toml")
    assert "did you mean 'baseline'" in refuse("run", "baselin")
    assert "did you mean 'baseline'" in refuse("describe", "baselin")
    assert "did you mean 'baseline'" in refuse("plan", "baselin")


def test_a_graph_from_a_file_without_one():
    said = refuse("run", "smoke", "--set", "social.graph=file")
    assert "social.graph = 'file' needs a file: give social.edges" in said


def test_binary_rubbish():
    Path("mine.toml").write_bytes(bytes(range(256)) * 4)
    assert "mine.toml: is not a text file" in refuse("run", "mine.toml")


def test_a_folder_instead_of_a_file():
    Path("mine.toml").mkdir()
    assert "mine.toml: is not a regular file" in refuse("run", "mine.toml")


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ("clock.ticks", "TABLE.KEY=VALUE"),
        ("clock.ticks=", "TABLE.KEY=VALUE"),
        ("=3", "TABLE.KEY=VALUE"),
        ("ticks=3", "TABLE.KEY=VALUE"),
        ("clock..ticks=3", "TABLE.KEY=VALUE"),
        ("clock.ticks=[1", "no TOML value"),
        ("clock.ticks=1\nseed=2", "no TOML value"),
        ('clock.start="2031', "no TOML value"),
        ("clock.ticks=3x", "clock.ticks = '3x': "),
        ("clock.start=2031-13", "clock.start = '2031-13'"),
        ("clock.tics=3", "did you mean 'ticks'"),
        ("clock.ticks.now=3", "clock.ticks"),
        ("amm_.fee=3", "[amm_]: no such mechanism"),
        ("extends.x=3", "cannot be set"),
    ],
)
def test_a_faulty_setting(given, part):
    assert part in refuse("run", "empty.toml", "--set", given)


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("--seed", -1), "clock.seed = -1"),
        (("--seed", 2**63), "clock.seed"),
        (("--seed", "x"), "--seed"),
        (("--seeds", 0), "--seeds 0"),
        (("--ticks", 0), "clock.ticks = 0"),
        (("--agents", 0), "--agents 0"),
        (("--agents", -5), "--agents -5"),
        (("--agents", 10), "no agents to scale"),
        (("--compare", "empty.toml"), "--seeds"),
        (("--plugins", "no_such_rules"), "no_such_rules: no such package"),
        (("--plugins", "../rules"), "--plugins ../rules"),
        (("--fast",), "--fast"),
    ],
)
def test_a_faulty_option(words, part):
    assert part in refuse("run", "empty.toml", *words)


def test_scenarios_of_unlike_length_are_not_compared():
    longer = scenario(GOOD.replace("ticks = 2", "ticks = 3"))
    said = refuse("run", "empty.toml", "--seeds", 2, "--compare", longer)
    assert "48 hours" in said
    assert "72" in said
    assert "--ticks" in said


def test_a_plugin_that_cannot_be_imported():
    Path("half_rules.py").write_text("def strategy(:\n")
    assert "half_rules: cannot be imported: SyntaxError" in refuse("run", "empty.toml", "--plugins", "half_rules")


def test_more_agents_than_fit_into_memory(monkeypatch):
    from experiments import runs

    Path("crowd_rules.py").write_text(CROWD)
    Path("crowd.toml").write_text(GOOD + "[agents.crowd]\ncount = 10\n")
    words = ("run", "crowd.toml", "--plugins", "crowd_rules", "--agents")
    assert "balances" in refuse(*words, 19_000_000) or "memory" in refuse(*words, 19_000_000)
    assert "agents = 1000000000: a whole number, 1 to 20,000,000" in refuse(*words, 10**9)
    monkeypatch.setattr(runs, "free_memory", lambda: 1e6)
    said = refuse(*words, 5000)
    assert "5,000 agents need about" in said
    assert "--agents" in said


CROWD = '''
from typing import Any
from agents.base import MarketAgent, Strategy, Traits, trait

class CrowdTraits(Traits):
    cash: Any = trait(100, "USD", "cash at the start")
    attention: Any = trait(1, "1/day", "chance of a look")

class Crowd(MarketAgent):
    """One of many."""
    kind, strategy, Traits = "crowd", "wait", CrowdTraits

class Wait(Strategy):
    """Do nothing."""
    serves, name = "crowd", "wait"
'''


def test_a_folder_that_cannot_be_written():
    Path("taken").write_text("a file")
    said = refuse("run", "empty.toml", "--out", "taken")
    assert "taken" in said
    assert "--out" in said
    assert Path("taken").read_text() == "a file"
    assert "cannot be written" in refuse("run", "empty.toml", "--out", os.devnull)


def test_plans_and_checks_ask_for_a_file():
    assert "name a scenario or a study" in refuse("check")


@pytest.mark.parametrize("module", ["fit_coin", "fit_nfts"])
def test_raw_figures_that_are_not_there_are_named(module):
    answer = subprocess.run(
        [sys.executable, "-m", f"experiments.{module}", "nowhere"], capture_output=True, text=True, cwd=ROOT
    )
    assert answer.returncode == 2 and "nowhere" in answer.stderr and "RIGSHARE_SOURCES" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("given", ["../mine.py", "./mine", "mine-own", "mine.", "a b"])
def test_a_plugin_is_an_import_name(given):
    assert f"--plugins {given}: is no import name" in refuse("run", "empty.toml", "--plugins", given)


def test_an_engine_that_is_not_there():
    assert refuse("sweep", "fee_by_depth", "--engine", "spark").endswith("no such engine; known: dask, serial")
