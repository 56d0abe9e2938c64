"""Results: what lies in the folder is listed, laid over one another and taken home; nothing outside can be reached."""

import io
import json
import math
from urllib.parse import parse_qs, urlparse

import pandas as pd
import pytest

from app import saved, saved_list, saved_numbers
from app.address import Setup, decode
from app.options import saved as drawings
from experiments import runs
from experiments.statistics import estimated
from experiments.sweeps import driver
from experiments.sweeps.study import Study
from model.errors import ScenarioError
from model.scenario import Scenario

TICKS = 5
HURT = "<script>window.hurt=1</script>"


def scenario(**values):
    return Scenario.load("smoke").override(
        {"clock.ticks": TICKS, **{key.replace("__", "."): value for key, value in values.items()}}
    )


def fill(root):
    """Three runs and a study with a report; the keys of the runs."""
    done = [runs.execute(scenario(), seed, root) for seed in (1, 2)]
    done.append(runs.execute(scenario(amm__fee_bps=300), 1, root))
    points = {f"fee {fee}": scenario(amm__fee_bps=fee) for fee in (10, 300)}
    study = Study.of("tiny", points, 2, question=f"Why? {HURT}", root=1, common=True, every=0)
    finished = driver.execute(study, root, progress=False)
    (finished.folder / "report.html").write_text(
        f"<!doctype html><h1>Report of tiny</h1>{HURT}<a href='https://example.com'>out</a>"
    )
    return [run.folder.relative_to(root).as_posix() for run in done]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of results of its own, and the keys of its runs."""
    root = tmp_path_factory.mktemp("saved")
    return root, fill(root)


@pytest.mark.slow
def test_runs_and_studies_are_listed_with_what_was_changed(folder):
    root, keys = folder
    found, unread = saved_list.listing(root)
    assert unread == 0 and {row.key for row in found} == {*keys, "tiny"}
    rows = {row.key: row for row in found}
    assert "amm.fee_bps = 300" in rows[keys[2]].changed and rows[keys[1]].seed == "2"
    assert rows["tiny"].kind == saved.STUDY and "4 runs" in rows["tiny"].size
    assert rows["tiny"].has("TINY why") and not rows["tiny"].has("smoke")


@pytest.mark.slow
def test_a_damaged_or_strange_folder_is_counted_and_harms_nobody(folder, tmp_path):
    for name, text in {
        "a": "{",
        "b": "[]",
        "c": '{"format": 99}',
        "d": '{"scenario": 1, "seed": [], "counts": {}}',
    }.items():
        (tmp_path / name / "x").mkdir(parents=True)
        (tmp_path / name / "x" / "manifest.json").write_text(text)
    assert saved_list.listing(tmp_path) == ([], 4)
    assert saved_list.listing(tmp_path / "nowhere") == ([], 0)


@pytest.mark.slow
@pytest.mark.parametrize("key", ["..", "../..", "/etc", "smoke/../../secret", "a\0b", "x" * 5_000, "link"])
def test_nothing_outside_of_the_folder_is_read(folder, key):
    root = folder[0]
    outside = root.parent / "secret"
    outside.mkdir(exist_ok=True)
    (outside / "manifest.json").write_text('{"scenario": "smoke", "seed": 1, "counts": {"ticks": 1}}')
    link = root / "link"
    if not link.exists():
        link.symlink_to(outside)
    for name in ("manifest.json", "passwd", "../secret/manifest.json"):
        with pytest.raises((ScenarioError, ValueError)):
            saved.content(root, key, name)
        assert not saved.has(root, key, name)
    link.unlink()


@pytest.mark.slow
def test_numbers_and_paths_are_those_of_the_run(folder):
    root, keys = folder
    run = saved_numbers.kept(root, keys[0])
    assert run.days.tolist() == [1.0, 2.0, 3.0, 4.0, 5.0]
    known = saved.numbers(run.record)
    assert known["bitcoin.price"] == run.table["bitcoin.price"].iloc[-1]
    chart = drawings.overlay("bitcoin.price", [run, saved_numbers.kept(root, keys[1])])
    option, table = chart.option({}, True), chart.table({})
    assert len(option["series"]) == 2 and len(table.rows) == TICKS
    assert table.rows[-1][1] == known["bitcoin.price"]


@pytest.mark.slow
def test_a_link_repeats_a_run_to_the_last_digit_of_its_scenario(folder):
    root, keys = folder
    record = saved.manifest(root, keys[2])
    setup = saved.setup_of("smoke", 1, record["parameters"], record["config_hash"])
    assert setup == Setup("smoke", 1, 0, (("clock.ticks", TICKS), ("amm.fee_bps", 300)))
    assert setup.build().fingerprint() == record["config_hash"]
    assert saved.setup_of("smoke", 1, record["parameters"], "0" * 32) is None
    assert saved.setup_of("nowhere", 1, record["parameters"], record["config_hash"]) is None


@pytest.mark.slow
def test_a_saved_run_as_a_file_is_the_same_scenario(folder, tmp_path):
    root, keys = folder
    record = saved.manifest(root, keys[2])
    path = tmp_path / "again.toml"
    path.write_text(saved.scenario_text(record))
    assert Scenario.load(path).fingerprint() == record["config_hash"]
    assert saved.scenario_text({**record, "plugins": ["evil"]}) is None
    few = Scenario.load("smoke").override({"record": ["bitcoin.*"]})
    again = {**record, "parameters": few.resolved(), "config_hash": few.fingerprint()}
    path.write_text(saved.scenario_text(again))
    assert Scenario.load(path).record == ("bitcoin.*",)


@pytest.mark.slow
def test_means_of_a_study_have_their_intervals(folder):
    study = saved_numbers.study(folder[0], "tiny")
    rows = saved_numbers.means(study, "amm.depth")
    assert [row.label for row in rows] == ["fee 10", "fee 300"]
    part = study.table[study.table["label"] == "fee 10"]
    assert rows[0].found == estimated(part["amm.depth"].tolist(), "amm.depth")
    chart = drawings.means("amm.depth", rows, saved_numbers.axis_of(study))
    json.dumps(chart.option({}, False), allow_nan=False)
    assert math.isclose(chart.table({}).rows[0][2], rows[0].found.mean)
    assert study.answer


@pytest.mark.slow
def test_a_run_of_a_study_can_be_repeated(folder):
    study = saved_numbers.study(folder[0], "tiny")
    run = study.table[study.table["label"] == "fee 300"].iloc[0]
    setup, command = saved_numbers.repeat_of(folder[0], study, run["run"])
    assert setup is not None and setup.seed == run["seed"] and dict(setup.settings)["amm.fee_bps"] == 300
    assert command.endswith(f"tiny/{run['run']}")
    with pytest.raises(ScenarioError, match="no such run"):
        saved_numbers.repeat_of(folder[0], study, "../../etc/passwd")


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


@pytest.mark.slow
def test_an_empty_folder_is_friendly_and_what_is_saved_is_shown_and_taken_home(student, results):
    page = student("/results")
    page.get_by_text("Nothing is saved yet").wait_for()
    keys = fill(results)
    button(page, "Look again").click()
    table = page.get_by_role("region", name="Saved", exact=True).last
    table.get_by_role("button", name="smoke").first.wait_for()
    assert table.get_by_role("button").count() == 4
    assert page.evaluate("window.hurt") is None
    for i in range(4):
        if table.locator("tbody tr").nth(i).locator("td").nth(1).inner_text() == "run":
            table.get_by_role("button").nth(i).click()
            table.locator(f"tbody tr:nth-child({i + 1}) td:nth-child(3)", has_text="shown").wait_for()
    page.wait_for_selector("[data-card=overlay] canvas")
    page.wait_for_function("location.search.split('run=').length === 4")
    assert sorted(parse_qs(urlparse(page.url).query)["run"]) == sorted(keys)
    page.get_by_label("Metric").first.select_option("bitcoin.price")
    page.wait_for_function("location.search.includes('metric=bitcoin.price')")
    name = f"smoke {keys[2].split('/')[1]}"
    with page.expect_download() as file:
        button(page, f"metrics.parquet of {name}").click()
    assert file.value.path().read_bytes() == (results / keys[2] / "metrics.parquet").read_bytes()
    with page.expect_download() as text:
        button(page, f"All numbers of {name} as CSV").click()
    frame = pd.read_csv(io.StringIO(text.value.path().read_text()))
    assert len(frame) == TICKS and "bitcoin.price" in frame
    with page.expect_download() as toml:
        button(page, f"Scenario of {name} as TOML").click()
    assert "fee_bps = 300" in toml.value.path().read_text()
    link = page.get_by_role("link", name=f"Repeat {name} in Explore").get_attribute("href")
    assert decode(urlparse(link).query)[0].build().fingerprint()[:8] == keys[2].split("-")[-1]
    page.reload()
    page.wait_for_selector("[data-card=overlay] canvas")
    page.get_by_label("Filter", exact=True).first.fill("nothing has this")
    button(page, "Filter").click()
    page.get_by_text("Nothing fits the filter.").wait_for()


@pytest.mark.slow
def test_a_study_is_shown_with_its_report_which_can_do_nothing(student, results):
    if not (results / "tiny").exists():
        fill(results)
    page = student("/results?study=tiny")
    page.wait_for_selector("[data-study=tiny]")
    page.wait_for_selector("[data-card=means] canvas")
    assert page.get_by_text(HURT).count() >= 1
    sheet = saved.content(results, "tiny", "report.html").decode()
    (results / "tiny" / "report.html").write_text(sheet.replace(HURT, ""))  # a blocked script is told on the console
    button(page, "Show or hide the report").click()
    frame = page.frame_locator("iframe.rs-sheet")
    frame.get_by_role("heading", name="Report of tiny").wait_for()
    assert page.locator("iframe.rs-sheet").get_attribute("sandbox") == ""
    assert page.evaluate("window.hurt") is None
    page.get_by_role("region", name="Repeat one run").locator("select").select_option(index=1)
    page.get_by_text(f"python run.py rerun {results}/tiny/").wait_for()
    with page.expect_download() as file:
        button(page, "summary.parquet of tiny").click()
    assert file.value.path().read_bytes() == (results / "tiny" / "summary.parquet").read_bytes()
    page.get_by_role("region", name="Saved", exact=True).last.get_by_role("button", name="tiny").click()
    page.wait_for_function("location.pathname + location.search === '/results'")


@pytest.mark.slow
@pytest.mark.parametrize(
    "query", ["run=../../../etc", "run=/etc/passwd&study=..", "study=<img src=x onerror=window.hurt=1>&metric=<b>"]
)
def test_a_malicious_link_is_harmless(student, results, query):
    if not (results / "tiny").exists():
        fill(results)
    page = student("/results?" + query, width=390)
    page.get_by_role("alert").first.wait_for()
    assert page.evaluate("window.hurt") is None and "root:" not in page.inner_text("body")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
