"""Interval of a mean, whether or not its values are skewed."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.replicates import LEVEL, Estimate, t_estimate
from experiments.statistics.intervals import Interval, defined, mean
from experiments.statistics.studentised import bootstrap_t, skewness

SKEWED = 1.0  # |skewness| above which the interval of a mean is bootstrapped
FEWEST_SKEWED = 20  # values below which a skewness says nothing, and a bootstrap covers too little


def with_error(rows: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean of the last axis and its standard error."""
    return rows.mean(axis=-1), rows.std(axis=-1, ddof=1) / rows.shape[-1] ** 0.5


def mean_interval(values: ArrayLike, name: str, level: float = LEVEL) -> Interval:
    """Mean with Student's t interval, or with a bootstrap-t interval where 20 or more values are skewed.

    Args:
        values: one number per run, in the order of replicates
        name: what is estimated; seeds the bootstrap

    >>> mean_interval(range(30), "doctest").method, mean_interval([2.0**n for n in range(30)], "doctest").method
    ('t', 'bootstrap-t')
    """
    sample = defined(values)
    if sample.size >= FEWEST_SKEWED and abs(skewness(sample)) > SKEWED:
        return bootstrap_t(sample, name, with_error, level)
    return mean(sample, level)


def estimated(values: ArrayLike, name: str, level: float = LEVEL) -> Estimate:
    """Mean, standard deviation, and the ends of `mean_interval`.

    >>> estimated([1.0, 2.0, 3.0], "doctest") == t_estimate([1.0, 2.0, 3.0])
    True
    """
    known, found = t_estimate(defined(values).tolist(), level), mean_interval(values, name, level)
    return known._replace(low=found.low, high=found.high)


def estimated_gap(first: Sequence[float], second: Sequence[float], name: str, level: float = LEVEL) -> Estimate:
    """Second less first, replicate by replicate: mean, standard deviation and the interval of that mean.

    >>> estimated_gap([1.0, 5.0, 9.0], [2.0, 6.0, 10.0], "doctest").mean
    1.0
    """
    return estimated([b - a for a, b in zip(first, second, strict=True)], f"difference {name}", level)
