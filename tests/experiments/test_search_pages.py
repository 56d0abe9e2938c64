"""Commands of the pages on ranking, frontiers and calibration do what the pages say."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

import run

HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how_to"
PAGES = {
    "rank_parameters": ("which", "sensitivity.png", "noise share"),
    "find_a_frontier": ("best", "frontier.png", "fresh seeds"),
    "calibrate": ("fit", "calibration.png", "held-out moments"),
}


@pytest.mark.slow
@pytest.mark.parametrize("title", PAGES)
def test_page(title, tmp_path, monkeypatch):
    text = (HOW_TO / f"{title}.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name, content in ((n, c) for c, n in re.findall(r"```toml\n(# (\S+\.toml)\n.*?)```", text, flags=re.S)):
        Path(name).write_text(content, encoding="utf-8")
    study, picture, said = PAGES[title]
    commands = [line for block in re.findall(r"```sh\n(.*?)```", text, flags=re.S) for line in block.splitlines()]
    answers = []
    for command in commands:
        words = shlex.split(command)
        assert words[:2] == [".venv/bin/python", "run.py"]
        result = CliRunner().invoke(run.app, words[2:])
        assert result.exit_code == 0, f"{command}\n{result.output}"
        answers.append(result.stdout)
    assert said in answers[0]
    assert (tmp_path / "results" / study / picture).exists()


def test_rules_that_the_pages_name_exist():
    from experiments.calibrate.moments import REDUCERS, TRANSFORMS
    from experiments.optimise.rules import rule

    page = (HOW_TO / "calibrate.md").read_text(encoding="utf-8")
    assert all(name in page for name in (*REDUCERS, *TRANSFORMS))
    for text in re.findall(
        r"`(\w+)`", (HOW_TO / "find_a_frontier.md").read_text().split("| rule |")[1].split("How to")[0]
    ):
        rule(text)
