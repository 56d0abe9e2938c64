"""Where the files of a study are, and how one is written so that it is there whole or not at all.

STUDY/manifest.json  sweep.toml  design.parquet  summary.parquet  timings.jsonl
STUDY/runs/ab/RUN.parquet      one finished run
STUDY/shards/NAME.parquet      many finished runs, packed
STUDY/failed/RUN.json          one run that failed

SEARCH/asked.toml  frontier.json or calibration.json
SEARCH/BATCH/                  one of its studies
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from experiments.disk import ELSEWHERE, unwritable

MANIFEST, SWEEP, DESIGN, SUMMARY, TIMINGS = (
    "manifest.json",
    "sweep.toml",
    "design.parquet",
    "summary.parquet",
    "timings.jsonl",
)
ASKED = "asked.toml"  # copy of the file of a search, beside the folders of its batches
FRONTIER, CALIBRATION = ANSWERS = ("frontier.json", "calibration.json")  # what searches have found
RUNS, SHARDS, FAILED = "runs", "shards", "failed"
TEMPORARY = ".tmp"  # ending of a file that is being written


def run_path(folder: Path, run: str) -> Path:
    """Place of a finished run's file."""
    return folder / RUNS / run[:2] / f"{run}.parquet"


def failed_path(folder: Path, run: str) -> Path:
    """Place of a failed run's record."""
    return folder / FAILED / f"{run}.json"


def trace_path(folder: Path, run: str) -> Path:
    """Place of the stack of a run that was ended from outside, while it is not yet in a record."""
    return folder / FAILED / f"{run}.trace"


def run_files(folder: Path) -> Iterator[Path]:
    """Files of single finished runs."""
    return (path for path in (folder / RUNS).glob("*/*.parquet") if not path.name.startswith("."))


def shard_files(folder: Path) -> list[Path]:
    """Files of packed runs, by name."""
    return sorted(path for path in (folder / SHARDS).glob("*.parquet") if not path.name.startswith("."))


def write_whole(path: Path, content: bytes, way: str = ELSEWHERE) -> None:
    """Write to a temporary name beside the place, sync, rename: the rename is the commit.

    Args:
        path, content: of the file
        way: what the user can do where that is impossible

    Raises:
        ScenarioError: the folder cannot be written or the disk is full
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", suffix=TEMPORARY, dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, 0o644)
            os.replace(name, path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise unwritable(path, error, way) from None


def sweep_temporary(folder: Path) -> int:
    """Remove what interrupted drivers have left; how many files that were.

    What is elsewhere in the folder, an export or figures, somebody may be writing now.
    """
    own = (folder / name for name in (RUNS, SHARDS, FAILED))
    left = [*folder.glob(f".*{TEMPORARY}"), *(path for each in own for path in each.rglob(f".*{TEMPORARY}"))]
    left += (folder / FAILED).glob("*.trace")
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)
