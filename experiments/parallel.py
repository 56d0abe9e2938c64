"""The same function on many tasks in several processes, results in the order of the tasks."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

WORKERS = 2
LOOK = 2.0  # seconds between two looks at whether all processes are still there
Task = TypeVar("Task")
Found = TypeVar("Found")


def in_order(function: Callable[[Task], Found], tasks: Sequence[Task], workers: int = WORKERS) -> Iterator[Found]:
    """Results one after another as soon as they are there; processes are started afresh, so it runs on every system.

    Args:
        function: of one task, defined at the top of a module, since processes find it by name
        tasks: of anything that can be pickled
        workers: processes; with 1 all is done in this one

    Raises:
        ChildProcessError: a process was ended, so that its task would be waited for without end

    >>> list(in_order(abs, [-2, 1], workers=1))
    [2, 1]
    """
    if workers <= 1 or len(tasks) <= 1:
        yield from map(function, tasks)
        return
    others = multiprocessing.active_children()
    with multiprocessing.get_context("spawn").Pool(min(workers, len(tasks))) as pool:
        own = [process for process in multiprocessing.active_children() if process not in others]
        results = pool.imap(function, tasks)
        for _ in tasks:
            yield _next(results, own)


def _next(results: Any, processes: Sequence[Any]) -> Any:
    """The next result, unless a process that may have it in hand is gone."""
    while True:
        try:
            return results.next(timeout=LOOK)
        except multiprocessing.TimeoutError:
            codes = [process.exitcode for process in processes if process.exitcode is not None]
            if codes:
                raise ChildProcessError(
                    f"a process was ended (exit code {codes[0]}), perhaps for want of memory; --workers 1 needs least"
                ) from None
