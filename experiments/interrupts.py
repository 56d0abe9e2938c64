"""Signals that end a command, and can be held back for a moment.

An interrupt, a request to terminate and a terminal that is gone are the same.
"""

import _thread
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import Any, NoReturn

POSIX = hasattr(signal, "pthread_sigmask")
ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
UNHEEDED = signal.SIG_DFL, signal.default_int_handler  # what a process begins with, the latter at Ctrl-C
AGAIN = 0.05  # seconds after which one comes again that could not be raised
came: list[int] = []  # those that have come since they are heeded


def heed() -> None:
    """End by KeyboardInterrupt at any of them, so that what is open is closed; one that is ignored stays so."""
    for number in ENDING:
        if signal.getsignal(number) in UNHEEDED:
            signal.signal(number, _end)
    sys.unraisablehook = _unraised


def _end(number: int, _: Any) -> NoReturn:
    """Note the signal, since a library in compiled code may make another error of what is raised."""
    came.append(number)
    raise KeyboardInterrupt


def _unraised(error: Any) -> None:
    """Let an interrupt come once more that fell into what Python calls between two lines, where nothing can be raised.

    Such are callbacks of weak references. The bare thread takes no lock, of which some may be held there.
    """
    if came and issubclass(error.exc_type, KeyboardInterrupt):
        _thread.start_new_thread(_come_again, (came[-1],))
    else:
        sys.__unraisablehook__(error)


def raise_lost() -> None:
    """Raise an interrupt that has come and was swallowed, as compiled code may do without a word.

    Whatever goes through many runs or ticks asks between two of them.

    Raises:
        KeyboardInterrupt: one has come
    """
    if came:
        raise KeyboardInterrupt


def _come_again(number: int) -> None:
    """Let a signal come in the main thread, a moment later."""
    time.sleep(AGAIN)
    _thread.interrupt_main(signal.Signals(number))


@contextmanager
def held_back() -> Iterator[None]:
    """Let something start as a whole; an interrupt that comes meanwhile is raised at the end.

    Processes that are started meanwhile never hear the Ctrl-C of the terminal that they share with this one.

    Raises:
        KeyboardInterrupt: one came
    """
    came: list[int] = []
    before = {}
    if threading.current_thread() is threading.main_thread():  # others are never interrupted
        heard = [number for number in ENDING if signal.getsignal(number) is not signal.SIG_IGN]
        before = {number: signal.signal(number, lambda number, _: came.append(number)) for number in heard}
    mask: set[int] = set()
    if POSIX:
        resource_tracker.ensure_running()  # which lets interrupts through again when it starts
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        if POSIX:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number, handler in before.items():
            signal.signal(number, handler)
    if came:
        raise KeyboardInterrupt
