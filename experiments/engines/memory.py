"""Memory of a process that performs many runs one after another.

A closed market is garbage in a circle, which Python collects when it sees fit; a full collection takes a tenth of a
second, as long as a small run, so it is made when the process has grown by enough.
"""

import gc
import socket
from functools import cache

import psutil

GROWTH = 128 * 2**20  # bytes between two collections

_last = 0


@cache
def host() -> str:
    """Name of this machine."""
    return socket.gethostname()


def resident() -> int:
    """Memory of this process [bytes]."""
    return int(psutil.Process().memory_info().rss)


def tidied() -> int:
    """Memory of this process after a collection, if one is due [bytes]."""
    global _last
    size = resident()
    if _last == 0:
        _last = size
    elif size > _last + GROWTH:
        gc.collect()
        _last = size = resident()
    return size
