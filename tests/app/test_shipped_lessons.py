"""The contract of every lesson that ships: its run decides all answers, its texts and its chart are whole."""

import re

import pytest

from app.address import decode, encode
from app.lessons import chart
from app.lessons.judge import judged
from app.lessons.read import FOLDER, library
from app.lessons.text import FIELD, filled

LESSONS, WRONG = library()
SUBJECTS = {
    "fractions",
    "halving",
    "nav",
    "impermanent_loss",
    "leverage",
    "bank_run",
    "farms",
    "rental",
    "sleeping_holders",
}


def test_all_subjects_have_a_lesson_and_every_file_can_be_used():
    assert not WRONG
    assert {lesson.name for lesson in LESSONS} == SUBJECTS
    assert [lesson.next for lesson in LESSONS[:-1]] == [lesson.name for lesson in LESSONS[1:]]


@pytest.mark.slow
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_its_run_tells_the_outcome_and_the_right_answers_and_no_others_are_accepted(lesson, outcomes):
    came = outcomes(lesson)
    assert lesson.bet.low < came.value < lesson.bet.high
    assert abs(lesson.bet.start - came.value) > lesson.bet.near, "the bet is not won where the slider stands at first"
    assert lesson.questions
    for question, right in zip(lesson.questions, came.rights, strict=True):
        if question.choices:
            said = [judged(question, right, str(i)) for i in range(len(question.choices))]
            assert [verdict.right for verdict in said] == [i == right for i in range(len(said))]
            assert all(verdict.said for verdict in said), "every choice is answered"
        else:
            beside = 1.01 * question.within
            assert judged(question, right, f"{right:.6g}").right
            assert judged(question, right, f"{right + 0.99 * question.within:.10g}").right
            assert not judged(question, right, f"{right + beside:.10g}").right
            assert not judged(question, right, f"{right - beside:.10g}").right
            assert not judged(question, right, "nonsense").right


@pytest.mark.slow
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_its_texts_are_filled_with_figures_and_its_chart_shows_guess_and_outcome(lesson, outcomes):
    came = outcomes(lesson)
    texts = [lesson.before, lesson.after, lesson.why, lesson.bet.question]
    for question in lesson.questions:
        texts += [question.text, question.why, *(part for c in question.choices for part in (c.text, c.why))]
    for text in texts:
        shown = filled(text, came.facts)
        assert not FIELD.search(shown)
        assert not re.search(r"\bnan\b|\binf\b|–(?= (USD|%))", shown), shown
    option = chart.option(lesson, came, lesson.bet.start, dark=False)
    heights = [row["yAxis"] for row in option["series"][0]["markLine"]["data"]]
    assert len(heights) == 2
    axis = option["yAxis"][0]
    assert all(axis["min"] <= height <= axis["max"] for height in heights)
    values = [v for series in option["series"] for _, v in series["data"] if v is not None]
    assert axis["min"] <= min(values) and max(values) <= axis["max"]
    assert len(chart.table(lesson, came).rows) == len(option["series"][0]["data"])
    assert {len(path) for path in chart.full(lesson, came).values()} == {lesson.ticks}


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_link_to_explore_leads_to_its_very_market(lesson):
    first = lesson.setups()[0].at(1)
    setup, notes = decode(encode(first))
    assert not notes
    assert setup == first


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_days_are_counted_from_one_and_a_change_is_dated_by_the_first_day_that_shows_it(lesson):
    scenario = lesson.setups()[0].build()
    ticks = [tick for tick, *_ in lesson.changes] + [row["day"] for row in scenario.tables.get("shocks", [])]
    assert all(f"day {tick + 1} " in lesson.bet.question for tick in ticks)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_what_is_said_of_a_choice_that_the_run_decides_is_the_runs_own_figure(lesson):
    decided = [choice for question in lesson.questions for choice in question.choices if choice.when is not None]
    assert all(FIELD.search(choice.why) for choice in decided), "it is said to whoever chose wrongly, too"


@pytest.mark.slow
def test_a_bank_runs_figures_are_those_of_the_days_that_are_told(outcomes):
    lesson = next(lesson for lesson in LESSONS if lesson.name == "bank_run")
    facts = outcomes(lesson).facts
    worst = filled("{lending.queue:max(151, 180)} USD", facts)
    assert worst in filled(lesson.after, facts)
    assert worst in filled(lesson.questions[2].choices[0].why, facts)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.md")), ids=lambda path: path.stem)
def test_no_answer_of_the_run_is_written_into_the_file(path):
    text = path.read_text(encoding="utf-8")
    header = text.split("+++")[1]
    for line in header.splitlines():
        assert not re.match(r"\s*(outcome|answer|right)\s*=\s*-?\d", line), line
