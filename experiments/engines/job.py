"""One run of a sweep, wherever it is performed: build the market, step it, write its file, return a small record."""

import os
import time
from pathlib import Path
from typing import Any, NamedTuple

from experiments import interrupts
from experiments.engines import memory
from experiments.engines.limits import Limit, limited
from experiments.engines.trouble import failure_of
from experiments.outputs import code_hash
from experiments.store.failures import Failure, write_failure
from experiments.store.layout import failed_path, run_path, trace_path, write_whole
from experiments.store.runfile import Footer, encoded
from experiments.sweeps.identity import configuration
from model.errors import ScenarioError
from model.marketplace import Marketplace
from model.scenario import Scenario

REMEMBERED = 64  # scenarios that a process keeps built


class Job(NamedTuple):
    """A run as plain data, so that it can be sent to any process.

    Attributes:
        run, point, label, replicate, seed: which run
        values: what the design set
        tables, scenario, place, plugins: the scenario: merged tables, name, folder of its data files, packages
        every: keep each so many-th tick; 0: no time series
        columns: metrics kept in the time series
        deadline: seconds
        config, code: digests that the run's file carries
        folder: of the study
        worker: performed by a process that may be ended
    """

    run: str
    point: str
    label: str
    replicate: int
    seed: int
    values: dict[str, Any]
    tables: dict[str, Any]
    scenario: str
    place: str
    plugins: tuple[str, ...]
    every: int
    columns: tuple[str, ...]
    deadline: float
    config: str
    code: str
    folder: str
    worker: bool = False


class Record(NamedTuple):
    """What comes back from a run.

    Attributes:
        run: which
        footer: what it came to; None when it failed
        failure: why; None when it did not
        seconds: time to "build" the market, "step" it, and "write" the file; empty when not known
        memory: of the process afterwards [bytes]
        process: host and number of the process
    """

    run: str
    footer: Footer | None
    failure: Failure | None
    seconds: dict[str, float]
    memory: int
    process: str


_scenarios: dict[str, Scenario] = {}


def scenario_of(job: Job) -> Scenario:
    """The scenario of a job; the last ones are remembered.

    Raises:
        ScenarioError: this process has other code than the one that made the job, or finds other data files
    """
    here = code_hash(job.plugins)
    if here != job.code:
        raise ScenarioError(
            f"a worker on {memory.host()} has other code ({here}) "
            f"than the sweep ({job.code}); start workers in the same version of rigshare"
        )
    if job.config not in _scenarios:
        made = Scenario.from_tables(job.tables, job.scenario, None, job.plugins, Path(job.place))
        config = configuration(made, job.every, job.columns)
        if config != job.config:
            raise ScenarioError(
                f"a worker on {memory.host()} has another configuration of {job.label} ({config}) than the sweep "
                f"({job.config}); let it find the same data files in {job.place}"
            )
        while len(_scenarios) >= REMEMBERED:
            del _scenarios[next(iter(_scenarios))]
        _scenarios[job.config] = made
    return _scenarios[job.config]


def advance(market: Marketplace, limit: Limit | None = None, to_tick: int | None = None) -> None:
    """Step a market to its end, or through one tick, the clock being read before each step."""
    while market.running and market.clock.tick + 1 < market.clock.ticks:
        if to_tick is not None and market.clock.tick >= to_tick:
            return
        interrupts.raise_lost()
        if limit is not None:
            limit.check()
        market.step()


def perform(job: Job) -> Record:
    """Run a job and write its file, or the record of its failure; whatever the model raises ends here.

    Raises:
        ScenarioError: the worker has other code or data, or the results cannot be written
    """
    scenario, folder = scenario_of(job), Path(job.folder)
    began, market = time.perf_counter(), None
    footer = failure = None
    seconds: dict[str, float] = {}
    try:
        with limited(job.deadline, trace_path(folder, job.run), job.worker) as limit:
            market = Marketplace(scenario, rng=job.seed)
            built = time.perf_counter()
            advance(market, limit)
            seconds = {"build": built - began, "step": time.perf_counter() - built}
            footer, content = result_of(job, market)
    except Exception as error:
        if interrupts.came:  # something made another error of it, which is none of the run's own
            raise KeyboardInterrupt from error
        failure = failure_of(job, error, market)
    finally:
        if market is not None:
            market.close()
            del market
    ran = time.perf_counter()
    if footer is not None:
        write_whole(run_path(folder, job.run), content)
        failed_path(folder, job.run).unlink(missing_ok=True)
    elif failure is not None:
        write_failure(folder, failure)
    seconds["write"] = time.perf_counter() - ran
    return Record(job.run, footer, failure, seconds, memory.resident(), f"{memory.host()}:{os.getpid()}")


def result_of(job: Job, market: Marketplace) -> tuple[Footer, bytes]:
    """A finished market's footer and the bytes of its file."""
    ticks = market.clock.tick + 1
    footer = Footer(
        job.run,
        job.point,
        job.replicate,
        job.seed,
        job.config,
        job.code,
        ticks,
        market.fingerprint(),
        market.summary(),
    )
    kept: list[int] = list(range(0, ticks, job.every)) if job.every else []
    wanted = set(job.columns)
    names = [m.name for m in market.recorder.metrics if m.name in wanted] if job.every else []
    series = {name: market.recorder.path(name)[:: job.every] for name in names}
    return footer, encoded(footer, kept, series)
