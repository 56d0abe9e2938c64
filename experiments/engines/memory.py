"""Where a process runs, and how much memory it has."""

import socket
from functools import cache

import psutil


@cache
def host() -> str:
    """Name of this machine."""
    return socket.gethostname()


def resident() -> int:
    """Memory of this process [bytes]."""
    return int(psutil.Process().memory_info().rss)
