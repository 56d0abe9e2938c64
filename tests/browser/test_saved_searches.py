"""Searches on the page of results: one row each in place of its batches, with answer, picture, tables and files."""

import json
import shutil
from pathlib import Path

import pytest

from app import saved, saved_list, saved_search
from experiments.calibrate import file as calibration_file
from experiments.calibrate import picture as calibration_picture
from experiments.calibrate import report as calibration_report
from experiments.calibrate.study import calibrate
from experiments.laboratory import Options
from experiments.optimise import file as frontier_file
from experiments.optimise import picture as frontier_picture
from experiments.optimise import report as frontier_report
from experiments.optimise.study import optimise
from model.errors import ScenarioError

BASE = 'question = "coin alone"\n[clock]\nstart = "2023-01"\nticks = 10\nseed = 1\n[bitcoin]\nprocess = "gbm"\n'
VARS = '[vars]\n"bitcoin.volatility" = { low = 0.2, high = 1.6 }\n'
FRONTIER = (
    """
[experiment]
name = "frontier"
question = "How much growth for how much spread? <b>"
base = "coin_only"
[optimise]
trials = 4
population = 2
replicates = 3
fresh = 3
[[objective]]
metric = "bitcoin.price"
rule = "sd"
sense = "minimise"
[[objective]]
metric = "bitcoin.price"
sense = "maximise"
"""
    + VARS
)
FITTED = (
    """
[experiment]
name = "fitted"
question = "Which volatility?"
base = "coin_only"
[calibrate]
replicates = 2
points = 4
[[target]]
moment = "sd(log_change(bitcoin.price))"
value = 0.03
source = "planted"
[[held_out]]
moment = "mean(abs(log_change(bitcoin.price)))"
value = 0.024
source = "planted"
"""
    + VARS
)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A frontier, a calibration, and a search that was broken off."""
    folder = tmp_path_factory.mktemp("searches")
    for name, text in {"coin_only": BASE, "frontier": FRONTIER, "fitted": FITTED}.items():
        (folder / f"{name}.toml").write_text(text)
    options = Options(folder / "results", progress=False)
    frontier = optimise(frontier_file.load(folder / "frontier.toml"), options)
    frontier_report.write(frontier)
    frontier_picture.draw(frontier, frontier.folder)
    fitted = calibrate(calibration_file.load(folder / "fitted.toml"), options)
    calibration_report.write(fitted)
    calibration_picture.draw(fitted, fitted.folder)
    shutil.copytree(frontier.folder / "generation-000", folder / "results" / "broken" / "generation-000")
    (folder / "results" / "broken" / "asked.toml").write_text(FRONTIER)
    return folder / "results"


@pytest.mark.slow
def test_a_search_stands_for_its_batches(root):
    found, unread = saved_list.listing(root)
    rows = {row.key: row for row in found}
    assert unread == 0 and set(rows) == {"frontier", "fitted", "broken"}
    assert {row.kind for row in found} == {saved.SEARCH}
    assert rows["frontier"].size == "4 places × 3" and rows["frontier"].when[:2] == "20"
    assert "goes on" in rows["broken"].when


@pytest.mark.slow
def test_tables_hold_what_the_search_wrote(root):
    winners = json.loads((root / "frontier" / "frontier.json").read_text())["frontier"]
    (sheet,) = saved_search.search(root, "frontier").sheets
    assert [row[0] for row in sheet.rows] == [str(winner["trial"]) for winner in winners]
    assert all(len(row) == len(sheet.heads) for row in sheet.rows)
    estimates, moments = saved_search.search(root, "fitted").sheets
    assert [row[0] for row in estimates.rows] == ["bitcoin.volatility"]
    assert [row[-1] for row in moments.rows] == ["fitted", "held out"]
    assert saved_search.search(root, "broken").sheets == ()


@pytest.mark.slow
@pytest.mark.parametrize("text", ["{", "[]", '{"frontier": 3}', '{"frontier": [{}], "trials": 1}'])
def test_a_damaged_answer_is_told_in_a_sentence(root, tmp_path, text):
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "asked.toml").write_text("")
    (tmp_path / "odd" / "frontier.json").write_text(text)
    assert saved_list.listing(tmp_path) == ([], 1)
    with pytest.raises(ScenarioError, match=r"odd/frontier\.json"):
        saved_search.search(tmp_path, "odd")
    with pytest.raises(ScenarioError):
        saved_search.search(tmp_path, "../secret")


@pytest.fixture
def shown(results, root):
    """The searches in the folder that the server shows, which others want empty."""
    copies = [Path(shutil.copytree(folder, results / folder.name)) for folder in root.iterdir()]
    yield root
    for copy in copies:
        shutil.rmtree(copy)


@pytest.mark.slow
def test_the_page_shows_answer_picture_tables_and_files(student, shown):
    page = student("/results?search=frontier")
    page.wait_for_selector("[data-search=frontier]")
    page.get_by_role("region", name="Picture").locator("img").wait_for()
    assert page.evaluate("document.querySelector('.rs-picture').naturalWidth") > 300
    assert page.get_by_text("How much growth for how much spread? <b>").count() >= 1
    table = page.get_by_role("region", name="Saved", exact=True).last
    table.get_by_role("button", name="fitted").click()
    page.wait_for_selector("[data-search=fitted]")
    page.get_by_role("cell", name="bitcoin.volatility").wait_for()
    with page.expect_download() as file:
        page.get_by_role("button", name="calibration.json of fitted", exact=True).click()
    assert file.value.path().read_bytes() == (shown / "fitted" / "calibration.json").read_bytes()
    table.get_by_role("button", name="broken").click()
    page.get_by_text("the same command goes on").first.wait_for()
