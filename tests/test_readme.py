"""README: every command and every piece of code does what it says."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import run

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", TEXT, flags=re.S)
LINES = [line for kind, text in BLOCKS if kind == "sh" for line in text.strip().splitlines()]
COMMANDS = [
    line.removeprefix(".venv/bin/python run.py ") for line in LINES if line.startswith(".venv/bin/python run.py ")
]
ONE_LINERS = [line for line in LINES if line.startswith("python3 -m venv")]
CODE = [text for kind, text in BLOCKS if kind == "python" and not re.match(r"# \S+\.py\n", text)]
SHORT = {"--seeds": "2"}  # enough to see that a command works
INSTALL = '.venv/bin/pip install -e ".[app]"'  # what the development extra of the second line takes in
SERVES = ["app"]  # goes on until it is stopped; tests/browser starts it


@pytest.fixture(autouse=True)
def _files_that_the_reader_saves(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    for kind, text in BLOCKS:
        name = re.match(r"# (\S+\.(?:py|toml))\n", text)
        if kind in ("python", "toml") and name:
            Path(name[1]).write_text(text)


def test_nothing_in_the_readme_is_left_untested():
    assert len(COMMANDS) + len(ONE_LINERS) + (INSTALL in LINES) == len(LINES)
    assert len(ONE_LINERS) == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_commands(command):
    words = command.split()
    if words[0] in ("run", "compare"):
        words += ["--ticks", "5"]
    if words == SERVES:
        words += ["--help"]
    if words[0] in ("report", "export"):
        assert CliRunner().invoke(run.app, ["sweep", "fees.toml", "--engine", "serial"]).exit_code == 0
        words += [word for option, value in SHORT.items() if option in words for word in (option, value)]
    answer = CliRunner().invoke(run.app, words)
    assert answer.exit_code == 0, answer.output
    assert answer.stdout or Path("backtest.png").exists()


@pytest.mark.parametrize("code", CODE, ids=range(len(CODE)))
def test_code(code, capsys):
    assert CliRunner().invoke(run.app, ["run", "baseline", "--ticks", "5"]).exit_code == 0
    exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out


def test_the_table_of_files_is_complete():
    from experiments.outputs import FILES

    assert all(f"| `{name}` |" in TEXT for name in FILES)


def test_keys_to_be_cited_are_those_of_the_manifest():
    from experiments.outputs import manifest
    from model import Marketplace

    cited = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    with Marketplace("smoke", clock__ticks=1) as market:
        market.run()
        found = manifest(market, {"run": 1.0})
    assert all(key in cited and key in found for key in ("config_hash", "code_hash", "fingerprint"))
    assert found["config_hash"] == market.scenario.fingerprint() != found["fingerprint"]
    assert "`config_hash`" in TEXT and "CC BY-NC 4.0" in TEXT


@pytest.mark.slow
@pytest.mark.parametrize("line", ONE_LINERS)
def test_one_line_from_a_fresh_copy(line, tmp_path):
    """Both lines as they stand, in a copy without environment; the tests of the second are only collected."""
    copy = tmp_path / "copy"
    ignored = shutil.ignore_patterns(".git", ".venv", "results", "__pycache__", "*.egg-info", ".*_cache", ".hypothesis")
    shutil.copytree(ROOT, copy, ignore=ignored)
    line = line.replace("python3 -m venv", f"{sys.executable} -m venv", 1)
    if line.endswith("pytest"):
        line += " --collect-only"
    done = subprocess.run(["bash", "-c", line], cwd=copy, capture_output=True, text=True, timeout=1500)
    assert done.returncode == 0, done.stdout + done.stderr
    if "run.py" in line:
        folders = list((copy / "results" / "baseline").iterdir())
        assert len(folders) == 1
        assert (folders[0] / "figures.png").is_file()
