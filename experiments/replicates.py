"""Several seeds of one scenario: means with their uncertainty."""

import math
from collections.abc import Sequence
from typing import NamedTuple

LEVEL = 0.95


class Estimate(NamedTuple):
    """A mean and how well it is known.

    Attributes:
        n: replicates in which the number is defined
        mean: their mean
        sd: sample standard deviation, n - 1 in the denominator
        low, high: ends of the interval of the mean at LEVEL
    """

    n: int
    mean: float
    sd: float
    low: float
    high: float


def t_estimate(values: Sequence[float], level: float = LEVEL) -> Estimate:
    """Mean with Student's t interval: mean ± t(n - 1) sd / sqrt(n); undefined values are left out   [Student1908].

    What is shown to people takes `statistics.estimated`, which bootstraps the interval where runs are skewed.

    Args:
        values: one number per replicate
        level: probability that the interval covers the mean

    >>> e = t_estimate([1.0, 2.0, 3.0])
    >>> e.n, e.mean, e.sd, round(e.low, 3), round(e.high, 3)
    (3, 2.0, 1.0, -0.484, 4.484)
    """
    from scipy.stats import t

    defined = [v for v in values if not math.isnan(v)]
    n = len(defined)
    if n == 0:
        return Estimate(0, math.nan, math.nan, math.nan, math.nan)
    mean = math.fsum(defined) / n
    if n == 1:
        return Estimate(1, mean, math.nan, math.nan, math.nan)
    if min(defined) == max(defined):
        return Estimate(n, defined[0], 0.0, defined[0], defined[0])
    sd = math.sqrt(math.fsum((v - mean) ** 2 for v in defined) / (n - 1))
    half = float(t.ppf((1.0 + level) / 2.0, n - 1)) * sd / math.sqrt(n)
    return Estimate(n, mean, sd, mean - half, mean + half)
