"""A study: points, replicates and what is kept, ready for an engine.

Names of points and seeds of replicates are digests of what they stand for, so adding points or replicates renames and
reseeds nothing that is there.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

from experiments.study_files import find_sweep, is_sweep
from experiments.sweeps.bases import Bases
from experiments.sweeps.file import MOST_REPLICATES, Sweep, read
from experiments.sweeps.paths import SCENARIO, TOTAL, refused, unknown
from experiments.sweeps.points import Block, Point, block_points, merged, seed_of_block, told
from experiments.sweeps.variants import identity
from model.errors import ScenarioError, nearest
from model.kinds import agent_kinds, packages
from model.metric import recorded, registry
from model.scenario import Scenario
from model.scenario_files import find

__all__ = ["Block", "Point", "Precision", "Study", "Task", "load", "seed_of"]

SEED_BITS = 63  # what a scenario's `clock.seed` may hold


class Task(NamedTuple):
    """One run to be done.

    Attributes:
        run: name, the point's id and the replicate
        point: place in `study.points`
        replicate: from 0
        seed: of all its random streams
    """

    run: str
    point: int
    replicate: int
    seed: int


class Precision(NamedTuple):
    """Replicates go on until a mean is known so well.

    Attributes:
        metric: whose mean, at every point
        half_width: longer side of its 95 % interval [the metric's unit]
        max: replicates of a point, at most
    """

    metric: str
    half_width: float
    max: int


def seed_of(root: int, replicate: int, point: str | None) -> int:
    """Seed of a run, 63 bits.

    Args:
        root: seed of the study
        replicate: from 0
        point: id of the point; None under common random numbers, where all points share the replicate's seed

    >>> seed_of(1, 0, None) == seed_of(1, 0, None), seed_of(1, 0, None) == seed_of(1, 1, None)
    (True, False)
    """
    digest = hashlib.blake2b(f"rigshare replicate {root}/{replicate}/{point or ''}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> (64 - SEED_BITS)


@dataclass(frozen=True)
class Study:
    """Many runs with one question.

    Attributes:
        name: of its folder of results
        question: what it asks
        points: where in parameter space it runs, each once
        replicates: runs of each point; with `stop` the first ones, the pilot
        stop: precision to go on for, if any
        common: whether replicate r has the same seed at every point
        root: seed from which all others are derived
        every: one tick in so many is kept of every metric in `columns`; 0 keeps no paths
        columns: metrics whose paths are kept
        summary: metrics that the question is about; empty for all
        blocks: the design as it was given
        source: text of the sweep file, empty when made by code
        beside: folder in which scenarios that the file names by path were looked for
        asked: what the command asked of the runs beyond making them, for whoever reads the folder later
    """

    name: str
    question: str
    points: tuple[Point, ...]
    replicates: int
    stop: Precision | None = None
    common: bool = True
    root: int = 1
    every: int = 0
    columns: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    source: str = ""
    beside: Path | None = None
    asked: Mapping[str, Any] = field(default_factory=dict)

    def tasks(self, first: int = 0, last: int | None = None) -> list[Task]:
        """Runs of replicates first..last - 1, replicate by replicate over all points, so that a part is balanced.

        Args:
            first: replicate to begin with
            last: replicate to end before; left out, `replicates`
        """
        found = []
        for replicate in range(first, self.replicates if last is None else last):
            shared = seed_of(self.root, replicate, None)
            for i, point in enumerate(self.points):
                seed = shared if self.common else seed_of(self.root, replicate, point.id)
                found.append(Task(f"{point.id}-{replicate:05d}", i, replicate, seed))
        return found

    @classmethod
    def of(
        cls,
        name: str,
        scenarios: Mapping[str, Scenario],
        replicates: int,
        *,
        question: str = "",
        root: int = 1,
        common: bool = True,
        every: int = 0,
        columns: Sequence[str] = (),
    ) -> "Study":
        """A study made by code.

        Scenarios that are equal but for their seed become one point, under the first label; `blocks[0].rows` has the
        id of the point of each label in `blocks[0].labels`.

        Args:
            name: of its folder of results
            scenarios: by label
            replicates: runs of each
            question, root, common, every: as the attributes
            columns: names of metrics whose paths are kept, * and ? for many; with `every` and none named, all

        Raises:
            ScenarioError: there is nothing to run, or a metric is not recorded
        """
        if not scenarios or not 1 <= replicates <= MOST_REPLICATES:
            raise ScenarioError(f"{name}: a study needs scenarios, and 1 to {MOST_REPLICATES:,} replicates of each")
        points = [Point(identity(s), label, {}, s) for label, s in scenarios.items()]
        block = Block("list", (), {}, tuple(p.id for p in points), tuple(scenarios))
        once = merged(points)
        wrong: list[str] = []
        names = _recorded(once)
        kept = _metrics("columns", (columns or ("*",)) if every else (), names, wrong)
        if wrong:
            raise ScenarioError("\n".join(f"{name}: {line}" for line in wrong))
        return cls(name, question, once, replicates, None, common, root, every, kept, (), (block,), "")


def load(path: str | Path, plugins: Sequence[str] = ()) -> Study:
    """Study of a sweep file, by path or by name under `scenarios/sweeps`.

    Raises:
        ScenarioError: anything in it cannot be used; one line for each fault, told before anything runs
    """
    place = find_sweep(path)
    wrong: list[str] = []
    agent_kinds(packages(plugins))
    sweep = read(place, wrong)
    bases = _bases(sweep, plugins, wrong)
    blocks: list[Block] = []
    points: list[Point] = []
    experiment = sweep.experiment
    root = experiment.seed if experiment is not None else 0
    for i, (design, variables) in enumerate(sweep.designs, 1):
        made = block_points(f"design {i}", design, variables, seed_of_block(root, i), bases, plugins, wrong)
        if made is not None:
            blocks.append(made[0])
            points += made[1]
    if bases is not None and not sweep.designs:
        base = bases.get().base
        points = [Point(identity(base), base.name, {}, base)]
    once = merged(points)
    complete = bases is not None and len(blocks) == len(sweep.designs)
    names = _recorded(once) if complete else [set(registry())]
    study = _outline(sweep, once, tuple(blocks), names, wrong)
    if wrong or study is None:
        raise ScenarioError("\n".join(f"{place}: {line}" for line in wrong))
    return study


def _bases(sweep: Sweep, plugins: Sequence[str], wrong: list[str]) -> Bases | None:
    """The base with the fixed overrides, those at fault left out; None where it cannot be used at all."""
    experiment, params = sweep.experiment, dict(sweep.params)
    if experiment is None:
        return None
    faults = [f"params: {path}: {reason}" for path in params if (reason := unknown(path, plugins))]
    faults += [f"params: {path}: belongs under [experiment]" for path in (SCENARIO, TOTAL) if path in params]
    if experiment.ticks is not None:
        if "clock.ticks" in params:
            faults.append("params: clock.ticks: is set by ticks under [experiment] too; leave one out")
        params["clock.ticks"] = experiment.ticks
    try:
        alone = _scenario(experiment.base, sweep.beside, plugins)
        for path in [p for p in params if p in (SCENARIO, TOTAL) or unknown(p, plugins)]:
            del params[path]
        for path, value in list(params.items()):
            own = refused(alone, path, value)
            faults += [f"params: {line}" for line in own]
            if own:
                del params[path]
        wrong += told(faults)
        if sweep.outputs is not None and sweep.outputs.record:
            params["record"] = sweep.outputs.record
        bases = Bases(lambda name: _scenario(name, sweep.beside, plugins), experiment.base, params, experiment.agents)
        bases.get()
    except ScenarioError as error:
        wrong += [f"base {experiment.base}: {line}" for line in str(error).split("\n")]
        return None
    return bases


def _scenario(name: str, beside: Path, plugins: Sequence[str]) -> Scenario:
    """A scenario by name, or by path beside the sweep; a sweep of that name is passed over."""
    path = find(name, beside)
    if is_sweep(path):
        path = find(name)
        if is_sweep(path):
            raise ScenarioError(f"{name}: is a sweep; name a scenario")
    return Scenario.load(path, plugins)


def _recorded(points: Sequence[Point]) -> list[set[str]]:
    """Names of metrics that points record, one set for each different make of market."""
    makes = {(frozenset({*p.scenario.mechanisms, *p.scenario.agents}), p.scenario.record) for p in points}
    return [{m.name for m in recorded(*make)} for make in makes]


def _metrics(place: str, patterns: Sequence[str], names: list[set[str]], wrong: list[str]) -> tuple[str, ...]:
    """Metrics by name or pattern, in the registry's order; those that no point records are told."""
    known = set().union(*names)
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in known):
            wrong.append(f"{place}: {pattern!r}: no point of this study records such a metric{nearest(pattern, known)}")
    return tuple(name for name in registry() if name in known and any(fnmatchcase(name, p) for p in patterns))


def _outline(
    sweep: Sweep, points: tuple[Point, ...], blocks: tuple[Block, ...], names: list[set[str]], wrong: list[str]
) -> Study | None:
    """The study of checked parts; metrics that no point records are told."""
    series = sweep.outputs.timeseries if sweep.outputs else None
    columns = _metrics("outputs.timeseries.columns", series.columns if series else (), names, wrong)
    summary = _metrics("outputs.summary", sweep.outputs.summary if sweep.outputs else (), names, wrong)
    stop = None
    if sweep.replicates is not None and sweep.replicates.stop is not None:
        stop = Precision(*sweep.replicates.stop.model_dump().values())
        everywhere = set.intersection(*names)
        if stop.metric not in everywhere:
            found = nearest(stop.metric, everywhere)
            wrong.append(f"replicates.stop.metric = {stop.metric!r}: not every point records such a metric{found}")
    experiment, replicates = sweep.experiment, sweep.replicates
    if wrong or experiment is None or replicates is None:
        return None
    return Study(
        name=experiment.name or sweep.stem,
        question=experiment.question,
        points=points,
        replicates=replicates.first,
        stop=stop,
        common=replicates.common_random_numbers,
        root=experiment.seed,
        every=series.every if series is not None else 0,
        columns=columns,
        summary=summary,
        blocks=blocks,
        source=sweep.source,
        beside=sweep.beside,
    )
