"""One lesson on the page: text, bet, run, chart, questions, explanation, and the way on."""

import json
from collections.abc import Callable
from typing import Any

import solara

from app import state as phases
from app import store
from app.address import encode
from app.frame import Frame
from app.lessons import chart as drawing
from app.lessons.judge import LONGEST, SHOWN, Outcome, early, judged, on_guess, outcome, shown
from app.lessons.lesson import Lesson
from app.lessons.progress import Progress, answered, on_slider
from app.lessons.text import filled
from app.options import Chart
from app.panels.figures import Figure
from app.parts import prose, tag
from app.widgets import Press
from app.widgets.lessons import BetBox, QuestionBox
from model.errors import ScenarioError
from model.units import HOURS_PER_DAY


@solara.component
def LessonView(
    lesson: Lesson, place: str, following: Lesson | None, mine: Progress, keep: Callable[[Progress], None], go: Any
) -> Any:
    """The whole lesson.

    Args:
        lesson: as read
        place: which of how many, in words
        following: the next lesson
        mine: what the student has done of it
        keep: told what he has done by now
        go: told the name of a lesson to show, empty for the list
    """
    session = store.use_session()
    placed = mine.guess is not None
    setups = lesson.setups()

    def run() -> None:
        if placed and session.state.setups[: len(setups)] == () and not session.state.frames:
            session.open(*setups)

    solara.use_effect(run, [placed])
    state = session.state
    ready = len(state.frames) == len(setups) and state.phase in (phases.PAUSED, phases.ENDED)

    def work_out() -> tuple[Outcome | None, str]:
        if not ready:
            return None, ""
        try:
            found = outcome(lesson, session.paths(), float(state.frames[0]["hours"]) / HOURS_PER_DAY)
            drawing.fits(lesson, found)
            return found, ""
        except ScenarioError as error:
            return None, str(error)

    came, trouble = solara.use_memo(work_out, [ready, state.number])

    side: list[Any] = [_box(lesson, mine, keep, state, came, trouble)]
    head = [
        tag("p", [Press("All lessons", lambda: go(""), kind="quiet"), tag("span", [place], "rs-hint")], "rs-row"),
        tag("h1", [lesson.title]),
        tag("p", [lesson.about], "rs-question"),
    ]
    head += [tag("p", [text], "rs-note", role="alert") for text in (state.message, trouble) if text]
    read = tag("section", [prose(_early(lesson, lesson.before))], "rs-card", **{"aria-label": "What it is about"})
    rest: list[Any] = []
    if came is not None and placed:
        facts = came.facts.knowing(guess=mine.guess or 0.0)
        side.append(_figure(lesson, came, mine.guess).key("chart"))
        rest.append(_card("What happened", prose(filled(lesson.after, facts))).key("after"))
        rest += _questions(lesson, came, mine, keep)
        if mine.done:
            rest.append(_end(lesson, filled(lesson.why, facts), following, go).key("end"))
    return tag(
        "div",
        [*head, tag("div", [read, tag("div", side, "rs-beside"), tag("div", rest, "rs-grid")], "rs-lesson")],
        **{"data-lesson": lesson.name},
    )


def _box(
    lesson: Lesson,
    mine: Progress,
    keep: Callable[[Progress], None],
    state: phases.State,
    came: Outcome | None,
    trouble: str,
) -> Any:
    """The bet: a slider before the run, how near it was after it."""
    placed, failed = mine.guess is not None, bool(state.message or trouble)

    def bet(given: Any) -> None:
        guess = on_slider(lesson, given)
        if guess is not None:
            keep(mine._replace(guess=guess))

    status = ""
    if mine.guess is not None and came is not None:
        status = on_guess(lesson, mine.guess, came.value)
    elif placed and not failed:
        status = "Building the market …" if state.phase == phases.BUILDING else _running(lesson, state.progress)
    return BetBox(
        question=filled(lesson.bet.question, came.facts) if came is not None else _early(lesson),
        unit=lesson.bet.unit,
        low=lesson.bet.low,
        high=lesson.bet.high,
        step=lesson.bet.step,
        value=lesson.bet.start if mine.guess is None else mine.guess,
        placed=placed,
        busy=placed and came is None and not failed,
        progress=state.progress if state.phase == phases.CATCHING_UP else 0.0,
        status=status,
        button="This is my guess: run it" if came is None else "This is my guess",
        event_bet=bet,
        event_again=lambda _: keep(mine._replace(guess=None)),
    )


def _card(title: str, *parts: Any, **attributes: str) -> Any:
    """A part of the lesson under its title."""
    return tag("section", [tag("h2", [title]), *parts], "rs-card rs-grid", **{"aria-label": title, **attributes})


def _early(lesson: Lesson, text: str | None = None) -> str:
    """A text before the run, which knows the scenario's own numbers alone."""
    return filled(lesson.bet.question if text is None else text, early(lesson))


def _running(lesson: Lesson, share: float) -> str:
    runs = f"{lesson.seeds} runs" if lesson.seeds > 1 else "The market runs"
    return f"{runs}: tick {round(share * lesson.ticks):,} of {lesson.ticks:,}"


def _figure(lesson: Lesson, came: Outcome, guess: float | None) -> Any:
    """The run with the guess, as a chart with its table and files."""

    class Drawn:
        """What `Figure` asks of a chart's module."""

        option = staticmethod(lambda frame, dark: drawing.option(lesson, came, guess, dark))
        table = staticmethod(lambda frame: drawing.table(lesson, came))

    labels = tuple(line.label for line in lesson.lines)
    chart = Chart("run", lesson.chart_title, 0, "", drawing.HEIGHT, labels, Drawn)
    frame = Frame({"scenario": f"lesson-{lesson.name}", "seed": lesson.seed, "hours": came.facts.day * HOURS_PER_DAY})
    return Figure(chart, frame, store.dark.value, paths=lambda: drawing.full(lesson, came))


def _questions(lesson: Lesson, came: Outcome, mine: Progress, keep: Callable[[Progress], None]) -> list[Any]:
    """Questions up to the first that is not answered yet."""
    found = []
    for i in range(len(lesson.questions)):
        known = mine.answers[i] if i < len(mine.answers) else ""
        found.append(Asked(lesson, came, i, known, lambda text, i=i: keep(_with(lesson, mine, i, text))).key(f"q{i}"))
        if not known:
            break
    return found


def _with(lesson: Lesson, mine: Progress, i: int, text: str) -> Progress:
    return answered(mine, i, text, len(lesson.questions))


@solara.component
def Asked(lesson: Lesson, came: Outcome, i: int, known: str, keep: Callable[[str], None]) -> Any:
    """One question: his answer is judged by the run's own figures."""
    given, set_given = solara.use_state("")
    question, right, facts = lesson.questions[i], came.rights[i], came.facts
    verdict = judged(question, right, known or given) if known or given else None
    good = verdict is not None and verdict.right and bool(known)
    solution = str(round(right)) if question.choices else f"{right:.6g}"

    def check(answer: Any) -> None:
        text = str(answer)[:LONGEST].lstrip(SHOWN)
        if judged(question, right, text).right:
            keep(text)
        set_given(text)

    said = ""
    if verdict is not None:
        told = filled(verdict.said, facts)
        word = "The answer:" if known.startswith(SHOWN) else "Right." if verdict.right else "Not this one."
        said = f"{word} {told or shown(right, question.unit)}" if verdict.right or question.choices else told
    return QuestionBox(
        number=i + 1,
        title=f"Question {i + 1} of {len(lesson.questions)}",
        text=filled(question.text, facts),
        options=json.dumps([filled(choice.text, facts) for choice in question.choices]),
        unit=question.unit,
        answer=(known or given).lstrip(SHOWN),
        done=good,
        right=bool(verdict and verdict.right),
        tried=bool(given) and not good,
        said=said,
        why=filled(question.why, facts) if good else "",
        event_checked=check,
        event_shown=lambda _: keep(SHOWN + solution),
    )


def _end(lesson: Lesson, why: str, following: Lesson | None, go: Any) -> Any:
    """The explanation, and where to go from here."""
    buttons = [Press("All lessons", lambda: go(""), kind="plain")]
    if following is not None:
        onward = following.name
        buttons.insert(0, Press(f"Next: {following.title}", lambda: go(onward), kind="main"))
    setup = lesson.setups()[0]
    link = tag("a", ["Play with this market in Explore"], href=f"/?{encode(setup.at(1))}", target="_self")
    return _card("Why", prose(why), tag("div", buttons, "rs-row"), tag("p", [link]), **{"data-card": "why"})
