"""Files and names that no computer can use, or no folder can have: refused in one short sentence before anything runs."""

import os
from pathlib import Path

import pytest

import run
from tests.test_bad_input import GOOD, _in_an_empty_folder, cli, refuse, scenario  # noqa: F401 (a fixture)


def test_a_pipe_instead_of_a_file():
    os.mkfifo("pipe.toml")
    assert "pipe.toml: is not a regular file" in refuse("run", "pipe.toml")


@pytest.mark.parametrize("text", ["", "\n# nothing yet\n"])
def test_a_file_with_nothing_in_it(text):
    assert refuse("check", scenario(text)) == refuse("run", "mine.toml")
    assert "mine.toml: is empty" in refuse("sweep", "mine.toml")


def test_files_are_named_as_they_were_given_with_their_folder():
    Path("a/b").mkdir(parents=True)
    child = scenario('extends = "b/parent.toml"', "a/child.toml")
    for text, says in {
        "x = ": "a/b/parent.toml: is not valid TOML",
        "extends = 3": "a/b/parent.toml: extends = 3: write",
        'extends = "nowhere"': "a/b/parent.toml: extends = nowhere: no such",
        'extends = "../child.toml"': "a/b/../child.toml: extends itself (child.toml -> parent.toml -> child.toml)",
        GOOD + "tics = 3": "a/child.toml: clock.tics = 3",
    }.items():
        scenario(text, "a/b/parent.toml")
        assert refuse("check", child).startswith(says)
    for table, verb in {"design": "sweep", "optimise": "optimise", "calibrate": "calibrate"}.items():
        study = scenario(f'[experiment]\nbase = "smok"\n[{table}]\n', "a/study.toml")
        assert all(line.startswith("a/study.toml: ") for line in refuse(verb, study).splitlines())


def test_a_parent_is_looked_for_beside_the_file_that_a_link_leads_to():
    Path("a").mkdir()
    scenario(GOOD, "a/parent.toml")
    scenario('extends = "parent"', "a/child.toml")
    Path("link.toml").symlink_to("a/child.toml")
    assert cli.invoke(run.app, ["check", "link.toml"]).exit_code == 0


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
STUDY = """
[experiment]
question = "Is it refused?"
base = "smoke"
ticks = 2
[[design]]
kind = "grid"
[design.vars]
"amm.fee_bps" = { values = [10, 100] }
[replicates]
n = 1
[outputs]
summary = ["amm.depth"]
"""


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


@pytest.mark.parametrize("words", [("lat\udce9.toml",), ("study.toml", "--out", "lat\udce9")])
def test_a_study_whose_folder_is_not_utf8(words):
    scenario(STUDY, words[0])
    assert "its letters are not UTF-8" in refuse("sweep", *words)
    assert sorted(os.listdir()) == sorted(["empty.toml", words[0]])


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
