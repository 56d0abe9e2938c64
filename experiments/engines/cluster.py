"""A Dask cluster: processes beside this one, or a running scheduler by its address."""

import logging
import os
import signal
import threading
from contextlib import ExitStack
from typing import Any

import dask
from distributed import Client, LocalCluster, WorkerPlugin

from experiments.interrupts import held_back
from model.errors import ScenarioError

MEMORY = "auto"  # limit of a local worker: the machine's memory shared out
START = 60  # seconds until a scheduler must have answered
SETTINGS = {
    "distributed.scheduler.allowed-failures": 0,  # who is tried again is decided by the engine
    "distributed.scheduler.work-stealing": False,
    "distributed.worker.memory.target": False,  # runs hold their memory: nothing to spill, and pausing helps nobody
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": 0.95,
    "distributed.admin.tick.limit": "1h",  # a tick of a large market blocks the loop; no need to say so
    "distributed.comm.timeouts.connect": "30s",
    "distributed.deploy.lost-worker-timeout": "60s",  # a worker that is replaced loads for seconds; then it is given up
}


def _be_silent() -> None:
    """What goes wrong is said in our own sentences; some parts of Dask have a level of their own."""
    for name in [name for name in logging.root.manager.loggerDict if name.split(".")[0] == "distributed"]:
        logging.getLogger(name).setLevel(logging.CRITICAL)


class Deaf(WorkerPlugin):  # type: ignore[misc]
    """Ctrl-C reaches every process of a terminal; local workers leave it to the driver."""

    name = "rigshare-deaf"

    def setup(self, worker: Any) -> None:
        """Ignore the interrupt in the worker's main thread."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, signal.SIG_IGN)


def local(workers: int | None) -> tuple[Client, LocalCluster]:
    """Processes under nannies on this machine, without dashboard or chatter.

    Args:
        workers: how many; one for each core by default

    Raises:
        ScenarioError: they do not start
        KeyboardInterrupt: one came while they started; they have ended
    """
    dask.config.set(SETTINGS)
    _be_silent()
    with ExitStack() as started:
        with held_back():
            cluster = _started(workers or os.cpu_count() or 1)
            started.callback(cluster.close)
            client = Client(cluster, set_as_default=False)  # type: ignore[no-untyped-call]
            started.callback(client.close)
            client.register_plugin(Deaf())
        started.pop_all()
    return client, cluster


def _started(workers: int) -> LocalCluster:
    try:
        return LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            memory_limit=MEMORY,
            dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},  # any port: a second sweep would find it taken
            host="127.0.0.1",
            silence_logs=logging.CRITICAL,
        )
    except RuntimeError as error:
        told = str(error).rstrip(".")
        raise ScenarioError(
            f"--workers {workers}: they cannot be started ({told}); try again, take fewer, or --engine serial"
        ) from None


def remote(address: str) -> Client:
    """A running scheduler.

    Raises:
        ScenarioError: nobody answers there
    """
    _be_silent()
    try:
        return Client(address, timeout=START, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as error:
        raise ScenarioError(
            f"--scheduler {address}: no answer ({error or 'timed out'}); start one with `dask scheduler`, "
            "and give its address as tcp://host:8786"
        ) from None
