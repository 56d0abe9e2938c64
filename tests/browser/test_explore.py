"""Explore in a real browser: every gesture of a student's first hour."""

import time
import tomllib
from urllib.parse import parse_qs, urlparse

import pytest

from model.marketplace import Marketplace
from model.scenario import Scenario

pytestmark = pytest.mark.slow
SMOKE = "/?scenario=smoke&seed=3"


PAUSE = """() => new Promise((done) => {
  const button = [...document.querySelectorAll('button')].find((e) => e.ariaLabel === 'Pause');
  const began = performance.now();
  const look = () => document.querySelector("[data-phase=paused]") ? done(performance.now() - began) : setTimeout(look, 5);
  button.click(); look();
})"""  # milliseconds from the click until the page says that the market stands


def monitor(page, name):
    """Text of one number on the page."""
    return page.locator(f"[data-monitor={name}]").inner_text()


def day(page):
    """Day that the page shows."""
    return float(monitor(page, "day").split(" of ")[0].replace(",", ""))


def wait_day(page, wanted):
    """Wait until the page shows a day."""
    page.wait_for_function(
        "wanted => { const e = document.querySelector('[data-monitor=day]');"
        " return e && parseFloat(e.innerText) >= wanted; }",
        arg=wanted,
    )


def wait_phase(page, words):
    """Wait until the market does something."""
    page.wait_for_selector(f"[data-phase='{words}']")


def paused(page):
    """Wait until the first figures are there."""
    page.wait_for_selector("[data-monitor=day]")
    wait_phase(page, "paused")


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def turn(page, label, value):
    """Let a slider go at a place."""
    page.get_by_label(label, exact=False).first.evaluate(
        "(e, v) => { e.value = v; e.dispatchEvent(new Event('input', {bubbles: true}));"
        " e.dispatchEvent(new Event('change', {bubbles: true})); }",
        str(value),
    )


def command_line(ticks, **changes):
    """Metrics of the same run without any page."""
    with Marketplace(Scenario.load("smoke").override(changes), rng=3) as market:
        while market.clock.tick + 1 < ticks:
            market.step()
        return dict(market.recorder.latest)


def test_the_page_opens_on_the_first_day_and_has_a_language_and_names(student):
    page = student("/")
    paused(page)
    assert day(page) == 1
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.title().startswith("Explore")
    unnamed = page.evaluate(
        "[...document.querySelectorAll('button, a, select, input')].filter(e => !(e.innerText || e.ariaLabel"
        " || e.labels?.length || e.textContent.trim())).map(e => e.outerHTML)"
    )
    assert not unnamed
    page.wait_for_function("document.querySelectorAll('.rs-chart canvas').length >= 4")
    labels = page.eval_on_selector_all(".rs-chart", "all => all.map(e => e.ariaLabel)")
    assert all(label and "NaN" not in label for label in labels), labels


def test_step_moves_one_tick_and_its_numbers_are_the_command_lines(student):
    page = student(SMOKE)
    paused(page)
    button(page, "Step one tick").click()
    wait_day(page, 2)
    assert day(page) == 2
    latest = command_line(2)
    assert monitor(page, "coin") == f"{latest['bitcoin.price']:,.0f} USD"
    assert monitor(page, "gini") == f"{latest['agents.gini']:.4g}"


def test_play_and_pause_act_within_a_third_of_a_second_though_steps_are_heavy(student):
    page = student(SMOKE + "&tick=6")
    paused(page)
    page.get_by_label("Speed").select_option("full speed")
    took = []
    for _ in range(3):  # the fastest counts: a machine that does something else as well may be late
        button(page, "Play").click()
        wait_phase(page, "playing")
        took.append(page.evaluate(PAUSE))
    wait_phase(page, "paused")
    time.sleep(0.8)
    stood = day(page)
    time.sleep(1.0)
    assert day(page) == stood >= 6
    assert min(took) < 300, took


def test_a_live_slider_acts_while_it_runs_and_is_remembered_with_its_date(student):
    page = student(SMOKE)
    paused(page)
    turn(page, "Fee of a swap", 5)
    button(page, "Step one tick").click()
    wait_day(page, 2)
    page.wait_for_function("location.search.includes('change=1%3Aamm.fee_bps%3A500')")
    assert page.get_by_text("amm.fee_bps: 100 → 500").count() == 1
    assert monitor(page, "coin") == f"{command_line(2)['bitcoin.price']:,.0f} USD"


def test_another_slider_begins_anew_and_says_so(student):
    page = student("/?scenario=smoke&seed=3&tick=3")
    paused(page)
    assert page.get_by_text("starts anew").count() >= 1
    turn(page, "Agents", 151)
    page.wait_for_function("location.search.includes('set=agents%3A151')")
    paused(page)
    assert day(page) == 1


def test_reset_goes_back_to_the_first_tick(student):
    page = student("/?scenario=smoke&seed=3&tick=4")
    paused(page)
    assert day(page) == 4
    button(page, "Reset to the first tick").click()
    page.wait_for_function("parseFloat(document.querySelector('[data-monitor=day]')?.innerText) === 1")
    paused(page)


def test_a_reload_comes_back_to_the_same_run(student):
    page = student(SMOKE)
    paused(page)
    turn(page, "Volatility of the coin", 150)
    for wanted in (2, 3, 4):
        button(page, "Step one tick").click()
        wait_day(page, wanted)
    page.wait_for_function("location.search.includes('tick=4')")
    before = page.locator(".rs-monitors").inner_text()
    page.reload()
    wait_day(page, 4)
    paused(page)
    assert page.locator(".rs-monitors").inner_text() == before


def test_the_inspector_finds_an_agent_by_number_and_shows_his_sheet_and_history(student):
    page = student("/?scenario=smoke&seed=3&tick=4")
    paused(page)
    inspector = page.get_by_role("region", name="Inspector", exact=True)
    inspector.get_by_label("Kind").select_option("retail_investor")
    inspector.get_by_label("Number").fill("30")
    inspector.get_by_role("button", name="Show").click()
    page.wait_for_selector("[data-account]")
    assert "retail investor 30" in inspector.inner_text()
    inspector.get_by_role("region", name="Balance sheet").locator("tbody tr").first.wait_for()
    inspector.locator(".rs-chart canvas").wait_for()
    inspector.get_by_label("Number").fill("99999")
    inspector.get_by_role("button", name="Show").click()
    inspector.get_by_text("give a number from").wait_for()


def test_a_click_on_a_node_opens_the_inspector(student):
    page = student("/?scenario=smoke&seed=3&tick=3")
    paused(page)
    box = page.locator("[data-card=network] .rs-chart")
    box.locator("canvas").wait_for()
    where = (
        "e => { const c = e.__vue__ || e.parentElement.__vue__ || null; let v = e;"
        " while (v && !v.__vue__) v = v.parentElement; const chart = v.__vue__.chart;"
        " const n = chart.getModel().getSeriesByIndex(0).getData(); const p = n.getItemLayout(0); "
        " const g = n.getItemGraphicEl(0); const t = g.getComputedTransform(); return [t[4], t[5]]; }"
    )
    sheet = page.locator("[data-account]").first
    for _ in range(9):  # the nodes may still be on their way to their places
        x, y = box.evaluate(where)
        box.click(position={"x": x, "y": y})
        page.wait_for_timeout(1_000)
        if sheet.is_visible():
            break
    sheet.wait_for()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_network_lies_within_its_card_and_below_its_key(student, width):
    page = student("/?scenario=smoke&seed=3&tick=3", width=width)
    paused(page)
    box = page.locator("[data-card=network] .rs-chart")
    box.locator("canvas").wait_for()
    place = box.evaluate(
        "e => { let v = e; while (!v.__vue__) v = v.parentElement; const chart = v.__vue__.chart;"
        " const at = chart.getModel().getSeriesByIndex(0).coordinateSystem.getViewRect();"
        " return [at.x, chart.getWidth() - at.x - at.width, at.y, chart.getHeight() - at.y - at.height]; }"
    )
    left, right, top, bottom = place
    assert abs(left - right) < 3 and min(left, bottom) > 8 and top >= 40, place


def test_the_log_says_why_is_read_out_and_can_be_filtered(student):
    page = student("/?scenario=smoke&seed=3&tick=4")
    paused(page)
    log = page.get_by_role("region", name="Events", exact=True).first
    assert log.locator("[aria-live=polite]").count() == 1
    rows = log.locator("tbody tr")
    everything = rows.count()
    log.get_by_label("Kind of event").select_option("retarget")
    page.wait_for_function(f"document.querySelectorAll('[aria-label=Events] tbody tr').length < {everything}")
    assert all("difficulty" in text for text in rows.all_inner_texts())


def test_every_chart_is_also_a_table_and_goes_home(student):
    page = student("/?scenario=smoke&seed=3&tick=4")
    paused(page)
    card = page.locator("[data-card=price]")
    with page.expect_download() as png:
        card.get_by_role("button", name="Price and net asset value as PNG").click()
    assert png.value.path().read_bytes()[:4] == b"\x89PNG"
    with page.expect_download() as numbers:
        card.get_by_role("button", name="Numbers of Price").click()
    rows = numbers.value.path().read_text().splitlines()
    assert rows[0].startswith("tick,day,amm.price_median") and len(rows) == 5
    assert float(rows[-1].split(",")[2]) == command_line(4)["amm.price_median"]
    card.get_by_role("button", name="Table of Price").click()
    card.locator("tbody tr").first.wait_for()
    assert card.locator("tbody tr").count() == 4


def test_the_scenario_file_and_the_link_reproduce_the_run(student, tmp_path):
    page = student(SMOKE)
    paused(page)
    turn(page, "Drift of the coin", -2)
    button(page, "Step one tick").click()
    wait_day(page, 2)
    with page.expect_download() as file:
        button(page, "Scenario as TOML").click()
    text = file.value.path().read_text()
    assert tomllib.loads(text)["changes"] == [{"tick": 1, "set": {"bitcoin.drift": -2}}]
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with Marketplace(Scenario.load(path)) as market:
        while market.clock.tick < 1:
            market.step()
        price = market.recorder.latest["bitcoin.price"]
    assert monitor(page, "coin") == f"{price:,.0f} USD"
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button(page, "Copy a link to this run").click()
    page.get_by_text("Link copied").wait_for(state="attached")
    link = page.evaluate("navigator.clipboard.readText()")
    assert parse_qs(urlparse(link).query)["seed"] == ["3"]
    other = student("/?" + urlparse(link).query)
    wait_day(other, 2)
    assert other.locator(".rs-monitors").inner_text() == page.locator(".rs-monitors").inner_text()


def test_two_students_do_not_see_one_anothers_market(student):
    first, second = student(SMOKE), student("/?scenario=smoke&seed=4")
    paused(first)
    paused(second)
    untouched = second.locator(".rs-monitors").inner_text()
    button(first, "Step one tick").click()
    wait_day(first, 2)
    turn(first, "Fee of a swap", 5)
    time.sleep(0.5)
    assert second.locator(".rs-monitors").inner_text() == untouched
    assert monitor(first, "coin") != monitor(second, "coin")
