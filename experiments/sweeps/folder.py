"""A study's folder before and after the driver's work: moved aside, begun, ended; and where its sweep came from."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.disk import unwritable
from experiments.store import lock
from experiments.store.layout import ASKED, MANIFEST, SWEEP
from experiments.store.manifest import FORMAT, RUNNING, now, read_manifest, versions, write_manifest
from model.errors import ScenarioError

if TYPE_CHECKING:
    from experiments.sweeps.study import Study


def move_aside(folder: Path) -> None:
    """Give a study's folder another name, so that nothing of it is lost: `STUDY.old-1`, and counted on.

    Raises:
        ScenarioError: a driver is at work in it, or it cannot be renamed
    """
    if not folder.exists():
        return
    if lock.busy(folder):
        raise ScenarioError(f"{folder}: another process is at work in it; wait for it, or choose another --out")
    n = 1
    while (aside := folder.with_name(f"{folder.name}.old-{n}")).exists():
        n += 1
    try:
        folder.rename(aside)
    except OSError as error:
        raise unwritable(folder, error) from None


def begin(
    folder: Path, study: "Study", code: str, mixed: Mapping[str, int], how: Mapping[str, str | None]
) -> dict[str, Any]:
    """Write the manifest at the start; the history of the folder goes on.

    Args:
        folder: of the study
        study: what is run
        code: digest of the sources
        mixed: how many runs of other code or configuration are kept, and of points that are no longer there
        how: engine and scheduler
    """
    history = read_manifest(folder)["history"] if (folder / MANIFEST).exists() else []
    record = {
        "format": FORMAT,
        "study": study.name,
        "question": study.question,
        "state": RUNNING,
        "code_hash": code,
        "versions": versions(),
        "plugins": list(study.points[0].scenario.plugins),
        "root_seed": study.root,
        "common_random_numbers": study.common,
        "points": len(study.points),
        "replicates": study.replicates,
        "stop": study.stop._asdict() if study.stop else None,
        "every": study.every,
        "columns": list(study.columns),
        "summary": list(study.summary),
        "beside": None if study.beside is None else str(study.beside),
        "asked": dict(study.asked),
        "mixed": dict(mixed),
        "history": [*history, {"began": now(), **how}],
    }
    write_manifest(folder, record)
    return record


def grow(folder: Path, record: dict[str, Any], replicates: int) -> None:
    """Write the manifest when more replicates are asked for.

    Args:
        folder: of the study
        record: as `begin` wrote it
        replicates: of every point, now
    """
    record["replicates"] = replicates
    write_manifest(folder, record)


def end(
    folder: Path, record: dict[str, Any], state: str, replicates: int, counts: Mapping[str, int], seconds: float
) -> None:
    """Write the manifest at the end.

    Args:
        folder: of the study
        record: as `begin` wrote it
        state: finished or interrupted
        replicates: of every point, now
        counts: runs done, failed and asked for
        seconds: of wall time
    """
    record |= {"state": state, "replicates": replicates, "counts": dict(counts)}
    record["history"][-1] |= {"ended": now(), "state": state, "seconds": round(seconds, 3), **counts}
    write_manifest(folder, record)


def origin(path: Path) -> tuple[str, Path]:
    """Name of a file without one, and the folder of scenarios that it names by path: its own name and folder.

    For the copy that a study or a search keeps they are those of the file that was copied, so that the copy can be run
    as it is. A search has no manifest of its own; its first batch has.
    """
    name, folder = path.stem, path.resolve().parent
    kept_by = {SWEEP: [folder], ASKED: sorted(found.parent for found in folder.glob(f"*/{MANIFEST}"))[:1]}
    for study in kept_by.get(path.name, []):
        try:
            kept = read_manifest(study)
        except ScenarioError:
            break
        name, beside = folder.name if path.name == ASKED else kept["study"], Path(str(kept.get("beside") or folder))
        folder = beside if beside.is_dir() else folder
    return name, folder
