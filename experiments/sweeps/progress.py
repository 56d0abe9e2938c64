"""How a sweep gets on: a bar with done, failed and the time left on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from experiments.console import PLAIN_EVERY, printer, tell

Tell = Callable[[int, int, int], None]  # done, failed, in all
MINUTE, HOUR = 60.0, 3_600.0
FEW = 3  # runs before a time left is said


def span(seconds: float) -> str:
    """A length of time for people.

    >>> span(4.2), span(75), span(7300)
    ('4 s', '1 min 15 s', '2 h 1 min')
    """
    if seconds < MINUTE:
        return f"{seconds:.0f} s"
    if seconds < HOUR:
        return f"{seconds // MINUTE:.0f} min {seconds % MINUTE:.0f} s"
    return f"{seconds // HOUR:.0f} h {seconds % HOUR // MINUTE:.0f} min"


def words(done: int, failed: int, total: int, seconds: float) -> str:
    """What is said: failed runs, and the time left at the pace so far.

    >>> words(50, 1, 200, 60.0)
    '1 failed, about 2 min 55 s left'
    """
    so_far = done + failed
    if so_far < FEW:
        return f"{failed} failed"
    return f"{failed:,} failed, about {span(seconds / so_far * max(0, total - so_far))} left"


@contextmanager
def meter(label: str, quiet: bool = False) -> Iterator[Tell]:
    """Something to tell `(done, failed, in all)` to; the pace counts from the first telling."""
    first: list[float] = []

    def pace() -> float:
        first[:] = first or [time.monotonic()]
        return time.monotonic() - first[0]

    if quiet:
        yield lambda done, failed, total: None
    elif sys.stderr.isatty():
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[words]}"),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=printer(stderr=True), transient=True) as bar:
            task = bar.add_task(label, total=None, words="")

            def draw(done: int, failed: int, total: int) -> None:
                bar.update(task, completed=done + failed, total=total, words=words(done, failed, total, pace()))

            yield draw
    else:
        last = time.monotonic()

        def line(done: int, failed: int, total: int) -> None:
            nonlocal last
            passed = pace()
            if time.monotonic() - last >= PLAIN_EVERY:
                last = time.monotonic()
                tell(f"{label}: {done:,} of {total:,} runs, {words(done, failed, total, passed)}")

        yield line
