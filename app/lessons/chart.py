"""The chart of a lesson: its lines over the days of the run, with the guess, and what came out, as level lines."""

import math
from typing import Any

import numpy as np

from app.lessons.facts import Facts
from app.lessons.judge import Outcome, shown
from app.lessons.lesson import Lesson
from app.options import Table
from app.options.style import Line, last, lines, path_table, rule
from app.thin import drawn, places, rounded
from experiments.console import readable
from model.errors import ScenarioError

GUESS_STYLE, OUTCOME_STYLE = 1, 2  # places in the palette
FIRST_STYLES = (0, 3, 4, 5, 6)  # of paths, which leave those two out
HEIGHT = 320  # pixels
LABEL = 0.1  # part of the height that a label takes


def paths(lesson: Lesson, facts: Facts) -> tuple[list[float], list[Line]]:
    """Days and paths as they are drawn.

    Raises:
        ScenarioError: a line cannot be worked out
    """
    days = facts.days()
    begin = min(sum(day < lesson.chart_from for day in days), len(days) - 1)
    chosen = places(len(days) - begin)
    found = [
        Line(line.label, drawn(line.figure.path(facts, len(days))[begin:]), lesson.chart_unit, style=style)
        for line, style in zip(lesson.lines, FIRST_STYLES, strict=False)
    ]
    return [float(day) for day in np.asarray(days)[begin:][chosen]], found


def option(lesson: Lesson, outcome: Outcome, guess: float | None, dark: bool) -> dict[str, Any]:
    """What ECharts draws.

    Args:
        lesson: as read
        outcome: of its runs
        guess: of the student; None if he made none
        dark: for a dark page
    """
    days, found = paths(lesson, outcome.facts)
    levels = [] if guess is None else [(guess, "your guess", GUESS_STYLE)]
    levels.append((outcome.value, "what came out", OUTCOME_STYLE))
    rules, heights, words = [], [], []
    for value, name, style in levels:
        height = lesson.bet.draw.value(outcome.facts.knowing(guess=value))
        if not math.isfinite(height):
            continue
        label = f"{name}: {shown(value, lesson.bet.unit)}"
        rules.append(rule(height, label, dark, style))
        heights.append(height)
        words.append(label)
    known = [value for path in found for value in path.values if value is not None] + heights
    span = max(known) - min(known)
    if len(rules) == 2 and abs(heights[0] - heights[1]) < LABEL * span:  # labels of near lines keep apart
        lower = 0 if heights[0] <= heights[1] else 1
        rules[lower]["label"]["position"] = "insideStartBottom"
    last_ones = ", ".join(f"{path.name} {readable(last(path.values))} {path.unit}".strip() for path in found)
    said = f"Lines over {readable(days[-1])} days; at the end {last_ones}. {'; '.join(words).capitalize()}."
    made = lines(days, found, dark, said, rules)
    ends = _range(min(known), max(known))
    made["yAxis"][0] |= ends
    made["yAxis"][0]["axisLabel"] |= {"showMaxLabel": False, "showMinLabel": ends["min"] == 0.0}  # not on the grid
    return made


def _range(low: float, high: float) -> dict[str, float]:
    """Ends of the axis: room for the level lines and their labels, and zero when it is near."""
    room = 0.08 * ((high - low) or abs(high) or 1.0)
    bottom = 0.0 if 0.0 <= low <= 0.35 * high else low - room
    ends = rounded(np.array([bottom, high + room]), 2)
    return {"min": min(ends[0] or 0.0, low), "max": max(ends[1] or 0.0, high)}


def table(lesson: Lesson, outcome: Outcome) -> Table:
    """The same numbers, one row per day drawn."""
    return path_table(*paths(lesson, outcome.facts))


def full(lesson: Lesson, outcome: Outcome) -> dict[str, list[float]]:
    """Paths in full by label, for files."""
    return {line.label: line.figure.path(outcome.facts, outcome.facts.ticks) for line in lesson.lines}


def fits(lesson: Lesson, outcome: Outcome) -> None:
    """Refuse a bet that nobody can win, or a line that is nowhere defined.

    Raises:
        ScenarioError: the outcome lies outside of the slider, or a line has no point
    """
    bet, name = lesson.bet, f"{lesson.name}.md"
    if not bet.low <= outcome.value <= bet.high:
        came = shown(outcome.value, bet.unit)
        raise ScenarioError(f"{name}: [predict]: {came} came out, and the slider goes from {bet.low:g} to {bet.high:g}")
    for path in paths(lesson, outcome.facts)[1]:
        if last(path.values) is None:
            raise ScenarioError(f"{name}: [chart]: the line {path.name!r} is nowhere defined")
