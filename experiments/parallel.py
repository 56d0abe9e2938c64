"""The same function on many tasks in several processes, results in the order of the tasks."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

WORKERS = 2
Task = TypeVar("Task")
Found = TypeVar("Found")


def in_order(function: Callable[[Task], Found], tasks: Sequence[Task], workers: int = WORKERS) -> Iterator[Found]:
    """Results one after another as soon as they are there; processes are started afresh, so it runs on every system.

    Args:
        function: of one task, defined at the top of a module, since processes find it by name
        tasks: of anything that can be pickled
        workers: processes; with 1 all is done in this one

    >>> list(in_order(abs, [-2, 1], workers=1))
    [2, 1]
    """
    if workers <= 1 or len(tasks) <= 1:
        yield from map(function, tasks)
        return
    with multiprocessing.get_context("spawn").Pool(min(workers, len(tasks))) as pool:
        yield from pool.imap(function, tasks)
