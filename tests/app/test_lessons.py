"""Lessons: what is refused, what is calculated, and what comes back from the browser."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.lessons.check import check_file, run
from app.lessons.judge import judged, on_guess, readings
from app.lessons.lesson import Question
from app.lessons.progress import Progress, answered, on_slider, write
from app.lessons.progress import read as kept
from app.lessons.read import library, read
from app.lessons.text import filled
from app.parts import html_of
from model.errors import ScenarioError
from run import app as command

SMALL = """+++
title = "One month"
about = "Where is the coin after ten days?"
order = 1
scenario = "smoke"
seed = 3
ticks = 10

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
text = "Which way did it go from {bitcoin.price:first} USD?"
choices = [
    { text = "Up.", when = "bitcoin.price:last > bitcoin.price:first", why = "It rose." },
    { text = "Down, or nowhere.", when = "bitcoin.price:last <= bitcoin.price:first", why = "It fell." },
]
why = "It ended at {bitcoin.price:last} USD."

[[question]]
text = "How many dollars is that for half a coin?"
figure = "bitcoin.price:last / 2"
unit = "USD"
within = 20
why = "Half of {bitcoin.price:last}."
+++

# Before

A fee is {amm.fee_bps / 100 | 1} %.

# After

It became {outcome} USD; you said {guess}.

# Why

Luck.
"""


ASKED = Question("How much?", (), None, "USD", 1.0, "", 1)


def lesson_file(folder, text=SMALL, name="small.md"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refusal(folder, text):
    with pytest.raises(ScenarioError) as error:
        read(lesson_file(folder, text))
    return str(error.value)


# -- the file


def test_a_small_lesson_is_read_run_and_judged(tmp_path, outcomes):
    lesson = read(lesson_file(tmp_path))
    came = outcomes(lesson)
    assert came.value == came.facts.figure("bitcoin.price", "last", ())
    assert came.rights == (float(came.value <= came.facts.figure("bitcoin.price", "first", ())), came.value / 2)
    assert filled(lesson.before, came.facts) == "A fee is 1.0 %."
    assert "that is near" in on_guess(lesson, came.value + 400, came.value).lower()
    assert "above" in on_guess(lesson, came.value + 600, came.value)
    assert "ok (smoke, seed 3, 10 ticks)" in check_file(tmp_path / "small.md")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "One month"', "title = ", "small.md: the header is not TOML"),
        ('title = "One month"', "title = " + "[" * 5_000, "small.md: the header is not TOML: tables or lists lie"),
        ("seed = 3", "seed = " + "9" * 5_000, "small.md: the header is not TOML: line 6: a number"),
        ('title = "One month"', "titel = 'x'", "no such key, did you mean 'title'?"),
        ('title = "One month"', "title = 3", "small.md, line 2: title: must be a text"),
        ('scenario = "smoke"', 'scenario = "smok"', "line 5: scenario: 'smok': no such scenario"),
        ("ticks = 10", "ticks = 1", "line 7: ticks: from 2 to 3,000"),
        ("ticks = 10", "ticks = 10\nset = { 'amm.fee' = 3 }", "amm.fee: no such parameter"),
        ("ticks = 10", "ticks = 10\nset = { 'bitcoin.file' = '/etc/passwd' }", "names a file"),
        ('figure = "bitcoin.price:last"', 'figure = "bitcoin.prise:last"', "bitcoin.prise: no such metric"),
        ('figure = "bitcoin.price:last"', 'figure = "bitcoin.price:lost"', "no such rule, did you mean 'last'?"),
        ('figure = "bitcoin.price:last"', 'figure = "open(1)"', "open: no such function"),
        ('figure = "bitcoin.price:last"', "figure = \"__import__('os')\"", "cannot stand in a calculation"),
        ("high = 50000", "high = 5000", "high: must be above low"),
        ("step = 100", "step = 0", "step: must be above 0"),
        ("near = 500\n", "", "line 14: [predict] near: is missing"),
        (
            'choices = [\n    { text = "Up.", when',
            'choices = [\n    { text = "Up.", wen',
            "no such key, did you mean 'when'?",
        ),
        ("within = 20\n", "", "within: is missing"),
        ("# After", "# Afterwards", "'# Afterwards': the parts are"),
        ("# Why\n\nLuck.\n", "", "the part '# Why' is missing"),
        ("{amm.fee_bps / 100 | 1}", "{bitcoin.price:last}", "is known only after the run"),
        ("you said {guess}", "you said {gues}", "line 45: gues"),
        ("+++\n", "", "begins with a header"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(tmp_path, old, new, said):
    assert old in SMALL
    words = refusal(tmp_path, SMALL.replace(old, new, 1))
    assert words.startswith("small.md")
    assert said in words


def test_all_faults_are_named_at_once(tmp_path):
    words = refusal(tmp_path, SMALL.replace("seed = 3", "seed = -1").replace("near = 500", "near = 0"))
    assert "line 6: seed" in words and "near: must be above 0" in words


def test_answers_that_the_run_does_not_decide_are_refused_by_the_check(tmp_path):
    path = lesson_file(tmp_path, SMALL.replace("bitcoin.price:last <= bitcoin.price:first", "1 > 0"))
    text = path.read_text().replace("bitcoin.price:last > bitcoin.price:first", "1 > 0")
    path.write_text(text)
    with pytest.raises(ScenarioError, match="2 choices are right in this run"):
        check_file(path)
    told = CliRunner().invoke(command, ["check", str(path)])
    assert told.exit_code == 2
    assert "2 choices are right" in told.stderr


def test_a_bet_that_nobody_can_win_is_refused_by_the_check(tmp_path):
    with pytest.raises(ScenarioError, match="came out, and the slider goes from 40000 to"):
        check_file(lesson_file(tmp_path, SMALL.replace("low = 5000", "low = 40000")))


def test_a_broken_file_is_named_and_the_others_are_shown(tmp_path):
    lesson_file(tmp_path)
    lesson_file(tmp_path, "no header", "broken.md")
    lessons, wrong = library(tmp_path)
    assert [lesson.name for lesson in lessons] == ["small"]
    assert len(wrong) == 1 and wrong[0].startswith("broken.md")


def test_tags_scripts_and_odd_links_of_a_lesson_do_nothing():
    text = "<script>hurt()</script> <img src=x onerror=hurt()> [go](javascript:hurt()) ![p](http://far.example/p.png)"
    html = html_of(text)
    assert "<script" not in html and "<img" not in html and "javascript:hurt" not in html.split("href=")[-1]


# -- answers and progress


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("12.5", (12.5,)),
        ("12,5 %", (12.5,)),
        ("0,100", (0.1,)),
        ("0.100", (0.1,)),
        ("1,234.5", (1234.5,)),
        ("1.234,5", (1234.5,)),
        ("12.345,6", (12345.6,)),
        ("1,234,567", (1234567.0,)),
        ("1.234.567,8", (1234567.8,)),
        ("1\N{NARROW NO-BREAK SPACE}234,5", (1234.5,)),
        ("\N{MINUS SIGN}12,1", (-12.1,)),
        ("1,234", (1.234, 1234.0)),
        ("1.234", (1.234, 1234.0)),
        *((text, ()) for text in ("", "inf", "1e400", "nan", "<b>", "1,2,3", "12.5,3", ",")),
    ],
)
def test_numbers_are_read_as_people_type_them(text, meant):
    assert readings(text) == meant


@pytest.mark.parametrize(("text", "right"), [("1,234", True), ("1234", True), ("1.234", True), ("1.2345", False)])
def test_thousands_are_right_in_either_manner(text, right):
    assert judged(ASKED, 1234.0, text).right == right


@pytest.mark.parametrize(("text", "said"), [("5,433", "5.433 is too much"), ("0,629", ""), ("0,529", "is too little")])
def test_decimals_are_read_in_either_manner_and_the_nearer_reading_is_named(text, said):
    assert said in judged(replace(ASKED, within=0.01), 0.629, text).said


def test_percentages_lie_percentage_points_apart(tmp_path):
    lesson = read(lesson_file(tmp_path, SMALL.replace('unit = "USD"\nlow', 'unit = "%"\nlow')))
    assert "You guessed 40 %; it became 12,000 %. You were 11,960 percentage points below" in on_guess(
        lesson, 40.0, 12_000.0
    )


def test_progress_comes_back_from_the_browser_and_lies_are_left_out(tmp_path):
    lesson = read(lesson_file(tmp_path))
    mine = answered(answered(Progress(20_000.0), 1, "8000", 2), 0, "1", 2)
    assert mine.done
    assert kept(write({"small": mine}), [lesson]) == {"small": mine}
    for lie in ('{"small": 3}', "[]", "{", '{"small": {"guess": 1e9, "answers": [1, {}], "done": true}}', 7, None):
        assert kept(lie, [lesson]) in ({}, {"small": Progress()})
    half = write({"small": replace_done(mine)})
    assert not kept(half, [lesson])["small"].done
    assert on_slider(lesson, "7000") == 7000.0
    assert on_slider(lesson, "70000000") is None and on_slider(lesson, "nan") is None and on_slider(lesson, {}) is None


def replace_done(mine):
    return mine._replace(answers=mine.answers[:1], done=True)


def test_several_seeds_are_several_runs_and_a_figure_is_their_mean(tmp_path):
    one = read(lesson_file(tmp_path))
    two = replace(one, name="two", seeds=2, questions=())
    other = replace(one, name="other", seed=4, questions=())
    assert [setup.seed for setup in two.setups()] == [3, 4]
    mean = (run(replace(one, questions=())).value + run(other).value) / 2
    assert run(two).value == pytest.approx(mean, rel=1e-12)


# -- the page for teachers


def test_the_lesson_of_the_page_for_teachers_works_as_it_stands(tmp_path):
    page = Path(__file__).resolve().parents[2] / "docs" / "how_to" / "write_a_lesson.md"
    found = re.findall(r"````markdown\n(.*?)````", page.read_text(encoding="utf-8"), flags=re.S)
    assert len(found) == 1, "one whole lesson"
    said = check_file(lesson_file(tmp_path, found[0], "dear_trading.md"))
    assert said.startswith("ok (")
    shown = re.findall(r"```text\n(dear_trading.md: ok.*?)```", page.read_text(encoding="utf-8"), flags=re.S)
    assert [text.strip() for text in shown] == [f"dear_trading.md: {said}"]
