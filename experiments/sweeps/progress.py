"""How a run or a sweep gets on: a bar with done, failed and the time left on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from experiments.console import printer, tell

Tell = Callable[[int, int, int], None]  # done, failed, in all
MINUTE, HOUR = 60, 3_600
FEW = 3  # ticks or runs before a time left is said
PLAIN_EVERY = 5.0  # seconds between plain lines


def span(seconds: float) -> str:
    """A length of time for people.

    >>> span(4.2), span(59.7), span(75), span(119.7), span(7300)
    ('4 s', '1 min 0 s', '1 min 15 s', '2 min 0 s', '2 h 1 min')
    """
    whole = round(seconds)
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return f"{whole // MINUTE} min {whole % MINUTE} s"
    return f"{whole // HOUR} h {whole % HOUR // MINUTE} min"


def words(done: int, failed: int, total: int, seconds: float) -> str:
    """What is said: failed runs, and the time left at the pace so far, as far as there is any.

    >>> words(50, 1, 200, 60.0), words(1, 0, 200, 60.0)
    ('1 failed, about 2 min 55 s left', '')
    """
    said, so_far = [f"{failed:,} failed"] if failed else [], done + failed
    if so_far >= FEW:
        said.append(f"about {span(seconds / so_far * max(0, total - so_far))} left")
    return ", ".join(said)


@contextmanager
def meter(label: str, quiet: bool = False, unit: str = "runs") -> Iterator[Tell]:
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
            TextColumn(unit),
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
                said = words(done, failed, total, passed)
                tell(f"{label}: {done:,} of {total:,} {unit}" + (f", {said}" if said else ""))

        yield line
