"""Engines: where the runs of a sweep are performed. What they come to is the same everywhere, to the last byte."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from experiments.engines.job import Job, Record

ENGINES = ("serial", "dask")
SCHEMES = ("tcp", "tls", "ucx", "ws", "wss")  # of a scheduler's address


class Engine(Protocol):
    """Performs jobs.

    Attributes:
        workers: how many are performed at a time
    """

    workers: int

    def run(self, jobs: Sequence["Job"]) -> Iterator["Record"]:
        """A record for every job, in the order in which they end."""
        ...

    def close(self) -> None:
        """End whatever was started."""
        ...


def check(name: str, workers: int | None = None, scheduler: str | None = None) -> None:
    """Refuse what no engine can do, before anything is touched.

    Raises:
        ScenarioError: no such engine, or options that do not belong together
    """
    from model.errors import ScenarioError, nearest

    if name not in ENGINES:
        raise ScenarioError(f"--engine {name}: no such engine{nearest(name, ENGINES)}")
    if workers is not None and workers < 1:
        raise ScenarioError(f"--workers {workers}: give a whole number above 0")
    for option, value in (("--scheduler", scheduler), ("--workers", workers)):
        if name == "serial" and value is not None:
            raise ScenarioError(f"{option} {value}: belongs to --engine dask; add that, or leave it out")
    if scheduler is None:
        return
    if workers:
        raise ScenarioError(f"--workers {workers}: a running scheduler has its own workers; leave it out")
    if not _address(scheduler):
        raise ScenarioError(f"--scheduler {scheduler!r}: is no address; write scheme://host:port, as tcp://host:8786")


def _address(text: str) -> bool:
    """Whether a text is scheme://host:port; Dask's threads would outlive its own refusal of another one."""
    try:
        parts = urlsplit(text)
        return parts.scheme in SCHEMES and bool(parts.hostname) and bool(parts.port) and not parts.path
    except ValueError:
        return False


def open_engine(name: str, workers: int | None = None, scheduler: str | None = None) -> Engine:
    """Start an engine.

    Args:
        name: serial or dask
        workers: processes of a local cluster; one for each core by default
        scheduler: address of a running Dask scheduler

    Raises:
        ScenarioError: as `check`, or the scheduler cannot be reached
    """
    check(name, workers, scheduler)
    if name == "serial":
        from experiments.engines.serial import Serial

        return Serial()
    from experiments.engines.dask import Dask

    return Dask(workers, scheduler)
