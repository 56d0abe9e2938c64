"""A second processor for a scenario's first run: it compiles the rules from the last one back to the first.

The run itself compiles each rule when it first needs it. Both keep what they have in numba's cache on disk and look
there before they compile; where they meet, nothing is left to do. Which rules a scenario needs, and with what types,
is seen by playing a small market of it interpreted. No rule of the run is called here, so nothing here can change what
it gives; whatever fails here, the run does itself.
"""

import importlib
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import numba

from model import jit

if TYPE_CHECKING:
    from model.scenario import Scenario

AGENTS, TICKS = (
    2_000,
    15,
)  # of the small market: none of a kind alone, whose columns have other types; two weekly rounds
Rule = tuple[str, str, tuple[Any, ...]]  # module, name, types of arguments


@contextmanager
def second_processor(scenario: "Scenario") -> Iterator["subprocess.Popen[bytes] | None"]:
    """Compile a scenario's rules in a process beside the block, and stop with it; None where that cannot be had."""
    process = None
    if (os.cpu_count() or 1) > 1:
        with suppress(OSError):
            process = _process(stdout=subprocess.DEVNULL)
            process.stdin.write(pickle.dumps(scenario))  # type: ignore[union-attr]
            process.stdin.close()  # type: ignore[union-attr]
    try:
        yield process
    finally:
        if process is not None:
            process.kill()
            process.wait()


def _process(stdout: int, **environment: str) -> "subprocess.Popen[bytes]":
    """This file in a process of its own, silent, with the same modules in reach; it reads a pickled scenario."""
    environment |= {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen(
        [sys.executable, "-m", "model.ahead"],
        env=os.environ | environment,
        stdin=subprocess.PIPE,
        stdout=stdout,
        stderr=subprocess.DEVNULL,
    )


def rules_of(pickled: bytes) -> list[Rule]:
    """The rules that a small market of a scenario calls, in the order of their first calls; for an interpreted process."""
    seen: dict[Callable[..., Any], Rule] = {}

    def noted(function: Callable[..., Any]) -> Callable[..., Any]:
        def rule(*values: Any) -> Any:
            if function not in seen:
                seen[function] = function.__module__, function.__name__, tuple(map(numba.typeof, values))
            return function(*values)

        return rule

    jit.kernel = jit.maker = noted  # before any rule is imported
    from model.marketplace import Marketplace

    scenario: Scenario = pickle.loads(pickled)
    if sum(table.count for table in scenario.agents.values()) > AGENTS:
        scenario = scenario.with_agents(AGENTS)
    with suppress(Exception), Marketplace(scenario) as market:
        while market.running and market.clock.tick + 1 < TICKS:
            market.step()
    return list(seen.values())


def main() -> None:
    """Interpreted: write the rules of a scenario. Compiled: have them written, and compile them, last first."""
    pickled = sys.stdin.buffer.read()
    if jit.INTERPRETED:
        pickle.dump(rules_of(pickled), sys.stdout.buffer)
        return
    run = os.getppid()
    written, _ = _process(subprocess.PIPE, RIGSHARE_JIT="0").communicate(pickled)
    for module, name, types in reversed(pickle.loads(written)):
        if os.getppid() != run:
            return
        with suppress(Exception):
            getattr(importlib.import_module(module), name).compile(types)


if __name__ == "__main__":
    main()
