"""Ctrl-C is heard even where it falls into a callback of the compiler, which swallows every exception."""

import signal
from types import FrameType

_heard = False


def listen() -> None:
    """Remember interrupts of this process's main thread from now on, besides raising `KeyboardInterrupt` at once."""
    signal.signal(signal.SIGINT, _hear)


def _hear(number: int, frame: FrameType | None) -> None:
    global _heard
    _heard = True
    raise KeyboardInterrupt


def check() -> None:
    """Raise `KeyboardInterrupt` if one was heard."""
    if _heard:
        raise KeyboardInterrupt
