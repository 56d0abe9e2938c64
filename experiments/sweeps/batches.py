"""How many replicates: as many as are asked for, or until every point's mean is known well enough.

The number grows in batches over all points alike, each by what the spread so far promises, so that the sweep stays
balanced and the decision depends on results alone: resumed or not, it comes out the same.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from experiments.replicates import estimate

LEAST = 3  # replicates before a spread is trusted
FASTEST = 2.0  # at most so many times the replicates before


class Reached(NamedTuple):
    """How well a point's mean is known: its label, replicates in which the number is defined, half-width of the interval."""

    label: str
    n: int
    half_width: float


def half_width(values: Sequence[float]) -> float:
    """Half of Student's t interval of the mean; infinite with fewer than two defined values.

    >>> round(half_width([1.0, 2.0, 3.0]), 3), half_width([1.0])
    (2.484, inf)
    """
    found = estimate(values)
    return math.inf if math.isnan(found.high) else (found.high - found.low) / 2


def next_total(reached: Sequence[Reached], total: int, target: float, most: int) -> int:
    """Replicates of every point after the next batch; `total` again when it is enough.

    The half-width falls as 1 / sqrt(n), so n (h / target)^2 are needed for the widest point.

    Args:
        reached: every point's state
        total: replicates so far
        target: half-width wanted
        most: at most so many

    >>> next_total([Reached("a", 10, 0.2)], 10, 0.15, 400)
    18
    """
    widest = max((each.half_width for each in reached), default=0.0)
    if widest <= target or total >= most:
        return total
    needed = math.ceil(total * min(FASTEST, (widest / target) ** 2)) if target > 0 else math.ceil(total * FASTEST)
    return min(most, max(needed, total + 1, LEAST))
