"""Keyed draws from further distributions, built on the uniform and normal draws of `streams`.

Each is a pure function of (key, slot, k), the same compiled and interpreted: sums, products, `math.log`, `math.sqrt`.
"""

import math
from typing import Any

from model.jit import helper
from model.streams import normal, u01


@helper("float64(uint64, int64, int64)")
def exponential(key: Any, slot: Any, k: Any) -> Any:
    """Exponential draw of mean 1: -ln(1 - u)."""
    return -math.log(1.0 - u01(key, slot, k))


@helper("float64(uint64, int64, int64, float64)")
def chi_square(key: Any, slot: Any, k: Any, degrees: Any) -> Any:
    """Chi-square draw, degrees of freedom >= 2, by exact rejection; uses words k, k + 1, ... (seldom more than four).

    With d = degrees/2 - 1/3, v = (1 + x / (3 sqrt(d)))^3, x normal: d v is gamma(degrees/2) where accepted, and
    2 d v the draw.                                                                    [MarsagliaTsang2000]
    """
    d = 0.5 * degrees - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    while True:
        x = normal(key, slot, k)
        v = 1.0 + c * x
        if v > 0.0:
            v = v * v * v
            if exponential(key, slot, k + 1) > d * v - d - d * math.log(v) - 0.5 * x * x:
                return 2.0 * d * v
        k += 2


@helper("float64(uint64, int64, int64, float64)")
def student_scale(key: Any, slot: Any, k: Any, degrees: Any) -> Any:
    """Random scale g = sqrt((degrees - 2) / chi-square): g times a normal is Student t with variance 1, degrees > 2."""
    return math.sqrt((degrees - 2.0) / chi_square(key, slot, k, degrees))


@helper("float64(uint64, int64, int64, float64)")
def student(key: Any, slot: Any, k: Any, degrees: Any) -> Any:
    """Student t draw with variance 1: a normal from word k, its scale from the words after it; degrees > 2."""
    return normal(key, slot, k) * student_scale(key, slot, k + 1, degrees)
