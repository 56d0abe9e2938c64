"""Files and names that no computer can use, or no folder can have: refused in one short sentence before anything runs."""

import os
from pathlib import Path

import pytest

import run
from tests.test_bad_input import GOOD, _in_an_empty_folder, cli, refuse, scenario  # noqa: F401 (a fixture)


def test_a_pipe_instead_of_a_file():
    os.mkfifo("pipe.toml")
    assert "pipe.toml: is not a regular file" in refuse("run", "pipe.toml")


MANY = "9" * 5_000
TOO_MUCH = {
    "lists": ("a = " + "[" * 5_000, "lists lie more than 50 deep"),
    "few lists": ("a = " + "[" * 60 + "]" * 60, "lists lie more than 50 deep"),
    "tables": ("[" + "a." * 5_000 + "a]", "tables or lists lie more than 50 deep"),
    "tables in a line": ("a = " + "{a = " * 3_000, "tables or lists lie more than 50 deep"),
    "digits": (f"[clock]\nticks = {MANY}", "line 2: a number has more digits"),
    "digits of a number that Python reads": (
        f"[clock]\nticks = 0x{'F' * 5_000}",
        "clock.ticks: a number has more digits",
    ),
    "digits that no float holds": (f"[bitcoin]\nvolatility = 1{'0' * 400}", "bitcoin.volatility: a number has"),
}


@pytest.mark.parametrize("case", TOO_MUCH)
def test_more_than_anybody_can_use(case):
    text, part = TOO_MUCH[case]
    said = refuse("run", scenario(text))
    assert said.startswith("mine.toml: ") and part in said and len(said) < 200
    assert part in refuse("plan", "mine.toml") and part in refuse("sweep", "mine.toml")


@pytest.mark.parametrize("value", [MANY, "[" * 5_000, '"' + MANY])
def test_a_setting_of_more_than_anybody_can_use(value):
    said = refuse("run", "empty.toml", "--set", f"clock.ticks={value}")
    assert said.startswith("--set 'clock.ticks=") and len(said) < 300


LONG = "x" * 300


@pytest.mark.parametrize(
    "words",
    [
        ("run", f"{LONG}.toml"),
        ("run", "empty.toml", "--out", LONG),
        ("run", "empty.toml", "--seeds", 2, "--compare", f"{LONG}.toml"),
        ("status", LONG),
        ("report", LONG),
        ("rerun", f"{LONG}/0123456789abcdef-00007"),
        ("sweep", f"{LONG}.toml"),
        ("plan", f"{LONG}.toml"),
        ("check", f"{LONG}.toml"),
        ("compact", LONG),
        ("sensitivity", f"{LONG}.toml"),
        ("optimise", f"{LONG}.toml"),
        ("stress", "empty.toml", "--with", f"{LONG}.toml"),
        ("backtest", "--out", f"{LONG}.png"),
    ],
)
def test_a_name_that_is_too_long(words):
    said = refuse(*words)
    assert "name too long: " in said and "give a shorter one" in said and LONG not in said


@pytest.mark.parametrize("name", ["...toml", ".toml", "a\nb.toml", "lat\udce9.toml"])
def test_a_name_that_no_folder_may_have(name):
    Path(name).write_text(GOOD)
    assert "rename the file" in refuse("run", name)
    assert not Path("results").exists()


def test_a_folder_of_results_whose_name_is_not_utf8():
    assert "its letters are not UTF-8" in refuse("run", "empty.toml", "--out", "lat\udce9")
    assert os.listdir() == ["empty.toml"]


def test_check_says_which_rows_lie_outside_of_the_run():
    rows = """
extends = "smoke"
[clock]
ticks = 5
[[shocks]]
channel = "price"
size = -0.5
day = 500
source = "made up"
[[shocks]]
channel = "price"
size = -0.5
day = 4
source = "made up"
[[shocks]]
channel = "price"
size = -0.5
date = 2020-01-01
lasts = 9
source = "made up"
[[changes]]
tick = 5
set = { "amm.fee_bps" = 30 }
"""
    answer = cli.invoke(run.app, ["check", str(scenario(rows, "late.toml"))])
    assert answer.exit_code == 0
    assert answer.stdout.strip().endswith("nothing comes of it: shocks row 1, shocks row 3, changes row 1")
