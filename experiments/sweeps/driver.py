"""`execute`: run what a study's folder does not have yet, and hand back the table of all."""

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from experiments import interrupts
from experiments.console import tell
from experiments.disk import unwritable
from experiments.engines import Engine, check, open_engine
from experiments.engines.job import Job
from experiments.engines.limits import DEADLINE, check_deadline
from experiments.runs import check_memory
from experiments.store import lock
from experiments.store.design import write_design
from experiments.store.failures import Failure
from experiments.store.layout import MANIFEST, SWEEP, TIMINGS, sweep_temporary, write_whole
from experiments.store.manifest import FINISHED, INTERRUPTED, read_manifest
from experiments.store.table import write_summary
from experiments.sweeps.batches import next_total, told
from experiments.sweeps.folder import begin, end, grow, move_aside
from experiments.sweeps.progress import meter
from experiments.sweeps.underway import Underway

if TYPE_CHECKING:
    import pandas as pd

    from experiments.sweeps.study import Study


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
    astray: bool = False,
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
        astray: leave finished runs of other points aside, which are refused else
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
        sweep = Underway(study, folder, DEADLINE if deadline is None else deadline, allow_mixed, astray)
        accepted()
        record = _write_question(sweep, {"engine": engine, "scheduler": scheduler})
        state = INTERRUPTED
        try:
            _run_all(sweep, lambda: open_engine(engine, workers, scheduler), not progress, record)
            state = FINISHED
        except KeyboardInterrupt:
            kept = len(sweep.found.rows)
            raise KeyboardInterrupt(f"{kept:,} finished runs are kept; the same command goes on from there") from None
        finally:
            table = _write_answer(sweep, record, state, began)
    return Finished(folder, table, sweep.lost(), time.monotonic() - began)


def _write_question(sweep: Underway, how: Mapping[str, str | None]) -> dict[str, Any]:
    """Write what is asked, before anything runs: design, sweep and manifest, whose content is handed back."""
    study, folder = sweep.study, sweep.folder
    write_design(folder, study.points, sweep.configs)
    if study.source:
        write_whole(folder / SWEEP, study.source.encode())
    mixed = {"runs": sweep.found.differing, "strays": sweep.found.strays}
    return begin(folder, study, sweep.code, mixed, how)


def _write_answer(sweep: Underway, record: dict[str, Any], state: str, began: float) -> "pd.DataFrame":
    """Write what there is now, however the work has ended: the table, which is handed back, and the manifest."""
    table = sweep.table()
    write_summary(sweep.folder, table)
    asked = sweep.total * len(sweep.study.points)
    counts = {"done": len(table), "failed": len(sweep.lost()), "asked": asked}
    end(sweep.folder, record, state, sweep.total, counts, time.monotonic() - began)
    return table


def _run_all(sweep: Underway, start: Callable[[], Engine], quiet: bool, record: dict[str, Any]) -> None:
    """Run all replicates, and further batches while precision asks for them; the engine starts when there is work.

    The manifest, of which `record` is the content, always says how many replicates are asked for.
    """
    study, first = sweep.study, 0
    running: Engine | None = None
    try:
        with meter(study.name, quiet) as shown, _timings(sweep.folder) as timings:
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
    sweep: Underway, engine: Engine, jobs: list[Job], shown: Callable[[int, int], None], timings: TextIO
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
