"""Is the market alive? Trade, offerings, prices against value, providers, orders of rigs: one line a seed.

python -m experiments.alive --seeds 10
"""

import math
import statistics
import sys
from collections.abc import Sequence
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from experiments.replicates import t_estimate
from experiments.script import Options, Words, loaded, script
from model import Marketplace, Scenario
from model.actions import Status
from model.flows import Flow
from model.units import DAYS_PER_MONTH

LEAST = {"traded": 0.7, "sold_share": 0.5, "near": 0.9, "providers": 0.1, "rig_months": 6.0}
MOST = {"rejected": 0.2}
OUTSIDE = "rest_of_network"
SHARE = "{:.1%}"
COLUMNS = {  # field: heading, form
    "traded": ("vault-days with a trade", SHARE),
    "sold": ("offerings sold", "{:.1f}"),
    "failed": ("refunded", "{:.1f}"),
    "sold_share": ("of offerings", SHARE),
    "near": ("price/NAV in [1/2, 2]", SHARE),
    "fair": ("in [1/3, 3]", SHARE),
    "providers": ("LP shares of others, median day", SHARE),
    "rig_months": ("months with rig orders", "{:.1f}"),
    "rejected": ("rows rejected", SHARE),
}


class Life(NamedTuple):
    """Signs of life of one run.

    Attributes:
        traded, fair, near: shares of vault-days: with a swap; with a price over reference net asset value within a
            factor of 3, of 2
        sold, failed: offerings after the opening ones; sold_share: of all that ended
        providers: share of pool shares that others than the vaults' creators hold on the median day
        rig_months: months in which a miner of the marketplace ordered rigs
        months: months of the run
        rejected: share of rows not carried out
        done: rows carried out, by action; those that the scenario gives no reason for only if there were any
        accepted: rows carried out, by kind of agent
    """

    traded: float
    sold: float
    failed: float
    sold_share: float
    fair: float
    near: float
    providers: float
    rig_months: float
    months: int
    rejected: float
    done: dict[str, int]
    accepted: dict[str, int]


def signs(market: Marketplace) -> Life:
    """Signs of life of a run that has ended."""
    path = market.recorder.path
    vaults = path("fractions.vaults")

    def of_vault_days(name: str) -> float:
        """Mean of a daily share, days weighted by vaults."""
        pairs = [(share, n) for share, n in zip(path(name), vaults, strict=True) if not math.isnan(share)]
        days = math.fsum(n for _, n in pairs)
        return math.fsum(share * n for share, n in pairs) / days if days else math.nan

    miners, per_month = market.journal.sectors.index("miner"), DAYS_PER_MONTH * market.clock.per_day
    ordered = {
        tick // per_month
        for tick, rows in enumerate(market.journal.flows[1:])
        if ((rows[:, 0] == Flow.RIGS) & (rows[:, 2] == miners)).any()
    }
    settlement, sectors = market.settlement, market.ledger.sectors
    idle = {action for mechanism in market.mechanisms.values() for action in mechanism.idle()}
    outcomes = {a.__name__: tally for a, tally in settlement.outcomes.items() if tally.sum() or a not in idle}
    sold, failed = path("offerings.succeeded")[-1], path("offerings.failed")[-1]
    handed_in = sum(int(tally.sum()) for tally in outcomes.values())
    return Life(
        of_vault_days("amm.traded_share"),
        sold,
        failed,
        sold / (sold + failed) if sold + failed else math.nan,
        of_vault_days("fractions.fair_share"),
        of_vault_days("fractions.near_nav"),
        statistics.median(path("amm.lp_share_others")),
        float(len(ordered)),
        math.ceil((market.clock.tick + 1) / per_month),
        1.0 - settlement.executed / handed_in if handed_in else math.nan,
        {name: int(tally[Status.DONE]) for name, tally in outcomes.items()},
        {kind: int(settlement.accepted[sectors.index(kind)]) for kind in market.populations if kind != OUTSIDE},
    )


def lives(scenario: Scenario, seeds: Sequence[int]) -> list[Life]:
    """Run a scenario once for each seed."""
    found = []
    for seed in seeds:
        with Marketplace(scenario, rng=seed) as market:
            found.append(signs(market.run()))
    return found


def show(found: Sequence[Life], seeds: Sequence[int], console: Console, title: str) -> None:
    """Print a row for each seed, the mean of all, the bars, and rows carried out by action."""
    table = Table(title=title)
    for heading in ("seed", *(heading for heading, _ in COLUMNS.values())):
        table.add_column(heading, justify="right")
    for seed, life in zip(seeds, found, strict=True):
        table.add_row(str(seed), *(form.format(getattr(life, name)) for name, (_, form) in COLUMNS.items()))
    table.add_section()
    means = (
        form.format(t_estimate([getattr(life, name) for life in found]).mean) for name, (_, form) in COLUMNS.items()
    )
    table.add_row("all", *means)
    bars = {name: ("≥", least) for name, least in LEAST.items()} | {name: ("<", most) for name, most in MOST.items()}
    marks = (
        f"{bars[name][0]} {form.format(bars[name][1])}" if name in bars else "" for name, (_, form) in COLUMNS.items()
    )
    table.add_row("bar", *marks)
    console.print(table)
    for title, counts in (("action", [life.done for life in found]), ("kind", [life.accepted for life in found])):
        table = Table(title, "carried out a run: mean", "least", "most", title=f"months a run: {found[0].months}")
        for name in sorted({name for each in counts for name in each}):
            done = [each.get(name, 0) for each in counts]
            table.add_row(name, f"{sum(done) / len(done):,.1f}", f"{min(done):,}", f"{max(done):,}")
        console.print(table)


@script
def main(arguments: Words = None) -> None:
    """Run and print."""
    options = Options("alive", __doc__)
    options.whole("--seeds", 10, "so many seeds, from 1 on")
    options.scenario("baseline")
    given = options.parse_args(arguments)
    seeds = range(1, given.seeds + 1)
    scenario = loaded(given.scenario, "vaults", "offerings", "amm")
    show(lives(scenario, seeds), seeds, Console(), f"{scenario.name}: {scenario.clock.ticks:,} ticks")


if __name__ == "__main__":
    sys.exit(main())
