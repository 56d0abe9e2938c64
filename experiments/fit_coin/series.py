"""Daily figures of the coin, and what every fit needs: sample moments of series, a minimiser."""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from experiments.sources import existing

Array = NDArray[np.float64]

FIRST, LAST = "2018-01-01", "2024-12-31"
VOLATILITY = 0.69  # annual, the target imposed on the fits
BURN_IN = 500  # days


def read_columns(path: Path, first: str = FIRST, last: str = LAST) -> dict[str, list[str]]:
    """Columns of a daily file, from the day before `first` (for the first return) to `last`."""
    with existing(path).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["date"] <= last]
    start = max(next((i for i, row in enumerate(rows) if row["date"] >= first), len(rows)) - 1, 0)
    return {key: [row[key] for row in rows[start:]] for key in rows[0]}


def daily_returns(columns: dict[str, list[str]]) -> Array:
    """Log returns of the days from `FIRST` on."""
    return np.asarray(np.diff(np.log(np.array(columns["price_usd"], float))))


def write_prices(path: Path, columns: dict[str, list[str]]) -> Path:
    """Write days and prices as a file that the processes csv and bootstrap read; returns its path."""
    rows = zip(columns["date"], columns["price_usd"], strict=True)
    path.write_text("\n".join(["date,price_usd", *map(",".join, rows)]) + "\n", encoding="utf-8")
    return path


def autocorrelation(x: Array, lag: int) -> Array:
    """Sample autocorrelation along the last axis."""
    x = x - x.mean(axis=-1, keepdims=True)
    return np.asarray((x[..., lag:] * x[..., :-lag]).sum(axis=-1) / (x**2).sum(axis=-1))


def minimise(loss: Callable[[Array], float], start: list[float], evaluations: int = 6000) -> Array:
    """Where a loss is least, by Nelder and Mead's simplex, started twice."""
    options = {"maxfev": evaluations, "maxiter": evaluations, "xatol": 1e-5, "fatol": 1e-6, "adaptive": True}
    first = optimize.minimize(loss, start, method="Nelder-Mead", options=options)
    return np.asarray(optimize.minimize(loss, first.x, method="Nelder-Mead", options=options).x)
