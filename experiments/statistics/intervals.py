"""Intervals of a mean, a quantile, a probability, and of the difference of two paired probabilities.

All are two-sided at LEVEL unless said otherwise.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.replicates import LEVEL, t_estimate
from model.errors import ScenarioError


class Interval(NamedTuple):
    """A number, and where it lies at a level of confidence.

    Attributes:
        n: runs it rests on
        value: point estimate
        low, high: ends of the interval; NaN where none can be given, infinite where one side stays open
        method: "t", "order statistics", "BCa bootstrap", "bootstrap-t", "Clopper-Pearson", "Newcombe"
        level: probability that such intervals cover the truth
        note: one sentence on why there is no number or no interval; empty otherwise
    """

    n: int
    value: float
    low: float
    high: float
    method: str
    level: float = LEVEL
    note: str = ""


def defined(values: ArrayLike) -> NDArray[np.float64]:
    """The values that are defined, in their order.

    >>> defined([1.0, float("nan"), 3.0])
    array([1., 3.])
    """
    found = np.asarray(values, np.float64).ravel()
    return found[~np.isnan(found)]


def check_level(level: float) -> None:
    """Refuse a level outside 0 to 1."""
    if not 0.0 < level < 1.0:
        raise ScenarioError(f"level = {level!r}: give a probability above 0 and below 1, such as .95")


def mean(values: ArrayLike, level: float = LEVEL) -> Interval:
    """Mean with Student's t interval, mean ± t(n - 1) sd / sqrt(n)   [Student1908].

    >>> found = mean([1.0, 2.0, 3.0])
    >>> found.n, found.value, round(found.low, 3), round(found.high, 3)
    (3, 2.0, -0.484, 4.484)
    """
    check_level(level)
    found = t_estimate(defined(values).tolist(), level)
    note = "" if found.n > 1 else f"{found.n} defined values: an interval needs two"
    return Interval(found.n, found.mean, found.low, found.high, "t", level, note)


def quantile(values: ArrayLike, q: float, level: float = LEVEL) -> Interval:
    """Quantile with an interval between two order statistics, whatever the distribution   [DavidNagaraja2003, 7.1].

    The value is the smallest x with F(x) >= q. The ends are x_(l) and x_(u) with l the largest rank such that
    P(Bin(n, q) < l) <= (1 - level) / 2, and u the smallest with P(Bin(n, q) >= u) <= (1 - level) / 2, so the coverage
    is at least `level`. An end whose rank does not exist is infinite.

    Args:
        values: one number per run
        q: probability, 0 to 1

    >>> found = quantile(range(1, 101), 0.5)
    >>> found.value, found.low, found.high
    (50.0, 40.0, 61.0)
    """
    from scipy.stats import binom

    check_level(level)
    if not 0.0 < q < 1.0:
        raise ScenarioError(f"quantile {q!r}: give a probability above 0 and below 1")
    ordered = np.sort(defined(values), kind="stable")
    n = ordered.size
    if n == 0:
        return Interval(0, math.nan, math.nan, math.nan, "order statistics", level, "no defined value")
    value = float(ordered[max(0, math.ceil(q * n - 1e-9) - 1)])
    side, ranks = (1.0 - level) / 2.0, np.arange(1, n + 1)
    below = binom.cdf(ranks - 1, n, q)  # P(Bin < rank)
    lows, highs = ranks[below <= side], ranks[1.0 - below <= side]
    low = float(ordered[lows[-1] - 1]) if lows.size else -math.inf
    high = float(ordered[highs[0] - 1]) if highs.size else math.inf
    note = "" if lows.size and highs.size else f"{n} runs are too few to close the interval"
    return Interval(n, value, low, high, "order statistics", level, note)


def clopper_pearson(hits: int, n: int, level: float = LEVEL) -> Interval:
    """Probability from k hits in n runs with its exact interval   [ClopperPearson1934].

    P(Bin(n, low) >= k) = (1 - level) / 2 = P(Bin(n, high) <= k): two-sided, each side missed with half of 1 - level.
    So 0 of 30 still allows 11.6 % (1 - .025^(1/30)); one-sided at 95 % it would be 9.5 % (1 - .05^(1/30)).

    Args:
        hits: runs in which it happened
        n: runs

    >>> round(clopper_pearson(0, 30).high, 3), round(clopper_pearson(0, 30, level=0.90).high, 3)
    (0.116, 0.095)
    """
    from scipy.stats import beta

    check_level(level)
    if not 0 <= hits <= n:
        raise ScenarioError(f"{hits} of {n}: hits lie between 0 and the number of runs")
    if n == 0:
        return Interval(0, math.nan, 0.0, 1.0, "Clopper-Pearson", level, "no run")
    side = (1.0 - level) / 2.0
    low = 0.0 if hits == 0 else float(beta.ppf(side, hits, n - hits + 1))
    high = 1.0 if hits == n else float(beta.ppf(1.0 - side, hits + 1, n - hits))
    return Interval(n, hits / n, low, high, "Clopper-Pearson", level)


def wilson(hits: int, n: int, level: float = LEVEL) -> tuple[float, float]:
    """Score interval of a probability, a part of Newcombe's   [Wilson1927].

    >>> low, high = wilson(5, 10)
    >>> round(low, 3), round(high, 3)
    (0.237, 0.763)
    """
    from scipy.stats import norm

    z, p = float(norm.ppf((1.0 + level) / 2.0)), hits / n
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, (middle - half) / (1 + z * z / n)), min(1.0, (middle + half) / (1 + z * z / n))


def paired_probability(first: ArrayLike, second: ArrayLike, level: float = LEVEL) -> tuple[Interval, float]:
    """P(second) - P(first) over the same runs, and the exact p-value of no difference.

    The interval squares and adds the two score intervals, with the correlation of the pairs: Newcombe's method 10
    [Newcombe1998]. The p-value is McNemar's, binomial over the pairs that differ.

    Args:
        first, second: whether it happened, run by run, in the same order

    >>> found, p = paired_probability([0] * 20, [1] * 8 + [0] * 12)
    >>> found.value, round(found.low, 3), round(found.high, 3), round(p, 4)
    (0.4, 0.158, 0.613, 0.0078)
    """
    from scipy.stats import binomtest

    check_level(level)
    a, b = np.asarray(first, bool).ravel(), np.asarray(second, bool).ravel()
    if a.size != b.size:
        raise ScenarioError(f"{a.size} runs against {b.size}: pairs need the same replicates on both sides")
    n = a.size
    if n == 0:
        return Interval(0, math.nan, -1.0, 1.0, "Newcombe", level, "no pair"), math.nan
    both, lost, won = int((a & b).sum()), int((a & ~b).sum()), int((~a & b).sum())
    neither = n - both - lost - won
    p1, p2, gap = (both + lost) / n, (both + won) / n, (won - lost) / n
    (low1, high1), (low2, high2) = wilson(both + lost, n, level), wilson(both + won, n, level)
    spread = math.sqrt((both + lost) * (won + neither) * (both + won) * (lost + neither))
    cross = float(both * neither - lost * won)
    cross = max(0.0, cross - n / 2.0) if cross > 0 else cross
    phi = cross / spread if spread > 0.0 else 0.0
    down = (p2 - low2) ** 2 - 2 * phi * (p2 - low2) * (high1 - p1) + (high1 - p1) ** 2
    up = (high2 - p2) ** 2 - 2 * phi * (high2 - p2) * (p1 - low1) + (p1 - low1) ** 2
    p = float(binomtest(won, won + lost).pvalue) if won + lost else 1.0
    ends = gap - math.sqrt(max(0.0, down)), gap + math.sqrt(max(0.0, up))
    return Interval(n, gap, max(-1.0, ends[0]), min(1.0, ends[1]), "Newcombe", level), p
