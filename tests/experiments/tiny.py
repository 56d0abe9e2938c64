"""A study that takes a moment, and strategies that do a run harm."""

import os
import subprocess
import sys
from pathlib import Path

from experiments.sweeps.study import Study
from model.scenario import Scenario

ROOT = Path(__file__).resolve().parent.parent.parent
TICKS = 3
POISON = '''
"""Strategies that do a run harm."""
import os, time
from agents.base import Strategy

LATE = 2  # tick at which it happens

class Raises(Strategy):
    serves, name = "retail_investor", "raises"
    def decide(self, cohort, market):
        if market.tick >= LATE:
            raise ZeroDivisionError("poison")
        return ()

class Exits(Strategy):
    serves, name = "retail_investor", "exits"
    def decide(self, cohort, market):
        if market.tick >= LATE:
            os._exit(7)
        return ()

class Loops(Strategy):
    serves, name = "retail_investor", "loops"
    def decide(self, cohort, market):
        while market.tick >= LATE:
            pass
        return ()

class Swells(Strategy):
    serves, name = "retail_investor", "swells"
    def decide(self, cohort, market):
        kept = []
        while market.tick >= LATE:
            kept.append(bytearray(os.urandom(1)) * 2**25)
            time.sleep(0.02)
        return ()
'''


def scenario(ticks=TICKS, plugins=(), **overrides):
    values = {"clock.ticks": ticks, **{key.replace("__", "."): value for key, value in overrides.items()}}
    return Scenario.load("smoke", plugins).override(values)


def study(fees=(10, 50), replicates=2, name="tiny", every=1, ticks=TICKS, **more):
    """A point for each fee."""
    return Study.of(
        name, {f"fee {fee}": scenario(ticks, amm__fee_bps=fee) for fee in fees}, replicates, every=every, **more
    )


def poisoned(kinds, replicates=2, ticks=TICKS + 1):
    """A point for each strategy of retail investors; the package `poison` must be on the path."""
    made = {k: scenario(ticks, ("poison",), agents__retail_investor__strategy=k) for k in kinds}
    return Study.of("poisoned", made, replicates)


def add_poison(folder, monkeypatch):
    """Put the package where this process and those it starts find it."""
    (folder / "poison.py").write_text(POISON)
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), str(ROOT)]))


def contents(folder):
    """Bytes and time of change of every file of finished runs, by name."""
    return {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in sorted((folder / "runs").rglob("*.parquet"))}


SWEEP = """
[experiment]
name = "fees"
question = "Does a higher fee deepen pools?"
base = "smoke"
ticks = {ticks}
[[design]]
kind = "grid"
[design.vars]
"amm.fee_bps" = {{ values = {fees} }}
[replicates]
n = {n}
[outputs]
timeseries = {{ every = 1, columns = ["amm.*"] }}
summary = ["amm.depth", "agents.gini"]
"""


def sweep_file(folder, fees=(10, 50), n=2, ticks=TICKS):
    path = folder / "fees.toml"
    path.write_text(SWEEP.format(fees=list(fees), n=n, ticks=ticks))
    return path


def command(*words, folder=ROOT, timeout=600):
    """Run `run.py` with some words."""
    return subprocess.run(
        [sys.executable, str(ROOT / "run.py"), *map(str, words)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)]), "COLUMNS": "160"},
        capture_output=True,
        text=True,
        timeout=timeout,
    )
