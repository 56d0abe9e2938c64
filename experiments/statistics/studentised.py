"""Bootstrap-t: intervals from the resampled ratio of an estimate's error to its standard error; seeded by name.

In small tails an estimate and its standard error move together: where the worst runs happened to be mild, both are too
small. The ratio knows that, quantiles of the estimate alone do not.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.replicates import LEVEL
from experiments.statistics.bootstrap import DRAWS, bootstrap, resampled
from experiments.statistics.intervals import Interval, check_level, defined

Estimate = Callable[[NDArray[np.float64]], tuple[NDArray[np.float64], NDArray[np.float64]]]  # of the last axis
NEGLIGIBLE = 1e-6  # of the sample's standard error: a resample with less has no spread but that of rounding


def middle(values: NDArray[np.float64]) -> float:
    """The lower median: of few values that differ, the one that most have.

    >>> middle(np.array([3.0, 1.0, 2.0, 9.0]))
    2.0
    """
    place = (values.size - 1) // 2
    return float(np.partition(values, place)[place])


def skewness(values: NDArray[np.float64]) -> float:
    """Third standardised moment; 0 where nothing varies.

    >>> skewness(np.array([0.0, 0.0, 0.0, 1.0])) > 1.0
    True
    """
    level = values - middle(values)  # gaps of equal values are then exactly 0
    gaps = level - level.mean()
    spread = float((gaps**2).mean())
    return float((gaps**3).mean()) / spread**1.5 if spread > 0.0 else 0.0


def bootstrap_t(values: ArrayLike, name: str, estimate: Estimate, level: float = LEVEL, draws: int = DRAWS) -> Interval:
    """A statistic with its bootstrap-t interval   [EfronTibshirani1993, 12.5; Hall1988].

    The ends are value - q error, with q the quantiles of (value* - value) / error* over resamples, no further out than the
    sample reaches on the side of its bulk. Where the error is zero or many resamples have none, as if few values differ,
    it is the BCa interval. It is reckoned from the middle value, so that another zero moves it and changes nothing else.

    Args:
        values: one number per run, in the order of replicates
        name: what is estimated; seeds the draws
        estimate: value and standard error, of the last axis of an array; a constant that is added to all moves the value
            by as much and leaves the error
        draws: resamples

    >>> def mean(rows):
    ...     return rows.mean(axis=-1), rows.std(axis=-1) / rows.shape[-1] ** 0.5
    >>> found = bootstrap_t([1.0, 2.0, 3.0, 4.0, 10.0], "doctest", mean)
    >>> found.value, found.low < 4.0 < found.high, found.method
    (4.0, True, 'bootstrap-t')
    """
    check_level(level)
    every = defined(values)
    if every.size < 2 or every.min() == every.max():
        return bootstrap(every, name, lambda rows: estimate(rows)[0], level, draws)
    zero = middle(every)
    found = _from_zero(every - zero, name, estimate, level, draws)
    return found._replace(value=found.value + zero, low=found.low + zero, high=found.high + zero)


def _from_zero(sample: NDArray[np.float64], name: str, estimate: Estimate, level: float, draws: int) -> Interval:
    """The interval of values about zero, of which at least two differ."""

    def alone(rows: NDArray[np.float64]) -> NDArray[np.float64]:
        return estimate(rows)[0]

    value, error = (float(part[0]) for part in estimate(sample[None, :]))
    found, errors = resampled(sample, estimate, name, draws)
    known = errors > NEGLIGIBLE * error
    sides = (1.0 - level) / 2.0, (1.0 + level) / 2.0
    if error <= 0.0 or np.count_nonzero(~known) > sides[0] * draws:
        return bootstrap(sample, name, alone, level, draws)
    ratios = (found[known] - value) / errors[known]
    least, most = (float(np.quantile(ratios, side)) for side in sides)
    low, high = value - most * error, value - least * error
    if skewness(sample) < 0.0:
        return Interval(sample.size, value, low, min(high, float(sample.max())), "bootstrap-t", level)
    return Interval(sample.size, value, max(low, float(sample.min())), high, "bootstrap-t", level)
