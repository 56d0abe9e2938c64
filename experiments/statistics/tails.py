"""Tails: value at risk and expected shortfall with intervals, refused on thin tails, and warnings on heavy ones."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.replicates import LEVEL
from experiments.statistics.bootstrap import Statistic
from experiments.statistics.intervals import Interval, check_level, defined, quantile
from experiments.statistics.studentised import Estimate, bootstrap_t
from model.errors import ScenarioError
from model.statistics import hill

FEWEST = 10  # runs in the tail below which nothing is said about it
FEWEST_JUDGED = 20  # values below which nobody can tell a heavy tail
TOP = 0.10  # share of values that make the tail
INFINITE_VARIANCE = 2.0  # Hill exponent from which down a variance has no limit
LARGEST_SHARE = 1 / 3  # of all deviations from the median, carried by one value
KURTOSIS = 15.0  # excess; 6 for an exponential, 0 for a normal distribution
REFUSED = "refused"


class Tail(NamedTuple):
    """Risk measures of one loss at one level; both are refused together where the tail is thin."""

    at: float
    runs: int
    value_at_risk: Interval
    expected_shortfall: Interval

    @property
    def refused(self) -> str:
        """Why there is no number; empty where there is one."""
        return self.value_at_risk.note if math.isnan(self.value_at_risk.value) else ""


def tail_runs(n: int, at: float) -> int:
    """Whole runs among the worst 1 - at of n.

    >>> tail_runs(200, 0.95), tail_runs(199, 0.95)
    (10, 9)
    """
    return math.floor((1.0 - at) * n + 1e-9)


def _refusal(n: int, at: float, what: str) -> str:
    """The sentence for a tail that is too thin; empty where it is not."""
    if not 0.0 < at < 1.0:
        raise ScenarioError(f"{what} at {at!r}: give a probability above 0 and below 1, such as .95")
    if tail_runs(n, at) >= FEWEST:
        return ""
    need = math.ceil(FEWEST / (1.0 - at) - 1e-6)
    return (
        f"{what} at {100 * at:g} % refused: its tail holds {tail_runs(n, at)} of {n:,} runs, at least {FEWEST} are "
        f"needed, so {need:,} runs"
    )


def value_at_risk(losses: ArrayLike, at: float, level: float = LEVEL) -> Interval:
    """Loss that a share `at` of runs does not exceed, with an order-statistic interval; refused on a thin tail.

    Order statistics cover a quantile with at least the level whatever the distribution, which no bootstrap does.

    Args:
        losses: one per run, positive where something is lost
        at: .95 looks at the worst twentieth
        level: of the interval

    >>> value_at_risk(range(1, 1001), 0.95).value, value_at_risk(range(100), 0.95).value
    (950.0, nan)
    """
    values = defined(losses)
    why = _refusal(values.size, at, "VaR")
    if why:
        return Interval(values.size, math.nan, math.nan, math.nan, REFUSED, level, why)
    return quantile(values, at, level)


def worst_mean(at: float) -> Statistic:
    """Statistic for `bootstrap`: mean of the worst 1 - at, the atom at the quantile counted in part   [AcerbiTasche2002].

    >>> worst_mean(0.5)(np.array([[1.0, 2.0, 3.0, 4.0]])).tolist()
    [3.5]
    """

    def statistic(rows: NDArray[np.float64]) -> NDArray[np.float64]:
        n = rows.shape[-1]
        size = (1.0 - at) * n
        whole = min(n, math.floor(size + 1e-9))
        part = size - whole if whole < n and size - whole > 1e-9 else 0.0
        split = 1 if part else 0
        kept = n - whole - split
        top = np.sort(np.partition(rows, kept, axis=-1)[..., kept:] if 0 < kept < n else rows, axis=-1)
        found: NDArray[np.float64] = (top[..., split:].sum(axis=-1) + part * top[..., 0]) / size
        return found

    return statistic


def with_error(at: float) -> Estimate:
    """Mean of the worst 1 - at, and its standard error   [Chen2008, without his smoothing].

    The error is that of a mean of q + max(0, x - q) / (1 - at), q being the largest value of which nothing, or but a part,
    is in the tail.

    >>> value, error = with_error(0.5)(np.array([[1.0, 2.0, 3.0, 4.0]]))
    >>> value.tolist(), error.round(6).tolist()
    ([3.5], [0.829156])
    """
    statistic = worst_mean(at)

    def estimate(rows: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        n = rows.shape[-1]
        kept = max(0, n - 1 - math.floor((1.0 - at) * n + 1e-9))
        top = np.sort(np.partition(rows, kept, axis=-1)[..., kept:], axis=-1)
        beyond = (top - top[..., :1]) / (1.0 - at)
        mean, square = beyond.sum(axis=-1) / n, (beyond**2).sum(axis=-1) / n
        return statistic(rows), np.sqrt(np.maximum(square - mean**2, 0.0) / n)

    return estimate


def expected_shortfall(losses: ArrayLike, at: float, name: str, level: float = LEVEL) -> Interval:
    """Mean loss in the worst 1 - at of runs, with a bootstrap-t interval; refused on a thin tail   [AcerbiTasche2002].

    Args:
        losses: one per run, positive where something is lost, in the order of replicates
        at: .95 looks at the worst twentieth
        name: of the loss; seeds the bootstrap

    >>> round(expected_shortfall(range(1, 1001), 0.95, "doctest").value, 6)
    975.5
    """
    check_level(level)
    values = defined(losses)
    why = _refusal(values.size, at, "ES")
    if why:
        return Interval(values.size, math.nan, math.nan, math.nan, REFUSED, level, why)
    return bootstrap_t(values, f"expected shortfall {name} {at:g}", with_error(at), level)


def tail(losses: ArrayLike, at: float, name: str, level: float = LEVEL) -> Tail:
    """Value at risk and expected shortfall of one loss."""
    values = defined(losses)
    shortfall = expected_shortfall(values, at, name, level)
    return Tail(at, tail_runs(values.size, at), value_at_risk(values, at, level), shortfall)


def heavy_tail(values: ArrayLike) -> str:
    """A sentence where a mean and its t interval cannot be trusted because of the tail; empty otherwise.

    Looks at distances from the median, so that both tails count and the level does not. Warns where the Hill exponent
    of the tenth furthest away lies below 2 by a standard error (needs 100 values), where one value carries more than a
    third of all distance, or where the excess kurtosis exceeds 15. Silent below 20 values, where nobody can tell. Of
    normal samples none is warned of, of exponential ones a few in a hundred.

    >>> heavy_tail(np.arange(100.0)), "30" in heavy_tail([0.0] * 29 + [1.0])
    ('', True)
    """
    found = defined(values)
    n = found.size
    if n < FEWEST_JUDGED or found.min() == found.max():
        return ""
    away = np.abs(found - np.median(found))
    exponent, top = hill(away, TOP), max(1, int(TOP * np.count_nonzero(away)))
    share = float(away.max()) / math.fsum(away)
    gaps = found - found.mean()
    excess = float((gaps**4).mean()) / float((gaps**2).mean()) ** 2 - 3.0
    reasons = []
    if exponent * (1.0 + 1.0 / math.sqrt(top)) < INFINITE_VARIANCE:  # standard error of Hill's exponent: a / sqrt(k)
        reasons.append(f"its exponent is {exponent:.2g} (below 2 the variance has no limit)")
    if share > LARGEST_SHARE:
        reasons.append(f"1 of {n:,} runs carries {share:.0%} of all distance from the median")
    if excess > KURTOSIS:
        reasons.append(f"its excess kurtosis is {excess:.0f} (0 for a normal distribution)")
    return f"heavy tail: {'; '.join(reasons)}; take quantiles and more runs rather than the mean" if reasons else ""
