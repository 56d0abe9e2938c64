"""How far simulated moments are from targets: squared gaps, weighed by how well each gap is known."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Targets(NamedTuple):
    """Figures to be met.

    Attributes:
        names: of the moments
        values: of the world
        errors: standard error of each value; NaN where unknown: then the world is taken for one run of the model
        weights: given by the user for the squared gap; NaN where the optimal weight is to be used
    """

    names: tuple[str, ...]
    values: Array
    errors: Array
    weights: Array

    def part(self, chosen: slice) -> "Targets":
        """Some of them."""
        return Targets(self.names[chosen], self.values[chosen], self.errors[chosen], self.weights[chosen])


def covariance(replicates: Array) -> Array:
    """Covariance of moments over replicates, one row a replicate; zero with one replicate.

    >>> covariance(np.array([[1.0, 2.0], [3.0, 6.0]]))
    array([[2., 4.],
           [4., 8.]])
    """
    n = len(replicates)
    if n < 2:
        return np.zeros((replicates.shape[1],) * 2)
    centred = replicates - replicates.mean(axis=0)
    return np.asarray(centred.T @ centred / (n - 1))


def of_gaps(targets: Targets, replicates: Array) -> Array:
    """Covariance of simulated mean less target at the true parameters: that of the world plus that of S runs over S.

    V = Omega + Sigma / S, Omega_ii = error_i² where it is given. Where no error is given, the world is taken for one
    run of the model, Omega = Sigma, hence V = (1 + 1/S) Sigma                       [GourierouxMonfortRenault1993].
    """
    sigma = covariance(replicates)
    unknown = np.isnan(targets.errors)
    omega = np.where(np.outer(unknown, unknown), sigma, 0.0)
    omega[~unknown, ~unknown] = targets.errors[~unknown] ** 2
    return np.asarray(omega + sigma / len(replicates))


def weights(targets: Targets, replicates: Array) -> Array:
    """Weight of each squared gap: the user's own, else 1 over its variance; a moment that never varies gets 1/value².

    The diagonal is used alone: a full matrix from few replicates is noisier than what it gains [AltonjiSegal1996].
    """
    variance = np.diag(of_gaps(targets, replicates))
    scale = np.where(targets.values != 0.0, targets.values**2, 1.0)
    optimal = 1.0 / np.where(variance > 0.0, variance, scale)
    return np.where(np.isnan(targets.weights), optimal, targets.weights)


def distance(moments: Array, targets: Targets, weight: Array) -> float:
    """Sum of weight times squared gap; infinite where a moment is undefined.

    >>> t = Targets(("m",), np.array([1.0]), np.array([math.nan]), np.array([math.nan]))
    >>> distance(np.array([3.0]), t, np.array([0.5]))
    2.0
    """
    found = float(np.sum(weight * (moments - targets.values) ** 2))
    return found if math.isfinite(found) else math.inf
