"""Dask distributed: runs in processes that may die, hang or blow up without taking the sweep along.

The engine hands every worker one chunk of runs at a time, so it knows who had what when a worker is gone. Of a chunk
whose worker died, what is not finished is tried again run by run; a run that kills two workers is left alone.
"""

import itertools
import queue
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from distributed import KilledWorker
from distributed.client import FutureCancelledError

from experiments import interrupts
from experiments.console import tell
from experiments.engines import cluster
from experiments.engines.chunk import opened, perform_sealed, sealed
from experiments.engines.job import Job, Record
from experiments.engines.limits import GRACE
from experiments.engines.trouble import death_of
from experiments.store.failures import read_failure, write_failure
from experiments.store.layout import run_path, trace_path
from experiments.store.runfile import read_footer
from model.errors import ScenarioError

TASK = 2.0  # seconds of work in one chunk, about
LONGEST = 200  # runs in one chunk
LIVES = 2  # workers that a run may cost
LOOK = 1.0  # seconds between two looks at who is there
MARGIN = 60.0  # seconds past all deadlines after which a worker is ended from here
STOUT = 2 * 2**30  # bytes of memory at which a worker is replaced between two chunks
FETCH = 30.0  # seconds in which a result that is there must have come over
PATIENCE = 30.0  # seconds without workers before it is said, or without some of one's own before they are started anew


class Flight(NamedTuple):
    """A chunk on its way: its runs, its worker, its future, and when it must be back."""

    jobs: list[Job]
    worker: str
    future: Any
    due: float


class Dask:
    """An engine on a Dask cluster.

    Args:
        workers: processes of a local cluster; one for each core by default
        scheduler: address of a running scheduler; a local cluster without
    """

    def __init__(self, workers: int | None = None, scheduler: str | None = None) -> None:
        self.client: Any
        self.cluster: Any = None
        if scheduler:
            self.client = cluster.remote(scheduler)
        else:
            self.client, self.cluster = cluster.local(workers)
        self.workers = max(1, len(self._present()))
        self.least = self.workers if self.cluster is not None else 1  # workers below which something is amiss
        self.mean = 0.0  # seconds a run takes, as measured lately
        self.count = itertools.count()
        self.looked = 0.0  # when it was last seen who is there; 0: look at once

    def run(self, jobs: Sequence[Job]) -> Iterator[Record]:
        """A record for every job, in the order in which they end."""
        waiting, alone = deque(job._replace(worker=True) for job in jobs), deque[Job]()
        deaths: dict[str, int] = {}
        flights: dict[str, Flight] = {}
        landed: queue.Queue[Any] = queue.Queue()
        present: set[str] = set()
        self.looked, alive = 0.0, time.monotonic()
        while waiting or alone or flights:
            interrupts.raise_lost()
            if time.monotonic() - self.looked >= LOOK:
                present, self.looked = self._present(), time.monotonic()
                self.workers = max(1, len(present))
                for flight in [each for each in flights.values() if self._lost(each, present)]:
                    del flights[flight.worker]
                    present.discard(flight.worker)
                    flight.future.cancel()
                    yield from self._dead(flight, alone, deaths)
                if len(present) >= self.least:
                    alive = self.looked
                elif self.looked - alive > PATIENCE:
                    self._ask_for_workers()
                    alive = self.looked
            for worker in sorted(present - flights.keys()):
                chunk = self._take(waiting, alone, len(present))
                if chunk:
                    flights[worker] = self._send(chunk, worker, landed)
            with suppress(queue.Empty):
                future = landed.get(timeout=LOOK)
                back = next((each for each in flights.values() if each.future is future), None)
                if back is not None:
                    del flights[back.worker]
                    yield from self._back(back, alone, deaths)
                    if future.status != "finished":
                        present.discard(back.worker)

    def _take(self, waiting: deque[Job], alone: deque[Job], workers: int) -> list[Job]:
        """The next chunk: a run that must be alone, or as many as take a few seconds, fewer towards the end."""
        if alone:
            return [alone.popleft()]
        n = 1 if not self.mean else max(1, min(LONGEST, round(TASK / self.mean), len(waiting) // (2 * workers)))
        return [waiting.popleft() for _ in range(min(n, len(waiting)))]

    def _send(self, chunk: list[Job], worker: str, landed: "queue.Queue[Any]") -> Flight:
        """Submit a chunk to one worker."""
        key = f"runs-{next(self.count)}-{chunk[0].run}"
        future = self.client.submit(perform_sealed, sealed(chunk), key=key, workers=[worker], pure=False)
        future.add_done_callback(landed.put)
        due = time.monotonic() + sum(job.deadline + 2 * GRACE for job in chunk) + MARGIN
        return Flight(chunk, worker, future, due)

    def _back(self, flight: Flight, alone: deque[Job], deaths: dict[str, int]) -> Iterator[Record]:
        """Records of a chunk that has ended, however it did.

        Raises:
            ScenarioError: a worker cannot do any of it: other code, no rigshare, another file system
        """
        if flight.future.status == "finished":
            records = self._fetched(flight)
            if not records:
                yield from self._dead(flight, alone, deaths)
                return
            self._note(records)
            flight.future.release()
            if records[0].footer and not run_path(Path(flight.jobs[0].folder), records[0].run).exists():
                raise ScenarioError(
                    f"{flight.jobs[0].folder}: what workers write there cannot be seen here; "
                    "give a folder (--out) that all machines share"
                )
            yield from records
            if max(record.memory for record in records) > STOUT:
                self._restart(flight.worker)
            return
        error = flight.future.exception(timeout=FETCH) if flight.future.status == "error" else None
        if isinstance(error, ScenarioError):
            raise error
        if isinstance(error, ImportError):
            raise ScenarioError(
                f"a worker cannot import rigshare ({error}); start it in the same folder, or set PYTHONPATH"
            )
        if error is not None and not isinstance(error, KilledWorker):
            raise error
        yield from self._dead(flight, alone, deaths)

    def _fetched(self, flight: Flight) -> list[Record]:
        """Records of a chunk that its worker has finished; none when the worker died before they were handed over.

        A result whose worker is gone would be computed again there, and so waited for without end.
        """
        if flight.worker in self._present():
            with suppress(FutureCancelledError, OSError, TimeoutError):
                return opened(flight.future.result(timeout=FETCH))
        flight.future.cancel()
        self.looked = 0.0
        return []

    def _dead(self, flight: Flight, alone: deque[Job], deaths: dict[str, int]) -> Iterator[Record]:
        """What becomes of a chunk whose worker died: the finished count, the first other one is suspect."""
        suspect = True
        for job in flight.jobs:
            folder = Path(job.folder)
            footer = read_footer(run_path(folder, job.run))
            failure = None if footer else read_failure(folder, job.run)
            if footer or failure:
                yield Record(job.run, footer, failure, {}, 0, "")
                continue
            deaths[job.run] = deaths.get(job.run, 0) + suspect
            trace = self._trace(folder, job.run)
            if trace.strip() or deaths[job.run] >= LIVES:
                failure = death_of(job, trace, deaths[job.run])
                write_failure(folder, failure)
                yield Record(job.run, None, failure, {}, 0, "")
            else:
                alone.append(job)
            suspect = False

    @staticmethod
    def _trace(folder: Path, run: str) -> str:
        """The stack that a run left when its process ended itself at the deadline."""
        path = trace_path(folder, run)
        try:
            text = path.read_text(encoding="utf-8")
            path.unlink()
        except OSError:
            return ""
        return text

    def _lost(self, flight: Flight, present: set[str]) -> bool:
        """Whether a chunk will not come back: its worker is gone, or so late that it is ended here."""
        if flight.worker not in present:
            return True
        if time.monotonic() > flight.due:
            self._restart(flight.worker)
            return True
        return False

    def _present(self) -> set[str]:
        """Addresses of the workers that are there.

        Raises:
            ScenarioError: the scheduler is gone
        """
        try:
            return set(self.client.nthreads())
        except (OSError, TimeoutError, RuntimeError) as error:
            raise ScenarioError(f"the scheduler is gone ({error}); give the same command again to go on") from None

    def _ask_for_workers(self) -> None:
        """Start those of one's own anew that nobody replaced; at a scheduler that others serve, say that it has none."""
        if self.cluster is not None:
            self.cluster.scale(self.least)
        else:
            tell("waiting for workers; start some, or interrupt and go on later")

    def _note(self, records: Sequence[Record]) -> None:
        """Follow how long runs take."""
        lately = sum(sum(record.seconds.values()) for record in records) / len(records)
        self.mean = lately if not self.mean else (self.mean + lately) / 2

    def _restart(self, worker: str) -> None:
        """Replace a worker's process; one without a nanny stays as it is."""
        self.looked = 0.0
        with suppress(OSError, TimeoutError, ValueError, RuntimeError):
            self.client.restart_workers([worker], timeout=MARGIN, raise_for_error=False)

    def close(self) -> None:
        """Let the scheduler go; end the processes that were started here."""
        with suppress(OSError, TimeoutError, RuntimeError):
            self.client.close()
        if self.cluster is not None:
            self.cluster.close()
