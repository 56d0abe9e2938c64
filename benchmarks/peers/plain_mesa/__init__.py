"""The market's rules as plain Mesa objects: what a competent modeller writes without columns and kernels.

Agents are `mesa.Agent`s with Python attributes, holdings are dictionaries, rigs are objects in lists, vaults are
objects with their pool; traits and the burned-in network are drawn by the market's own streams, so that both sides
start alike. Everybody decides on the morning's figures, which are worked out once a tick, and trades at once against
the pool as it then stands, in random order.

The peer is favoured. It keeps no double-entry ledger, no flow matrix, no journal of events, no undo log and no
fingerprint; it checks no laws; amounts are floats; the time-weighted mean price and the look at vaults are taken from
objects already at hand. It leaves out what happens too seldom to cost time (the end of a vault's life after four
years and of a contract after half a year, a ruined mining pool, mining alone, shocks and changes, ticks shorter than a
day) and simplifies what costs little (all pools take one fee; the window of a mining pool that pays by luck ends with
the day; the rest of the network buys used rigs for its median site; shares locked for ever).
"""

import gc
import time

from benchmarks.peers.plain_mesa.market import Market

__all__ = ["Market", "measure"]
WARM_UP = 5


def measure(scenario: str, agents: int, ticks: int, everyone: bool) -> dict[str, float]:
    """Build a market of plain objects and time its ticks; the figures of `measure_ours` in `bench_tick`.

    Args:
        scenario: name or path
        agents: how many in all
        ticks: timed ones, after a warm-up
        everyone: whether all are awake every tick
    """
    import resource

    from model import Scenario

    chosen = Scenario.load(scenario).with_agents(agents)
    if everyone:
        chosen = chosen.override({f"agents.{kind}.attention": 1.0 for kind in chosen.agents})
    start = time.perf_counter()
    market = Market(chosen, seed=1)
    gc.freeze()
    built = time.perf_counter() - start
    for _ in range(WARM_UP):
        market.step()
    spent, awake, acted = [], 0, 0
    for _ in range(ticks):
        start = time.process_time()
        market.step()
        spent.append(time.process_time() - start)
        awake += market.awake
        acted += market.acting
    gc.unfreeze()
    spent.sort()
    return {
        "ms": 1e3 * spent[len(spent) // 2],
        "mean_ms": 1e3 * sum(spent) / len(spent),
        "build_s": built,
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "awake": awake / ticks / agents,
        "acting": acted / ticks / agents,
        "actions": market.done / (ticks + WARM_UP),
        "metrics": len(market.recorder.figures),
    }
