"""How a run's folder comes into its place whole: made in a hidden sibling, then one exchange of names.

A process that is killed leaves its hidden folder behind; the next run beside it finds that nobody holds it, and removes
it. What a user has put into a run's folder goes on into the one that replaces it.
"""

import ctypes
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from experiments.store.system_lock import taken

HERE, EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of Linux
LOCK = ".lock"
HIDDEN = re.compile(r"\.\d+-[0-9a-f]{8}-[a-z0-9_]{8}")  # a run's folder that is being written
MAKING = 5.0  # seconds that a writer may take from making its hidden folder to holding it


@contextmanager
def beside(folder: Path) -> Iterator[Path]:
    """An empty folder beside a place, held as long as it is written into, and gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as hidden,
        open(Path(hidden) / LOCK, "a", encoding="utf-8") as held,
    ):
        with suppress(OSError):  # without locks what a killed run leaves stays there
            taken(held.fileno())
        new = Path(hidden) / "new"
        new.mkdir()
        yield new


def remove_left_over(parent: Path) -> None:
    """Remove hidden folders of runs that were killed while they wrote."""
    for path in parent.glob(".*"):
        with suppress(OSError):
            made = path.stat().st_mtime if HIDDEN.fullmatch(path.name) and path.is_dir() else time.time()
            if time.time() - made > MAKING:
                with open(path / LOCK, "a", encoding="utf-8") as held:
                    if taken(held.fileno()):
                        shutil.rmtree(path, ignore_errors=True)


def carry_over(folder: Path, new: Path, own: set[str]) -> None:
    """Give a new folder whatever the one in its place holds beside our own files; it stays in both until the exchange."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name in own:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.copytree(path, new / path.name, symlinks=True, copy_function=_also_at)
        else:
            _also_at(str(path), str(new / path.name))


def _also_at(source: str, target: str) -> None:
    """The same file under a second name, or a copy where the disk has no second names."""
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(source, target, follow_symlinks=False)


def replace(new: Path, folder: Path) -> None:
    """Put a finished folder in its place; the one that stood there ends up under the new one's old name."""
    if not folder.exists():
        new.rename(folder)
        return
    if sys.platform == "linux":
        exchange = getattr(ctypes.CDLL(None), "renameat2", None)
        if exchange is not None and exchange(HERE, os.fsencode(new), HERE, os.fsencode(folder), EXCHANGE) == 0:
            return
    old = new.with_name("old")
    folder.rename(old)
    try:
        new.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
