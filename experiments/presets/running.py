"""Runs of answers: one task is one seed of one variant, in several processes."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from experiments.parallel import in_order
from experiments.presets.found import Found
from experiments.presets.spec import Answer, Numbers, answer_to
from model import Marketplace


class Task(NamedTuple):
    """One run.

    Attributes:
        scenario: name of the answer
        variant: of the scenario
        seed: of all its random streams
        ticks: other length of the run, if any
    """

    scenario: str
    variant: str
    seed: int
    ticks: int | None = None


def perform(task: Task) -> Numbers:
    """Run one seed to its end, check the laws, and look."""
    answer = answer_to(task.scenario)
    with Marketplace(answer.scenario(task.scenario, task.variant, task.ticks), rng=task.seed) as market:
        while market.running and not (answer.until is not None and market.clock.tick >= 0 and answer.until(market)):
            market.step()
        market.check()
        return dict(answer.look(market))


def tasks_of(name: str, answer: Answer, seeds: int) -> list[Task]:
    """Seeds 1 to n of every variant, variant by variant under each seed, so that a part is balanced."""
    return [Task(name, variant, seed) for seed in range(1, seeds + 1) for variant in answer.variants]


def run_all(names: Sequence[str], seeds: int, workers: int) -> Iterator[Found]:
    """The runs of scenario after scenario; at least as many seeds as an answer asks for."""
    plan = [(name, answer_to(name)) for name in names]
    tasks = [task for name, answer in plan for task in tasks_of(name, answer, max(seeds, answer.seeds))]
    results = in_order(perform, tasks, workers)
    for name, answer in plan:
        runs: dict[str, list[Numbers]] = {variant: [] for variant in answer.variants}
        for task in tasks_of(name, answer, max(seeds, answer.seeds)):
            runs[task.variant].append(next(results))
        yield Found(name, runs, answer.units)
