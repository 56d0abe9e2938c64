"""How many replicates: as many as are asked for, or until every point's mean is known well enough.

The number grows in batches over all points alike, each by what the spread so far promises, so that the sweep stays
balanced and the decision depends on results alone: resumed or not, it comes out the same. What decides is the interval
that is printed, by its longer side; a point whose runs are all the same has shown no spread and is not known at all.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from experiments.statistics import defined
from experiments.statistics.precision import longer_side

LEAST = 3  # replicates before a spread is trusted
FASTEST = 2.0  # at most so many times the replicates before


class Reached(NamedTuple):
    """How well a point's mean is known.

    Attributes:
        label: of the point
        n: replicates in which the number is defined
        half_width: longer side of the interval; infinite where it has none
        same: whether it has none because all runs gave the same number
    """

    label: str
    n: int
    half_width: float
    same: bool = False


def state(label: str, values: Sequence[float], metric: str) -> Reached:
    """State of a point.

    Args:
        label: of the point
        values: of the metric, by replicate
        metric: its name

    >>> state("a", [0.0, 0.0, 0.0], "doctest")
    Reached(label='a', n=3, half_width=inf, same=True)
    """
    found = defined(values)
    same = found.size > 1 and bool(found.min() == found.max())
    return Reached(label, found.size, longer_side(found, metric), same)


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


def told(metric: str, reached: Sequence[Reached], target: float) -> str:
    """What half-widths have been reached, and where they have not.

    >>> for line in told("bad_debt", [Reached("a", 40, 0.01), Reached("b", 40, math.inf, True)], 0.05).split("; "):
    ...     print(line)
    bad_debt: half-widths of 0.01 to 0.01 after 40 replicates, 0.05 wanted
    the same in all 40 runs at 1 of 2 points, first b, so that nothing is known of others
    """
    found = [each.half_width for each in reached if math.isfinite(each.half_width)]
    n = max((each.n for each in reached), default=0)
    spans = f"half-widths of {min(found):.3g} to {max(found):.3g}" if found else "no half-width"
    wide = [each for each in reached if target < each.half_width < math.inf]
    same = [each for each in reached if each.same]
    none = [each for each in reached if math.isinf(each.half_width) and not each.same]

    def where(some: Sequence[Reached]) -> str:
        return f"at {len(some):,} of {len(reached):,} points, first {some[0].label}"

    parts = [f"{metric}: {spans} after {n:,} replicates, {target:g} wanted"]
    parts += [f"too wide {where(wide)}"] if wide else []
    parts += [f"the same in all {same[0].n:,} runs {where(same)}, so that nothing is known of others"] if same else []
    parts += [f"without an interval (hardly defined, or infinite) {where(none)}"] if none else []
    return "; ".join(parts)
