"""How-to pages: the one new file of each page works as it stands, by the page's own commands."""

import os
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

import run

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "how_to"
FOLDER = {  # where the page puts its file
    "add_a_mechanism": "model.mechanisms",
    "add_a_metric": "model.metrics",
    "add_an_offering": "model.mechanisms.offerings.forms",
}
START = """
import importlib, sys
if sys.argv[1]:
    importlib.import_module(sys.argv[1]).__path__.append(sys.argv[2])
import run
run.app(sys.argv[3:])
"""
ELSEWHERE = {  # pages with several files, or none: the test that runs them
    "calibrate": "experiments/test_search_pages.py",
    "find_a_frontier": "experiments/test_search_pages.py",
    "rank_parameters": "experiments/test_search_pages.py",
    "change_data": "closed_forms/test_tables.py",
    "compare_fingerprints": "test_how_to.py",
    "read_a_report": "experiments/test_report.py",
    "use_from_python": "test_use_from_python.py",
    "write_a_lesson": "app/test_lessons.py",
}
SEEN = {
    "add_a_strategy": "bargain",
    "add_a_mechanism": "A part of the day's power bill goes to the state",
    "add_a_scenario": "cold_winter.toml: ok",
    "add_a_metric": "concentration.largest_miner",
    "add_an_offering": "Offerings delivered so far",
    "run_a_sweep": "6 runs of 3 points",
    "stress_a_protocol": "price -40%, ramp of 10 days from day 8",
    "use_your_own_prices": "my_prices.toml: ok",
}


def blocks(name: str, language: str) -> list[str]:
    text = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.S)


def ask(folder: Path, package: str, words: list[str]) -> str:
    """Run a command with the file found as if it lay in the package's own folder."""
    done = subprocess.run(
        [sys.executable, "-c", START, package, str(folder / "new"), *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "160"},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def save_prices(folder: Path, rows: str, days: int = 90) -> None:
    """The page's file of prices, continued by days that rise and fall."""
    last = date.fromisoformat(rows.split()[-1].split(",")[0])
    more = [f"{last + timedelta(days=n)},{16_700 + 40 * n + 300 * (n % 3)}" for n in range(1, days + 1)]
    (folder / "prices.csv").write_text(rows + "\n".join(more) + "\n")


@pytest.mark.slow  # a new file beside the rules compiles them anew
@pytest.mark.parametrize("name", sorted(p.stem for p in PAGES.glob("*.md") if p.stem not in ELSEWHERE))
def test_one_new_file(name, tmp_path):
    files = [text for kind in ("python", "toml") for text in blocks(name, kind)]
    assert len(files) == 1, "one new file"
    title = re.match(r"# (\S+)\n", files[0])
    package = FOLDER.get(name, "")
    (tmp_path / "new").mkdir()
    (tmp_path / ("new" if package else ".") / title[1]).write_text(files[0])
    for rows in blocks(name, "csv"):
        save_prices(tmp_path, rows)
    commands = [line for text in blocks(name, "sh") for line in text.strip().splitlines()]
    assert commands
    answers = [ask(tmp_path, package, line.removeprefix(".venv/bin/python run.py ").split()) for line in commands]
    assert SEEN[name] in answers[0]
    runs = [a for line, a in zip(commands, answers, strict=True) if " run smoke" in line or " run cold" in line]
    assert runs
    assert len(set(runs)) == len(runs), "what is added makes a difference"


@pytest.mark.parametrize("name", ELSEWHERE)
def test_other_pages_are_run_elsewhere(name):
    assert (PAGES / f"{name}.md").is_file()
    assert name in (ROOT / "tests" / ELSEWHERE[name]).read_text(encoding="utf-8")


def test_what_differs_between_two_runs_is_found_by_compare_fingerprints(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    lines = blocks("compare_fingerprints", "sh")[0].splitlines()
    for line in lines:
        words = line.removeprefix(".venv/bin/python run.py ").split()
        assert CliRunner().invoke(run.app, [*words, "--ticks", "4"]).exit_code == 0
    capsys.readouterr()
    (code,) = blocks("compare_fingerprints", "python")
    exec(compile(code, "compare_fingerprints.md", "exec"), {})
    shown = capsys.readouterr().out.splitlines()
    words = [line.split() for line in shown]
    assert [line[0] for line in words] == ["config_hash", "fingerprint", "first", "mechanisms.amm.fee_bps", "first"]
    assert words[3][1:] == ["100", "30"]
