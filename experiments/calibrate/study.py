"""A calibration from its file to its answer: batches run in the store, moments made of their paths."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.calibrate import report
from experiments.calibrate.distance import Array
from experiments.calibrate.file import Problem, place_of
from experiments.calibrate.inference import Inference, doubts, infer
from experiments.calibrate.search import Surface, estimate
from experiments.laboratory import Laboratory, Options
from experiments.sensitivity.uncertainty import Interval
from experiments.store import series
from experiments.store.failures import REPEATED
from experiments.sweeps.points import Point
from experiments.sweeps.ranges import Variable, at
from model.errors import ScenarioError

if TYPE_CHECKING:
    import pandas as pd

FEW_REPLICATES = 16  # below which the covariance of a few moments is too rough for a test


@dataclass(frozen=True)
class Calibration:
    """What a calibration found.

    Attributes:
        problem: what was asked
        place: the estimate in the unit cube
        estimates: of each parameter, with 95 % intervals
        inference: standard errors and tests
        distance: weighted squared gaps at the estimate
        weight: of each target's squared gap
        converged: whether the search ended by itself
        tried: distance of every place simulated, in order
        warnings: what a reader must know
        folder: of results
    """

    problem: Problem
    place: Array
    estimates: dict[str, Interval]
    inference: Inference
    distance: float
    weight: Array
    converged: bool
    tried: tuple[tuple[tuple[float, ...], float], ...]
    warnings: tuple[str, ...]
    folder: Path


def calibrate(problem: Problem, options: Options) -> Calibration:
    """Fit, say how well, and keep the answer in the folder.

    Begun again after an interruption it asks for the same places, and reads what is there instead of running it.

    Raises:
        ScenarioError: a run failed, a place is refused, or a moment is undefined
        KeyboardInterrupt: interrupted; the same call goes on
    """
    asked = problem.asked
    with Laboratory(asked.name, asked.source, options, asked.base, asked.beside) as laboratory:
        batches = iter(range(1_000_000))

        def simulate(places: Array) -> Array:
            return simulated(problem, laboratory, f"batch-{next(batches):04d}", places)

        found = fitted(problem, Surface(simulate), laboratory.folder)
        report.write(found)
        return found


def fitted(problem: Problem, surface: Surface, folder: Path) -> Calibration:
    """Search and inference on any surface."""
    asked, part = problem.asked, slice(0, problem.fitted)
    names = tuple(asked.variables)
    fitted_only = Surface(lambda places: np.array([found[:, part] for found in surface.at(places)]))
    targets = problem.targets.part(part)
    seed = int.from_bytes(
        hashlib.blake2b(f"rigshare calibrate {asked.seed}".encode(), digest_size=4).digest(), "little"
    )
    found, weight = estimate(fitted_only, targets, problem.settings.points, len(names), seed)
    inference = infer(surface, found.place, problem.targets, problem.fitted, weight)
    warnings = doubts(names, found.place, inference)
    if not found.converged:
        warnings.append("the search was still moving when it was stopped; narrow the ranges or add replicates")
    if problem.settings.replicates < FEW_REPLICATES:
        warnings.append(
            f"{problem.settings.replicates} replicates: the covariance of moments is hardly known, and J rejects too "
            f"often; give {FEW_REPLICATES} or more"
        )
    estimates = {}
    for k, (path, variable) in enumerate(asked.variables.items()):
        value, half = float(found.place[k]), student(problem.settings.replicates) * float(inference.errors[k])
        estimates[path] = Interval(
            at(variable, value), _beyond(variable, value - half), _beyond(variable, value + half)
        )
    gaps = [
        (place, float(np.sum(weight * (moments.mean(axis=0)[part] - targets.values) ** 2)))
        for place, moments in surface.seen.items()
    ]
    return Calibration(
        problem,
        found.place,
        estimates,
        inference,
        found.distance,
        weight,
        found.converged,
        tuple(gaps),
        tuple(warnings),
        folder,
    )


def student(replicates: int) -> float:
    """Quantile for 95 % intervals: the variance of gaps is itself estimated from so many replicates.

    >>> round(student(20), 2)
    2.09
    """
    from scipy.stats import t

    return float(t.ppf(0.975, replicates - 1))


def _beyond(variable: Variable, u: float) -> float:
    """Value at a place that may lie outside the unit interval, so that intervals may leave the range."""
    low, high = float(variable.low or 0.0), float(variable.high or 0.0)
    if math.isnan(u):
        return math.nan
    return low * (high / low) ** u if variable.scale == "log" else low + u * (high - low)


def simulated(problem: Problem, laboratory: Laboratory, name: str, places: Array) -> Array:
    """Moments of a batch of places `[place, replicate, moment]`.

    Raises:
        ScenarioError: the scenario refuses a place, a run failed, or a moment is undefined
    """
    asked, settings = problem.asked, problem.settings
    points = []
    for k, place in enumerate(places):
        values = {path: at(v, float(u)) for (path, v), u in zip(asked.variables.items(), place, strict=True)}
        point = laboratory.build(values, f"place {k}")
        if isinstance(point, str):
            told = ", ".join(f"{path} = {value:.6g}" for path, value in values.items())
            raise ScenarioError(f"{asked.name}: the scenario refuses {told}: {point}; narrow [vars]")
        points.append(point)
    finished = laboratory.run(name, points, settings.replicates, asked.seed, problem.columns)
    if finished.failed:
        first, again = finished.failed[0], all(failure.kind in REPEATED for failure in finished.failed)
        raise ScenarioError(
            f"{asked.name}: {len(finished.failed)} runs failed, first {first.run}: {first.message}; they are kept in "
            f"{finished.folder}/failed; {'the same command tries them again' if again else 'narrow [vars] or mend the scenario'}"
        )
    return np.array([_moments(problem, finished.table, finished.folder, point) for point in points])


def _moments(problem: Problem, table: "pd.DataFrame", folder: Path, point: Point) -> Array:
    """Moments of one place, one row a replicate."""
    rows = table[table["point"] == point.id].sort_values("replicate")
    found = []
    for row in rows.to_dict("records"):
        kept: dict[str, Any] = dict(series(folder, str(row["run"]))) if problem.columns else {}
        found.append([moment.of({str(k): v for k, v in row.items()}, kept) for moment in problem.moments])
    moments = np.array(found)
    if not np.isfinite(moments).all():
        bad = problem.moments[int(np.flatnonzero(~np.isfinite(moments).all(axis=0))[0])].text
        raise ScenarioError(f"{problem.asked.name}: {bad} is undefined at {point.values}; take another moment or range")
    return moments


def planted(problem: Problem, options: Options, truth: Sequence[float], seed: int, runs: int) -> Array:
    """Mean moments of a world whose parameters are known, for tests of recovery.

    Args:
        problem: whose moments are wanted
        options: how runs are done
        truth: values of the parameters, in the order of `[vars]`
        seed: of the world, other than the calibration's
        runs: how many histories the world has
    """
    asked = problem.asked._replace(seed=seed)
    world = problem._replace(asked=asked, settings=problem.settings.model_copy(update={"replicates": runs}))
    place = [place_of(v, value) for v, value in zip(asked.variables.values(), truth, strict=True)]
    with Laboratory(f"{asked.name}-world", "", options, asked.base) as laboratory:
        return np.asarray(simulated(world, laboratory, "world", np.array([place]))[0])
