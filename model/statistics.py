"""Statistics of distributions and paths: pure functions on arrays."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.jit import kernel

MANY = 10_000  # from so many values on a sort by digits is quicker
DIGITS, DIGIT_BITS = 6, 11
LAST_DIGIT = (1 << DIGIT_BITS) - 1


@kernel
def _gini_sorted(x: Any) -> float:
    total = weighted = 0.0
    for i in range(x.size):
        total += x[i]
        weighted += (i + 1) * x[i]
    return 2.0 * weighted / (x.size * total) - (x.size + 1.0) / x.size if total > 0.0 else 0.0


@kernel
def total(x: Any) -> float:
    """Sum, one after the other."""
    whole = 0.0
    for i in range(x.size):
        whole += x[i]
    return whole


@kernel
def total_of_whole(x: Any) -> int:
    """Sum of whole numbers."""
    whole = 0
    for i in range(x.size):
        whole += x[i]
    return whole


@kernel
def _logs(x: Any) -> float:
    """Sum of ln(x_i / x_0)."""
    whole = 0.0
    for i in range(x.size):
        whole += math.log(x[i] / x[0])
    return whole


@kernel
def _herfindahl(x: Any) -> float:
    total = squares = 0.0
    for i in range(x.size):
        total += x[i]
        squares += x[i] * x[i]
    return squares / (total * total) if total > 0.0 else math.nan


@kernel
def _by_digits(bits: Any, spare: Any, counts: Any) -> None:
    """Sort non-negative integers, the lowest digit first; `spare` is as large, `counts` has a row for each digit."""
    n = bits.size
    counts[:] = 0
    for i in range(n):
        for digit in range(DIGITS):
            counts[digit, (bits[i] >> (DIGIT_BITS * digit)) & LAST_DIGIT] += 1
    flipped = False
    for digit in range(DIGITS):
        shift, place, count = DIGIT_BITS * digit, 0, counts[digit]
        if count[(bits[0] >> shift) & LAST_DIGIT] == n:
            continue
        for value in range(LAST_DIGIT + 1):
            here = count[value]
            count[value] = place
            place += here
        for i in range(n):
            word = spare[i] if flipped else bits[i]
            value = (word >> shift) & LAST_DIGIT
            if flipped:
                bits[count[value]] = word
            else:
                spare[count[value]] = word
            count[value] += 1
        flipped = not flipped
    if flipped:
        for i in range(n):
            bits[i] = spare[i]


def ascending(values: NDArray[Any]) -> NDArray[np.float64]:
    """The values from the smallest to the largest, as `np.sort` gives them.

    >>> ascending(np.array([2.0, 0.5, 1.0])).tolist()
    [0.5, 1.0, 2.0]
    """
    if values.size >= MANY:
        ordered = np.array(values, np.float64)
        bits = ordered.view(np.int64)
        if bits.min() >= 0:  # floats without a sign lie in the order of their bits
            _by_digits(bits, np.empty(bits.size, np.int64), np.empty((DIGITS, LAST_DIGIT + 1), np.int64))
            return ordered
    return np.sort(np.asarray(values, np.float64))


def gini(values: NDArray[Any]) -> float:
    """Gini coefficient of non-negative values: 0 for equality, near 1 when one has all; NaN without values.

    G = 2 sum(i x_(i)) / (n sum x) - (n + 1) / n

    >>> gini(np.array([1.0, 1.0, 1.0])), gini(np.array([0.0, 0.0, 3.0])).__round__(4)
    (0.0, 0.6667)
    """
    return max(0.0, float(_gini_sorted(ascending(values)))) if values.size else math.nan


def with_zeros(own: float, n: int, zeros: int) -> float:
    """Gini coefficient of n values, `own` among themselves, and as many values of 0: (n G + z) / (n + z).

    >>> with_zeros(0.0, 1, 2).__round__(4)
    0.6667
    """
    if n + zeros == 0:
        return math.nan
    return (n * own + zeros) / (n + zeros) if n else 0.0


def herfindahl(values: NDArray[Any]) -> float:
    """Sum of squared shares: 1/n for equality, 1 when one has all; NaN where nobody has anything.

    >>> herfindahl(np.array([1.0, 1.0]))
    0.5
    """
    return float(_herfindahl(np.asarray(values, np.float64)))


def hill(values: NDArray[Any], share: float = 0.1, least: int = 10) -> float:
    """Exponent of a power tail, 1 - F(x) ~ x^-a, from the k largest values; NaN where they are too few or all alike.

    a = k / sum of ln(x_(i) / x_(k+1)) over the k largest                                        [Hill1975]

    Its standard error is a / sqrt(k). Wealth of people has 1.5 or so; below 2 the variance is infinite.

    Args:
        values: of which those above 0 count
        share: k over their number
        least: smallest k that says anything

    >>> round(hill((np.arange(1, 1001) / 1000) ** -0.5), 1)
    2.0
    """
    positive = np.asarray(values, np.float64)
    positive = positive[positive > 0.0]
    k = int(share * positive.size)
    if k < max(1, least):
        return math.nan
    first = positive.size - k - 1
    logs = float(_logs(np.sort(np.partition(positive, first)[first:])))
    return k / logs if logs > 0.0 else math.nan


def median(values: NDArray[np.float64]) -> float:
    """Middle value, or the mean of the two in the middle; NaN without values (a tenth of the time of numpy's).

    >>> median(np.array([3.0, 1.0, 2.0])), median(np.array([1.0, 2.0]))
    (2.0, 1.5)
    """
    if values.size == 0:
        return math.nan
    ordered, half = np.sort(values), values.size // 2
    return float(ordered[half]) if values.size % 2 else float(0.5 * (ordered[half - 1] + ordered[half]))


def value_at_risk(losses: NDArray[np.float64], level: float) -> float:
    """Loss that is not exceeded with probability `level`: the smallest x with F(x) >= level.

    >>> value_at_risk(np.arange(1.0, 101.0), 0.95)
    95.0
    """
    ordered = np.sort(losses, kind="stable")
    return float(ordered[max(0, math.ceil(level * ordered.size - 1e-9) - 1)])


def expected_shortfall(losses: NDArray[np.float64], level: float) -> float:
    """Mean of the worst 1 - level of losses, the atom at the quantile counted in part [Acerbi, Tasche 2002].

    >>> round(expected_shortfall(np.arange(1.0, 101.0), 0.95), 9)
    98.0
    """
    ordered = np.sort(losses, kind="stable")[::-1]
    tail = (1.0 - level) * ordered.size
    whole = math.floor(tail + 1e-9)
    part = tail - whole if whole < ordered.size else 0.0
    rest = part * ordered[whole] if part > 1e-9 else 0.0
    return float((math.fsum(ordered[:whole]) + rest) / tail)
