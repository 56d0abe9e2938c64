"""What a student has begun stays when he turns to another page or tab, and where his hands are."""

import json

import pytest

pytestmark = pytest.mark.slow
FOCUSED = "document.activeElement.ariaLabel"
PLACES = """(value) => new Promise((done) => {
  const slider = document.querySelectorAll('.rs-slider input')[0], seen = [];
  const began = performance.now();
  const look = () => {
    if (seen[seen.length - 1] !== slider.value) seen.push(slider.value);
    performance.now() - began < 1500 ? requestAnimationFrame(look) : done(seen);
  };
  slider.value = value;
  for (const name of ['input', 'change']) slider.dispatchEvent(new Event(name, { bubbles: true }));
  look();
})"""  # where the first slider stood after it was let go at a value, and ever after


def day(page):
    return float(page.locator("[data-monitor=day]").inner_text().split(" of ")[0].replace(",", ""))


def paused(page):
    page.wait_for_selector("[data-monitor=day]")
    page.wait_for_selector("[data-phase=paused]")


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def bet(page):
    page.wait_for_selector("[data-card=bet]")
    page.locator("[data-card=bet] .rs-main").click()
    page.wait_for_selector("[data-question='1']")


def test_back_to_explore_finds_the_run_where_it_is_by_now(student):
    page = student("/?scenario=baseline&seed=1&tick=3")
    paused(page)
    button(page, "Play").click()
    page.wait_for_function("parseFloat(document.querySelector('[data-monitor=day]').innerText) >= 5")
    page.get_by_role("link", name="Lessons").click()
    page.wait_for_selector("a[data-lesson]")
    page.wait_for_timeout(2_000)
    page.go_back()
    page.wait_for_selector("[data-monitor=day]")
    page.wait_for_selector("[data-phase=playing]")
    assert day(page) > 8


def test_play_keeps_the_keyboard_when_it_becomes_pause(student):
    page = student("/?scenario=baseline&seed=1&tick=2")
    paused(page)
    button(page, "Play").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-phase=playing]")
    assert page.evaluate(FOCUSED) == "Pause"
    page.keyboard.press("Enter")
    paused(page)
    assert page.evaluate(FOCUSED) == "Play"


def test_a_slider_stays_where_it_was_let_go(student):
    page = student("/?scenario=smoke&seed=3")
    paused(page)
    low, high = (page.locator(".rs-slider input").first.get_attribute(end) for end in ("min", "max"))
    assert page.evaluate(PLACES, high) == [high]
    assert page.evaluate(PLACES, low) == [low]
    page.get_by_text("from the next tick").first.wait_for()


def test_a_slider_that_is_refused_goes_back(student):
    page = student("/compare")
    page.wait_for_function("document.querySelectorAll('[data-drawn]').length > 3")
    page.locator(".rs-side summary").first.click()
    loans = page.get_by_label("Most that is lent on collateral").first
    before = loans.input_value()
    loans.evaluate(
        "(e) => { e.value = e.max; for (const name of ['input', 'change'])"
        " e.dispatchEvent(new Event(name, { bubbles: true })); }"
    )
    page.get_by_role("alert").first.wait_for()
    page.wait_for_timeout(500)
    assert loans.input_value() == before


def test_a_list_that_is_come_back_to_keeps_its_address(student):
    page = student("/?scenario=smoke&seed=3")
    paused(page)
    page.get_by_role("link", name="Lessons").click()
    page.locator("a[data-lesson=nav]").click()
    bet(page)
    page.wait_for_function("location.search.includes('guess=0')")
    page.go_back()
    page.wait_for_selector("a[data-lesson]")
    page.go_back()
    paused(page)
    page.go_forward()
    page.wait_for_selector("a[data-lesson]")
    page.wait_for_timeout(500)
    assert page.evaluate("location.pathname + location.search") == "/lessons"
    page.go_forward()
    page.wait_for_selector("[data-question='1']")
    assert "lesson=nav&guess=0" in page.url


def test_two_tabs_keep_what_each_has_done(student):
    first = student("/lessons?lesson=fractions")
    second = first.context.new_page()
    second.goto(first.url.split("?")[0] + "?lesson=nav")
    for page in (first, second):
        page.wait_for_selector("[data-card=bet]")
    bet(first)
    bet(second)
    kept = "JSON.parse(localStorage.getItem('rigshare-lessons'))"
    second.wait_for_function(f"{kept}.nav && {kept}.fractions")
    assert json.loads(first.evaluate("localStorage.getItem('rigshare-lessons')"))["fractions"]["guess"] is not None
    button(second, "All lessons").first.click()
    second.wait_for_selector("a[data-lesson]")
    second.wait_for_function("document.querySelectorAll('.rs-badge-begun').length === 2")


def test_a_stress_test_goes_on_while_another_page_is_read_and_its_answer_stays(student):
    page = student("/stress?scenario=smoke&seed=1&set=clock.ticks:6&channel=price&size=-0.5&day=2&seeds=2")
    page.wait_for_selector("[data-stress=none]")
    run = button(page, "Run the stress test")
    run.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-stress=waiting], [data-stress=running]")
    assert page.evaluate(FOCUSED) == "Cancel the stress test"
    page.get_by_role("link", name="Lessons").click()
    page.wait_for_selector("a[data-lesson]")
    page.get_by_role("link", name="Stress").click()
    page.wait_for_selector("[data-answer]")
    assert page.locator("[data-stress=done]").count() == 1
    assert page.get_by_text("press Run for what is chosen now").count() == 0
    page.get_by_role("link", name="Lessons").click()
    page.wait_for_selector("a[data-lesson]")
    page.go_back()
    page.wait_for_selector("[data-answer]")
