"""How well a number of a design is known: rows drawn again, and replicates left out one by one."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.statistics.bootstrap import generator

Array = NDArray[np.float64]
Places = NDArray[np.int64]
Statistic = Callable[[Places, Places], Array]  # rows of the design, replicates -> numbers

DRAWS = 1_000
LEAST_REPLICATES = 3  # to carry the noise of replicates into intervals
Z = 1.959963984540054  # 97.5 % quantile of the standard normal distribution


class Interval(NamedTuple):
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float


def intervals(statistic: Statistic, rows: int, replicates: int, name: str) -> list[Interval]:
    """Normal intervals of several numbers at once: value ± z sqrt(v_rows + v_replicates).

    v_rows is the variance over bootstrap draws of the design's rows [Efron1979]: what another sample of places would
    have changed. v_replicates is the jackknife's variance over replicates, (R - 1)/R sum of (s_(-r) - mean)²
    [Tukey1958]: what other seeds would have changed; it needs three. Noise that is independent from row to row is
    counted in both, so that intervals are wide rather than narrow.

    Args:
        statistic: numbers from chosen rows and replicates
        rows, replicates: how many there are
        name: of the analysis; draws depend on it alone

    >>> y = np.arange(10.0)
    >>> [i] = intervals(lambda rows, _: np.array([y[rows].mean()]), 10, 1, "doctest")
    >>> i.value, i.low < 4.5 < i.high
    (4.5, True)
    """
    every, seeds = np.arange(rows), np.arange(replicates)
    values = statistic(every, seeds)
    random = generator(f"rows of {name}")
    drawn = np.array([statistic(random.integers(0, rows, rows), seeds) for _ in range(DRAWS)])
    variance = drawn.var(axis=0, ddof=1)
    if replicates >= LEAST_REPLICATES:
        without = np.array([statistic(every, np.delete(seeds, r)) for r in seeds])
        variance = variance + (replicates - 1) * np.mean((without - without.mean(axis=0)) ** 2, axis=0)
    half = Z * np.sqrt(np.where(np.isfinite(variance), variance, math.inf))
    return [
        Interval(float(v), float(v - h), float(v + h)) if math.isfinite(v) else Interval(math.nan, math.nan, math.nan)
        for v, h in zip(values, half, strict=True)
    ]
