"""Explore for everybody: malicious links, phones, dark rooms, and keyboards alone."""

import pytest

pytestmark = pytest.mark.slow
SMOKE = "/?scenario=smoke&seed=3"
MOST_STOPS = 12  # of the Tab key from the top: six pages, colours, scenario, Play


def paused(page):
    """Wait until the first figures are there."""
    page.wait_for_selector("[data-monitor=day]")
    page.wait_for_selector("[data-phase=paused]")


@pytest.mark.parametrize(
    "query",
    [
        "scenario=<script>window.hurt=1</script>",
        "scenario=../../etc/passwd",
        "scenario=smoke&set=bitcoin.path:%22/etc/passwd%22&set=x.y:1&change=0:<img src=x onerror=window.hurt=1>:2",
        "scenario=smoke&seed=-5&tick=99999999999&set=agents:999999999",
        "scenario=smoke&version=<svg onload=window.hurt=1>",
    ],
)
def test_a_malicious_link_is_harmless_and_says_what_was_left_out(student, query):
    page = student("/?" + query)
    paused(page)
    assert page.evaluate("window.hurt") is None
    assert page.get_by_role("alert").count() >= 1
    assert "root:" not in page.inner_text("body")


def test_a_phone_needs_no_scrolling_sideways(student):
    page = student("/?scenario=smoke&seed=3&tick=3", width=390)
    paused(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_dark_pages_are_dark_and_remember_it(student):
    page = student("/?scenario=smoke&seed=3", colours="dark")
    paused(page)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(15, 18, 23)"
    page.get_by_role("button", name="Light colours").click()
    page.wait_for_function("getComputedStyle(document.body).backgroundColor === 'rgb(243, 245, 248)'")
    page.reload()
    paused(page)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(243, 245, 248)"


def test_the_keyboard_reaches_play_before_charts_and_focus_is_seen(student):
    page = student(SMOKE)
    paused(page)
    names = []
    while "Play" not in names and len(names) < MOST_STOPS:
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.ariaLabel || document.activeElement.innerText || ''"))
    assert names[-1] == "Play", names
    assert "solid" in page.evaluate("getComputedStyle(document.activeElement).outlineStyle")


def test_the_first_stop_of_the_keyboard_leads_past_the_pages_names(student):
    page = student(SMOKE)
    paused(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "rs-skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")
