"""The three ways to judge a design: elementary effects, shares of variance, regression."""

import math
from collections.abc import Mapping
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from experiments.sensitivity import effects, indices, regression
from experiments.sensitivity.uncertainty import Array, Interval, Places, intervals
from experiments.sweeps.points import Block
from model.errors import ScenarioError

GOOD_FIT = 0.7  # R² from which a linear regression is said to describe a model [SaltelliEtAl2008]


class Results(NamedTuple):
    """Results of a block in its own order.

    Attributes:
        y: `[group of rows, row of the group, replicate]`; groups are trajectories, Saltelli's groups, or single rows
        kept: which groups they are; those with a missing result are left out
        lost: how many were left out
    """

    y: Array
    kept: Places
    lost: int


class Judged(NamedTuple):
    """What a method says; the first measure is the one that ranks."""

    method: str
    parameters: tuple[str, ...]
    measures: dict[str, tuple[Interval, ...]]
    pairs: dict[tuple[str, str], Interval]
    noise: float
    notes: list[str]


def morris(block: Block, results: Results, name: str) -> Judged:
    """Elementary effects with their noise."""
    size = len(block.names)
    cube = np.array(block.unit).reshape(-1, size + 1, size)[results.kept]
    change = np.diff(cube, axis=1)
    moved = np.abs(change).argmax(axis=2)
    steps = np.take_along_axis(change, moved[:, :, None], axis=2)[:, :, 0]

    def statistic(rows: Places, seeds: Places) -> Array:
        return effects.measures(effects.elementary(results.y[rows][:, :, seeds], moved[rows], steps[rows]))

    found = intervals(statistic, len(results.y), results.y.shape[2], name)
    notes = ["effects are per whole range of a parameter"]
    floor = effects.noise_floor(results.y, moved, steps)
    noise = effects.noise_share(results.y)
    measures = {
        "mu*": tuple(found[:size]),
        "mu": tuple(found[size : 2 * size]),
        "sigma": tuple(found[2 * size :]),
    }
    if not math.isnan(noise):
        measures["mu* of noise"] = tuple(Interval(float(x), math.nan, math.nan) for x in floor)
        for k, parameter in enumerate(block.names):
            if found[k].value > 0.0 and found[k].low <= floor[k]:
                notes.append(f"{parameter}: its effect is not told from the noise of replicates")
    return Judged("morris", block.names, measures, {}, noise, notes)


def saltelli(block: Block, results: Results, name: str) -> Judged:
    """Shares of variance, corrected for the noise of replicates where there are two or more."""
    size, second, notes = len(block.names), bool(block.settings.get("second_order", False)), []
    corrected = results.y.shape[2] > 1

    def statistic(rows: Places, seeds: Places) -> Array:
        found = indices.parts(results.y[rows][:, :, seeds], second)
        return indices.sobol(found, corrected and seeds.size > 1)

    found = intervals(statistic, len(results.y), results.y.shape[2], name)
    whole = indices.parts(results.y, second)
    raw = indices.sobol(whole, corrected=False)
    measures = {"total": tuple(found[size : 2 * size]), "first": tuple(found[:size])}
    if corrected:
        notes.append("indices are those of the mean over seeds, without its noise; `raw` has the noise in it")
        measures["raw total"] = tuple(Interval(float(x), math.nan, math.nan) for x in raw[size : 2 * size])
        measures["raw first"] = tuple(Interval(float(x), math.nan, math.nan) for x in raw[:size])
    pairs = [(block.names[i], block.names[j]) for i, j in combinations(range(size), 2)] if second else []
    by_pair = dict(zip(pairs, found[2 * size :], strict=True))
    return Judged("sobol", block.names, measures, by_pair, indices.noise_share(whole), notes)


def regress(block: Block, results: Results, name: str, values: Mapping[str, Mapping[str, Any]]) -> Judged:
    """Regression on values and on ranks; what describes the results better ranks."""
    words = [n for n in block.names if not all(isinstance(values[row][n], (int, float)) for row in block.rows)]
    notes = []
    if words:
        notes.append(f"left out, since their values are words: {', '.join(words)}; compare those point by point")
    names = tuple(n for n in block.names if n not in words)
    if not names:
        raise ScenarioError(f"{name.split('/')[0]}: varies nothing with numbers; use `compare` for named values")
    size, y = len(names), results.y[:, 0, :]
    x = np.array([[float(values[block.rows[k]][n]) for n in names] for k in results.kept])
    for k, n in enumerate(names):
        if block.variables[n].scale == "log":
            x[:, k] = np.log(x[:, k])

    def statistic(rows: Places, seeds: Places) -> Array:
        return regression.measures(x[rows], y[rows][:, seeds].mean(axis=1))

    found = intervals(statistic, len(y), y.shape[1], name)
    mean = y.mean(axis=1)
    explained, explained_ranks = regression.standardised(x, mean)[1], regression.ranked(x, mean)[1]
    measures = {"on values": tuple(found[:size]), "on ranks": tuple(found[size:])}
    if explained < GOOD_FIT and explained_ranks > explained:
        measures = dict(reversed(measures.items()))
    best = max(explained, explained_ranks)
    notes.append(f"regression explains {explained:.0%} of the variance, on ranks {explained_ranks:.0%}")
    if best < GOOD_FIT:
        notes.append("that is little: a straight line does not describe this; use a morris or saltelli design")
    variance = float(mean.var())
    noise = math.nan
    if y.shape[1] > 1 and variance > 0.0:
        centred = y - y.mean(axis=0)
        noise = min(1.0, float(centred.var(axis=1, ddof=1).mean()) / y.shape[1] / variance)
    return Judged("regression", names, measures, {}, noise, notes)
