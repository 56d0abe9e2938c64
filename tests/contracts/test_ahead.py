"""Rules that are not compiled yet are interpreted, and other processes compile them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numba.core.caching import NullCache
from numba.core.dispatcher import Dispatcher

from model import Marketplace, ahead, jit
from model.ahead import Ahead, other_processors
from model.jit import INTERPRETED, kernel
from model.plain import plain
from model.streams import normal, word
from model.units import isqrt_product, muldiv

pytestmark = pytest.mark.skipif(INTERPRETED, reason="nothing is compiled")
ROOT = Path(__file__).parents[2]
ALONE = """
import json, time
from model import Marketplace
from model.ahead import other_processors
with other_processors() as ahead, Marketplace("smoke", rng=1) as market:
    market.run()
    found = {"fingerprint": market.fingerprint(), "interpreted": len(ahead._wanted)}
found["others"] = [other.process.wait(300) for other in ahead.others]
print(json.dumps(found))
"""


def played(cache: Path) -> Any:
    """A smoke run beside other processors, in a process of its own, with this cache of compiled rules."""
    env = os.environ | {"PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(cache)}
    env.pop("NUMBA_CACHE_DIR", None)
    done = subprocess.run(
        [sys.executable, "-c", ALONE], env=env, capture_output=True, text=True, timeout=400, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="no other processor")
def test_a_run_that_finds_nothing_compiled_gives_the_same_and_leaves_all_compiled(tmp_path: Path) -> None:
    with Marketplace("smoke", rng=1) as market:
        market.run()
        fingerprint = market.fingerprint()
    first, second = played(tmp_path), played(tmp_path)
    assert first["fingerprint"] == second["fingerprint"] == fingerprint
    assert first["interpreted"] > 50 and set(first["others"]) == {0}
    assert second["interpreted"] == 0 and second["others"] == []


def rules() -> list[Any]:
    """All rules and helpers of files that are loaded."""
    with Marketplace("marketplace", rng=1):
        pass
    files = [module for name, module in sys.modules.items() if name.startswith(("model.", "agents."))]
    return [one for module in files for one in list(vars(module).values()) if isinstance(one, Dispatcher)]


def test_an_interpreted_rule_calls_nothing_that_is_compiled() -> None:
    found = rules()
    assert len(found) > 200
    for rule in found:
        text = plain(rule)
        reach = [*text.__globals__.values(), *(cell.cell_contents for cell in text.__closure__ or ())]
        assert not [one for one in reach if isinstance(one, Dispatcher)], rule


@pytest.mark.parametrize("k", range(40))
def test_plain_arithmetic_is_that_of_machine_integers(k: int) -> None:
    key, slot = (0x9E3779B97F4A7C15 * (k + 1)) & ((1 << 64) - 1), k * 7919
    assert plain(word)(key, slot, k) == word(np.uint64(key), slot, k)
    assert plain(normal)(key, slot, k) == normal(np.uint64(key), slot, k)
    a, b, c = 3 ** (k % 39), 7 ** (k % 22), 5 ** (k % 27)
    assert plain(muldiv)(a, b, c) == muldiv(a, b, c)
    assert plain(isqrt_product)(a, b) == isqrt_product(a, b)


@kernel
def double(column: Any) -> float:
    """Somebody's rule."""
    return 2.0 * column[0]


def test_a_run_goes_on_without_other_processes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(double, "_cache", NullCache())  # else a run before this one has compiled it
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no such python"))
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    with other_processors() as others:
        assert double(np.ones(1)) == 2.0  # interpreted: nobody came, so from now on it is compiled
        assert others is not None and others.others == [] and jit.Missing.instead is None
        assert double(np.ones(1)) == 2.0 and double.signatures


def test_a_run_alone_on_its_machine_compiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    with other_processors() as others:
        assert others is None and jit.Missing.instead is None


class Gone:
    """A process that has ended without a word."""

    doing = None

    def asked(self, rules: list[ahead.Rule]) -> bool:
        return False

    def leave(self) -> None:
        pass


def test_a_run_compiles_what_nobody_answers_for(monkeypatch: pytest.MonkeyPatch) -> None:
    @kernel
    def triple(column: Any) -> float:
        return 3.0 * column[0]

    others = Ahead(1)
    monkeypatch.setattr(jit.Missing, "instead", others)
    monkeypatch.setattr(ahead, "WORTH", -1.0)
    others.others, others._idle = [Gone()], [Gone()]  # type: ignore[list-item]
    for _ in range(3):
        assert triple(np.ones(1)) == 3.0
    assert triple.signatures  # type: ignore[attr-defined]
