"""What came out of a lesson's runs, how far the guess was off, and which answers are right: all from the very runs."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from app.lessons.facts import Facts
from app.lessons.lesson import Lesson, Question
from experiments.console import readable
from model.errors import ScenarioError

LONGEST = 40  # characters of a typed answer
SHOWN = "?"  # before an answer that the student asked to be told
DIGITS = 3
GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}([.,])\d{3}(?:\1\d{3})*")  # digits in threes, parted by one kind of sign


class Outcome(NamedTuple):
    """A lesson after its runs.

    Attributes:
        facts: figures of the runs, the outcome among them
        value: of the bet's figure
        rights: for each question the number of the right choice, or the right number
    """

    facts: Facts
    value: float
    rights: tuple[float, ...]


class Verdict(NamedTuple):
    """Whether an answer is right, and what is said about it."""

    right: bool
    said: str


def early(lesson: Lesson) -> Facts:
    """What is known of a lesson before its runs: the scenario's own numbers."""
    return Facts(lesson.setups()[0].build(), given={"seeds": lesson.seeds})


def outcome(lesson: Lesson, paths: Sequence[Mapping[str, Sequence[float]]], day: float) -> Outcome:
    """What came out.

    Args:
        lesson: as read
        paths: of all metrics, for each run
        day: length of a tick in days

    Raises:
        ScenarioError: the runs do not tell the bet's figure, or not which answer is right
    """
    scenario = lesson.setups()[0].build()
    facts = Facts(scenario, paths, day, {"seeds": lesson.seeds})
    value = lesson.bet.figure.value(facts)
    if not math.isfinite(value):
        raise ScenarioError(f"{lesson.name}.md: [predict] figure is undefined in this run; take another figure or seed")
    facts = facts.knowing(outcome=value, guess=value)
    return Outcome(facts, value, tuple(_right(lesson, question, facts) for question in lesson.questions))


def _right(lesson: Lesson, question: Question, facts: Facts) -> float:
    """Number of the right choice, or the right number."""
    label = f"{lesson.name}.md, line {question.line}"
    if question.figure is not None:
        value = question.figure.value(facts)
        if not math.isfinite(value):
            raise ScenarioError(f"{label}: the right answer is undefined in this run; take another figure or seed")
        return value
    right = [
        i
        for i, choice in enumerate(question.choices)
        if choice.right or (choice.when is not None and choice.when.value(facts) > 0)
    ]
    if len(right) != 1:
        raise ScenarioError(f"{label}: {len(right)} choices are right in this run, and one must be; mend their `when`")
    return float(right[0])


def judged(question: Question, right: float, given: str) -> Verdict:
    """Whether an answer is right.

    Args:
        question: of the lesson
        right: of `Outcome.rights`
        given: the number of a choice, or a number as typed; after `SHOWN` where he was told

    >>> three = Question("1 + 2?", (), None, "", 0.5, "", 1)
    >>> judged(three, 3.0, "3,4").right
    True
    """
    if question.choices:
        given = given.lstrip(SHOWN)
        place = int(given) if given.isdecimal() and len(given) <= 2 else -1
        if not 0 <= place < len(question.choices):
            return Verdict(False, "Choose one of the answers.")
        return Verdict(place == round(right), question.choices[place].why)
    value = min(readings(given.lstrip(SHOWN)), key=lambda meant: abs(meant - right), default=None)
    if value is None:
        return Verdict(False, "Type a number, such as 12.5.")
    if abs(value - right) <= question.within:
        return Verdict(True, "")
    return Verdict(False, f"{readable(value)} is too {'much' if value > right else 'little'}.")


def readings(text: str) -> tuple[float, ...]:
    """What a number as people type it may mean; nothing if it is none.

    Where point and comma both occur, the last is the decimal sign. A sign that occurs again groups thousands. One that
    stands alone is a decimal sign, but before three digits it may group thousands as well: 1,234 is either.

    >>> readings("1,234.5"), readings("1.234,5"), readings("12,5 %"), readings("0,100"), readings("x")
    ((1234.5,), (1234.5,), (12.5,), (0.1,), ())
    >>> readings("1,234")
    (1.234, 1234.0)
    """
    plain = "".join(text[:LONGEST].replace("−", "-").split()).rstrip("%")
    signs = [sign for sign in plain if sign in ".,"]
    meant = [] if signs else [plain]
    if signs and signs.count(signs[-1]) == 1:
        whole, part = plain.rsplit(signs[-1])
        meant += [f"{_joined(whole)}.{part}"] if len(signs) == 1 or GROUPED.fullmatch(whole) else []
    if GROUPED.fullmatch(plain):
        meant.append(_joined(plain))
    try:
        return tuple(value for value in map(float, meant) if math.isfinite(value))
    except ValueError:
        return ()


def _joined(text: str) -> str:
    return text.replace(",", "").replace(".", "")


def shown(value: float, unit: str) -> str:
    """A number of three digits with its unit.

    >>> shown(-12.544, "%"), shown(12345.6, "USD")
    ('−12.5 %', '12,346 USD')
    """
    if abs(value) < 10 ** (DIGITS - 1):
        value = float(f"{value:.{DIGITS}g}")
    return f"{readable(value)} {unit}".strip().replace("-", "−", 1 if value < 0 else 0)


def on_guess(lesson: Lesson, guess: float, value: float) -> str:
    """One sentence on how far the guess was off."""
    off = abs(guess - value)
    said = f"You guessed {shown(guess, lesson.bet.unit)}; it became {shown(value, lesson.bet.unit)}."
    if off <= lesson.bet.near:
        return f"{said} That is near."
    where, unit = "above" if guess > value else "below", lesson.bet.unit
    return f"{said} You were {shown(off, 'percentage points' if unit == '%' else unit)} {where}; the text explains what happened."
