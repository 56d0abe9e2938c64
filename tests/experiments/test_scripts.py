"""Every study script: what cannot be used is refused in one sentence, with exit code 2, before anything runs."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from experiments.script import Options
from experiments.sheets import Sheet, fill
from model.errors import ScenarioError

ROOT = Path(__file__).resolve().parents[2]
BEGINS = '\nif __name__ == "__main__":'
MADE_BY = {  # options of `experiments.script.Options`
    "--scenario": ".scenario(",
    "--workers": ".workers(",
    "--page": ".published(",
    "--out": "published(picture=True",
}
SCRIPTS = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in (ROOT / "experiments").rglob("*.py")
    if BEGINS in path.read_text(encoding="utf-8")
)


def main(name):
    return importlib.import_module(name).main


def has(name, option):
    """Whether a script has an option, by its source."""
    path = ROOT / Path(*name.split(".")).with_suffix(".py")
    return MADE_BY.get(option, f'"{option}"') in path.read_text(encoding="utf-8")


def with_option(*wanted):
    return [(name, word) for name in SCRIPTS for word in wanted if has(name, word)]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def refused(name, capsys, *words):
    """What a script says; it printed and wrote nothing."""
    before = sorted(Path.cwd().iterdir())
    code = main(name)(list(words))
    shown = capsys.readouterr()
    assert code == 2, shown.err
    assert not shown.out and sorted(Path.cwd().iterdir()) == before
    assert "Traceback" not in shown.err and len(shown.err.splitlines()) == 1
    return shown.err


def first(name):
    """The scenario, where a script needs one to begin with."""
    return ["smoke"] if name == "experiments.gains" else []


def test_all_scripts_are_found():
    assert len(SCRIPTS) >= 17 and "experiments.premium.__main__" in SCRIPTS


@pytest.mark.parametrize("name", SCRIPTS)
def test_an_unknown_option(name, capsys):
    assert "--no-such-option" in refused(name, capsys, *first(name), "--no-such-option")


@pytest.mark.parametrize(
    ("name", "option"), with_option("--seeds", "--pairs", "--grid-seeds", "--seed", "--workers", "--ticks", "--tick")
)
@pytest.mark.parametrize("value", ["-3", "1.5", "many"])
def test_a_number_out_of_range(name, option, value, capsys):
    said = refused(name, capsys, *first(name), option, value)
    assert option in said and value in said and "whole number" in said


@pytest.mark.parametrize(("name", "option"), with_option("--scenario", "scenario", "--only"))
def test_a_scenario_that_is_not_there(name, option, capsys):
    words = ["no_such_one"] if option == "scenario" else [option, "no_such_one"]
    assert "no_such_one" in refused(name, capsys, *words)


@pytest.mark.parametrize(("name", "option"), with_option("--page"))
def test_a_page_that_cannot_take_the_table(name, option, capsys):
    Path("page.md").write_text("# A page\n")
    assert "none.md: cannot be read" in refused(name, capsys, option, "none.md")
    assert "<!-- study: " in refused(name, capsys, option, "page.md")
    assert Path("page.md").read_text() == "# A page\n"


@pytest.mark.parametrize(("name", "option"), with_option("--out"))
def test_a_folder_that_is_a_file(name, option, capsys):
    Path("taken").write_text("a file")
    assert "taken: cannot be written" in refused(name, capsys, option, "taken")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("alive", ("--scenario", "pool_ruin")),
        ("spiral", ("--scenario", "pool_ruin")),
        ("spiral.", ("--pairs", "1")),
        ("credit_risk.__main__", ("--scenario", "baseline_without_credit.toml")),
        ("premium.__main__", ("--scenario", "pool_ruin")),
        ("time_steps", ("--scenario", "bare.toml")),
    ],
)
def test_a_scenario_without_what_is_looked_at(name, words, capsys):
    for file in ("baseline_without_credit.toml", "bare.toml"):
        Path(file).write_text('question = "What is there?"\n[clock]\nticks = 2\n')
    said = refused(f"experiments.{name.rstrip('.')}", capsys, *words)
    assert "this study looks at" in said or "2 seeds or more" in said


@pytest.mark.parametrize(
    "words", [("alive", "nosuch"), ("spiral", "--seed", "-1"), ("time_steps", "--scenario", "nosuch")]
)
def test_as_a_process(words):
    done = subprocess.run(
        [sys.executable, "-m", f"experiments.{words[0]}", *words[1:]], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 2 and "Traceback" not in done.stderr and len(done.stderr.splitlines()) == 1


def test_tables_go_between_their_marks():
    page, sheet = Path("page.md"), Sheet("", ("a", "b"), (("x", r"\1"),))
    page.write_text("before\n<!-- study: mine -->\nold\n<!-- end -->\nafter\n")
    fill(page, "mine", sheet.markdown())
    assert page.read_text() == f"before\n<!-- study: mine -->\n\n{sheet.markdown()}\n\n<!-- end -->\nafter\n"
    with pytest.raises(ScenarioError, match=r"<!-- study: yours -->"):
        fill(page, "yours", "text")
    page.write_bytes(b"\xff\xfe")
    with pytest.raises(ScenarioError, match="no text"):
        fill(page, "mine", "text")


def test_the_users_folder_may_be_written_with_a_tilde(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    options = Options("study", "A study.")
    options.published(picture=True)
    given = options.parse_args(["--out=~/pictures", "--page=~/page.md"])
    assert (given.out, given.page) == (tmp_path / "pictures", tmp_path / "page.md")


def test_a_user_who_is_not_there_is_named():
    options = Options("study", "A study.")
    options.published()
    with pytest.raises(ScenarioError, match=r"~nobody_at_all/page\.md: there is no such user"):
        options.parse_args(["--page=~nobody_at_all/page.md"])
