"""What a second processor compiles ahead: the rules that a run needs, with the types that it uses."""

import importlib
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from model import Marketplace, Scenario
from model.ahead import _process, second_processor
from model.jit import INTERPRETED

pytestmark = pytest.mark.skipif(INTERPRETED, reason="nothing is compiled")


@pytest.mark.parametrize("name", ["baseline", "marketplace"])
def test_a_small_market_tells_the_types_that_a_run_compiles(name: str) -> None:
    process = _process(subprocess.PIPE, RIGSHARE_JIT="0")
    written, _ = process.communicate(pickle.dumps(Scenario.load(name)))
    rules = {(module, rule): types for module, rule, types in pickle.loads(written)}
    with Marketplace(name, rng=1, clock__ticks=15) as market:
        market.run()
    used = 0
    for (module, rule), types in rules.items():
        dispatcher = getattr(importlib.import_module(module), rule)
        if dispatcher.signatures:
            assert types in dispatcher.signatures, f"{module}.{rule}"
            used += 1
    assert used > 60


def test_it_ends_with_the_block() -> None:
    with second_processor(Scenario.load("smoke")) as process:
        assert process is None or process.poll() is None
    assert process is None or process.poll() is not None


def test_a_run_goes_on_without_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no such python"))
    with second_processor(Scenario.load("smoke")) as process:
        assert process is None
