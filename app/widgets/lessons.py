"""The pieces of lessons: the bet, a question, the list, and what the browser keeps of a student's progress."""

from collections.abc import Callable
from typing import Any

import solara

Told = Callable[[Any], None]


@solara.component_vue("bet.vue")
def BetBox(
    question: str,
    unit: str,
    low: float,
    high: float,
    step: float,
    value: float,
    placed: bool,
    busy: bool,
    progress: float,
    status: str,
    button: str,
    event_bet: Told,
    event_again: Told,
) -> None:
    """A slider with a button; `placed` holds it, `status` is read out, `progress` is shown while `busy`."""


@solara.component_vue("question.vue")
def QuestionBox(
    number: int,
    title: str,
    text: str,
    options: str,
    unit: str,
    answer: str,
    done: bool,
    right: bool,
    tried: bool,
    said: str,
    why: str,
    event_checked: Told,
    event_shown: Told,
) -> None:
    """Choices (JSON list of texts) or a field for a number; `done` holds it, `said` and `why` are read out."""


@solara.component_vue("lessons.vue")
def LessonRows(lessons: str, event_went: Told) -> None:
    """A list of lessons: JSON rows of name, path, title, about, state and words."""


@solara.component_vue("keep.vue")
def Keep(place: str, text: str, event_found: Told) -> None:
    """Keeps entries of a JSON object in the browser beside those of other tabs, and tells all when the page opens."""
