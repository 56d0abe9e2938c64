"""Why a run failed, as a record for people."""

import re
import traceback
from typing import TYPE_CHECKING, Any

from experiments.engines.limits import TooLong
from experiments.store.failures import DEADLINE, DIED, ERROR, MACHINE, Failure
from experiments.store.find import command_of

if TYPE_CHECKING:
    from experiments.engines.job import Job

BUILD, DAY, UNKNOWN = "build", "day", "unknown"
NOTE = re.compile(r"^in (?P<stage>\S+) of (?P<owner>\S+), tick")  # `Marketplace.step` adds it


def failure_of(job: "Job", error: Exception, market: Any) -> Failure:
    """Record of what a run raised.

    Args:
        job: the run
        error: raised while the market was built or stepped
        market: as far as it came; None while it was built
    """
    notes = getattr(error, "__notes__", [])
    found = next((match for match in map(NOTE.match, notes) if match), None)
    stage = BUILD if market is None else f"{found['stage']} of {found['owner']}" if found else DAY
    machine = isinstance(error, MemoryError | OSError)
    kind = DEADLINE if isinstance(error, TooLong) else MACHINE if machine else ERROR
    text = "".join(traceback.format_exception(error))
    return _record(job, kind, stage, -1 if market is None else market.clock.tick, _sentence(error), text)


def death_of(job: "Job", trace: str, times: int) -> Failure:
    """Record of a run whose worker died: at its deadline, with the stack, or for a reason that nobody has seen."""
    if trace.strip():
        message = f"took longer than its deadline of {job.deadline:g} s and did not end by itself"
        return _record(job, DEADLINE, UNKNOWN, -1, message, trace)
    message = "worker died twice" if times > 1 else "worker died"
    message += " (ended itself, was killed, or ran out of memory)"
    return _record(job, DIED, UNKNOWN, -1, message, "")


def _record(job: "Job", kind: str, stage: str, tick: int, message: str, text: str) -> Failure:
    """All fields of a failure."""
    return Failure(
        job.run,
        job.point,
        job.label,
        job.replicate,
        job.seed,
        kind,
        stage,
        tick,
        message,
        text,
        command_of(job.folder, job.run, job.plugins),
        job.config,
        job.code,
        job.values,
    )


def _sentence(error: Exception) -> str:
    """Type and text of an error, on one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())
