"""Bootstrap with bias correction and acceleration (BCa), for what is skewed; seeded by name."""

import hashlib
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.replicates import LEVEL
from experiments.statistics.intervals import Interval, check_level, defined

DRAWS = 2_000  # resamples, as Efron advises; the Monte Carlo error of a 95 % end is then .35 % in probability
CELLS = 2_000_000  # numbers held at once
GROUPS = 1_000  # at most so many jackknife groups
Statistic = Callable[[NDArray[np.float64]], NDArray[np.float64]]  # of the last axis


def generator(name: str) -> np.random.Generator:
    """Random numbers that depend on a name alone.

    >>> int(generator("a").integers(100)) == int(generator("a").integers(100))
    True
    """
    return np.random.default_rng(int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big"))


def row_means(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean of the last axis."""
    found: NDArray[np.float64] = rows.mean(axis=-1)
    return found


def resampled(values: NDArray[np.float64], statistic: Callable[..., Any], name: str, draws: int) -> NDArray[Any]:
    """What a statistic is, or several are, of `draws` samples with replacement, each as large as the sample."""
    random, at_once = generator(name), max(1, CELLS // values.size)
    sizes = [min(at_once, draws - done) for done in range(0, draws, at_once)]
    rows = (values[random.integers(values.size, size=(k, values.size))] for k in sizes)
    return np.concatenate([np.asarray(statistic(some)) for some in rows], axis=-1)


def _acceleration(values: NDArray[np.float64], statistic: Statistic) -> float:
    """Skewness of the jackknife over six; groups of neighbours are left out where values are many."""
    groups = np.array_split(np.arange(values.size), min(values.size, GROUPS))
    left = np.array([float(statistic(np.delete(values, group)[None, :])[0]) for group in groups])
    gaps = left.mean() - left
    square = float((gaps**2).sum())
    return float((gaps**3).sum()) / (6.0 * square**1.5) if square > 0.0 else 0.0


def bootstrap(
    values: ArrayLike, name: str, statistic: Statistic = row_means, level: float = LEVEL, draws: int = DRAWS
) -> Interval:
    """A statistic with its BCa interval   [Efron1987].

    The ends are quantiles of the resampled statistic at Phi(z0 + (z0 + z) / (1 - a (z0 + z))), with z0 for the bias
    and a for how the spread changes with the value. Second-order accurate, but no cure for small samples: with 20
    values of a skewed thing it covers about 90 % instead of 95 %.

    Args:
        values: one number per run, in the order of replicates
        name: what is estimated; seeds the draws
        statistic: of the last axis of an array
        draws: resamples

    >>> found = bootstrap([1.0, 2.0, 3.0, 4.0, 10.0], "doctest")
    >>> found.value, found.low < 4.0 < found.high, found == bootstrap([1.0, 2.0, 3.0, 4.0, 10.0], "doctest")
    (4.0, True, True)
    """
    from scipy.stats import norm

    check_level(level)
    sample = defined(values)
    if sample.size == 0:
        return Interval(0, math.nan, math.nan, math.nan, "BCa bootstrap", level, "no defined value")
    value = float(statistic(sample[None, :])[0])
    if sample.size == 1:
        note = "1 defined value: an interval needs two"
        return Interval(1, value, math.nan, math.nan, "BCa bootstrap", level, note)
    if sample.min() == sample.max():
        note = "all runs gave the same number; the interval says nothing about what other runs may give"
        return Interval(sample.size, value, value, value, "BCa bootstrap", level, note)
    found = resampled(sample, statistic, name, draws)
    share = ((found < value).sum() + 0.5 * (found == value).sum()) / found.size
    bias = float(norm.ppf(min(max(share, 0.5 / draws), 1.0 - 0.5 / draws)))
    a = _acceleration(sample, statistic)
    ends = []
    for side in ((1.0 - level) / 2.0, (1.0 + level) / 2.0):
        z = bias + float(norm.ppf(side))
        rest = 1.0 - a * z
        place = float(norm.cdf(bias + z / rest)) if rest > 0.0 else float(z > 0.0)
        ends.append(float(np.quantile(found, place)))
    return Interval(sample.size, value, ends[0], ends[1], "BCa bootstrap", level)
