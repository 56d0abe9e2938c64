"""Which folder, which run: what a user names, looked up under the folder of results."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from experiments.store.design import Stored, read_design
from experiments.store.layout import ASKED, MANIFEST
from experiments.store.manifest import read_manifest
from model.errors import ScenarioError, nearest

DIGITS = 5  # of a replicate in a run's name
STUDIES, ALL = (MANIFEST,), (MANIFEST, ASKED)  # files by which folders are known: of runs, and of searches as well


class Found(NamedTuple):
    """A run of a study: folder, point, replicate."""

    folder: Path
    point: Stored
    replicate: int


def studies(root: Path, marks: Sequence[str] = STUDIES) -> list[Path]:
    """Folders of studies under a folder of results.

    Args:
        root: folder of results
        marks: STUDIES, or ALL for searches too
    """
    return sorted(path.parent for mark in marks for path in root.glob(f"*/{mark}"))


def study_folder(name: str, root: Path, marks: Sequence[str] = STUDIES) -> Path:
    """Folder of a study given by name or by path.

    Args:
        name: or path
        root: folder of results
        marks: STUDIES, or ALL for searches too

    Raises:
        ScenarioError: there is none
    """
    for folder in (Path(name), root / name):
        if any((folder / mark).exists() for mark in marks):
            return folder
    near = nearest(name, [path.name for path in studies(root, marks)])
    raise ScenarioError(f"{name}: no such study in {root}{near}; `run.py status` lists them")


def run_of(text: str, root: Path) -> Found:
    """A run given as `RUN`, `STUDY/RUN`, or a path to its file.

    Raises:
        ScenarioError: there is none, or several studies have it
    """
    path = Path(text)
    run = path.name.removesuffix(".parquet").removesuffix(".json")
    if path.suffix in (".parquet", ".json") and path.is_file():
        names = [str(parent) for parent in path.parents if (parent / MANIFEST).is_file()]
    else:
        names = [str(path.parent)] if path.parent != Path(".") else []
    point, _, number = run.rpartition("-")
    if not point or not number.isdigit() or len(number) != DIGITS:
        raise ScenarioError(f"{text}: is no run; runs are called like 0123456789abcdef-00007, as in summary.parquet")
    folders = [study_folder(name, root) for name in names[:1]] or studies(root)
    found = [Found(folder, each, int(number)) for folder in folders for each in read_design(folder) if each.id == point]
    if not found:
        raise ScenarioError(f"{text}: no study under {root} has such a run; give STUDY/RUN, or --out")
    if len(found) > 1:
        ways = " or ".join(f"{each.folder}/{run}" for each in found)
        raise ScenarioError(f"{text}: several studies have this run; give {ways}")
    return found[0]


def command_of(folder: Path | str, run: str, plugins: Sequence[str]) -> str:
    """The command that repeats a run, as it can be given to a shell.

    >>> command_of("my results/fees", "ab-00001", ["mine"])
    "python run.py rerun 'my results/fees/ab-00001' --plugins mine"
    """
    named = (word for name in plugins for word in ("--plugins", name))
    return shlex.join(["python", "run.py", "rerun", f"{folder}/{run}", *named])


def plugins_given(folder: Path, given: tuple[str, ...]) -> tuple[str, ...]:
    """The plugins of a study, which must be named again: data never load code by themselves.

    Raises:
        ScenarioError: one is missing
    """
    needed = tuple(read_manifest(folder)["plugins"])
    missing = [name for name in needed if name not in given]
    if missing:
        raise ScenarioError(f"{folder}: was made with plugins; add " + " ".join(f"--plugins {n}" for n in missing))
    return needed
