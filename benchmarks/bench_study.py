"""What a run of one study costs here, in radCAD and in Mesa: a lending pool and an exchange for a year.

    python benchmarks/bench_study.py [--quick] [--radcad PYTHON]

The study, its rules and who is favoured: benchmarks/peers/credit_study. Each row is a process of its own, with the same
draws for all. `runs/s` is the rate once an engine is up: further runs over the further time of a longer sweep; `start s`
is what it took beside, so that 1,000 runs take start + 1,000 / rate. `MB` is the most that a process held, for the
runs of the row.

radCAD is no dependency of ours, and its pins do not go with ours, so it has an environment of its own: `python -m venv
radcad`, `radcad/bin/pip install radcad`, and `--radcad radcad/bin/python` here, or that path in RADCAD_PYTHON. Without it
its rows say so.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
HEAD = f"{'runs':>5} {'s':>8} {'start s':>8} {'runs/s':>9} {'1,000 runs s':>12} {'MB':>8} {'2 workers':>10}"
DAYS, THOUSAND = 365, 1_000
SIZES = (100, 10_000)
AGREE = 1e-3  # largest relative difference of means that rounding and the order of a day's two swaps may leave
OURS, BAR = "rigshare, 2 workers", 1.0
RADCAD, MESA = "radCAD, its default engine", "Mesa batch_run, 1 process"
MISSING = "not installed: python -m venv radcad; radcad/bin/pip install radcad; then --radcad radcad/bin/python"
WANTED = {(RADCAD, 100), (RADCAD, 10_000), (MESA, 10_000)}  # rows that ours must be ahead of


class Row(NamedTuple):
    """One way to run the study.

    Attributes:
        name: printed
        how: key of `RUNNERS`
        options: of the runner
        runs: in the longer and the shorter sweep, for each number of borrowers
    """

    name: str
    how: str
    options: dict[str, Any]
    runs: dict[int, tuple[int, int]]


SERIAL, POOLED = {100: (7, 1), 10_000: (4, 1)}, {100: (26, 2), 10_000: (10, 2)}
ROWS = (
    Row(OURS, "ours", {"engine": "dask", "workers": 2}, POOLED),
    Row("rigshare, one process", "ours", {"engine": "serial"}, SERIAL),
    Row(RADCAD, "radcad", {}, {100: (7, 1), 10_000: (3, 1)}),
    Row("radCAD, one process", "radcad", {"preset": "SINGLE"}, {100: (7, 1), 10_000: (3, 1)}),
    Row("radCAD, one process, no copies", "radcad", {"preset": "FASTEST"}, {100: (21, 1), 10_000: (4, 1)}),
    Row(MESA, "mesa", {"processes": 1}, {100: (21, 1), 10_000: (3, 1)}),
    Row("Mesa batch_run, all processes", "mesa", {"processes": None}, {100: (42, 2), 10_000: (4, 2)}),
)


def by_ours(folder: Path, borrowers: int, days: int, seeds: list[int], **options: Any) -> list[Any]:
    """Runs by the sweep's driver, stored as every sweep is."""
    from benchmarks.peers.credit_study.market import results_of, study
    from experiments.sweeps.driver import execute

    done = execute(study(borrowers, days, len(seeds)), folder / "ours", new=True, progress=False, **options)
    return results_of(done.table)


def by_radcad(folder: Path, borrowers: int, days: int, seeds: list[int], preset: str = "") -> list[Any]:
    """Runs by radCAD's engine."""
    from benchmarks.peers.credit_study import for_radcad

    return for_radcad.run_all(folder, seeds, days, **(getattr(for_radcad, preset) if preset else {}))


def by_mesa(folder: Path, borrowers: int, days: int, seeds: list[int], processes: int | None) -> list[Any]:
    """Runs by Mesa's batch_run."""
    from benchmarks.peers.credit_study import for_mesa

    return for_mesa.run_all(folder, seeds, days, processes)


RUNNERS: dict[str, Callable[..., list[Any]]] = {"ours": by_ours, "radcad": by_radcad, "mesa": by_mesa}


def measure(
    how: str, options: dict[str, Any], folder: Path, borrowers: int, days: int, runs: tuple[int, int]
) -> dict[str, Any]:
    """Time a short and a longer sweep; rate, start and memory, and what came out of the longer one."""
    import resource

    from benchmarks.peers.credit_study.draws import seeds_in

    run, seeds, (many, few) = RUNNERS[how], seeds_in(folder), runs
    run(folder, borrowers, days, seeds[:1], **options)  # imports, and kernels are loaded
    seconds = []
    for n in (few, many):
        start = time.perf_counter()
        results = run(folder, borrowers, days, seeds[:n], **options)
        seconds.append(time.perf_counter() - start)
    each = max(1e-9, (seconds[1] - seconds[0]) / (many - few))
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return {
        "rate": 1.0 / each,
        "start": max(0.0, seconds[0] - few * each),
        "seconds": seconds[1],
        "mb": max(resource.getrusage(kind).ru_maxrss for kind in kinds) / 1024,
        "results": results,
    }


def row(
    chosen: Row, folder: Path, borrowers: int, runs: tuple[int, int], python: str, days: int = DAYS
) -> dict[str, Any]:
    """One row, measured in a process of its own; `missing` says what to install.

    Args:
        chosen: the row
        folder: of the draws
        borrowers: how many
        runs: in the longer and the shorter sweep
        python: interpreter that has radCAD
        days: length of a run
    """
    job = json.dumps([chosen.how, chosen.options, str(folder), borrowers, days, runs])
    command = [python if chosen.how == "radcad" else sys.executable, str(Path(__file__)), "--row", job]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=env, check=False)
    if result.returncode:
        if any(f"No module named '{name}'" in result.stderr for name in ("radcad", "numpy")):
            return {"missing": MISSING}
        raise SystemExit(result.stderr)
    answer: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return answer


def shown(name: str, runs: int, r: dict[str, Any], ours: float) -> str:
    """A row as it is printed; the last figure is how much faster our two workers are."""
    took = r["start"] + THOUSAND / r["rate"]
    text = f"{name:<32} {runs:>5} {r['seconds']:>8.2f} {r['start']:>8.2f} {r['rate']:>9.3f} {took:>12,.0f} {r['mb']:>8,.0f}"
    return text + f" {ours / r['rate']:>9.2f}x"


def outcome(name: str, results: list[list[float]]) -> tuple[str, list[float]]:
    """Means over the first runs, which all rows have."""
    means = [sum(column) / len(results) for column in zip(*results, strict=True)]
    return f"{name:<32} " + " ".join(f"{value:>16,.4f}" for value in means), means


def agree(found: dict[str, list[float]]) -> list[str]:
    """Rows whose means are not those of the first."""
    names = list(found)
    first = found[names[0]]
    return [
        name
        for name in names[1:]
        if any(abs(a - b) > AGREE * max(abs(a), abs(b), 1.0) for a, b in zip(first, found[name], strict=True))
    ]


def table(borrowers: int, quick: bool, python: str) -> int:
    """Measure and print all rows for a number of borrowers; how many of what must hold did not."""
    from benchmarks.peers.credit_study.draws import save
    from benchmarks.peers.credit_study.market import study
    from benchmarks.peers.credit_study.rules import Result

    asked = {r.name: ((r.runs[borrowers][0] + 1) // 2 + 1, 1) if quick else r.runs[borrowers] for r in ROWS}
    with tempfile.TemporaryDirectory() as place:
        folder, most = Path(place), max(many for many, _ in asked.values())
        save(folder, borrowers, DAYS, [task.seed for task in study(borrowers, DAYS, most).tasks()])
        print(f"\n{borrowers:,} borrowers, {DAYS} days\n{'':<32} {HEAD}", flush=True)
        there: dict[str, dict[str, Any]] = {}
        for chosen in ROWS:  # ours first
            r = row(chosen, folder, borrowers, asked[chosen.name], python)
            if "missing" in r:
                print(f"{chosen.name:<32} {r['missing']}")
                continue
            there[chosen.name] = r
            print(shown(chosen.name, asked[chosen.name][0], r, there[OURS]["rate"]), flush=True)
    ours = there[OURS]["rate"]
    common = min(len(r["results"]) for r in there.values())
    print(f"\nmeans of the first {common} runs")
    print(" " * 32, " ".join(f"{name:>16}" for name in Result._fields))
    found = {}
    for name, r in there.items():
        text, found[name] = outcome(name, r["results"][:common])
        print(text)
    strangers = agree(found)
    behind = [
        name for name, n in sorted(WANTED) if n == borrowers and name in there and ours <= BAR * there[name]["rate"]
    ]
    for name in strangers:
        print(f"{name}: its means differ by more than {AGREE:.1%}")
    for name in behind:
        print(f"{OURS} is behind {name}")
    return len(strangers) + len(behind)


def main() -> int:
    """Print both tables; 1 if results differ, or ours is behind where it must be ahead."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="half of the runs")
    parser.add_argument(
        "--radcad", metavar="PYTHON", default=os.environ.get("RADCAD_PYTHON", sys.executable), help="that has radCAD"
    )
    parser.add_argument("--row", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.row:
        how, options, folder, borrowers, days, runs = json.loads(given.row)
        print(json.dumps(measure(how, options, Path(folder), borrowers, days, runs)))
        return 0
    missed = sum(table(borrowers, given.quick, given.radcad) for borrowers in SIZES)
    print(f"\nload of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    raise SystemExit(main())
