"""Compiled rules: one signature each, and few enough that a first run compiles them in reasonable time."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest

from model import Marketplace
from model.jit import INTERPRETED

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


@pytest.mark.skipif(INTERPRETED, reason="nothing is compiled")
def test_every_compiled_rule_has_one_signature(capsys: pytest.CaptureFixture[str]) -> None:
    with Marketplace("baseline", rng=1, clock__ticks=TICKS) as market:
        market.run()
        market.balance_sheet()
        market.check()
    found = dict(dispatchers())
    compiled = {name: [str(s) for s in item.signatures] for name, item in found.items() if item.signatures}
    with capsys.disabled():
        print(f"\n{len(compiled)} of {len(found)} compiled rules in use by the baseline")
    assert len(compiled) > 30
    several = {name: signatures for name, signatures in compiled.items() if len(signatures) > 1}
    assert not several
