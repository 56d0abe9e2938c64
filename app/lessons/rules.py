"""How a path becomes one number; days without a number are left out."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Path = NDArray[np.float64]


def _finite(rule: Callable[[Path], Any]) -> Callable[[Path], float]:
    def found(path: Path) -> float:
        known = path[np.isfinite(path)]
        return float(rule(known)) if known.size else math.nan

    return found


RULES: dict[str, Callable[[Path], float]] = {
    "first": _finite(lambda path: path[0]),
    "last": _finite(lambda path: path[-1]),
    "mean": _finite(np.mean),
    "sum": _finite(lambda path: math.fsum(path.tolist())),
    "min": _finite(np.min),
    "max": _finite(np.max),
}


def _extreme(place: Callable[[Path], Any], of: Callable[[Path], Path] = lambda path: path) -> Callable[[Path], float]:
    def found(path: Path) -> float:
        values = of(path)
        return float(place(values)) + 1.0 if values.size and np.isfinite(values).any() else math.nan

    return found


DAYS: dict[str, Callable[[Path], float]] = {  # which tick, counted from 1; a step belongs to its later one
    "min_day": _extreme(np.nanargmin),
    "max_day": _extreme(np.nanargmax),
    "fall_day": _extreme(lambda steps: np.nanargmin(steps) + 1, np.diff),
    "rise_day": _extreme(lambda steps: np.nanargmax(steps) + 1, np.diff),
}
AT = "at"
KNOWN = (*RULES, *DAYS, AT)
