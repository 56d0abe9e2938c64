"""Sensitivity of any design: standardised regression and rank correlation, with the share they explain."""

import math

import numpy as np
from scipy.stats import rankdata

from experiments.sensitivity.uncertainty import Array


def standardised(x: Array, y: Array) -> tuple[Array, float]:
    """Standardised regression coefficients and R² [SaltelliEtAl2008, 1.2.5].

    y = b_0 + sum of b_i x_i by least squares; coefficient b_i sd(x_i) / sd(y): by how many of its standard deviations
    the result moves when the parameter moves by one of its own.

    Args:
        x: parameters, one row a place
        y: result by place

    Returns:
        Coefficients, 0 for a parameter that does not vary, and the part of the variance explained; NaN where the
        result does not vary.

    >>> c, r2 = standardised(np.array([[0.0], [1.0], [2.0]]), np.array([0.0, -2.0, -4.0]))
    >>> [round(float(v), 6) for v in (*c, r2)]
    [-1.0, 1.0]
    """
    spread, scale = x.std(axis=0), float(y.std())
    if scale <= 1e-12 * max(1.0, float(np.abs(y).max())):
        return np.full(x.shape[1], math.nan), math.nan
    z = np.divide(x - x.mean(axis=0), spread, out=np.zeros_like(x), where=spread > 0.0)
    target = (y - y.mean()) / scale
    found = np.linalg.lstsq(z, target, rcond=None)[0]
    return found, 1.0 - float(np.mean((target - z @ found) ** 2))


def ranked(x: Array, y: Array) -> tuple[Array, float]:
    """The same on ranks: right for whatever rises or falls throughout, however bent [ImanConover1979].

    >>> x = np.arange(1.0, 9.0)[:, None]
    >>> round(float(ranked(x, np.exp(x[:, 0]))[1]), 6)
    1.0
    """
    return standardised(np.apply_along_axis(rankdata, 0, x), rankdata(y))


def measures(x: Array, y: Array) -> Array:
    """Coefficients on values, then on ranks."""
    return np.concatenate([standardised(x, y)[0], ranked(x, y)[0]])
