"""Stress: what is asked, the process that works it out, its answer, and the page in a real browser."""

import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from app.address import TICKS, Setup
from app.options.fan import fan
from app.stress import tell
from app.stress.ask import SEEDS, SHAPES, Ask, channels, drawn, fitted, last_day, read
from app.stress.job import CANCELLED, DONE, FAILED, RUNNING, Job
from model.errors import ScenarioError
from model.scenario import Scenario

ROOT = Path(__file__).resolve().parent.parent.parent
SMALL = Ask(Setup("smoke", 3, 0, ((TICKS, 8), ("amm.fee_bps", 50))), "price", -0.6, 2, "pulse", 3, 3)
PATIENCE = 240.0


def until(true):
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


asks = some.builds(
    lambda channel, size, day, shape, days, seeds: Ask(SMALL.setup, channel, size, day, shape, days, seeds),
    some.sampled_from(sorted(channels(Scenario.load("smoke")))),
    some.integers(-95, 300).map(lambda x: x / 100),
    some.integers(0, 7),
    some.sampled_from([shape for shape, _ in SHAPES]),
    some.integers(1, 365),
    some.integers(1, 400),
)


@settings(deadline=None, max_examples=30)
@given(asks)
def test_a_link_comes_back_as_the_same_question(ask):
    assert read(ask.query()) == (ask, [])
    assert ask.rows(ask.setup.build()).shocks[0].size == pytest.approx(ask.size)


@pytest.mark.parametrize(
    "query",
    [
        "scenario=smoke&channel=../../etc/passwd",
        "scenario=smoke&size=-5",
        "scenario=smoke&size=nan",
        "scenario=smoke&size=<script>",
        "scenario=smoke&seeds=100000",
        "scenario=smoke&day=99999",
        "scenario=/etc/passwd",
        "scenario=smoke&change=1:amm.fee_bps:50",
    ],
)
def test_what_cannot_be_asked_is_left_out_with_a_word(query):
    ask, notes = read(query)
    assert notes
    ask.rows(ask.setup.build())


@pytest.mark.parametrize("name", Scenario.names())
def test_every_scenario_can_be_asked(name):
    ask = fitted(replace(Ask(), setup=Setup(name, 1)))
    ask.rows(ask.setup.build())
    assert ask.day <= last_day(ask.setup) and drawn(ask.setup.build())


def test_a_shorter_run_brings_the_day_of_the_shock_into_its_first_third():
    assert fitted(replace(SMALL, day=300)).day == 2 and last_day(SMALL.setup) == 7
    assert fitted(replace(SMALL, day=7)).day == 7


@pytest.fixture(scope="module")
def done():
    """A test that has come to its end, and the phases it went through."""
    phases = []
    job = Job(SMALL, lambda: phases.append((job.progress.phase, job.progress.done)))
    until(lambda: not job.progress.busy)
    assert job.progress.phase == DONE, job.progress.message
    return job, phases


@pytest.mark.slow
def test_numbers_are_those_of_the_command_line(done, tmp_path):
    words = [*SMALL.command().split()[1:], "--json", "--out", str(tmp_path)]
    found = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=True)
    said, answer = json.loads(found.stdout), done[0].progress.answer
    for key in ("points", "calm", "shocks", "level"):
        assert json.loads(json.dumps(answer[key])) == said[key], key
    seeds = [(run["replicate"], run["seed"], run["gained"]) for run in said["worst"]]
    assert [(run["replicate"], run["seed"], run["gained"]) for run in answer["worst"]] == seeds


@pytest.mark.slow
def test_progress_is_told_run_by_run_and_ends_with_all_of_them(done):
    job, phases = done
    counts = [n for phase, n in phases if phase == RUNNING]
    assert counts == sorted(counts) and job.progress.done == job.progress.total == 6
    assert len(job.progress.runs.splitlines()) == 7
    assert [line.split(",")[2] for line in job.progress.runs.splitlines()[1:]].count("with shocks") == 3


@pytest.mark.slow
def test_the_answer_is_told_with_intervals_and_refuses_thin_tails(done):
    answer = done[0].progress.answer
    assert {row[0]: row[2] for row in tell.monitors(answer)}["runs"] == "3 with, 3 without"
    table = tell.losers(answer)
    assert {"miner", "retail investor"} <= {row[0] for row in table.rows}
    assert all("[" in row[1] and row[4] == "refused" for row in table.rows)
    assert all(len(row) == len(table.headings) for row in table.rows)
    assert len(tell.worst(answer).rows) == 3 and tell.insolvency(answer).rows and tell.notes(answer)


@pytest.mark.slow
@pytest.mark.parametrize("dark", [False, True])
def test_fans_hold_their_median_and_their_table_has_every_band(done, dark):
    answer = done[0].progress.answer
    assert set(answer["fans"]) == set(answer["calm_fans"])
    for name, one in answer["fans"].items():
        chart = fan(name, one, answer["calm_fans"][name], 2.0)
        option, table = chart.option({}, dark), chart.table({})
        assert len(table.rows) == 8 and len(table.headings) == 7
        for row in table.rows:
            low, *_, high = (x for x in row[1:6] if x is not None)
            assert low <= row[3] <= high
        json.dumps(option, allow_nan=False)
        assert "nan" not in option["aria"]["label"]["description"]


@pytest.mark.slow
def test_the_saved_scenario_repeats_the_worst_run(done, tmp_path):
    answer = done[0].progress.answer
    path = tmp_path / "stressed.toml"
    path.write_text(answer["scenarios"]["with_shocks"])
    scenario = Scenario.load(path)
    assert scenario.shocks[0].channel == "price" and scenario.clock.ticks == 8


@pytest.mark.slow
def test_a_cancelled_test_ends_its_process_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    started = []
    plain = subprocess.Popen
    monkeypatch.setattr(
        "app.stress.job.subprocess.Popen", lambda *a, **k: started.append(plain(*a, **k)) or started[-1]
    )
    job = Job(replace(SMALL, seeds=200), lambda: None)
    until(lambda: job.progress.phase == RUNNING)
    job.cancel()
    until(lambda: job.progress.phase == CANCELLED)
    assert started[0].poll() is not None
    until(lambda: not list(tmp_path.glob("rigshare-stress-*")))


@pytest.mark.slow
def test_a_process_whose_starter_is_gone_ends_itself(tmp_path):
    (tmp_path / "ask.txt").write_text(replace(SMALL, seeds=300).query())
    words = [sys.executable, "-m", "app.stress.work", str(tmp_path)]
    process = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
    time.sleep(1.0)
    process.stdin.close()
    assert process.wait(60) != 0


@pytest.mark.slow
def test_what_goes_wrong_in_the_process_is_a_sentence():
    wrong = Ask(Setup("smoke", 3, 0, (("amm.fee_bps", -5),)), seeds=1)
    with pytest.raises(ScenarioError):
        wrong.setup.build()
    job = Job(wrong, lambda: None)
    until(lambda: not job.progress.busy)
    assert job.progress.phase == FAILED and "amm.fee_bps" in job.progress.message


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


@pytest.mark.slow
def test_a_student_runs_a_test_and_takes_its_numbers_home(student):
    page = student("/stress?" + SMALL.query())
    button(page, "Run the stress test").click()
    page.wait_for_selector("[data-stress=running]")
    page.wait_for_selector("[data-answer]", timeout=PATIENCE * 1000)
    page.wait_for_selector("[data-stress=done]")
    assert page.locator("[data-monitor=runs]").inner_text() == "3 with, 3 without"
    page.wait_for_function("document.querySelectorAll('[data-card] canvas').length >= 4")
    with page.expect_download() as file:
        button(page, "All runs as CSV").click()
    assert len(file.value.path().read_text().splitlines()) == 7
    with page.expect_download() as toml:
        button(page, "Scenario with the shock as TOML").click()
    assert 'channel = "price"' in toml.value.path().read_text()
    assert page.get_by_text(SMALL.command()).count() == 1
    page.get_by_label("Seeds").select_option(str(SEEDS[0]))
    page.get_by_text("These are the numbers of the last test").wait_for()
    page.set_viewport_size({"width": 390, "height": 900})
    page.wait_for_function("document.documentElement.scrollWidth <= 390")


@pytest.mark.slow
def test_a_running_test_can_be_cancelled(student):
    page = student("/stress?" + replace(SMALL, seeds=400).query(), width=390)
    button(page, "Run the stress test").click()
    page.wait_for_selector("[data-stress=running]")
    button(page, "Cancel the stress test").click()
    page.wait_for_selector("[data-stress=cancelled]")
    page.get_by_text("nothing of it was kept").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.slow
def test_a_malicious_question_is_harmless(student):
    page = student("/stress?scenario=smoke&channel=<img src=x onerror=window.hurt=1>&size=1;rm -rf /&seeds=$(id)")
    page.get_by_role("alert").first.wait_for()
    assert page.evaluate("window.hurt") is None
