"""One driver in a folder at a time.

The lock is the system's own on an open file, so it ends with the process that holds it however that ends; the file's
text only says who it is.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from experiments.disk import unwritable
from experiments.store.system_lock import taken
from model.errors import ScenarioError

NAME = ".lock"


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a study's folder.

    Raises:
        ScenarioError: somebody else holds it, or it cannot be written
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = open(folder / NAME, "a+", encoding="utf-8")  # noqa: SIM115 (held open as long as the lock)
    except OSError as error:
        raise unwritable(folder, error) from None
    with file:
        if not taken(file.fileno()):
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise ScenarioError(f"{folder}: {holder} is at work in it; wait for it, end it, or choose another --out")
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def busy(folder: Path) -> bool:
    """Whether a driver is at work in a folder now."""
    try:
        with open(folder / NAME, "r+", encoding="utf-8") as file:
            return not taken(file.fileno())
    except OSError:
        return False
