"""How a ban stops rigs and how they come back elsewhere, in closed form, so that ticks of any length agree."""

import math


def returned(age: float, delay: float, relocation: float) -> float:
    """Share of stopped rigs that run elsewhere at an age: 1 - e^(-(a - d)/T) after a delay d, none before [1].

    Args:
        age: a, time since they stopped [days]
        delay: d, time to pack, ship and plug in [days]
        relocation: T, time constant of finding a new site [days]

    >>> returned(30.0, 30.0, 60.0)
    0.0
    """
    return -math.expm1(-(age - delay) / relocation) if age > delay else 0.0


def still_time(age: float, delay: float, relocation: float) -> float:
    """Mean time that a rig has stood still at an age: the integral of 1 - `returned` [days]."""
    if age <= delay:
        return max(0.0, age)
    return delay + relocation * returned(age, delay, relocation)


def still_share(days: float, ramp: float, delay: float, relocation: float) -> float:
    """Share of the banned rigs that stand still so many days after the ban began.

    They stop evenly over the ramp w; S(a) = 1 - `returned`, F its integral:  (F(t) - F(t - w)) / w, or S(t) at once.

    Args:
        days: t, since the ban began
        ramp: w, days over which rigs are stopped; 0 for all at once
        delay, relocation: as in `returned`

    >>> still_share(10.0, 20.0, 1000.0, 60.0)
    0.5
    """
    if days < 0.0:
        return 0.0
    if ramp <= 0.0:
        return 1.0 - returned(days, delay, relocation)
    before = still_time(days - ramp, delay, relocation) if days > ramp else 0.0
    return (still_time(days, delay, relocation) - before) / ramp
