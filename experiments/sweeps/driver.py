"""`execute`: run what a study's folder does not have yet, and hand back the table of all."""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from experiments import interrupts
from experiments.console import tell
from experiments.disk import unwritable
from experiments.engines import Engine, check, open_engine
from experiments.engines.job import Job, Record
from experiments.engines.limits import DEADLINE, check_deadline
from experiments.outputs import code_hash
from experiments.runs import check_memory
from experiments.store import lock
from experiments.store.design import write_design
from experiments.store.failures import Failure
from experiments.store.layout import MANIFEST, SWEEP, TIMINGS, sweep_temporary, write_whole
from experiments.store.manifest import FINISHED, INTERRUPTED, read_manifest
from experiments.store.standing import Standing, standing
from experiments.store.table import tidy, write_summary
from experiments.sweeps.batches import Reached, next_total, state, told
from experiments.sweeps.folder import begin, end, grow, move_aside
from experiments.sweeps.identity import configuration
from experiments.sweeps.progress import meter

if TYPE_CHECKING:
    import pandas as pd

    from experiments.sweeps.study import Study, Task


class Finished(NamedTuple):
    """A study that has come to its end.

    Attributes:
        folder: where it is
        table: one row for each finished run
        failed: runs that failed
        seconds: of wall time now
    """

    folder: Path
    table: "pd.DataFrame"
    failed: list[Failure]
    seconds: float


class _Sweep:
    """A study on its way: what it is, what is there, and what it is told to."""

    def __init__(self, study: "Study", folder: Path, deadline: float, mixed: bool) -> None:
        self.study, self.folder, self.deadline = study, folder, deadline
        self.plugins = tuple(study.points[0].scenario.plugins)
        self.code = code_hash(self.plugins)
        self.configs = [configuration(point.scenario, study.every, study.columns) for point in study.points]
        most = max(study.replicates, study.stop.max) if study.stop else study.replicates
        seeds = {task.run: task.seed for task in study.tasks(0, most)}
        points = {point.id: config for point, config in zip(study.points, self.configs, strict=True)}
        self.found: Standing = standing(folder, points, seeds, self.code, mixed)
        self.total = study.replicates
        self.failed = dict(self.found.failed)

    def jobs(self, tasks: Sequence["Task"]) -> list[Job]:
        """What must still be run of some tasks, in their order."""
        rows, study = self.found.rows, self.study
        missing = [task for task in tasks if task.run not in rows and task.run not in self.failed]
        return [self._job(task, study.points[task.point]) for task in missing]

    def _job(self, task: "Task", point: Any) -> Job:
        scenario = point.scenario
        return Job(
            task.run,
            point.id,
            point.label,
            task.replicate,
            task.seed,
            point.values,
            scenario.tables,
            scenario.name,
            str(scenario.folder.resolve()),
            self.plugins,
            self.study.every,
            tuple(self.study.columns),
            self.deadline,
            self.configs[task.point],
            self.code,
            str(self.folder.resolve()),
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
        values, by_point = rows.column(stop.metric), {point.id: [] for point in self.study.points}  # type: ignore[var-annotated]
        for n, head in enumerate(rows.heads):
            if head[2] < self.total and head[1] in by_point:
                by_point[head[1]].append((head[2], float(values[n])))
        return [
            state(point.label, [value for _, value in sorted(by_point[point.id])], stop.metric)
            for point in self.study.points
            if by_point[point.id]
        ]

    def table(self) -> "pd.DataFrame":
        """The tidy table as it is now."""
        runs = [task.run for task in self.study.tasks(0, self.total)]
        return tidy(self.found.rows, self.study.points, runs, bool(self.found.differing))

    def lost(self) -> list[Failure]:
        """Failed runs of the study as it is now, by replicate and point."""
        tasks = self.study.tasks(0, self.total)
        return [self.failed[task.run] for task in tasks if task.run in self.failed]


def execute(
    study: "Study",
    root: Path,
    *,
    engine: str = "serial",
    workers: int | None = None,
    scheduler: str | None = None,
    deadline: float | None = None,
    new: bool = False,
    allow_mixed: bool = False,
    progress: bool = True,
    name: str | None = None,
    accepted: Callable[[], object] = lambda: None,
) -> Finished:
    """Run what is missing of a study in `root/STUDY/`, and read the rest from there.

    Args:
        study: what to run
        root: folder of results
        engine: serial or dask
        workers: processes of a local cluster; one for each core by default
        scheduler: address of a running Dask scheduler
        deadline: seconds that a run may take
        new: move a folder that is there aside and begin afresh
        allow_mixed: keep finished runs of other code or configuration; the manifest and the table say so
        progress: show a bar, or plain lines
        name: of the folder; the study's by default
        accepted: called once what is there is found to fit, before anything is written

    Raises:
        ScenarioError: the folder holds something else, somebody is at work in it, or it cannot be written
        KeyboardInterrupt: interrupted; the same call goes on
    """
    check(engine, workers, scheduler)
    check_deadline(deadline)
    for point in study.points:
        check_memory(point.scenario)
    folder, began = Path(root) / (name or study.name), time.monotonic()
    if new:
        move_aside(folder)
    with lock.held(folder):
        sweep_temporary(folder)
        if (folder / MANIFEST).exists():
            read_manifest(folder)  # a damaged one is refused before anything is written
        sweep = _Sweep(study, folder, DEADLINE if deadline is None else deadline, allow_mixed)
        accepted()
        write_design(folder, study.points, sweep.configs)
        if study.source:
            write_whole(folder / SWEEP, study.source.encode())
        mixed = {"runs": sweep.found.differing, "strays": sweep.found.strays}
        record = begin(folder, study, sweep.code, mixed, {"engine": engine, "scheduler": scheduler})
        state = INTERRUPTED
        try:
            _run_all(sweep, lambda: open_engine(engine, workers, scheduler), not progress, record)
            state = FINISHED
        except KeyboardInterrupt:
            kept = len(sweep.found.rows)
            raise KeyboardInterrupt(f"{kept:,} finished runs are kept; the same command goes on from there") from None
        finally:
            table = sweep.table()
            write_summary(folder, table)
            counts = {"done": len(table), "failed": len(sweep.lost()), "asked": sweep.total * len(study.points)}
            end(folder, record, state, sweep.total, counts, time.monotonic() - began)
    return Finished(folder, table, sweep.lost(), time.monotonic() - began)


def _run_all(sweep: _Sweep, start: Callable[[], Engine], quiet: bool, record: dict[str, Any]) -> None:
    """Run all replicates, and further batches while precision asks for them; the engine starts when there is work.

    The manifest, of which `record` is the content, always says how many replicates are asked for.
    """
    study, running = sweep.study, None  # type: tuple[Study, Engine | None]
    first = 0
    try:
        with (
            meter(study.name, quiet) as shown,
            _timings(sweep.folder) as timings,
        ):
            while True:
                jobs = sweep.jobs(study.tasks(first, sweep.total))
                if jobs:
                    running = running or start()
                    _run_batch(sweep, running, jobs, lambda d, f: shown(d, f, sweep.total * len(study.points)), timings)
                first = sweep.total
                if study.stop is None:
                    break
                states = sweep.reached()
                sweep.total = next_total(states, first, study.stop.half_width, study.stop.max)
                if sweep.total == first:
                    if not quiet:
                        tell(told(study.stop.metric, states, study.stop.half_width))
                    break
                grow(sweep.folder, record, sweep.total)
    finally:
        if running is not None:
            running.close()


def _timings(folder: Path) -> TextIO:
    """The file in which it is noted what each run took, open at its end."""
    try:
        return open(folder / TIMINGS, "a", encoding="utf-8")
    except OSError as error:
        raise unwritable(folder / TIMINGS, error) from None


def _run_batch(
    sweep: _Sweep, engine: Engine, jobs: list[Job], shown: Callable[[int, int], None], timings: TextIO
) -> None:
    """Run some jobs; what each took is noted at once."""
    tasks = sweep.study.tasks(0, sweep.total)
    done, failed = sum(t.run in sweep.found.rows for t in tasks), sum(t.run in sweep.failed for t in tasks)
    shown(done, failed)
    for record in engine.run(jobs):
        sweep.take(record)
        done, failed = done + (record.footer is not None), failed + (record.failure is not None)
        if record.seconds:
            spent = {key: round(value, 5) for key, value in record.seconds.items()}
            line = {"run": record.run, **spent, "memory": record.memory, "process": record.process}
            timings.write(json.dumps(line) + "\n")
            timings.flush()
        shown(done, failed)
        interrupts.raise_lost()
