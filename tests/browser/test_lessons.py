"""Lessons in a real browser: read, bet, run, answer, go on; kept in the browser and in the address; harmless."""

import shutil
import subprocess
import sys
import time
import urllib.request

import pytest

from app.lessons.check import run
from app.lessons.read import FOLDER, read

pytestmark = pytest.mark.slow
ROOT = FOLDER.parent.parent
START_SECONDS = 120
SMALL = """+++
title = "One month"
about = "Where is the coin after ten days?"
order = 0
scenario = "smoke"
seed = 3
ticks = 10
next = "halving"

[chart]
title = "Coin"
unit = "USD"
lines = [{ label = "coin", figure = "bitcoin.price" }]

[predict]
question = "What does a coin cost on day {clock.ticks}?"
figure = "bitcoin.price:last"
unit = "USD"
low = 5000
high = 50000
step = 100
near = 500

[[question]]
text = "Which way did it go?"
choices = [
    { text = "Up.", when = "bitcoin.price:last > bitcoin.price:first", why = "It rose." },
    { text = "Down, or nowhere.", when = "bitcoin.price:last <= bitcoin.price:first", why = "It fell." },
]
why = "It ended at {bitcoin.price:last} USD."

[[question]]
text = "How many dollars is half a coin at the end?"
figure = "bitcoin.price:last / 2"
unit = "USD"
within = 20
why = "Half of {bitcoin.price:last}."
+++

# Before

Read **this**.

# After

It became {outcome} USD; you said {guess}.

# Why

Luck.
"""
HURT = "<script>window.hurt=1</script><img src=x onerror=window.hurt=1>"
MALICIOUS = (
    SMALL.replace("One month", HURT)
    .replace("Where is the coin after ten days?", f"{HURT} about")
    .replace('label = "coin"', f'label = "{HURT}"')
    .replace('title = "Coin"', f'title = "{HURT}"')
    .replace('unit = "USD"\nlow', f'unit = "{HURT}"\nlow')
    .replace("Which way", f"{HURT} Which way")
    .replace('text = "Up."', f'text = "{HURT} Up."')
    .replace("It ended", f"{HURT} It ended")
    .replace("Read **this**.", f"{HURT} [go](javascript:window.hurt=1) ![p](http://far.example/p.png)\n\n{HURT}")
    .replace("It became", f"{HURT} It became")
    .replace("Luck.", f"{HURT}")
)


@pytest.fixture(scope="module")
def address(browser_path, tmp_path_factory):
    """A server whose lessons are those that ship, a small one, a malicious one, and one that cannot be read."""
    import socket

    folder = tmp_path_factory.mktemp("lessons")
    for path in FOLDER.glob("*.md"):
        shutil.copy(path, folder)
    (folder / "small.md").write_text(SMALL)
    (folder / "malicious.md").write_text(MALICIOUS)
    (folder / f"broken {'<b>'}.md").write_text("no header")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = (
        "from pathlib import Path\nimport app.lessons.read as lessons\n"
        f"lessons.FOLDER = Path({str(folder)!r})\n"
        f"from app.server import serve\nserve('127.0.0.1', {port}, False, Path({str(folder)!r}))"
    )
    log = (folder / "server.log").open("w")
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    url, deadline = f"http://127.0.0.1:{port}", time.monotonic() + START_SECONDS
    try:
        while True:
            assert process.poll() is None, (folder / "server.log").read_text()
            try:
                urllib.request.urlopen(f"{url}/readyz", timeout=2).close()
                break
            except OSError:
                assert time.monotonic() < deadline, "the server does not listen"
                time.sleep(0.2)
        yield url
    finally:
        process.terminate()
        process.wait(20)
        log.close()
    assert "Traceback" not in (folder / "server.log").read_text(), (folder / "server.log").read_text()


@pytest.fixture(scope="module")
def came(tmp_path_factory):
    """What the small lesson's run tells without any page."""
    path = tmp_path_factory.mktemp("small") / "small.md"
    path.write_text(SMALL)
    return run(read(path))


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def bet(page, value):
    """Move the slider, bet, and wait for the first question."""
    page.locator("[data-card=bet] input").evaluate(
        "(e, v) => { e.value = v; e.dispatchEvent(new Event('input', {bubbles: true})); }", str(value)
    )
    page.locator("[data-card=bet] .rs-main").click()
    page.wait_for_selector("[data-question='1']")


def answer_all(page, came):
    """Give the right answers of the small lesson."""
    page.locator("[data-question='1'] input").nth(round(came.rights[0])).check()
    button(page, "Check answer 1").click()
    page.locator("[data-question='2'] input").fill(f"{came.rights[1]:.0f}")
    button(page, "Check answer 2").click()
    page.wait_for_selector("[data-card=why]")


def test_the_list_names_all_lessons_and_what_cannot_be_used(student):
    page = student("/lessons")
    page.wait_for_selector("[data-lesson=halving]")
    names = page.eval_on_selector_all("a[data-lesson]", "all => all.map(e => e.dataset.lesson)")
    assert {path.stem for path in FOLDER.glob("*.md")} <= set(names)
    assert len(names) == len(set(names)) == 11
    assert "begins with a header" in page.get_by_role("alert").inner_text()
    page.locator("a[data-lesson=small]").click()
    page.wait_for_selector("div[data-lesson=small]")
    page.wait_for_function("location.search.includes('lesson=small')")


def test_a_lesson_is_read_bet_on_run_answered_and_left_for_the_next(student, came):
    page = student("/lessons?lesson=small")
    page.wait_for_selector("[data-card=bet]")
    assert page.locator("strong", has_text="this").count() == 1
    assert page.locator("[data-question]").count() == 0
    bet(page, 30_000)
    said = page.locator("[data-card=bet] [role=status]").inner_text()
    assert said.startswith("You guessed 30,000 USD; it became")
    assert f"{came.value:,.0f} USD" in said
    assert page.locator("[data-card=bet] input").is_disabled()
    label = page.locator("[data-card=run] .rs-chart, [data-card=run][aria-label]").first
    label.wait_for()
    assert page.get_by_text(f"It became {came.value:,.0f} USD; you said 30,000.").count() == 1
    assert "your guess: 30,000 usd" in page.locator("[role=img]").first.get_attribute("aria-label").lower()
    assert page.locator("[data-question='2']").count() == 0, "one question at a time"
    wrong = 1 - round(came.rights[0])
    page.locator("[data-question='1'] input").nth(wrong).check()
    button(page, "Check answer 1").click()
    page.get_by_text("Not this one.").wait_for()
    assert page.locator("[data-question='2']").count() == 0
    page.locator("[data-question='1'] input").nth(1 - wrong).check()
    button(page, "Check answer 1").click()
    page.locator("[data-question='2'] input").fill(f"{came.rights[1] * 2:.0f}")
    button(page, "Check answer 2").click()
    page.get_by_text("is too much").wait_for()
    assert page.locator("[data-card=why]").count() == 0
    page.locator("[data-question='2'] input").fill(f"{came.rights[1]:.0f}")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-card=why]")
    assert page.locator("[data-card=why] a").get_attribute("href").startswith("/?scenario=smoke&seed=3")
    page.get_by_role("button", name="Next: Difficulty and the halving").click()
    page.wait_for_selector("div[data-lesson=halving]")
    assert page.locator("[data-card=bet] input").is_enabled()


def test_guess_and_answers_come_back_after_a_reload_and_the_list_knows(student, came):
    page = student("/lessons?lesson=small")
    page.wait_for_selector("[data-card=bet]")
    bet(page, 12_300)
    page.wait_for_function("location.search.includes('guess=12300')")
    answer_all(page, came)
    page.reload()
    page.wait_for_selector("[data-card=why]")
    assert "You guessed 12,300 USD" in page.locator("[data-card=bet] [role=status]").inner_text()
    button(page, "All lessons").first.click()
    page.wait_for_selector("a[data-lesson=small]")
    assert page.locator(".rs-badge-done").count() == 1
    assert "1 of 11 done" in page.inner_text("main")
    other = student("/lessons")
    other.wait_for_selector("a[data-lesson=small]")
    assert other.locator(".rs-badge-done").count() == 0, "another student has his own progress"


def test_a_guess_may_be_made_again_without_another_run(student):
    page = student("/lessons?lesson=small")
    page.wait_for_selector("[data-card=bet]")
    bet(page, 40_000)
    button(page, "Guess again").click()
    page.wait_for_function("document.querySelectorAll('[data-question]').length === 0")
    bet(page, 20_000)
    assert "You guessed 20,000 USD" in page.locator("[data-card=bet] [role=status]").inner_text()


def test_an_answer_can_be_shown_and_then_says_so(student):
    page = student("/lessons?lesson=small&guess=20000")
    page.wait_for_selector("[data-question='1']")
    page.locator("[data-question='1'] input").nth(0).check()
    button(page, "Check answer 1").click()
    page.locator("[data-question='1'] .rs-feedback p").first.wait_for()
    if button(page, "Show answer 1").count():
        button(page, "Show answer 1").click()
    page.locator("[data-question='2'] input").fill("1")
    button(page, "Check answer 2").click()
    button(page, "Show answer 2").click()
    page.get_by_text("The answer:").wait_for()
    page.wait_for_selector("[data-card=why]")


def test_a_lesson_can_be_done_with_the_keyboard_alone_and_is_read_out(student):
    page = student("/lessons?lesson=small")
    page.wait_for_selector("[data-card=bet]")
    page.locator("[data-card=bet] input").focus()
    before = page.locator("[data-card=bet] output").inner_text()
    page.keyboard.press("ArrowRight")
    assert page.locator("[data-card=bet] output").inner_text() != before
    page.keyboard.press("Tab")
    assert "solid" in page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-question='1']")
    page.locator("[data-question='1'] input").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.locator("[data-question='1'] .rs-feedback[aria-live=polite] p").first.wait_for()
    unnamed = page.evaluate(
        "[...document.querySelectorAll('button, a, select, input')].filter(e => !(e.innerText || e.ariaLabel"
        " || e.labels?.length || e.textContent.trim())).map(e => e.outerHTML)"
    )
    assert not unnamed


def test_a_malicious_lesson_is_harmless(student):
    page = student("/lessons")
    page.wait_for_selector("a[data-lesson=malicious]")
    assert page.evaluate("window.hurt") is None
    page.locator("a[data-lesson=malicious]").click()
    page.wait_for_selector("[data-card=bet]")
    bet(page, 20_000)
    page.wait_for_selector("[data-question='1']")
    page.locator("[data-question='1'] input").nth(0).check()
    button(page, "Check answer 1").click()
    page.locator("[data-question='1'] .rs-feedback p").first.wait_for()
    box = page.locator("[role=img]").first
    box.wait_for()
    box.hover()
    assert page.evaluate("window.hurt") is None
    assert page.locator("main img, main script").count() == 0
    assert page.locator("main a[href^=javascript]").count() == 0


@pytest.mark.parametrize("query", ["lesson=../../etc/passwd", f"lesson={HURT}", "lesson=small&guess=<b>", "guess=1"])
def test_an_odd_address_shows_the_list_or_the_lesson(student, query):
    page = student("/lessons?" + query)
    page.wait_for_selector("[data-lesson]")
    assert page.evaluate("window.hurt") is None
    assert "root:" not in page.inner_text("body")


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_a_phone_needs_no_scrolling_sideways(student, colours):
    page = student("/lessons?lesson=small&guess=20000", width=390, colours=colours)
    page.wait_for_selector("[data-question='1']")
    page.wait_for_selector("[role=img] canvas")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
