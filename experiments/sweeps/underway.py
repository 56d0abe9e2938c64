"""A study on its way: what it is, which of its runs are there, which are missing, and how well its means are known."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.engines.job import Job, Record
from experiments.outputs import code_hash
from experiments.store.failures import Failure
from experiments.store.standing import Standing, standing
from experiments.store.table import tidy
from experiments.sweeps.batches import Reached, state
from experiments.sweeps.identity import configuration

if TYPE_CHECKING:
    import pandas as pd

    from experiments.sweeps.study import Point, Study, Task


class Underway:
    """A study on its way.

    Attributes:
        study: what is run
        folder: of its results
        code: digest of the sources
        configs: digest of each point's scenario and of what is kept of it
        found: finished runs, those that were there and those that have ended since
        failed: runs that failed, by name
        total: replicates of every point that are asked for now

    Args:
        study: what is run
        folder: of its results
        deadline: seconds that a run may take
        mixed: keep finished runs of other code or configuration
        astray: leave finished runs of other points aside, which are refused else

    Raises:
        ScenarioError: the folder holds runs that may not be mixed with those of the study
    """

    def __init__(self, study: "Study", folder: Path, deadline: float, mixed: bool, astray: bool = False) -> None:
        self.study, self.folder, self._deadline = study, folder, deadline
        self._plugins = tuple(study.points[0].scenario.plugins)
        self.code = code_hash(self._plugins)
        self.configs = [configuration(point.scenario, study.every, study.columns) for point in study.points]
        most = max(study.replicates, study.stop.max) if study.stop else study.replicates
        seeds = {task.run: task.seed for task in study.tasks(0, most)}
        points = {point.id: config for point, config in zip(study.points, self.configs, strict=True)}
        self.found: Standing = standing(folder, points, seeds, self.code, mixed, astray)
        self.total = study.replicates
        self.failed = dict(self.found.failed)

    def jobs(self, tasks: Sequence["Task"]) -> list[Job]:
        """What must still be run of some tasks, in their order."""
        rows, study = self.found.rows, self.study
        missing = [task for task in tasks if task.run not in rows and task.run not in self.failed]
        return [self._job(task, study.points[task.point]) for task in missing]

    def _job(self, task: "Task", point: "Point") -> Job:
        scenario = point.scenario
        return Job(
            run=task.run,
            point=point.id,
            label=point.label,
            replicate=task.replicate,
            seed=task.seed,
            values=point.values,
            tables=scenario.tables,
            scenario=scenario.name,
            place=str(scenario.folder.resolve()),
            plugins=self._plugins,
            every=self.study.every,
            columns=tuple(self.study.columns),
            deadline=self._deadline,
            config=self.configs[task.point],
            code=self.code,
            folder=str(self.folder.resolve()),
        )

    def take(self, record: Record) -> None:
        """One more run that has ended."""
        if record.footer is not None:
            self.found.rows.add(record.footer)
        elif record.failure is not None:
            self.failed[record.run] = record.failure

    def reached(self) -> list[Reached]:
        """How well the mean of the watched metric is known at every point of which a run has finished.

        Of a point whose runs have all failed, more would not make anything known.
        """
        stop, rows = self.study.stop, self.found.rows
        if stop is None:
            return []
        values = rows.column(stop.metric)
        by_point: dict[str, list[tuple[int, float]]] = {point.id: [] for point in self.study.points}
        for value, (_, point, replicate, *_) in zip(values, rows.heads, strict=True):
            if replicate < self.total and point in by_point:
                by_point[point].append((replicate, float(value)))
        return [
            state(each.label, [value for _, value in sorted(by_point[each.id])], stop.metric)
            for each in self.study.points
            if by_point[each.id]
        ]

    def table(self) -> "pd.DataFrame":
        """The tidy table as it is now."""
        runs = [task.run for task in self.study.tasks(0, self.total)]
        return tidy(self.found.rows, self.study.points, runs, bool(self.found.differing))

    def lost(self) -> list[Failure]:
        """Failed runs of the study as it is now, by replicate and point."""
        tasks = self.study.tasks(0, self.total)
        return [self.failed[task.run] for task in tasks if task.run in self.failed]
