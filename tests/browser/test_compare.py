"""Compare: numbers of two runs side by side, what a link to them says, and the page in a real browser."""

import math
import time
from urllib.parse import parse_qs, urlparse

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from app import pair
from app.address import Setup
from app.options import pair as drawings
from app.panels.side import turned
from app.session import Session
from app.sliders import sliders
from app.state import ENDED, FAILED
from experiments.compare.running import prepare
from model.marketplace import Marketplace
from model.metric import registry
from model.scenario import Scenario

A = Setup("smoke", 3, 4)
B = Setup("smoke", 3, 4, (("amm.fee_bps", 300),))
LINK = "/compare?" + pair.written(A, B)


@settings(deadline=None, max_examples=30)
@given(some.integers(0, 2**40), some.integers(0, 30), some.integers(0, 500))
def test_a_link_comes_back_as_the_same_pair(seed, tick, fee):
    first = Setup("smoke", seed, tick)
    second = Setup("smoke", seed, tick, (("amm.fee_bps", fee),))
    both, shown, notes = pair.read(pair.written(first, second, ["amm.depth"]))
    assert (both, shown, notes) == ((first, second), ("amm.depth",), [])


def test_the_second_run_has_the_luck_and_the_day_of_the_first():
    both, _, _ = pair.read(pair.written(A, Setup("smoke", 99, 20)))
    assert both[1].seed == 3 and both[1].tick == 4


def test_a_link_without_anything_is_a_pair_that_can_be_run():
    both, _, notes = pair.read("")
    assert not notes and both[0] != both[1] and not pair.unequal(*both)
    prepare([both[0].scenario, both[1].scenario], {}, dict(both[1].settings))


def test_what_cannot_be_used_in_either_is_left_out_with_a_word():
    both, shown, notes = pair.read("scenario=smoke&b=scenario%3D../../etc&show=<script>")
    assert both[0].scenario == "smoke" and both[1].scenario in Scenario.names() and not shown
    assert any(note.startswith("B: ") and "no such scenario" in note for note in notes)


def test_ticks_of_unequal_length_cannot_go_in_lockstep():
    assert "hours" in pair.unequal(Setup("smoke"), Setup("bend_2022"))
    assert not pair.unequal(A, B)


@pytest.fixture(scope="module")
def finished():
    """Paths of two whole runs in lockstep, and the summaries that the command line has of the same runs."""
    session = Session()
    session.open(A.at(0), B.at(0))
    session.set_speed(0.0)
    deadline = time.monotonic() + 180
    while session.state.phase != ENDED:
        assert session.state.phase != FAILED and time.monotonic() < deadline, session.state
        session.play()
        time.sleep(0.05)
    while session.state.frames[0]["tick"] < 30:
        time.sleep(0.05)
    paths = [{name: list(path) for name, path in each.items()} for each in session.paths()]
    session.close()
    sums = []
    for fee in (100, 300):
        with Marketplace(Scenario.load("smoke").override({"amm.fee_bps": fee}), rng=3) as market:
            market.run()
            sums.append(market.summary())
    return paths, sums


def test_numbers_are_those_of_the_command_line(finished):
    paths, sums = finished
    rows = pair.ends(paths)
    assert len(rows) >= 5
    for end in [*rows, *pair.gains(paths)]:
        for shown, known in zip((end.first, end.second), sums, strict=True):
            assert shown == known[end.metric.name] or math.isnan(shown)


def test_who_gains_more_in_b_is_told_first_and_gains_agree_with_their_difference(finished):
    rows = pair.gains(finished[0])
    gaps = [end.difference for end in rows]
    assert rows and gaps == sorted(gaps, reverse=True)
    assert all(end.metric.name.startswith("gains.") for end in rows)
    said = pair.verdict(rows)
    assert all(pair.kind(end) in said for end in rows)


def test_a_per_cent_is_given_of_amounts_only(finished):
    rows = {end.metric.name: end for end in pair.ends(finished[0])}
    assert pair.change(rows["fractions.premium"]) is None and pair.change(rows["agents.gini"]) is None
    assert pair.change(rows["amm.depth"]) is not None
    assert rows["agents.gini"].rule == "now" and rows["amm.traded_share"].rule == "mean"


def test_one_axis_solid_and_dashed(finished):
    chart = drawings.path("amm.price_median", finished[0], 24.0)
    option = chart.option({}, False)
    assert len(option["yAxis"]) == 1
    looks = [series["lineStyle"]["type"] for series in option["series"]]
    assert [series["name"] for series in option["series"]] == ["A", "B"] and looks[0] == "solid" != looks[1]
    assert len(chart.table({}).rows) == 30
    assert "NaN" not in option["aria"]["label"]["description"]
    bars = drawings.bars(pair.gains(finished[0]))
    assert "nan" not in bars.option({}, True)["aria"]["label"]["description"]


def test_charts_show_what_is_wished_first_and_never_what_is_not_there(finished):
    names = pair.common(finished[0])
    shown = pair.charted(names, ["agents.gini", "no.such"])
    assert shown[0] == "agents.gini" and len(shown) == pair.CHARTS and set(shown) <= set(registry())


def test_a_slider_back_at_its_default_is_no_setting():
    slider = next(s for s in sliders(Scenario.load("smoke"), A) if s.path == "amm.fee_bps")
    moved = turned(A, slider, 3.0)
    assert moved.settings == (("amm.fee_bps", 300),)
    assert turned(moved, slider, slider.default).settings == ()


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def day(page, wanted):
    page.wait_for_selector(f"[data-day='{wanted}']")


def ready(page, wanted=4):
    day(page, wanted)
    page.wait_for_selector("[data-phase=paused]")


@pytest.mark.slow
def test_two_runs_step_play_and_pause_together(student):
    page = student(LINK)
    ready(page)
    button(page, "Step one tick").click()
    day(page, 5)
    with Marketplace(Scenario.load("smoke").override({"amm.fee_bps": 300}), rng=3) as market:
        while market.clock.tick + 1 < 5:
            market.step()
        depth = market.recorder.latest["amm.depth"]
    row = page.locator("tr", has_text="Depth of pools").first
    assert row.locator("td").nth(4).inner_text() == f"{depth:,.0f}"
    button(page, "Play").click()
    page.wait_for_selector("[data-phase=playing]")
    button(page, "Pause").click()
    page.wait_for_selector("[data-phase=paused]")
    page.wait_for_function("document.querySelectorAll('[data-card] canvas').length >= 5")


@pytest.mark.slow
def test_a_slider_of_b_changes_b_alone_and_comes_back_to_the_same_day(student):
    page = student("/compare?" + pair.written(A, A))
    ready(page)
    b = page.get_by_role("region", name="B", exact=True)
    b.locator("summary").click()
    b.get_by_label("Fee of a swap").evaluate(
        "e => { e.value = 3; e.dispatchEvent(new Event('input', {bubbles: true}));"
        " e.dispatchEvent(new Event('change', {bubbles: true})); }"
    )
    page.wait_for_function("decodeURIComponent(decodeURIComponent(location.search)).includes('amm.fee_bps:300')")
    ready(page)
    both = pair.read(urlparse(page.url).query)[0]
    assert both[0].settings == () and both[1].settings == (("amm.fee_bps", 300),)


@pytest.mark.slow
def test_a_reload_and_a_copied_link_come_back_to_the_same_pair(student):
    page = student(LINK)
    ready(page)
    table = page.get_by_role("region", name="Numbers so far").first
    before = table.inner_text()
    page.reload()
    ready(page)
    assert table.inner_text() == before
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button(page, "Copy a link to this pair").click()
    page.get_by_text("Link copied").wait_for(state="attached")
    link = urlparse(page.evaluate("navigator.clipboard.readText()"))
    assert link.path == "/compare" and parse_qs(link.query)["b"]
    assert pair.read(link.query)[0] == (A, B)


@pytest.mark.slow
def test_another_metric_can_be_charted_and_taken_home(student):
    page = student(LINK)
    ready(page)
    page.locator("summary", has_text="Choose what the charts show").click()
    page.get_by_label("Chart 1 shows").select_option("agents.gini")
    page.wait_for_selector("[data-card='agents.gini'] canvas")
    page.wait_for_function("location.search.includes('show=agents.gini')")
    title = pair.label("agents.gini")
    with page.expect_download() as file:
        button(page, f"Numbers of {title} as CSV").click()
    rows = file.value.path().read_text().splitlines()
    assert rows[0] == "tick,day,A agents.gini,B agents.gini" and len(rows) == 5
    with page.expect_download() as picture:
        button(page, f"{title} as PNG").click()
    assert picture.value.path().read_bytes()[:4] == b"\x89PNG"
    with page.expect_download() as toml:
        button(page, "Scenario B as TOML").click()
    assert "fee_bps = 300" in toml.value.path().read_text()


@pytest.mark.slow
@pytest.mark.parametrize(
    "query",
    [
        "scenario=smoke&b=scenario%3D%3Cscript%3Ewindow.hurt%3D1%3C/script%3E",
        "scenario=smoke&b=scenario%3Dbend_2022",
        "scenario=<img src=x onerror=window.hurt=1>&b=%%%&show=<svg onload=window.hurt=1>",
    ],
)
def test_a_malicious_or_impossible_pair_is_harmless_and_says_so(student, query):
    page = student("/compare?" + query)
    page.get_by_role("alert").first.wait_for()
    assert page.evaluate("window.hurt") is None


@pytest.mark.slow
def test_a_pair_with_unequal_ticks_stands_with_a_word_and_can_be_mended_with_either_scenario(student):
    page = student("/compare?scenario=smoke&b=scenario%3Dbend_2022")
    page.wait_for_selector("[data-phase=failed]")
    assert "equal ticks" in page.get_by_role("alert").inner_text()
    page.get_by_role("textbox").fill("7")
    button(page, "Set the seed").click()
    page.wait_for_selector("[data-phase=failed]")
    page.get_by_label("Scenario of B").select_option("smoke")
    ready(page, 1)
    page.get_by_label("Scenario of A").select_option("bend_2022")
    page.wait_for_selector("[data-phase=failed]")
    page.get_by_label("Scenario of B").select_option("bend_reformed")
    page.wait_for_selector("[data-phase=paused]")
    assert not page.get_by_role("alert").count()


@pytest.mark.slow
def test_a_phone_needs_no_scrolling_sideways(student):
    page = student(LINK, width=390, colours="dark")
    ready(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
