"""What a sweep costs beside its runs: overhead of a run, many small runs, many tiny ones, two workers against one.

python -m benchmarks.bench_sweep            # all
python -m benchmarks.bench_sweep overhead   # or: small, tiny, scaling
"""

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from rich.console import Console

from experiments.engines.job import advance
from experiments.sheets import Sheet
from experiments.store.status import timings
from experiments.sweeps.driver import Finished, execute
from experiments.sweeps.study import Study
from model import Marketplace, Scenario

OVERHEAD, SMALL, DRIVER, SPEEDUP = 0.05, 90.0, 1.0, 1.7  # wanted: share, seconds, GiB, times
SMALL_RUNS, TINY_RUNS = 1_000, 10_000
SCALING_SECONDS, LEAST_SECONDS = 75.0, 60.0  # asked of one worker, told by a pilot, and wanted
GIB, KIB = 2**30, 2**10


class Cost(NamedTuple):
    """One line: what was measured, its value, what is wanted."""

    what: str
    value: str
    wanted: str


def swept(study: Study, engine: str, workers: int | None = None) -> tuple[Finished, list[dict[str, float]]]:
    """A sweep in a folder of its own that is thrown away, with what each run took."""
    with tempfile.TemporaryDirectory() as root:
        done = execute(study, Path(root), engine=engine, workers=workers, progress=False)
        return done, timings(done.folder)


def overhead(runs: int = 5) -> list[Cost]:
    """A baseline run alone against the same runs in a sweep with time series kept, in one process."""
    study = Study.of("overhead", {"baseline": Scenario.load("baseline")}, runs, every=1)
    swept(Study.of("first", {"baseline": study.points[0].scenario}, 1, every=1), "serial")  # compiles
    began = time.perf_counter()
    for task in study.tasks():
        with Marketplace(study.points[0].scenario, rng=task.seed) as market:
            advance(market)
    middle = time.perf_counter()
    swept(study, "serial")
    alone, within = middle - began, time.perf_counter() - middle
    share = within / alone - 1.0
    return [
        Cost("baseline run alone [s]", f"{alone / runs:.2f}", ""),
        Cost("overhead of the sweep on it", f"{share:.1%}", f"below {OVERHEAD:.0%}"),
    ]


def small(workers: int) -> list[Cost]:
    """Many runs of smoke."""
    done, took = swept(Study.of("small", {"smoke": Scenario.load("smoke")}, SMALL_RUNS, every=1), "dask", workers)
    inside = sum(each["build"] + each["step"] + each["write"] for each in took) / len(took)
    most = max(each["memory"] for each in took) / GIB
    return [
        Cost(f"{SMALL_RUNS:,} runs of smoke, {workers} workers [s]", f"{done.seconds:.1f}", f"below {SMALL:.0f}"),
        Cost("of it in a run [ms]", f"{inside * 1e3:.1f}", ""),
        Cost("largest worker [GiB]", f"{most:.2f}", ""),
    ]


def tiny(workers: int) -> list[Cost]:
    """Very many runs of one tick; how large this process, which drives, has become."""
    study = Study.of("tiny", {"smoke": Scenario.load("smoke").override({"clock.ticks": 1})}, TINY_RUNS)
    done, _ = swept(study, "dask", workers)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB / GIB
    return [
        Cost(f"{TINY_RUNS:,} runs of one tick [s]", f"{done.seconds:.1f}", ""),
        Cost("driver's memory at most [GiB]", f"{most:.2f}", f"below {DRIVER:.0f}"),
    ]


def scaling() -> list[Cost]:
    """The same sweep with one worker and with two; long enough that starting does not matter."""
    scenario = Scenario.load("baseline")
    one_run = swept(Study.of("pilot", {"baseline": scenario}, 2), "serial")[0].seconds / 2
    n = 2 * max(4, round(SCALING_SECONDS / one_run / 2))
    study = Study.of("scaling", {"baseline": scenario}, n)
    seconds = [swept(study, "dask", workers)[0].seconds for workers in (1, 2)]
    return [
        Cost(f"{n} runs of the baseline, 1 worker [s]", f"{seconds[0]:.1f}", f"at least {LEAST_SECONDS:.0f}"),
        Cost("2 workers [s]", f"{seconds[1]:.1f}", ""),
        Cost("speed-up", f"{seconds[0] / seconds[1]:.2f}", f"at least {SPEEDUP}"),
    ]


def main() -> None:
    """Measure and print, with the load of the machine at the start and at the end."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.bench_sweep", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help="overhead, small, tiny, scaling; all by default")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    parts = {
        "overhead": overhead,
        "small": lambda: small(given.workers),
        "tiny": lambda: tiny(given.workers),
        "scaling": scaling,
    }
    if unknown := set(given.parts) - set(parts):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(parts)}")
    before = os.getloadavg()[0]
    rows = [cost for name in given.parts or parts for cost in parts[name]()]
    Sheet("Costs of a sweep", ("", "measured", "wanted"), rows).show(Console(width=120))
    print(f"load of the machine: {before:.1f} before, {os.getloadavg()[0]:.1f} after, on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
