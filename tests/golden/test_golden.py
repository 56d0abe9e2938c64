"""Golden fingerprints: one seed of `smoke` ends in the same bytes on every machine, compiled and interpreted.

A change of numbers is rewritten by

    python -m tests.golden.test_golden

and explained in CHANGELOG.md under *Results*.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from model import Marketplace

ROOT = Path(__file__).resolve().parents[2]
FILE = Path(__file__).with_name("fingerprints.json")
SEED, DAYS = 1, 30
HOURS = (24, 4)
ADVICE = "numbers have changed: if that is meant, run `python -m tests.golden.test_golden` and say why in CHANGELOG.md"


def name_of(hours: int) -> str:
    return f"smoke, seed {SEED}, {DAYS} days of {24 // hours} ticks"


def fingerprint(hours: int) -> str:
    """Fingerprint of the last tick."""
    ticks = DAYS * 24 // hours
    with Marketplace("smoke", rng=SEED, clock__hours_per_tick=hours, clock__ticks=ticks) as market:
        return market.run().fingerprint()


def golden() -> dict[str, str]:
    found: dict[str, str] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("hours", HOURS)
def test_smoke_ends_in_its_golden_fingerprint(hours: int) -> None:
    assert fingerprint(hours) == golden()[name_of(hours)], ADVICE


@pytest.mark.slow
@pytest.mark.parametrize("hours", HOURS)
def test_interpreted_rules_end_in_the_same_fingerprint(hours: int) -> None:
    code = f"from tests.golden.test_golden import fingerprint; print(fingerprint({hours}))"
    env = {**os.environ, "PYTHONPATH": str(ROOT), "RIGSHARE_JIT": "0"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=env, check=True)
    assert done.stdout.strip() == golden()[name_of(hours)], ADVICE


@pytest.mark.slow
def test_depositors_lose_the_same_where_rules_are_interpreted() -> None:
    """Whole numbers that an interpreted rule hands to Python have no end there either."""
    code = (
        "from model import Marketplace; m = Marketplace('oracle_pump', rng=1, clock__ticks=25).run(); "
        "print(m.fingerprint(), m.recorder.path('lending.lost_depositors')[-1])"
    )
    found = []
    for jit in ("0", "1"):
        env = {**os.environ, "PYTHONPATH": str(ROOT), "RIGSHARE_JIT": jit}
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=env, check=True
        )
        found.append(done.stdout.split())
    assert found[0] == found[1] and float(found[0][1]) > 0.0


def rewrite() -> None:
    """Write today's fingerprints, and say which have changed."""
    before = golden() if FILE.exists() else {}
    now = {name_of(hours): fingerprint(hours) for hours in HOURS}
    FILE.write_text(json.dumps(now, indent=1) + "\n", encoding="utf-8")
    for name, text in now.items():
        print(f"{name}: {'unchanged' if before.get(name) == text else f'{before.get(name)} -> {text}'}")
    if before and now != before:
        print("say why under Results in CHANGELOG.md")


if __name__ == "__main__":
    rewrite()
