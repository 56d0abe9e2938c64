"""What a student has done of each lesson, as the browser keeps it: guess, answers, and whether he is through."""

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from app.lessons.judge import LONGEST
from app.lessons.lesson import Lesson

LARGEST = 100_000  # characters that a browser may send


class Progress(NamedTuple):
    """One lesson's progress.

    Attributes:
        guess: None before the bet
        answers: by question, as given; empty where none was right yet
        done: whether every question was answered
    """

    guess: float | None = None
    answers: tuple[str, ...] = ()
    done: bool = False


def answered(progress: Progress, place: int, answer: str, questions: int) -> Progress:
    """With one more right answer.

    >>> answered(Progress(5.0), 0, "2", 1)
    Progress(guess=5.0, answers=('2',), done=True)
    """
    answers = [*progress.answers, *[""] * (questions - len(progress.answers))][:questions]
    answers[place] = answer
    return progress._replace(answers=tuple(answers), done=all(answers))


def on_slider(lesson: Lesson, value: Any) -> float | None:
    """A guess from outside, if the slider could give it."""
    try:
        number = float(str(value)[:LONGEST])
    except ValueError:
        return None
    return number if math.isfinite(number) and lesson.bet.low <= number <= lesson.bet.high else None


def read(text: Any, lessons: Iterable[Lesson]) -> dict[str, Progress]:
    """What a browser kept; whatever does not fit the lessons is left out."""
    try:
        kept = json.loads(text) if isinstance(text, str) and len(text) <= LARGEST else {}
    except (ValueError, RecursionError):
        kept = {}
    found = {}
    for lesson in lessons:
        row = kept.get(lesson.name) if isinstance(kept, dict) else None
        if not isinstance(row, dict):
            continue
        guess, given = on_slider(lesson, row.get("guess")), row.get("answers")
        answers = [a[:LONGEST] for a in given if isinstance(a, str)] if isinstance(given, list) else []
        full = len(answers) == len(lesson.questions) and all(answers)
        found[lesson.name] = Progress(guess, tuple(answers[: len(lesson.questions)]), full and bool(row.get("done")))
    return found


def write(progress: Mapping[str, Progress]) -> str:
    """The text that a browser keeps.

    >>> write({"halving": Progress(40.0, ("0",), True)})
    '{"halving": {"guess": 40.0, "answers": ["0"], "done": true}}'
    """
    return json.dumps({name: each._asdict() for name, each in progress.items()})
