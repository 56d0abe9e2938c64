"""How long a run may take.

Three nets: the clock is read before every tick; in a main thread an alarm also breaks into a tick that is written in
Python; in a worker's thread, which no alarm reaches, the whole process ends itself a little after the deadline and
leaves the stack behind, even from inside compiled code.
"""

import faulthandler
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

DEADLINE = 3_600.0  # seconds of a run where none is given: nothing runs for ever
GRACE = 5.0  # seconds after the deadline in which a run may end by itself
LONGEST = 1_000_000.0  # seconds: some eleven days; timers take no number without end
AGAIN = 1.0  # seconds until an alarm rings again that something has swallowed


def check_deadline(seconds: float | None) -> None:
    """Refuse a deadline that no timer can keep.

    Raises:
        ScenarioError: not above 0, or more than `LONGEST`
    """
    from model.errors import ScenarioError

    if seconds is not None and not 0 < seconds <= LONGEST:
        raise ScenarioError(f"--deadline {seconds:g}: give seconds above 0 and at most {LONGEST:,.0f}")


class TooLong(Exception):
    """A run has reached its deadline."""


class Limit:
    """The moment at which a run must have ended."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.end = time.monotonic() + seconds

    def check(self) -> None:
        """Raise `TooLong` once the deadline has passed."""
        if time.monotonic() > self.end:
            raise TooLong(f"took longer than its deadline of {self.seconds:g} s")


@contextmanager
def limited(seconds: float, trace: Path, worker: bool) -> Iterator[Limit]:
    """Hold what runs inside to a deadline.

    Args:
        seconds: until the deadline
        trace: where the stack is written if the process has to end itself
        worker: this process may be ended, somebody else starts another
    """
    limit = Limit(seconds)
    if worker:
        trace.parent.mkdir(parents=True, exist_ok=True)
        with open(trace, "w", encoding="utf-8") as file:
            faulthandler.dump_traceback_later(seconds + GRACE, exit=True, file=file)
            try:
                yield limit
            finally:
                faulthandler.cancel_dump_traceback_later()
                with suppress(OSError):
                    trace.unlink()
    elif hasattr(signal, "SIGALRM") and threading.current_thread() is threading.main_thread():

        def ring(*_: Any) -> None:
            raise TooLong(f"took longer than its deadline of {seconds:g} s")

        before = signal.signal(signal.SIGALRM, ring)
        try:
            signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
            yield limit
        finally:
            while True:  # it may ring until it is stopped, in a function called here before its first line
                try:
                    signal.setitimer(signal.ITIMER_REAL, 0)
                    signal.signal(signal.SIGALRM, before)
                    break
                except TooLong:
                    continue
    else:
        yield limit
