"""What a lesson is made of; immutable."""

from dataclasses import dataclass
from typing import Any

from app.address import Setup
from app.lessons.calculate import Expression


@dataclass(frozen=True)
class Line:
    """One line of the chart: its name in the key, and its path."""

    label: str
    figure: Expression


@dataclass(frozen=True)
class Bet:
    """What the student guesses before the run.

    Attributes:
        question: in words
        figure: what comes out
        unit: of guess and outcome
        low, high, step, start: range and grid of the slider, and where it stands at first
        near: a guess so far off is still called near
        draw: height of the line on the chart for a guess
    """

    question: str
    figure: Expression
    unit: str
    low: float
    high: float
    step: float
    start: float
    near: float
    draw: Expression


@dataclass(frozen=True)
class Choice:
    """One of several answers: right always, or when the run says so; and what is said to whoever chooses it."""

    text: str
    right: bool
    when: Expression | None
    why: str


@dataclass(frozen=True)
class Question:
    """A question about the run: choices, or a number to be typed.

    Attributes:
        text: in words, with fields in braces
        choices: of which one is right; none for a number
        figure: the right number
        unit: of the number
        within: a number so far off is accepted
        why: what is said once the answer is right
        line: where it begins in the file
    """

    text: str
    choices: tuple[Choice, ...]
    figure: Expression | None
    unit: str
    within: float
    why: str
    line: int


@dataclass(frozen=True)
class Lesson:
    """One lesson.

    Attributes:
        name: file name without its ending
        title, about: what it is called, and one sentence for the list
        order: place in the list
        scenario, seed, seeds, ticks: what is run, how often, and how long
        settings: parameters set from the start, (dotted path, value)
        changes: (tick, dotted path, value) of live parameters changed on the way
        chart_title, chart_unit, chart_from: of the chart, and the day on which it begins
        lines: of the chart
        bet: the guess
        questions: after the run
        before, after, why: Markdown before the bet, after the run, and after the questions
        next: the lesson to follow; empty for the next in order
        places: line in the file of `before`, `after` and `why`
    """

    name: str
    title: str
    about: str
    order: float
    scenario: str
    seed: int
    seeds: int
    ticks: int
    settings: tuple[tuple[str, Any], ...]
    changes: tuple[tuple[int, str, Any], ...]
    chart_title: str
    chart_unit: str
    chart_from: float
    lines: tuple[Line, ...]
    bet: Bet
    questions: tuple[Question, ...]
    before: str
    after: str
    why: str
    next: str
    places: tuple[int, int, int]

    def setups(self) -> tuple[Setup, ...]:
        """The runs: one per seed, up to the last tick."""
        return tuple(
            Setup(self.scenario, self.seed + i, self.ticks, self.settings, self.changes) for i in range(self.seeds)
        )
