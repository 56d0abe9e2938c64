"""Who is not dominated, and how surely: the Pareto set of noisy trials."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.optimise.rules import Rule
from experiments.sensitivity.uncertainty import Interval
from experiments.statistics.bootstrap import generator

Array = NDArray[np.float64]
DRAWS = 1_000
BAND = (2.5, 97.5)  # percentiles


class Goal(NamedTuple):
    """A number wanted small or large."""

    metric: str
    rule: Rule
    maximise: bool

    @property
    def name(self) -> str:
        """As a reader writes it: es95(lending.bad_debt)."""
        return f"{self.rule.text}({self.metric})"


class Limit(NamedTuple):
    """A number that must stay on one side."""

    metric: str
    rule: Rule
    bound: float
    at_least: bool

    @property
    def name(self) -> str:
        """As a reader writes it."""
        return f"{self.rule.text}({self.metric}) {'≥' if self.at_least else '≤'} {self.bound:g}"

    def violation(self, value: Any) -> Any:
        """How far on the wrong side, over the bound's size: above 0 is broken."""
        scale = abs(self.bound) or 1.0
        return (self.bound - value) / scale if self.at_least else (value - self.bound) / scale


@dataclass(frozen=True)
class Trial:
    """One place and what its replicates say.

    Attributes:
        number: in the order of proposals
        values: by dotted path
        point: identity of the place in the store; empty where it could not be built
        objectives, limits: intervals in the order of goals and limits; empty where the place was refused
        feasible: whether all limits hold
        support: share of redrawn replicates in which the trial is feasible and undominated
        refused: why there is no result; empty otherwise
    """

    number: int
    values: dict[str, Any]
    point: str
    objectives: tuple[Interval, ...]
    limits: tuple[Interval, ...]
    feasible: bool
    support: float
    refused: str = ""


def undominated(costs: Array, feasible: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which rows no other feasible row betters: at least as good in every objective and better in one   [Pareto].

    Args:
        costs: one row a trial, every column to be minimised
        feasible: rows that count

    >>> costs = np.array([[1.0, 3.0], [2.0, 2.0], [2.0, 3.0], [0.0, 0.0]])
    >>> undominated(costs, np.array([True, True, True, False]))
    array([ True,  True, False, False])
    """
    costs = np.where(feasible[:, None], costs, np.inf)
    no_worse = (costs[:, None, :] <= costs[None, :, :]).all(axis=2)
    better = (costs[:, None, :] < costs[None, :, :]).any(axis=2)
    return feasible & ~(no_worse & better).any(axis=0)


def draws_of(replicates: int, name: str) -> NDArray[np.int64]:
    """Replicates drawn again, one row a draw; the same for all trials, since replicates share their seeds."""
    return generator(f"replicates of {name}").integers(0, replicates, (DRAWS, replicates))


def redrawn(values: Array, rule: Rule, draws: NDArray[np.int64]) -> tuple[Interval, Array]:
    """A rule's number with the percentile interval of its bootstrap [Efron1979], and the draws."""
    again = rule.of(values[draws])
    low, high = np.percentile(again, BAND)
    return Interval(float(rule.of(values)), float(low), float(high)), again


def costs_of(numbers: Array, goals: Sequence[Goal]) -> Array:
    """Objectives turned so that small is good; the last axis runs over goals."""
    return np.asarray(numbers * np.array([-1.0 if g.maximise else 1.0 for g in goals]))


def support(numbers: Array, violations: Array, goals: Sequence[Goal]) -> Array:
    """Share of draws in which each trial is feasible and undominated.

    Args:
        numbers: objectives `[draw, trial, goal]`
        violations: `[draw, trial, limit]`
    """
    held = [
        undominated(costs_of(numbers[d], goals), (violations[d] <= 0.0).all(axis=1)) for d in range(numbers.shape[0])
    ]
    return np.asarray(np.mean(held, axis=0))


class Found(NamedTuple):
    """Replicates of one place: its identity in the store, and values by metric."""

    point: str
    values: dict[str, Array]


def judged(
    places: Sequence[dict[str, Any]],
    found: Sequence[Found | str],
    goals: Sequence[Goal],
    limits: Sequence[Limit],
    name: str,
) -> list[Trial]:
    """Trials with intervals and support.

    Args:
        places: values by dotted path
        found: replicates of each place, or why there are none
        goals, limits: what is asked
        name: of the study; draws depend on it alone
    """
    kept = [item for item in found if not isinstance(item, str)]
    size = min((len(values) for item in kept for values in item.values.values()), default=0)
    draws = draws_of(size, name) if size else np.zeros((DRAWS, 0), np.int64)
    numbers = np.empty((DRAWS, len(kept), len(goals)))
    broken = np.empty((DRAWS, len(kept), len(limits)))
    seen: list[tuple[tuple[Interval, ...], tuple[Interval, ...]]] = []
    for k, answer in enumerate(kept):
        objectives, sides = [], []
        for g, goal in enumerate(goals):
            interval, numbers[:, k, g] = redrawn(answer.values[goal.metric][:size], goal.rule, draws)
            objectives.append(interval)
        for c, limit in enumerate(limits):
            interval, again = redrawn(answer.values[limit.metric][:size], limit.rule, draws)
            broken[:, k, c] = limit.violation(again)
            sides.append(interval)
        seen.append((tuple(objectives), tuple(sides)))
    shares = support(numbers, broken, goals) if kept else np.zeros(0)
    trials, answered = [], iter(range(len(kept)))
    for number, (place, item) in enumerate(zip(places, found, strict=True)):
        if isinstance(item, str):
            trials.append(Trial(number, place, "", (), (), False, 0.0, item))
            continue
        k = next(answered)
        objective, side = seen[k]
        fits = all(limit.violation(i.value) <= 0.0 for limit, i in zip(limits, side, strict=True))
        trials.append(Trial(number, place, item.point, objective, side, fits, float(shares[k])))
    return trials


def pareto(trials: Sequence[Trial], goals: Sequence[Goal]) -> list[Trial]:
    """Feasible trials that no other betters, from the best in the first objective on; equal places once."""
    done = [t for t in trials if not t.refused]
    if not done:
        return []
    costs = costs_of(np.array([[i.value for i in t.objectives] for t in done]), goals)
    held = undominated(costs, np.array([t.feasible for t in done]))
    first: dict[str, int] = {}
    for k in sorted(np.flatnonzero(held), key=lambda k: (*costs[k], done[k].number)):
        first.setdefault(done[k].point, int(k))
    return [done[k] for k in first.values()]
