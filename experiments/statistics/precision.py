"""How many replicates a precision takes: pilot, projected number, achieved half-width.

What decides is the interval that is printed, `mean_interval`, by its longer side. Where all runs gave the same number
nothing is known of others, so no half-width has been reached.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from experiments.replicates import LEVEL
from experiments.statistics.intervals import check_level, defined
from experiments.statistics.means import mean_interval
from model.errors import ScenarioError

PILOT = 10  # replicates before the first projection
BLIND = 2  # times as many replicates where no spread has been seen


class Precision(NamedTuple):
    """Where a mean stands against the half-width that was asked for.

    Attributes:
        n: replicates so far
        wanted, achieved: half-widths, in the metric's unit; infinite where all runs gave the same number
        projected: replicates that it takes in all; n where it has been reached, a guess where all are the same
        reached: whether achieved <= wanted
        same: whether all runs gave the same number
    """

    n: int
    wanted: float
    achieved: float
    projected: int
    reached: bool
    same: bool = False


def longer_side(values: ArrayLike, name: str, level: float = LEVEL) -> float:
    """From a mean to the further end of its interval; infinite where no two defined values differ, or one is infinite.

    Args:
        values: one number per run, in the order of replicates
        name: what is estimated; seeds the bootstrap

    >>> round(longer_side([1.0, 2.0, 3.0], "doctest"), 3), longer_side([1.0], "doctest"), longer_side([0.0] * 9, "doctest")
    (2.484, inf, inf)
    """
    found = defined(values)
    if found.size < 2 or found.min() == found.max() or np.isinf(found).any():
        return math.inf
    own = mean_interval(found, name, level)
    return max(own.high - own.value, own.value - own.low)


def projected(pilot: ArrayLike, half_width: float, level: float = LEVEL) -> int:
    """Replicates for a half-width by Stein's two stages: ceil((t(n0 - 1) sd / half_width)^2), n0 at least   [Stein1945].

    With t of the pilot's own degrees of freedom the interval mean ± half_width has at least the level for normal
    values, however badly the pilot's sd happened to be estimated.

    Args:
        pilot: values of the first n0 replicates
        half_width: asked for, in the metric's unit

    >>> projected([1.0, 2.0, 3.0, 4.0, 5.0], half_width=0.5)
    78
    """
    from scipy.stats import t

    check_level(level)
    if not half_width > 0.0 or math.isinf(half_width):
        raise ScenarioError(f"half-width {half_width!r}: give a number above 0, in the metric's unit")
    values = defined(pilot)
    if values.size < 2:
        raise ScenarioError(f"a pilot of {values.size} defined values tells no spread; give at least 2 replicates")
    if np.isinf(values).any():
        raise ScenarioError("a value is infinite, and so is their mean; choose another metric")
    half = float(t.ppf((1.0 + level) / 2.0, values.size - 1)) * float(values.std(ddof=1))
    return max(values.size, math.ceil((half / half_width) ** 2 - 1e-9))


def reached(values: ArrayLike, half_width: float, name: str = "", level: float = LEVEL) -> Precision:
    """Whether the interval of a mean is as narrow as asked for, on either side, and how many replicates it will take.

    The longer side h falls as 1 / sqrt(n), so n (h / half_width)^2 are needed: Stein's number where the interval is t.

    Args:
        values: one number per replicate, in their order
        half_width: asked for, in the metric's unit
        name: what is estimated, as where the interval is printed; seeds the bootstrap

    >>> reached([1.0, 2.0, 3.0, 4.0, 5.0], half_width=2.0).reached, reached([0.0] * 10, half_width=2.0).reached
    (True, False)
    """
    need, n = projected(values, half_width, level), defined(values).size
    side = longer_side(values, name, level)
    if side <= half_width:
        return Precision(n, half_width, side, n, True)
    if math.isinf(side):
        return Precision(n, half_width, side, BLIND * n, False, same=True)
    return Precision(n, half_width, side, max(need, n + 1, math.ceil(n * (side / half_width) ** 2 - 1e-9)), False)
