"""Check a lesson as a teacher writes it: read it, run it, and say what came out; `run.py check my_lesson.md`."""

from collections.abc import Callable
from pathlib import Path

from app.lessons import chart
from app.lessons.judge import Outcome, outcome, shown
from app.lessons.lesson import Lesson
from app.lessons.read import read
from app.lessons.text import filled
from app.run import Run
from experiments.console import readable


def run(lesson: Lesson, told: Callable[[float], None] = lambda share: None) -> Outcome:
    """Run a lesson as the page does, without a page.

    Args:
        lesson: as read
        told: the share of the way, after each run

    Raises:
        ScenarioError: something in it cannot be used
    """
    found, day = [], 1.0
    setups = lesson.setups()
    for i, setup in enumerate(setups):
        one = Run(setup)
        try:
            while one.done < lesson.ticks and one.running:
                one.step()
            found.append(one.paths())
            day = one.market.clock.dt_days
        finally:
            one.close()
        told((i + 1) / len(setups))
    return outcome(lesson, found, day)


def check_file(path: Path | str) -> str:
    """Everything about a lesson: whether it can be used, what came out, and which answers are right.

    Raises:
        ScenarioError: it cannot be used; one sentence per fault, with file and line
    """
    lesson = read(Path(path))
    came = run(lesson)
    chart.fits(lesson, came)
    chart.option(lesson, came, lesson.bet.start, False)
    for text in (lesson.before, lesson.after, lesson.why):
        filled(text, came.facts)
    runs = f"seed {lesson.seed}" if lesson.seeds == 1 else f"seeds {lesson.seed} to {lesson.seed + lesson.seeds - 1}"
    lines = [
        f"ok ({lesson.scenario}, {runs}, {lesson.ticks} ticks)",
        f"  the bet: {shown(came.value, lesson.bet.unit)}, on a slider from {lesson.bet.low:g} to {lesson.bet.high:g}",
    ]
    for i, (question, right) in enumerate(zip(lesson.questions, came.rights, strict=True), 1):
        if question.choices:
            answer = filled(question.choices[round(right)].text, came.facts)
        else:
            answer = f"{shown(right, question.unit)}, or {readable(question.within)} beside it"
        lines.append(f"  answer {i}: {answer}")
    return "\n".join(lines)
