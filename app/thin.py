"""Paths as the browser draws them: no more points than a screen shows, no more digits than a reader wants."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

MOST_POINTS = 500
DIGITS = 4


def places(n: int, most: int = MOST_POINTS) -> NDArray[np.int64]:
    """Which of n points are drawn: evenly many, the first and the last among them.

    >>> places(5, 3).tolist(), places(2, 3).tolist()
    ([0, 2, 4], [0, 1])
    """
    if n <= most:
        return np.arange(n, dtype=np.int64)
    return np.unique(np.round(np.linspace(0, n - 1, most)).astype(np.int64))


def rounded(values: NDArray[np.float64], digits: int = DIGITS) -> list[float | None]:
    """Values at so many significant digits; None where one is undefined or infinite.

    >>> rounded(np.array([123456.0, 0.00123456, float("nan"), 0.0]))
    [123500.0, 0.001235, None, 0.0]
    """
    good = np.isfinite(values)
    size = np.where(good & (values != 0.0), np.abs(values), 1.0)
    exponent = digits - 1 - np.floor(np.log10(size))
    with np.errstate(over="ignore", invalid="ignore"):
        scale = np.power(10.0, np.abs(exponent))
        near = np.where(exponent >= 0, np.round(values * scale) / scale, np.round(values / scale) * scale)
    near = np.where(np.isfinite(near), near, values)  # the ends of what a number can be stay as they are
    return [value if math.isfinite(value) else None for value in np.where(good, near, np.nan).tolist()]


def short(value: float | None, digits: int = DIGITS) -> float | None:
    """One number at so many significant digits."""
    return None if value is None or not math.isfinite(value) else float(f"{value:.{digits}g}")


def drawn(path: Sequence[float], most: int = MOST_POINTS) -> list[float | None]:
    """A path, thinned and rounded."""
    values = np.asarray(path, float)
    return rounded(values[places(values.size, most)])
