"""A damaged folder of results costs itself and nothing else."""

import json
import shutil

import pytest

from app import saved, saved_list, saved_numbers
from app.pages.results import _loaded
from experiments import runs
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


def test_numbers_of_a_run_are_those_of_its_manifest(root):
    key = next(root.glob("smoke/1-*")).relative_to(root).as_posix()
    assert saved_numbers.kept(root, key).sums == saved.numbers(saved.manifest(root, key))
