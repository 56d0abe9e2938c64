"""Many metrics at once: p-values that keep the chance of any false finding below a level."""

import math
from collections.abc import Sequence


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's step-down adjusted p-values; undefined ones (NaN) are no tests and stay as they are   [Holm1979].

    In ascending order p_(i) becomes the largest of (m - j + 1) p_(j) over j <= i, at most 1. Rejecting all adjusted
    values at or below alpha keeps the probability of one or more false rejections at alpha, whatever the dependence.

    >>> holm([0.01, 0.04, 0.03, 0.005])
    [0.03, 0.06, 0.06, 0.02]
    """
    order = sorted((p, i) for i, p in enumerate(p_values) if not math.isnan(p))
    adjusted, largest = list(p_values), 0.0
    for step, (p, i) in enumerate(order):
        largest = max(largest, min(1.0, (len(order) - step) * p))
        adjusted[i] = largest
    return adjusted
