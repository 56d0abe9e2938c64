"""What a tick costs: the speed table, and the same rules as plain Mesa objects, in one run.

    python benchmarks/bench_tick.py [--quick] [--everyone] [--ticks-only] [--of SCENARIO ...]

Each row is a process of its own, counts its processor's time, and measures beside the ticks how slow the machine is just then
(benchmarks/machine.py).
A bar is missed only beyond twice its value times that; the exit code says so.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BARS = {100: 0.8, 1_000: 1.0, 10_000: 3.0, 100_000: 25.0, 1_000_000: 300.0}  # ms a tick
RATIOS = {1_000: 4.0, 10_000: 20.0, 100_000: 30.0}  # plain Mesa objects over ours
TICKS = {100: 200, 1_000: 200, 10_000: 200, 100_000: 200, 1_000_000: 10}  # the same days, but for a million
PEER_TICKS = {1_000: 200, 10_000: 100, 100_000: 60}  # the same days of both
MORE = {"credit_baseline": tuple(BARS), "marketplace": (1_000,)}  # with credit on; with everything on
BUSY = str(ROOT / "benchmarks" / "busy.toml")
WARM_UP = 5  # ticks that are not counted
TOLERANCE = 2.0
LARGEST_QUICK, LARGEST_QUICK_PEER = 100_000, 10_000  # agents


def measure_ours(scenario: str, agents: int, ticks: int, everyone: bool) -> dict[str, float]:
    """Build a market and time its ticks."""
    import resource

    from benchmarks.machine import Slowness
    from model import Marketplace, Scenario

    chosen = Scenario.load(scenario).with_agents(agents)
    if everyone:
        chosen = chosen.override({f"agents.{kind}.attention": 1.0 for kind in chosen.agents})
    start = time.perf_counter()
    market = Marketplace(chosen.override({"clock.ticks": ticks + WARM_UP}), rng=1)
    built = time.perf_counter() - start
    for _ in range(WARM_UP):
        market.step()
    spent, awake, acted = [], 0, 0
    slow = Slowness()
    for _ in range(ticks):
        slow.sample()
        start = time.process_time()
        market.step()
        spent.append(time.process_time() - start)
        awake += market.awake
        acted += market.settlement.acting
    spent.sort()
    return {
        "ms": 1e3 * spent[len(spent) // 2],
        "slowness": slow.factor(),
        "mean_ms": 1e3 * sum(spent) / len(spent),
        "build_s": built,
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "awake": awake / ticks / agents,
        "acting": acted / ticks / agents,
        "actions": market.settlement.executed / (ticks + WARM_UP),
        "metrics": len(market.recorder.metrics),
    }


def measure_peer(scenario: str, agents: int, ticks: int, everyone: bool) -> dict[str, float]:
    """The same rules as plain Mesa objects."""
    from benchmarks.peers.plain_mesa import measure

    return measure(scenario, agents, ticks, everyone)


def row(kind: str, scenario: str, agents: int, ticks: int, everyone: bool) -> dict[str, float]:
    """One row, measured in a process of its own."""
    job = json.dumps([kind, scenario, agents, ticks, everyone])
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(Path(__file__)), "--row", job]
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=env, check=False)
    if result.returncode:
        raise SystemExit(result.stderr)
    answer: dict[str, float] = json.loads(result.stdout.splitlines()[-1])
    return answer


def table_of_ours(scenario: str, quick: bool) -> int:
    """Print what a tick of a scenario costs, by number of agents; how many bars are missed beyond their tolerance."""
    missed = 0
    print(f"\n{Path(scenario).stem}, one process, checks on")
    print(
        f"{'agents':>9} {'ms/tick':>9} {'slowness':>9} {'bar':>7} {'awake':>7} {'acting':>7} {'actions':>9} {'build s':>8} {'MB':>7}"
    )
    for agents, bar in BARS.items():
        if (quick and agents > LARGEST_QUICK) or agents not in MORE.get(scenario, BARS):
            continue
        r = row("ours", scenario, agents, TICKS[agents], False)
        late = r["ms"] > bar * TOLERANCE * r["slowness"]
        missed += late
        print(
            f"{agents:>9,} {r['ms']:>9.2f} {r['slowness']:>9.2f} {bar:>7.1f} {r['awake']:>6.1%} {r['acting']:>6.1%} {r['actions']:>9.1f} "
            f"{r['build_s']:>8.2f} {r['mb']:>7,.0f}{'  beyond twice the bar' if late else ''}"
        )
    return missed


def table_of_peers(quick: bool, everyone: bool) -> int:
    """Print ours beside plain Mesa objects, by number of agents; how many ratios are missed beyond their tolerance."""
    missed = 0
    print("\nthe same trading-and-mining rules and metrics as plain Mesa objects, busy.toml; ours / peer")
    print(
        f"{'agents':>9} {'awake':>15} {'acting':>15} {'actions a tick':>19} {'ms a tick':>17} {'us/awake':>9} {'ratio':>7} {'bar':>5}"
    )
    for awake in (False, True) if everyone or not quick else (False,):
        for agents, bar in RATIOS.items():
            if quick and agents > LARGEST_QUICK_PEER:
                continue
            ours = row("ours", BUSY, agents, PEER_TICKS[agents], awake)
            peer = row("peer", BUSY, agents, PEER_TICKS[agents], awake)
            ratio = peer["ms"] / ours["ms"]
            low = not awake and ratio < bar / TOLERANCE
            missed += low
            each = 1e3 * peer["ms"] / (peer["awake"] * agents)
            print(
                f"{agents:>9,} {ours['awake']:>7.1%}/{peer['awake']:>7.1%} {ours['acting']:>7.1%}/{peer['acting']:>7.1%} "
                f"{ours['actions']:>9.1f}/{peer['actions']:>9.1f} {ours['ms']:>8.2f}/{peer['ms']:>8.1f} {each:>9.1f} "
                f"{ratio:>6.1f}x {bar:>4.0f}x{'  below half the bar' if low else ''}"
            )
    return missed


def main() -> int:
    """Print the tables; 1 if a bar is missed beyond its tolerance."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out a million agents and the largest peer")
    parser.add_argument("--everyone", action="store_true", help="also with everybody awake every tick")
    parser.add_argument("--ticks-only", action="store_true", help="leave out plain Mesa objects")
    parser.add_argument(
        "--of", nargs="+", metavar="SCENARIO", help="rows of these only: baseline busy credit_baseline marketplace"
    )
    parser.add_argument("--row", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.row:
        kind, scenario, agents, ticks, everyone = json.loads(given.row)
        measure = measure_ours if kind == "ours" else measure_peer
        print(json.dumps(measure(scenario, agents, ticks, everyone)))
        return 0
    wanted = [each for each in ("baseline", BUSY, *MORE) if not given.of or Path(each).stem in given.of]
    missed = sum(table_of_ours(scenario, given.quick) for scenario in wanted)
    if not given.ticks_only:
        missed += table_of_peers(given.quick, given.everyone)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    raise SystemExit(main())
