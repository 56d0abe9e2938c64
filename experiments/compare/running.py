"""Run two scenarios under common random numbers, as often as asked for or as a precision takes."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments import runs
from experiments.compare.analysis import sides
from experiments.statistics import Precision, reached
from experiments.statistics.precision import PILOT
from experiments.store.failures import refuse_empty
from model.errors import ScenarioError, nearest
from model.scenario import Scenario

if TYPE_CHECKING:
    from experiments.sweeps.driver import Finished

FEWEST = 2  # replicates without which nothing varies


class Wish(NamedTuple):
    """A half-width of the mean difference of a metric, and most replicates to spend on it."""

    metric: str
    half_width: float
    most: int


def wish(text: str, most: int, known: Sequence[str]) -> Wish:
    """Read METRIC=H.

    >>> wish("bitcoin.price=500", 100, ["bitcoin.price"])
    Wish(metric='bitcoin.price', half_width=500.0, most=100)
    """
    metric, _, number = (part.strip() for part in text.partition("="))
    if metric not in known:
        raise ScenarioError(
            f"--precision {text!r}: no metric {metric!r} is recorded in both scenarios{nearest(metric, known)}"
        )
    try:
        half = float(number)
    except ValueError:
        half = 0.0
    if not 0.0 < half < float("inf"):
        raise ScenarioError(f"--precision {text!r}: write METRIC=H with a half-width H above 0, in the metric's unit")
    if most < PILOT:
        raise ScenarioError(f"--max {most}: the pilot alone takes {PILOT} replicates; give {PILOT} or more")
    return Wish(metric, half, most)


def names_of(*scenarios: Scenario) -> list[str]:
    """Metrics that all scenarios record."""
    each = [{m.name for m in s.recorded()} for s in scenarios]
    return sorted(set.intersection(*each))


def prepare(
    names: Sequence[str],
    values: Mapping[str, Any],
    more: Mapping[str, Any],
    agents: int | None = None,
    plugins: Sequence[str] = (),
) -> tuple[Scenario, Scenario]:
    """Both scenarios, checked against one another.

    Args:
        names: of A and B, or paths
        values: parameters of both
        more: parameters of B alone, on top

    Raises:
        ScenarioError: anything cannot be used, both are the same, or their lengths differ
    """
    first = runs.prepare(names[0], values, agents, plugins)
    second = runs.prepare(names[1], {**values, **more}, agents, plugins)
    spans = [each.clock.ticks * each.clock.hours_per_tick for each in (first, second)]
    if spans[0] != spans[1]:
        raise ScenarioError(
            f"compare {names[0]} {names[1]}: the first runs {spans[0]:,} hours and the second {spans[1]:,}; "
            "give both the same --ticks"
        )
    if first.fingerprint() == second.fingerprint():
        raise ScenarioError(
            f"compare {names[0]} {names[1]}: both are the same scenario; name another, or change the second with --set-b"
        )
    return first, second


def folder_name(verb: str, *scenarios: Scenario, also: str = "") -> str:
    """Name of a study made by a verb: its scenarios, and a hash so that other parameters get another folder.

    >>> folder_name("compare", Scenario.load("smoke")).startswith("compare-smoke-")
    True
    """
    stamp = hashlib.blake2b(digest_size=4)
    for scenario in scenarios:
        stamp.update(scenario.fingerprint().encode())
    stamp.update(also.encode())
    words = [verb, *dict.fromkeys(re.sub(r"[^A-Za-z0-9_]+", "_", s.name) for s in scenarios)]
    return "-".join((*words, stamp.hexdigest()))


def execute(
    first: Scenario, second: Scenario, replicates: int, target: Wish | None, root: Path, **options: Any
) -> tuple["Finished", tuple[str, Precision] | None]:
    """Run both, replicate by replicate; with a target a pilot first, then as many as it projects, until it is reached.

    Args:
        first, second: the scenarios, A and B
        replicates: how many, where there is no target
        target: half-width of the mean difference of a metric
        root: folder of results
        options: handed to `driver.execute`
    """
    from experiments.sweeps import driver
    from experiments.sweeps.study import Study

    labels = (first.name, second.name if second.name != first.name else f"{second.name} (B)")
    name = folder_name("compare", first, second)
    question = f"What differs between {labels[0]} and {labels[1]}?"

    def run(n: int) -> "Finished":
        points = dict(zip(labels, (first, second), strict=True))
        study = Study.of(name, points, n, question=question, root=first.clock.seed, common=True)
        finished = driver.execute(study, root, **options)
        refuse_empty([p.id for p in study.points], set(finished.table["point"]), finished.failed, finished.folder)
        return finished

    if target is None:
        if replicates < FEWEST:
            raise ScenarioError(f"--seeds {replicates}: a difference needs at least {FEWEST} replicates")
        return run(replicates), None
    n = PILOT
    while True:
        finished = run(n)
        a, b = sides(finished.table, target.metric)
        if np.isfinite(b - a).sum() < FEWEST:
            raise ScenarioError(
                f"--precision {target.metric}: defined in fewer than {FEWEST} of {n} pairs of runs; choose another metric"
            )
        state = reached(b - a, target.half_width, f"difference {target.metric}")
        if state.reached or n >= target.most:
            return finished, (target.metric, state)
        n = min(target.most, max(n + 1, state.projected))
        options = {**options, "new": False}  # the pilot's runs are kept
