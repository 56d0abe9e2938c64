"""One driver in a folder at a time.

The lock is the system's own on an open file, so it ends with the process that holds it however that ends; the file's
text only says who it is.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from experiments.disk import ELSEWHERE, check_letters, reason, unwritable
from experiments.store.system_lock import taken
from model.errors import ScenarioError

NAME = ".lock"


@contextmanager
def held(folder: Path, way: str = ELSEWHERE) -> Iterator[None]:
    """Hold a study's folder.

    Args:
        folder: of the study; made if it is not there
        way: what the user can do where it cannot be written

    Raises:
        ScenarioError: somebody else holds it, it cannot be written, it is not UTF-8, or its disk knows no locks
    """
    check_letters(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = open(folder / NAME, "a+", encoding="utf-8")  # noqa: SIM115 (held open as long as the lock)
    except OSError as error:
        raise unwritable(folder, error, way) from None
    with file:
        if not _taken(file.fileno(), folder, way):
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise ScenarioError(f"{folder}: {holder} is at work in it; wait for it, end it, or choose another --out")
        try:
            os.truncate(file.fileno(), 0)
            os.write(file.fileno(), f"process {os.getpid()} on {socket.gethostname()}".encode())
        except OSError as error:
            raise unwritable(folder, error, way) from None
        try:
            yield
        finally:
            os.truncate(file.fileno(), 0)


def _taken(handle: int, folder: Path, way: str) -> bool:
    """Whether the lock was free and is ours now.

    Raises:
        ScenarioError: the disk knows no locks
    """
    try:
        return taken(handle)
    except OSError as error:
        raise ScenarioError(
            f"{folder}: this disk cannot lock files ({reason(error)}), and without a lock two commands could write into "
            f"one folder; {way}"
        ) from None


def busy(folder: Path) -> bool:
    """Whether a driver is at work in a folder now."""
    try:
        with open(folder / NAME, "r+", encoding="utf-8") as file:
            return not taken(file.fileno())
    except OSError:
        return False
