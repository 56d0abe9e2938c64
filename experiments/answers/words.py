"""Numbers and intervals in words; what is not known is said to be unknown."""

import math
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from experiments.console import readable
from experiments.statistics import Difference, Interval, clopper_pearson, mean_interval

PERCENT = 100.0
POINTS = "points"  # of a hundred: differences of shares


class Known(Protocol):
    """What lies between two ends."""

    @property
    def low(self) -> float:
        """Lower end."""

    @property
    def high(self) -> float:
        """Upper end."""


def is_clear(known: Known) -> bool:
    """Whether an interval leaves 0 out.

    >>> ends = (-1.0, 2.0), (0.5, 2.0), (math.nan, 1.0)
    >>> [is_clear(Interval(9, 1.0, low, high, "t")) for low, high in ends]
    [False, True, False]
    """
    return known.low > 0.0 or known.high < 0.0


def amount(value: float, unit: str = "") -> str:
    """A number with its unit.

    >>> amount(1234.5, "USD"), amount(0.256, "%"), amount(3.0, "1")
    ('1,234 USD', '25.6 %', '3')
    """
    if unit == POINTS:
        return f"{readable(float(f'{PERCENT * value:.3g}'))} {POINTS}"
    if unit == "%":
        return f"{readable(float(f'{PERCENT * value:.3g}'))} %"
    return f"{readable(value)}{'' if unit in ('', '1') else f' {unit}'}"


def within(interval: Interval, unit: str = "") -> str:
    """A number with where it lies.

    >>> within(Interval(3, 2.0, 1.0, 3.0, "t"), "USD")
    '2 USD (95 % interval 1 to 3)'
    """
    if math.isnan(interval.low) or math.isnan(interval.high):
        return f"{amount(interval.value, unit)} ({interval.n} run{'s' * (interval.n != 1)}, no interval)"
    return f"{amount(interval.value, unit)} ({PERCENT * interval.level:g} % interval {ends(interval.low, interval.high, unit)})"


def ends(low: float, high: float, unit: str = "") -> str:
    """Ends of an interval, without the unit that stands before them.

    >>> ends(0.1, 0.25, "%"), ends(-2.0, 3.0, "USD")
    ('10 to 25', '-2 to 3')
    """
    return " to ".join(amount(x, unit).removesuffix(f" {unit}") for x in (low, high))


def average(values: Any, name: str, unit: str = "") -> str:
    """Mean of runs with its interval."""
    return within(mean_interval(np.asarray(values, float), name), unit)


def chance(hits: int, n: int) -> str:
    """How often something happened, with the exact interval of its probability.

    >>> chance(0, 30)
    'none of 30 runs (probability 0 to 11.6 %)'
    """
    found = clopper_pearson(hits, n)
    count = {0: "none", n: "all"}.get(hits, str(hits)) if n else "none"
    return f"{count} of {n} runs (probability {amount(found.low, '%').removesuffix(' %')} to {amount(found.high, '%')})"


def moved(change: Difference, unit: str = "") -> str:
    """What became of a number: up, down, or no clear effect.

    >>> from experiments.statistics import difference
    >>> moved(difference([1.0, 2.0, 3.0], [3.0, 4.1, 5.1], "doctest"), "USD")
    'goes up by 2.067 USD (95 % interval 1.923 to 2.21), from 2 USD to 4.067 USD'
    """
    i, gap = change.interval, POINTS if unit == "%" else unit
    if change.n < 2 or math.isnan(i.low):
        return f"cannot be judged with {change.n} pair{'s' * (change.n != 1)} of runs"
    span = f"95 % interval {ends(i.low, i.high, gap)}{'' if gap in ('', '1') else f' {gap}'}"
    if change.sd == 0.0 and i.value == 0.0:
        return f"stays the same in all {change.n} pairs of runs"
    if not is_clear(i):
        return f"shows no clear effect ({span} for the difference)"
    size = i._replace(value=abs(i.value), low=min(abs(i.low), abs(i.high)), high=max(abs(i.low), abs(i.high)))
    way = "up" if i.value > 0.0 else "down"
    return f"goes {way} by {within(size, gap)}, from {amount(change.first, unit)} to {amount(change.second, unit)}"


def listed(names: Sequence[str], last: str = "and") -> str:
    """Names in a row.

    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    *first, end = names
    return f"{', '.join(first)} {last} {end}" if first else end


def few(runs: int, missing: int) -> str:
    """A sentence where runs are missing from what was asked for."""
    if not missing:
        return ""
    return f"This rests on {runs:,} runs; {missing:,} that were asked for failed or are missing, and may differ from these."
