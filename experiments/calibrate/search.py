"""The place of least distance: Sobol points over the whole box, then Gauss-Newton steps on the surface of common seeds.

All replicates keep their seeds, so the surface is a fixed function of the parameters and can be searched like any other
[McFadden1989]. Places are evaluated in batches, which many workers can share. All places are in the unit cube.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.stats import qmc

from experiments.calibrate.distance import Array, Targets, distance, weights

Simulate = Callable[[Array], Array]  # places [n, parameter] -> moments [n, replicate, moment]

FIRST_STEP, LAST_STEP = 0.1, 1e-3  # of differences, in shares of a parameter's range
SHRINK = 3.0
DAMPING = (0.0, 0.1, 1.0, 10.0)  # Marquardt's factor over the diagonal
REACH = 4.0  # steps that a move may take at most along each parameter
GAIN = 1e-6  # relative gain that counts as one
MOST_ROUNDS = 60
TINY = 1e-12


class Surface:
    """Moments of places, each simulated once."""

    def __init__(self, simulate: Simulate) -> None:
        self.simulate = simulate
        self.seen: dict[tuple[float, ...], Array] = {}

    def at(self, places: Array) -> list[Array]:
        """Replicates of moments at each place."""
        keys = [tuple(float(x) for x in place) for place in places]
        new = list(dict.fromkeys(key for key in keys if key not in self.seen))
        if new:
            self.seen.update(zip(new, self.simulate(np.array(new)), strict=True))
        return [self.seen[key] for key in keys]

    def best(self, targets: Targets, weight: Array) -> Array:
        """The place of least distance among all that were simulated."""
        found = min(self.seen, key=lambda key: (distance(self.seen[key].mean(axis=0), targets, weight), key))
        return np.array(found)


class Found(NamedTuple):
    """Where a local search ended.

    Attributes:
        place: in the unit cube
        distance: there
        converged: whether steps had become too small to matter
    """

    place: Array
    distance: float
    converged: bool


def sobol_points(size: int, parameters: int, seed: int) -> Array:
    """The middle of the box, and `size` scrambled Sobol points.

    >>> sobol_points(4, 2, 1).shape
    (5, 2)
    """
    engine = qmc.Sobol(parameters, scramble=True, rng=np.random.default_rng(seed))
    drawn = engine.random_base2(max(1, math.ceil(math.log2(size))))[:size]
    return np.vstack([np.full((1, parameters), 0.5), drawn])


def around(place: Array, step: float) -> Array:
    """Places a step below and above along each parameter, kept in the cube.

    >>> around(np.array([0.0, 0.5]), 0.25)
    array([[0.  , 0.5 ],
           [0.25, 0.5 ],
           [0.  , 0.25],
           [0.  , 0.75]])
    """
    size = place.size
    shift = np.repeat(np.eye(size), 2, axis=0) * np.tile([-step, step], size)[:, None]
    return np.asarray(np.clip(place + shift, 0.0, 1.0))


def jacobian(surface: Surface, place: Array, step: float) -> Array:
    """Derivatives of mean moments by parameter `[moment, parameter]`, central differences, one-sided at the bounds."""
    sides = around(place, step)
    means = [found.mean(axis=0) for found in surface.at(sides)]
    columns = [(means[2 * k + 1] - means[2 * k]) / (sides[2 * k + 1, k] - sides[2 * k, k]) for k in range(place.size)]
    return np.column_stack(columns)


def steps(gaps: Array, slopes: Array, weight: Array) -> Array:
    """Moves that would close the gaps if moments were linear, from bold to careful   [Levenberg1944; Marquardt1963].

    Solves (G'WG + damping diag(G'WG)) move = -G'W gaps for each damping.
    """
    normal, pull = slopes.T @ (weight[:, None] * slopes), slopes.T @ (weight * gaps)
    scale = np.diag(np.maximum(np.diag(normal), TINY * max(1.0, float(np.diag(normal).max()))))
    return np.array([-np.linalg.lstsq(normal + damping * scale, pull, rcond=None)[0] for damping in DAMPING])


def descend(surface: Surface, start: Array, targets: Targets, weight: Array) -> Found:
    """Walk to a place from which neither Gauss-Newton moves nor steps along a parameter lead further down."""

    def far(found: Array) -> float:
        return distance(found.mean(axis=0), targets, weight)

    place, step = start, FIRST_STEP
    here = far(surface.at(place[None])[0])
    for _ in range(MOST_ROUNDS):
        sides = around(place, step)
        surface.at(sides)
        slopes = jacobian(surface, place, step)
        gaps = surface.at(place[None])[0].mean(axis=0) - targets.values
        tried = sides
        if np.isfinite(slopes).all() and np.isfinite(gaps).all():
            moves = np.clip(steps(gaps, slopes, weight), -REACH * step, REACH * step)
            tried = np.vstack([sides, np.clip(place + moves, 0.0, 1.0)])
        far_from = [far(found) for found in surface.at(tried)]
        best = int(np.argmin(far_from))
        if far_from[best] < here - GAIN * abs(here):
            moved = float(np.abs(tried[best] - place).max())
            place, here = tried[best], far_from[best]
            step = min(FIRST_STEP, max(moved, step / SHRINK)) if moved > step / SHRINK else step / SHRINK
        else:
            step /= SHRINK
        if step < LAST_STEP:
            return Found(place, here, True)
    return Found(place, here, False)


def estimate(surface: Surface, targets: Targets, points: int, parameters: int, seed: int) -> tuple[Found, Array]:
    """Two steps: weights from the middle of the box, then from replicates at the first estimate   [Hansen1982].

    Returns:
        Where the second search ended, and the weights of it.
    """
    spread = sobol_points(points, parameters, seed)
    surface.at(spread)
    weight = weights(targets, surface.at(spread[:1])[0])
    first = descend(surface, surface.best(targets, weight), targets, weight)
    weight = weights(targets, surface.at(first.place[None])[0])
    return descend(surface, surface.best(targets, weight), targets, weight), weight
