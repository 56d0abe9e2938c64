"""Runs that failed: what they were, where they stopped, why, and the command that repeats them."""

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from experiments.options import FailedRuns
from experiments.store.layout import FAILED, failed_path, write_whole

ERROR, DEADLINE, DIED, MACHINE = "error", "deadline", "died", "machine"
REPEATED = (DEADLINE, DIED, MACHINE)  # not the run's own doing for certain: tried again when the sweep is resumed


class Failure(NamedTuple):
    """One failed run.

    Attributes:
        run, point, label, replicate, seed: which run
        kind: error: raised by the model; deadline: took too long; died: its worker died twice; machine: memory or disk
        stage: part of the run, or of the day, in which it stopped
        tick: last tick that had begun; -1 before the first
        message: one sentence
        traceback: Python's account, or the stack at the deadline
        command: repeats the run
        config, code: digests of what ran
        values: parameters that the design set
    """

    run: str
    point: str
    label: str
    replicate: int
    seed: int
    kind: str
    stage: str
    tick: int
    message: str
    traceback: str
    command: str
    config: str
    code: str
    values: dict[str, Any]


def write_failure(folder: Path, failure: Failure) -> None:
    """Keep a failed run's record."""
    text = json.dumps(failure._asdict(), indent=1, default=str)
    write_whole(failed_path(folder, failure.run), text.encode())


def read_failure(folder: Path, run: str) -> Failure | None:
    """A failed run's record, None where there is none."""
    try:
        return Failure(**json.loads(failed_path(folder, run).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def failures(folder: Path) -> list[Failure]:
    """Every failed run of a study, by replicate and point."""
    found = [read_failure(folder, path.stem) for path in (folder / FAILED).glob("*.json")]
    return sorted((each for each in found if each is not None), key=lambda each: (each.replicate, each.run))


def refuse_empty(points: Collection[str], ran: Collection[str], failed: Sequence[Failure], folder: Path) -> None:
    """Refuse to judge a study where every run of a point has failed.

    Args:
        points: ids of those that an answer needs
        ran: ids of those of which a run has finished
        failed: runs that failed
        folder: of the study

    Raises:
        FailedRuns: there is nothing to judge; says why the first run failed
    """
    lost = [each for each in failed if each.point in points and each.point not in ran]
    if lost:
        where = len({each.point for each in lost})
        raise FailedRuns(
            f"no run finished at {where:,} of {len(points):,} points, first {lost[0].label}: {lost[0].message}\n"
            f"{len(failed):,} runs failed; they are kept in {folder}/failed"
        )
