"""How many replicates a precision takes: pilot, projected number, achieved half-width."""

import math
from typing import NamedTuple

from numpy.typing import ArrayLike

from experiments.replicates import LEVEL
from experiments.statistics.intervals import check_level, defined, mean
from model.errors import ScenarioError

PILOT = 10  # replicates before the first projection


class Precision(NamedTuple):
    """Where a mean stands against the half-width that was asked for.

    Attributes:
        n: replicates so far
        wanted, achieved: half-widths of the t interval, in the metric's unit
        projected: replicates that it takes in all; n where it has been reached
        reached: whether achieved <= wanted
    """

    n: int
    wanted: float
    achieved: float
    projected: int
    reached: bool


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
    half = float(t.ppf((1.0 + level) / 2.0, values.size - 1)) * float(values.std(ddof=1))
    return max(values.size, math.ceil((half / half_width) ** 2 - 1e-9))


def reached(values: ArrayLike, half_width: float, level: float = LEVEL) -> Precision:
    """Whether the t interval of the mean is as narrow as asked for, and how many replicates it will take.

    >>> reached([1.0, 2.0, 3.0, 4.0, 5.0], half_width=2.0).reached
    True
    """
    found = mean(values, level)
    half = (found.high - found.low) / 2.0
    need = projected(values, half_width, level)
    done = half <= half_width
    return Precision(found.n, half_width, half, found.n if done else max(need, found.n + 1), done)
