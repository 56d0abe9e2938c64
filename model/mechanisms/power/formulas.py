"""The power price index, and the part of a tick that lies in peak hours."""

import math

from model.units import HOURS_PER_DAY


def index_step(state: float, shock: float, half_life: float, sd: float) -> float:
    """One week of the log of the spot price around its mean, mean-reverting with a stationary spread.

    x' = r x + s sqrt(1 - r^2) N,  r = 2^(-1/T)                                    [Schwartz 1997, model 1]

    Args:
        state: x, log deviation of this week
        shock: N, a standard normal
        half_life: T, time in which half of a deviation is gone [weeks]
        sd: s, spread of x over all weeks [log]

    >>> index_step(0.5, 0.0, 1.0, 0.3)
    0.25
    """
    left = 0.5 ** (1.0 / half_life)
    return left * state + sd * math.sqrt(1.0 - left * left) * shock


def index_level(state: float, sd: float) -> float:
    """Spot price over its mean: e^(x - s^2 / 2), of mean 1 over all weeks.

    >>> index_level(0.02, 0.2)
    1.0
    """
    return math.exp(state - 0.5 * sd * sd)


def peak_share(begins: float, hours: float, peak_from: float, peak_hours: float) -> float:
    """Part of a tick that lies in the day's peak hours; over the ticks of a day they add up to all of them.

    Args:
        begins: hour of the day at which the tick begins, 0 to 24
        hours: its length, at most 24
        peak_from: hour at which the peak begins; it may last over midnight
        peak_hours: length of the peak

    >>> peak_share(12, 6, 14, 6), peak_share(0, 24, 20, 8), peak_share(0, 6, 22, 4)
    (0.6666666666666666, 0.3333333333333333, 0.3333333333333333)
    """
    inside = 0.0
    for day in (-HOURS_PER_DAY, 0, HOURS_PER_DAY):
        inside += max(0.0, min(begins + hours, peak_from + day + peak_hours) - max(begins, peak_from + day))
    return min(1.0, inside / hours)
