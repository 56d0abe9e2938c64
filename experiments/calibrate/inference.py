"""How well the estimate is known: standard errors, the test of over-identification, identification, held-out moments."""

import math
from typing import NamedTuple

import numpy as np
from scipy import stats

from experiments.calibrate.distance import Array, Targets, of_gaps
from experiments.calibrate.search import Surface, jacobian

STEP = 0.02  # of the differences in the Jacobian, in shares of a parameter's range
WORST_CONDITION = 1e3  # of the scaled Jacobian, beyond which some mixture of parameters is not seen
WIDEST = 1.0 / math.sqrt(12.0)  # standard deviation of "anywhere in its range"


class Overidentified(NamedTuple):
    """Test that all moments can be met at once: J, its degrees of freedom and the probability of one so large."""

    statistic: float
    freedom: int
    p: float


class HeldOut(NamedTuple):
    """A moment that was not fitted: the world's, the model's at the estimate, the standard error of their gap, z."""

    name: str
    target: float
    simulated: float
    error: float
    z: float


class Inference(NamedTuple):
    """What can be said at the estimate.

    Attributes:
        errors: standard errors in the unit cube, one a parameter; NaN where not identified
        correlation: of the estimates
        simulated, gap_errors: target moments at the estimate, and standard deviations of what V allows as gaps
        test: of over-identification; none with as many parameters as moments
        held_out: other moments
        condition: of the Jacobian, moments scaled by their standard deviations
        weakest: weights of the parameters in the mixture that moments see least
    """

    errors: Array
    correlation: Array
    simulated: Array
    gap_errors: Array
    test: Overidentified | None
    held_out: tuple[HeldOut, ...]
    condition: float
    weakest: Array


def infer(surface: Surface, place: Array, every: Targets, fitted: int, weight: Array) -> Inference:
    """Standard errors and tests at the estimate.

    With G the Jacobian of fitted moments, W the weights, V the covariance of gaps, A = (G'WG)^-1 G'W:
    covariance of estimates A V A' (the sandwich); J = g'(B V B')^+ g with B = I - G A, chi-squared with
    moments - parameters degrees of freedom [Hansen1982]; held-out gaps h - H A g have covariance
    [-H A, I] V [-H A, I]', so that z knows that parameters were estimated.

    Args:
        surface: moments by place, fitted ones first
        place: the estimate in the unit cube
        every: targets and held-out values
        fitted: how many of them were targets
        weight: of the squared gaps of targets
    """
    replicates = surface.at(place[None])[0]
    slopes = jacobian(surface, place, STEP)
    gaps = replicates.mean(axis=0) - every.values
    spread = of_gaps(every, replicates)
    g, g_out = slopes[:fitted], slopes[fitted:]
    v = spread[:fitted, :fitted]
    size = g.shape[1]

    scale = np.sqrt(np.where(np.diag(v) > 0.0, np.diag(v), 1.0))
    _, singular, mixtures = np.linalg.svd(g / scale[:, None], full_matrices=True)
    seen = singular[-1] if singular.size == size else 0.0
    condition = float(singular[0] / seen) if seen > 0.0 else math.inf

    normal = g.T @ (weight[:, None] * g)
    pull = np.linalg.pinv(normal) @ (g.T * weight)
    sandwich = pull @ v @ pull.T
    errors = np.sqrt(np.maximum(np.diag(sandwich), 0.0))
    if not math.isfinite(condition):
        errors = np.full(size, math.nan)
    sizes = np.where(errors > 0.0, errors, math.nan)
    test = None
    if fitted > size:
        left = np.eye(fitted) - g @ pull
        j = _quadratic(left @ v @ left.T / np.outer(scale, scale), gaps[:fitted] / scale, fitted - size)
        test = Overidentified(j, fitted - size, float(stats.chi2.sf(j, fitted - size)))
    joint = np.hstack([-g_out @ pull, np.eye(len(g_out))])
    wide = np.sqrt(np.maximum(np.diag(joint @ spread @ joint.T), 0.0))
    outside = [
        HeldOut(name, float(value), float(value + gap), float(e), float(gap / e) if e > 0.0 else math.nan)
        for name, value, gap, e in zip(every.names[fitted:], every.values[fitted:], gaps[fitted:], wide, strict=True)
    ]
    return Inference(
        errors,
        sandwich / np.outer(sizes, sizes),
        replicates.mean(axis=0)[:fitted],
        np.sqrt(np.diag(v)),
        test,
        tuple(outside),
        condition,
        mixtures[-1],
    )


def _quadratic(matrix: Array, x: Array, rank: int) -> float:
    """Value of x' M^+ x, M symmetric of known rank.

    >>> _quadratic(np.diag([4.0, 0.0]), np.array([2.0, 5.0]), 1)
    1.0
    """
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2.0)
    kept = slice(values.size - rank, None)
    along = vectors[:, kept].T @ x
    return float(np.sum(along**2 / np.maximum(values[kept], 1e-300)))


def doubts(names: tuple[str, ...], place: Array, found: Inference) -> list[str]:
    """What a reader must know about identification, in sentences."""
    said = []
    if found.condition > WORST_CONDITION:
        mixture = " and ".join(
            f"{names[k]} ({found.weakest[k]:+.2f})" for k in np.argsort(-np.abs(found.weakest)) if
            abs(found.weakest[k]) > 0.2
        )  # fmt: skip
        size = "singular" if math.isinf(found.condition) else f"condition {found.condition:.0f}"
        said.append(
            f"the moments hardly tell parameters apart (Jacobian {size}): a mixture of {mixture} moves almost none of "
            "them; add a moment that sees it, or fix one parameter"
        )
    for k, name in enumerate(names):
        if math.isfinite(found.errors[k]) and found.errors[k] > WIDEST:
            said.append(f"{name}: the data say less than its range does; its interval spans most of the range or more")
        if not 0.0 < place[k] < 1.0:
            said.append(
                f"{name}: the estimate lies on the bound of its range; widen the range, for standard errors do not "
                "hold there"
            )
    return said
