"""Emission schedules: how many tokens have been emitted by a day, a function of time that never falls.

A tick emits the difference of two such numbers, so the length of a tick changes nothing.
"""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from model.units import DAYS_PER_WEEK

if TYPE_CHECKING:
    from model.mechanisms.farms.params import EmissionParams


def constant(p: "EmissionParams", day: float) -> float:
    """The same every day."""
    return p.rate * day


def bonus(p: "EmissionParams", day: float) -> float:
    """A multiple of the rate for the first days, then the rate [SushiSwap 2020: tenfold for two weeks]."""
    first = min(day, p.bonus_days)
    return p.rate * (p.bonus * first + (day - first))


def geometric(p: "EmissionParams", day: float) -> float:
    """A rate that shrinks by the same part every week: the sum of whole weeks, and the part of a week."""
    weeks = math.floor(day / DAYS_PER_WEEK)
    rest = day - weeks * DAYS_PER_WEEK
    whole = float(weeks) if p.decay == 1.0 else (1.0 - p.decay**weeks) / (1.0 - p.decay)
    return p.rate * (DAYS_PER_WEEK * whole + rest * p.decay**weeks)


def halving(p: "EmissionParams", day: float) -> float:
    """A rate that halves at regular times, as a coin's subsidy does."""
    periods = math.floor(day / p.halving_days)
    rest = day - periods * p.halving_days
    return p.rate * (p.halving_days * 2.0 * (1.0 - 0.5**periods) + rest * 0.5**periods)


SCHEDULES: dict[str, Callable[["EmissionParams", float], float]] = {
    "constant": constant,
    "bonus": bonus,
    "geometric": geometric,
    "halving": halving,
}


def emitted_by(p: "EmissionParams", day: float) -> float:
    """Tokens emitted in the first `day` days, by the schedule, its last day and its cap [whole tokens]."""
    day = max(0.0, day - p.start_day)
    day = min(day, p.days) if p.days > 0.0 else day
    total = SCHEDULES[p.schedule](p, day)
    return min(total, p.cap) if p.cap > 0.0 else total
