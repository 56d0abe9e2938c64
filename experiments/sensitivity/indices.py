"""Shares of variance: how much of a result's variance a parameter explains, alone and with all others [Sobol2001].

A result is the mean over R replicates, and a mean has noise. Every index is made of products of results; the product
of two means is corrected by the covariance of their replicates over R, which leaves products of *different* replicates
only. They are unbiased under common random numbers and under independent seeds alike.
"""

import math
from itertools import combinations
from typing import NamedTuple

import numpy as np

from experiments.sensitivity.uncertainty import Array


class Parts(NamedTuple):
    """Results of Saltelli's design by base row and replicate.

    Attributes:
        a, b: results at the two base samples
        ab: by parameter, sample A with that parameter taken from B
        ba: the other way round; empty without second order
    """

    a: Array
    b: Array
    ab: list[Array]
    ba: list[Array]


def parts(y: Array, second: bool) -> Parts:
    """Take a design apart: base row by base row A, AB of each parameter, BA of each with second order, B.

    Each replicate is centred by its own mean over A and B: what a seed moves everywhere alike is no noise here.

    Args:
        y: results `[base row, place in the row's group, replicate]`
        second: whether the groups hold BA
    """
    size = (y.shape[1] - 2) // (2 if second else 1)
    centred = y - 0.5 * (y[:, 0].mean(axis=0) + y[:, -1].mean(axis=0))
    columns = [centred[:, k] for k in range(y.shape[1])]
    return Parts(columns[0], columns[-1], columns[1 : 1 + size], columns[1 + size : -1])


def product(left: Array, right: Array, corrected: bool = True) -> float:
    """Mean over rows of the product of two means over replicates, without the noise they share.

    mean of [l r - cov(l, r) / R], l and r the means over replicates of `left` and `right`.

    >>> x = np.array([[1.0, 3.0]])
    >>> product(x, x, corrected=False), product(x, x)
    (4.0, 3.0)
    """
    a, b, replicates = left.mean(axis=1), right.mean(axis=1), left.shape[1]
    whole = float(np.mean(a * b))
    if not corrected or replicates < 2:
        return whole
    shared = ((left - a[:, None]) * (right - b[:, None])).sum(axis=1) / (replicates - 1)
    return whole - float(np.mean(shared)) / replicates


def variance(p: Parts, corrected: bool = True) -> float:
    """Variance of the result over the whole range of parameters."""
    return 0.5 * (product(p.a, p.a, corrected) + product(p.b, p.b, corrected))


def noise_share(p: Parts) -> float:
    """Replicate variance of the mean over the total variance of means; NaN with one replicate or without variance."""
    whole = variance(p, corrected=False)
    if p.a.shape[1] < 2 or whole <= 0.0:
        return math.nan
    return min(1.0, max(0.0, 1.0 - variance(p) / whole))


def sobol(p: Parts, corrected: bool = True) -> Array:
    """First-order indices, total indices, and with BA second-order ones of all pairs, one after another.

    S_i = E[f_B (f_ABi - f_A)] / V [SaltelliEtAl2010],  T_i = E[(f_A - f_ABi)²] / 2V [Jansen1999],
    S_ij = E[f_BAi f_ABj - f_A f_B] / V - S_i - S_j [Saltelli2002]; NaN where nothing varies.
    """
    whole = variance(p, corrected)
    size = len(p.ab)
    pairs = list(combinations(range(size), 2)) if p.ba else []
    if whole <= 0.0:
        return np.full(2 * size + len(pairs), math.nan)
    first = [product(p.b, ab - p.a, corrected) / whole for ab in p.ab]
    total = [product(p.a - ab, p.a - ab, corrected) / (2.0 * whole) for ab in p.ab]
    second = []
    if pairs:
        base = product(p.a, p.b, corrected)
        for i, j in pairs:
            closed = (product(p.ba[i], p.ab[j], corrected) - base) / whole
            second.append(closed - first[i] - first[j])
    return np.array([*first, *total, *second])
