"""How a study stands: runs done, failed, missing, and how long the rest will take."""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from experiments.store import lock
from experiments.store import search as searches
from experiments.store.design import read_design
from experiments.store.failures import DIED, failures
from experiments.store.find import DIGITS
from experiments.store.layout import ASKED, TIMINGS
from experiments.store.manifest import FINISHED, INTERRUPTED, RUNNING, read_manifest
from experiments.store.shards import footers
from experiments.store.table import check_summary

MOST_NAMED = 3  # of missing runs
INCOMPLETE = "incomplete"  # it was finished, and runs of it are gone
COUNTS = ("asked", "done", "failed", "quarantined", "missing", "mixed")


def timings(folder: Path) -> list[dict[str, Any]]:
    """What each run took: seconds to build, step and write, memory [bytes], process; unfinished lines are left out."""
    found = []
    try:
        lines = (folder / TIMINGS).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    for line in lines:
        try:
            found.append(json.loads(line))
        except ValueError:  # the driver was killed in the middle of this line
            continue
    return found


def status(folder: Path) -> dict[str, Any]:
    """State, counts, mean seconds of a run, and the time left with the processes that were at work last.

    Args:
        folder: of a study, or of a search

    Raises:
        ScenarioError: it is neither, or its table is damaged
    """
    if (folder / ASKED).exists():
        return _of_search(folder)
    manifest, configs = read_manifest(folder), {point.id: point.config for point in read_design(folder)}
    if manifest["state"] == FINISHED:
        check_summary(folder)
    replicates, code = manifest["replicates"], manifest["code_hash"]
    finished = [f for f in footers(folder) if f.point in configs and f.replicate < replicates]
    names = {footer.run for footer in finished}
    failed = [each for each in failures(folder) if each.run not in names and each.point in configs]
    mixed = sum(footer.code != code or footer.config != configs[footer.point] for footer in finished)
    asked = len(configs) * replicates
    missing = max(0, asked - len(finished) - len(failed))
    took = timings(folder)
    mean = _mean(took)
    hands = max(1, len({each["process"] for each in took[-len(took) // 2 :]}))
    working = lock.busy(folder)
    state = manifest["state"]
    if state == RUNNING and not working:  # its driver was killed
        state = INTERRUPTED
    if state == FINISHED and missing:  # files of runs were lost since
        state = INCOMPLETE
    return {
        "study": folder.name,
        "state": RUNNING if working else state,
        "asked": asked,
        "done": len(finished),
        "failed": len(failed),
        "quarantined": sum(each.kind == DIED for each in failed),
        "missing": missing,
        "mixed": mixed,
        "seconds_per_run": round(mean, 3) if mean is not None else None,
        "missing_runs": _absent(configs, replicates, names | {each.run for each in failed}) if missing else [],
        "seconds_left": round(missing * mean / hands, 1) if mean is not None else None,
    }


def _of_search(folder: Path) -> dict[str, Any]:
    """The sum of a search's batches; the time left is not known, since its course decides what it asks for next."""
    places = searches.batches(folder)
    parts, working = [status(place) for place in places], lock.busy(folder)
    counts = {name: sum(part[name] for part in parts) for name in COUNTS}
    mean = _mean([each for place in places for each in timings(place)])
    state = INTERRUPTED
    if searches.answered(folder):
        state = INCOMPLETE if counts["missing"] else FINISHED
    missing = (f"{part['study']}/{run}" for part in parts for run in part["missing_runs"])
    return {
        "study": folder.name,
        "state": RUNNING if working else state,
        **counts,
        "seconds_per_run": round(mean, 3) if mean is not None else None,
        "missing_runs": list(islice(missing, MOST_NAMED)),
        "seconds_left": None,
    }


def _mean(took: Sequence[Mapping[str, Any]]) -> float | None:
    """Mean seconds of a run; None before the first has finished."""
    spent = [each["build"] + each["step"] + each["write"] for each in took if "step" in each]
    return sum(spent) / len(spent) if spent else None


def _absent(points: Iterable[str], replicates: int, there: set[str]) -> list[str]:
    """The first runs of a study that are not there, by replicate and point."""
    wanted = (f"{point}-{replicate:0{DIGITS}d}" for replicate in range(replicates) for point in points)
    return list(islice((run for run in wanted if run not in there), MOST_NAMED))
