"""Elementary effects: what a step in one parameter does to the result, along random trajectories [Morris1991]."""

import math

import numpy as np

from experiments.sensitivity.uncertainty import Array, Places

NOISE_OF_ABSOLUTE = math.sqrt(2.0 / math.pi)  # mean |N(0, 1)|


def elementary(y: Array, moved: Places, steps: Array) -> Array:
    """Effects by trajectory and parameter: (f after - f before) / step, on the mean over replicates.

    Args:
        y: results by trajectory, its parameters + 1 places in order, and replicate
        moved: which parameter each step of a trajectory moves
        steps: how far, in shares of its range, with its sign

    Returns:
        Change of the result per whole range of each parameter, `[trajectory, parameter]`.

    >>> y = np.array([[[0.0], [1.0], [3.0]]])
    >>> elementary(y, np.array([[1, 0]]), np.array([[0.5, -0.5]]))
    array([[-4.,  2.]])
    """
    change = np.diff(y.mean(axis=2), axis=1) / steps
    out = np.empty_like(change)
    np.put_along_axis(out, moved, change, axis=1)
    return out


def noise_floor(y: Array, moved: Places, steps: Array) -> Array:
    """Mean absolute effect that replicate noise alone would show, by parameter; NaN with one replicate.

    sqrt(2/pi) times the standard deviation of the mean of a step's change over replicates. Under common random
    numbers only what seeds change *differently* before and after the step counts.
    """
    replicates = y.shape[2]
    if replicates < 2:
        return np.full(moved.shape[1], math.nan)
    error = np.diff(y, axis=1).var(axis=2, ddof=1) / replicates / steps**2
    out = np.empty_like(error)
    np.put_along_axis(out, moved, error, axis=1)
    return np.asarray(NOISE_OF_ABSOLUTE * np.sqrt(out.mean(axis=0)))


def noise_share(y: Array) -> float:
    """Part of the mean squared change of a step that is replicate noise; NaN with one replicate or without change."""
    replicates = y.shape[2]
    change = np.diff(y, axis=1)
    whole = float(np.mean(change.mean(axis=2) ** 2))
    if replicates < 2 or whole == 0.0:
        return math.nan
    return min(1.0, float(np.mean(change.var(axis=2, ddof=1))) / replicates / whole)


def measures(effects: Array) -> Array:
    """mu*, mu and sigma of each parameter, one after another.

    mu* is the mean of |effect| [CampolongoCariboniSaltelli2007]: how much it matters; mu the mean: which way;
    sigma the standard deviation: how far it depends on where the others stand.

    >>> measures(np.array([[1.0, 2.0], [1.0, -2.0]])).round(3)
    array([1.   , 2.   , 1.   , 0.   , 0.   , 2.828])
    """
    spread = effects.std(axis=0, ddof=1) if len(effects) > 1 else np.full(effects.shape[1], math.nan)
    return np.concatenate([np.abs(effects).mean(axis=0), effects.mean(axis=0), spread])
