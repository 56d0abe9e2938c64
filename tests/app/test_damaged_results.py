"""A damaged folder of results costs itself and nothing else."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from app import saved, saved_list, saved_numbers
from app.pages.results import _loaded
from experiments import runs
from experiments.replicates import t_estimate
from experiments.statistics import estimated
from experiments.store.design import Stored
from experiments.store.manifest import FORMAT
from model.errors import ScenarioError
from model.scenario import Scenario


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A folder with one run of two ticks."""
    found = tmp_path_factory.mktemp("saved")
    runs.execute(Scenario.load("smoke").override({"clock.ticks": 2}), 1, found)
    return found


def damaged(root, **parts):
    """The key of a copy of the run whose manifest says something else."""
    good = next(root.glob("smoke/1-*"))
    bad = root / "smoke" / "bad"
    shutil.rmtree(bad, ignore_errors=True)
    shutil.copytree(good, bad)
    file = bad / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | parts))
    return "smoke/bad"


def test_a_study_without_a_history_is_counted_and_the_others_are_listed(root, tmp_path):
    shutil.copytree(root / "smoke", tmp_path / "smoke")
    (tmp_path / "study").mkdir()
    record = {"format": FORMAT, "study": "s", "question": "q", "points": 1, "replicates": 1, "state": "finished"}
    (tmp_path / "study" / "manifest.json").write_text(json.dumps(record | {"history": []}))
    found, unread = saved_list.listing(tmp_path)
    assert unread == 1 and "smoke" in {row.title for row in found}


@pytest.mark.parametrize(
    "parts",
    [{"summary": {"amm.depth": "abc"}}, {"summary": [1]}, {"seed": "x"}, {"parameters": {}}, {"counts": {}}],
)
def test_a_damaged_run_is_a_sentence(root, parts):
    key = damaged(root, **parts)
    with pytest.raises(ScenarioError, match="cannot be read"):
        saved_numbers.kept(root, key)
    shown, _, _, wrong = _loaded(root, (key,), "", "")
    assert shown == [] and len(wrong) == 1


@pytest.mark.parametrize(
    "parts",
    [
        {"summary": {"amm.depth": "abc"}},
        {"parameters": {"clock": 3}},
        {"counts": []},
        {"scenario": None},
        {"format": FORMAT},
        {"format": FORMAT + 1},
        {"seed": {}},
    ],
)
def test_a_damaged_manifest_names_what_is_wrong_and_the_others_are_listed(root, parts):
    key = damaged(root, **parts)
    with pytest.raises(ScenarioError, match=r"smoke/bad: its manifest\.json: cannot be read \(\w+"):
        saved.manifest(root, key)
    found, unread = saved_list.listing(root)
    assert unread == 1 and len(found) == len(list(root.glob("smoke/*"))) - 1


@pytest.mark.parametrize("text", ["[]", "3", "{}", '{"trials": 1}', '{"trials": "x", "study": "s"}', "{"])
def test_a_damaged_answer_of_a_search_is_counted(text, tmp_path):
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "asked.toml").write_text("")
    (tmp_path / "odd" / "frontier.json").write_text(text)
    assert saved_list.listing(tmp_path) == ([], 1)


def test_an_error_of_our_own_is_not_taken_for_a_damaged_folder(root, monkeypatch):
    def wrong(*_):
        raise AttributeError("ours")

    monkeypatch.setattr(saved, "changed", wrong)
    with pytest.raises(AttributeError, match="ours"):
        saved_list.listing(root)


def test_means_of_a_study_are_those_of_the_terminal_and_the_report():
    values = np.array([2.0**n for n in range(24)])
    table = pd.DataFrame({"point": "a", "amm.depth": values})
    point = Stored("a", "one", {}, "", "smoke", "", {})
    (row,) = saved_numbers.means(saved_numbers.Study("tiny", {}, table, (point,), ""), "amm.depth")
    assert row.found == estimated(values, "amm.depth") != t_estimate(values.tolist())


def test_numbers_of_a_run_are_those_of_its_manifest(root):
    key = next(root.glob("smoke/1-*")).relative_to(root).as_posix()
    assert saved_numbers.kept(root, key).sums == saved.numbers(saved.manifest(root, key))


@pytest.mark.parametrize(("plugins", "more"), [([], ""), (["mine"], " --plugins mine")])
def test_a_run_that_explore_cannot_repeat_has_a_command_for_the_shell(plugins, more):
    table = pd.DataFrame({"run": ["a-00000"], "point": ["a"], "seed": [1]})
    point = Stored("a", "one", {}, "", "smoke", ".", {"gone": {"since": 1}})
    found = saved_numbers.Study("tiny", {"plugins": plugins}, table, (point,), "")
    told = saved_numbers.repeat_of(Path("my results"), found, "a-00000")
    assert told == (None, f"python run.py rerun 'my results/tiny/a-00000'{more}")
