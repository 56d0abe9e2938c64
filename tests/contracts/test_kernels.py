"""Compiled rules: one signature each; how many there are."""

import importlib
import json
import os
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from model import Marketplace
from model.jit import INTERPRETED

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("model", "agents")
TICKS = 15  # two weekly rounds of orders, shipments and suppliers


def dispatchers() -> Iterator[tuple[str, Any]]:
    """Every compiled function of the model and the agents, by name of file and function."""
    seen = set()
    for package in PACKAGES:
        root = importlib.import_module(package)
        for info in pkgutil.walk_packages(root.__path__, f"{package}."):
            for item in vars(importlib.import_module(info.name)).values():
                if type(item).__name__ == "CPUDispatcher" and item not in seen:
                    seen.add(item)
                    yield f"{item.__module__}.{item.__name__}", item


def signatures() -> dict[str, list[str]]:
    """Signatures of every rule that Python calls and a baseline has used; helpers of other rules have one by law."""
    with Marketplace("baseline", rng=1, clock__ticks=TICKS) as market:
        market.run()
        market.flows()
        market.balance_sheet()
        market.check()
    kernels = ((name, item) for name, item in dispatchers() if item._can_compile)
    return {name: [str(s) for s in item.signatures] for name, item in kernels}


@pytest.mark.skipif(INTERPRETED, reason="nothing is compiled")
def test_every_compiled_rule_has_one_signature(capsys: pytest.CaptureFixture[str]) -> None:
    """In a process of its own: other tests call rules with types of theirs."""
    code = "import json; from tests.contracts.test_kernels import signatures; print(json.dumps(signatures()))"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=env, check=True)
    found: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    used = {name: kinds for name, kinds in found.items() if kinds}
    helpers = sum(not item._can_compile for _, item in dispatchers())
    with capsys.disabled():
        print(f"\n{len(used)} of {len(found)} compiled rules in use by the baseline, {helpers} helpers inlined in them")
    assert len(used) > 30
    assert not {name: kinds for name, kinds in used.items() if len(kinds) > 1}
