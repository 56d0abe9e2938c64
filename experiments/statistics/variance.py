"""Paired differences under common random numbers, and what the pairing saves."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.replicates import LEVEL
from experiments.statistics.intervals import Interval, clopper_pearson
from experiments.statistics.means import mean_interval
from experiments.statistics.tails import heavy_tail
from model.errors import ScenarioError


class Difference(NamedTuple):
    """Second minus first over the same replicates.

    Attributes:
        n: replicates in which both are defined
        first, second: their means
        sd: of the differences
        interval: of the mean difference: t, or bootstrapped where differences are skewed
        p: two-sided, paired t test of no difference; 1 where all differences are 0, NaN with fewer than 2 replicates
        better: share of replicates in which the second is better, with its exact interval
        ties: replicates without a difference
        reduction: variance of an unpaired difference over that of the paired one; above 1 where pairing helps
        warning: on a heavy tail of the differences; empty without one
    """

    n: int
    first: float
    second: float
    sd: float
    interval: Interval
    p: float
    better: Interval
    ties: int
    reduction: float
    warning: str


def pairs(first: ArrayLike, second: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Both sides, replicate by replicate, where both are defined."""
    a, b = np.asarray(first, np.float64).ravel(), np.asarray(second, np.float64).ravel()
    if a.size != b.size:
        raise ScenarioError(f"{a.size} runs against {b.size}: pairs need the same replicates on both sides")
    both = ~(np.isnan(a) | np.isnan(b))
    return a[both], b[both]


def variance_reduction(first: ArrayLike, second: ArrayLike) -> float:
    """(var first + var second) / var(second - first): how many times fewer runs pairing takes   [Law2015, 11.2].

    NaN where nothing varies or fewer than two pairs are there, infinite where differences are all alike.

    >>> round(variance_reduction([1.0, 2.0, 3.0, 4.0], [1.1, 2.0, 3.1, 4.0]), 1)
    981.0
    """
    a, b = pairs(first, second)
    if a.size < 2:
        return math.nan
    apart, together = float(a.var(ddof=1) + b.var(ddof=1)), float((b - a).var(ddof=1))
    if apart == 0.0:
        return math.nan
    return apart / together if together > 0.0 else math.inf


def difference(first: ArrayLike, second: ArrayLike, name: str, sign: int = 1, level: float = LEVEL) -> Difference:
    """Compare two scenarios on one metric under common random numbers.

    Args:
        first, second: one number per replicate, in the same order
        name: of the metric; seeds the bootstrap
        sign: 1 where more is better, -1 where less is

    >>> d = difference([1.0, 2.0, 3.0], [2.0, 3.5, 3.9], "doctest")
    >>> round(d.interval.value, 3), d.better.value, round(d.p, 3)
    (1.133, 1.0, 0.026)
    """
    from scipy.stats import t

    a, b = pairs(first, second)
    gaps = b - a
    n = gaps.size
    interval = mean_interval(gaps, f"difference {name}", level)
    sd = float(gaps.std(ddof=1)) if n > 1 else math.nan
    if n < 2:
        p = math.nan
    elif sd == 0.0:
        p = 1.0 if gaps[0] == 0.0 else 0.0
    else:
        p = float(2.0 * t.sf(abs(float(gaps.mean())) / (sd / math.sqrt(n)), n - 1))
    better = clopper_pearson(int((sign * gaps > 0.0).sum()), n, level)
    ties = int((gaps == 0.0).sum())
    left, right = (math.fsum(side) / n if n else math.nan for side in (a, b))
    return Difference(n, left, right, sd, interval, p, better, ties, variance_reduction(a, b), heavy_tail(gaps))
