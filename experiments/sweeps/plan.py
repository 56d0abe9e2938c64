"""What a study will cost before it runs: points, runs, time from a short pilot, disk."""

import math
import os
import shutil
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from experiments.runs import check_memory
from experiments.store.runfile import Footer, encoded
from experiments.sweeps.points import Block
from experiments.sweeps.study import Point, Study, seed_of
from model.marketplace import Marketplace
from model.scenario import Scenario

PILOT_POINTS = 3  # the first, the middle and the last
PILOT_TICKS = 30  # a month of days
PILOT_SECONDS = 3.0  # of one point at most
WARM_TICKS = 2  # ticks that are not timed: rules are compiled and memory is taken
SAMPLE_ROWS = 200  # of a made-up run's file, from which the size of real ones is told
MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0


class Pace(NamedTuple):
    """How fast runs of one point are.

    Attributes:
        build: seconds to build a market
        tick: seconds of one tick
        ticks: ticks that were timed
    """

    build: float
    tick: float
    ticks: int


def plan_rows(study: Study, workers: int | None = None, pilot: bool = True) -> list[dict[str, Any]]:
    """Rows of a table: what the study is, how many runs, how long, how much disk.

    Args:
        study: what would run
        workers: processes at work; left out, one for each core
        pilot: whether a few ticks of a few points are run to tell the time

    Raises:
        ScenarioError: the largest market does not fit into memory
    """
    check_memory(max((p.scenario for p in study.points), key=_agents))
    n = len(study.points)
    least, most = n * study.replicates, n * (study.stop.max if study.stop else study.replicates)
    rows = [("study", study.name), ("question", study.question)]
    rows += [(f"design {i}", block_line(block)) for i, block in enumerate(study.blocks, 1)]
    rows += [("points", f"{n:,}"), ("replicates", _replicates(study)), ("runs", _span(least, most))]
    ticks = sorted({p.scenario.clock.ticks for p in study.points})
    rows.append(("ticks of a run", f"{ticks[0]:,}" if len(ticks) == 1 else f"{ticks[0]:,} to {ticks[-1]:,}"))
    if pilot:
        at_work = workers or os.cpu_count() or 1
        paces = [pace(p, seed_of(study.root, 0, None)) for p in spread(study.points)]
        seconds = expected(paces, study.points, study.replicates, at_work)
        longest = f" to {duration(seconds * most / least)}" if most > least else ""
        rows.append(("time", f"about {duration(seconds)}{longest} with {at_work} at work"))
        rows.append(("a run", f"about {duration(expected(paces, study.points, 1, 1) / n)}, {_timed(paces)}"))
    else:
        rows.append(("time", "not known without a pilot"))
    per_point = [bytes_of_run(study, p) for p in study.points]
    total = sum(per_point) * study.replicates
    longest = f" to {size(total * most // least)}" if most > least else ""
    rows.append(("disk", f"at most {size(total)}{longest}, {size(shutil.disk_usage(Path.cwd()).free)} are free here"))
    return [{"what": what, "how much": value} for what, value in rows]


def _agents(scenario: Scenario) -> int:
    return sum(table.count for table in scenario.agents.values())


def _replicates(study: Study) -> str:
    shared = "the same seeds at every point" if study.common else "seeds of its own at every point"
    if study.stop is None:
        return f"{study.replicates:,} of each point, {shared}"
    return (
        f"{study.replicates:,} of each point, then more until the mean of {study.stop.metric} is known within "
        f"± {study.stop.half_width:g}, at most {study.stop.max:,}; {shared}"
    )


def _span(least: int, most: int) -> str:
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"


def _timed(paces: Sequence[Pace]) -> str:
    return f"timed on {sum(p.ticks for p in paces):,} ticks of {len(paces)} point{'s'[: len(paces) != 1]}"


def block_line(block: Block) -> str:
    """A design block in a line: kind, rows, variables."""
    once = len(set(block.rows))
    same = f", {once:,} different" if once < len(block.rows) else ""
    over = f" over {', '.join(block.names)}" if block.names else ""
    return f"{block.kind}{over}: {len(block.rows):,} rows{same}"


def spread(points: Sequence[Point]) -> list[Point]:
    """A few points from all over the study: the first, the middle and the last.

    >>> spread("abcde"), spread("a")
    (['a', 'c', 'e'], ['a'])
    """
    last = len(points) - 1
    places = dict.fromkeys(round(i * last / (PILOT_POINTS - 1)) for i in range(PILOT_POINTS))
    return [points[i] for i in places]


def pace(point: Point, seed: int) -> Pace:
    """Run a few ticks of a point and time them."""
    scenario = point.scenario
    with Marketplace(scenario, rng=seed) as market:
        for _ in range(min(WARM_TICKS, scenario.clock.ticks)):
            market.step()
    began = time.perf_counter()
    with Marketplace(scenario, rng=seed) as market:
        built = time.perf_counter()
        done = 0
        while market.running and done < PILOT_TICKS and time.perf_counter() - built < PILOT_SECONDS:
            market.step()
            done += 1
        ran = time.perf_counter()
    return Pace(built - began, (ran - built) / max(done, 1), done)


def expected(paces: Sequence[Pace], points: Sequence[Point], replicates: int, workers: int) -> float:
    """Seconds for all runs, shared evenly: replicates × Σ over points (build + ticks × tick) / workers, means of paces.

    >>> expected([Pace(1.0, 0.1, 5), Pace(3.0, 0.3, 5)], [], 10, 2)
    0.0
    """
    build = math.fsum(p.build for p in paces) / len(paces)
    tick = math.fsum(p.tick for p in paces) / len(paces)
    total = math.fsum(build + tick * p.scenario.clock.ticks for p in points)
    busy = min(workers, max(1, len(points) * replicates))
    return total * replicates / busy


def bytes_of_run(study: Study, point: Point) -> int:
    """Bytes that a run leaves on disk, at most: paths of kept metrics, one number for every metric.

    Told from files of made-up runs whose numbers are noise, which nothing compresses.
    """
    names = tuple(m.name for m in point.scenario.recorded())
    kept = tuple(name for name in names if study.every and name in study.columns)
    rows = -(-point.scenario.clock.ticks // study.every) if kept else 0
    empty, full = _made_up(names, kept, 0), _made_up(names, kept, SAMPLE_ROWS)
    return empty + math.ceil((full - empty) * rows / SAMPLE_ROWS)


@cache
def _made_up(names: tuple[str, ...], kept: tuple[str, ...], rows: int) -> int:
    """Bytes of a run's file with so many rows of noise."""
    noise = np.random.default_rng(0)
    summary = dict(zip(names, map(float, noise.random(len(names))), strict=True))
    footer = Footer("0" * 22, "0" * 16, 0, 2**63 - 1, "0" * 16, "0" * 16, rows, "0" * 32, summary)
    return len(encoded(footer, range(rows), {name: noise.random(rows).tolist() for name in kept}))


def duration(seconds: float) -> str:
    """A time for people.

    >>> duration(0.25), duration(95), duration(7_000), duration(200_000)
    ('0.25 s', '95 s', '1.9 h', '2.3 days')
    """
    if seconds < 2 * MINUTE:
        return f"{seconds:.2g} s" if seconds < 10 else f"{seconds:.0f} s"
    if seconds < 1.5 * HOUR:
        return f"{seconds / MINUTE:.0f} min"
    return f"{seconds / HOUR:.1f} h" if seconds < 1.5 * DAY else f"{seconds / DAY:.1f} days"


def size(count: float) -> str:
    """Bytes for people.

    >>> size(512), size(3_000_000), size(5 * 2**30)
    ('512 B', '2.9 MiB', '5.0 GiB')
    """
    for unit, worth in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if count >= worth:
            return f"{count / worth:.1f} {unit}"
    return f"{count:.0f} B"
