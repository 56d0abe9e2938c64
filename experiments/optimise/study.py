"""An optimisation from its file to its frontier: generations run in the store, winners run again under other seeds."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from experiments.laboratory import Laboratory, Options
from experiments.optimise import report
from experiments.optimise.file import Problem
from experiments.optimise.frontier import Found, Trial, costs_of, judged, pareto, undominated
from experiments.optimise.search import Answer, search
from experiments.sensitivity.uncertainty import Interval
from experiments.sweeps.driver import Finished
from experiments.sweeps.points import Point

SEED_BITS = 63


@dataclass(frozen=True)
class Winner:
    """A trial on the frontier, run again under seeds that the search never saw.

    Attributes:
        trial: as the search saw it
        fresh: the same place under fresh seeds; none where no fresh runs were asked for or they failed
        optimism: by how much each objective looked better in the search, with an interval
        holds: whether all limits hold afresh
        stays: whether it holds and no other winner betters it afresh
    """

    trial: Trial
    fresh: Trial | None
    optimism: tuple[Interval, ...]
    holds: bool
    stays: bool


@dataclass(frozen=True)
class Frontier:
    """What an optimisation found.

    Attributes:
        problem: what was asked
        trials: every place tried, in order
        winners: feasible and undominated trials, from the best in the first objective on
        folder: of results
        failed: how many runs failed
    """

    problem: Problem
    trials: tuple[Trial, ...]
    winners: tuple[Winner, ...]
    folder: Path
    failed: int


def derived(seed: int, name: str) -> int:
    """A seed for one purpose.

    >>> derived(1, "fresh") == derived(1, "fresh"), derived(1, "fresh") == derived(1, "search")
    (True, False)
    """
    digest = hashlib.blake2b(f"rigshare {name} {seed}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> (64 - SEED_BITS)


def optimise(problem: Problem, options: Options) -> Frontier:
    """Search, run the winners again, and keep the answer in the folder.

    Begun again after an interruption it asks for the same places, and reads what is there instead of running it.

    Raises:
        ScenarioError: the folder holds something else
        KeyboardInterrupt: interrupted; the same call goes on
    """
    asked, settings = problem.asked, problem.settings
    places: list[dict[str, Any]] = []
    found: list[Found | str] = []
    with Laboratory(asked.name, asked.source, options, asked.base, asked.beside) as laboratory:

        def evaluate(batch: list[dict[str, Any]]) -> Sequence[Answer | None]:
            name = f"generation-{math.ceil(len(places) / settings.population):03d}"
            answers = evaluated(problem, laboratory, name, batch, settings.replicates, asked.seed, len(places))
            places.extend(batch)
            found.extend(answers)
            return [answer_of(problem, item) for item in answers]

        search(
            problem.dimensions,
            ["maximise" if goal.maximise else "minimise" for goal in problem.goals],
            evaluate,
            trials=settings.trials,
            population=settings.population,
            seed=derived(asked.seed, "search") % 2**32,
            sampler=settings.sampler,
        )
        trials = judged(places, found, problem.goals, problem.limits, asked.name)
        best = pareto(trials, problem.goals)
        again: list[Trial] = []
        if best and problem.fresh:
            seed = derived(asked.seed, "fresh")
            winners = [trial.values for trial in best]
            answers = evaluated(problem, laboratory, "fresh", winners, problem.fresh, seed, 0)
            again = judged(winners, answers, problem.goals, problem.limits, f"{asked.name}/fresh")
        won, failed = winners_of(problem, best, again), len(laboratory.failed)
        frontier = Frontier(problem, tuple(trials), won, laboratory.folder, failed)
        laboratory.keep_asked()
        report.write(frontier)
        return frontier


def evaluated(
    problem: Problem,
    laboratory: Laboratory,
    name: str,
    batch: Sequence[dict[str, Any]],
    replicates: int,
    root: int,
    first: int,
) -> list[Found | str]:
    """Replicates of a batch of places, or why a place has none."""
    points = [laboratory.build(values, f"trial {first + k}") for k, values in enumerate(batch)]
    built = [point for point in points if isinstance(point, Point)]
    finished = laboratory.run(name, built, replicates, root) if built else None
    return [point if isinstance(point, str) else _found(problem, point, finished, replicates) for point in points]


def _found(problem: Problem, point: Point, finished: Finished | None, replicates: int) -> Found | str:
    """A point's numbers; a place with a failed run or an undefined number has none, since the rest would mislead."""
    assert finished is not None
    rows = finished.table[finished.table["point"] == point.id].sort_values("replicate")
    if len(rows) < replicates:
        return f"{replicates - len(rows)} of {replicates} runs failed"
    values = {metric: rows[metric].to_numpy(np.float64) for metric in problem.metrics}
    undefined = [metric for metric, found in values.items() if not np.isfinite(found).all()]
    if undefined:
        return f"{', '.join(undefined)} undefined in some runs"
    return Found(point.id, values)


def answer_of(problem: Problem, item: Found | str) -> Answer | None:
    """What the search is told of a place."""
    if isinstance(item, str):
        return None
    return Answer(
        tuple(float(goal.rule.of(item.values[goal.metric])) for goal in problem.goals),
        tuple(float(limit.violation(limit.rule.of(item.values[limit.metric]))) for limit in problem.limits),
    )


def winners_of(problem: Problem, best: Sequence[Trial], again: Sequence[Trial]) -> tuple[Winner, ...]:
    """Winners held against themselves under fresh seeds."""
    done = [k for k, trial in enumerate(again) if not trial.refused]
    stays: set[int] = set()
    if done:
        numbers = np.array([[i.value for i in again[k].objectives] for k in done])
        kept = undominated(costs_of(numbers, problem.goals), np.array([again[k].feasible for k in done]))
        stays = {k for k, yes in zip(done, kept, strict=True) if yes}
    found = []
    for k, trial in enumerate(best):
        fresh = again[k] if k in done else None
        gaps: tuple[Interval, ...] = ()
        if fresh is not None:
            pairs = zip(problem.goals, trial.objectives, fresh.objectives, strict=True)
            gaps = tuple(optimism(goal.maximise, old, new) for goal, old, new in pairs)
        found.append(Winner(trial, fresh, gaps, fresh is not None and fresh.feasible, k in stays))
    return tuple(found)


def optimism(maximise: bool, searched: Interval, fresh: Interval) -> Interval:
    """By how much a number looked better in the search than it is; the two rest on different seeds.

    The ends combine those of both intervals as independent errors do: the square root of the sum of squares, side by
    side [MOVER, ZouDonner2008].

    >>> optimism(False, Interval(1.0, 0.0, 2.0), Interval(3.0, 2.0, 4.0)).value
    2.0
    """
    up, down = (searched, fresh) if maximise else (fresh, searched)
    gap = up.value - down.value
    low = gap - math.hypot(up.value - up.low, down.high - down.value)
    high = gap + math.hypot(up.high - up.value, down.value - down.low)
    return Interval(gap, low, high)
