"""Is a day the same in ticks of 24, 12 and 6 hours? A calm baseline under each, paired by seed.

Calm: the coin's price and transaction fees are constant, blocks come and pools pay as expected, so that what chance is
left lies in the agents' own draws. Those are made tick by tick and differ between lengths of a tick; what agents are
and own on the first morning is the same.

Where credit and hashpower for hire are open, ticks of 24 and 4 hours are compared too, on figures for which no tolerance
is set: what orders, loans and reports of a day rest on differs there.

python -m experiments.time_steps --seeds 8
"""

import math
import sys
from collections.abc import Sequence
from typing import NamedTuple

from experiments.replicates import Estimate
from experiments.script import Options, Publisher, Words, loaded, script
from experiments.sheets import Sheet
from experiments.statistics import estimated, estimated_gap
from model import Marketplace, Scenario
from model.units import HOURS_PER_DAY

HOURS = (24, 12, 6)  # the first is what the others are held against
CALM = {
    "bitcoin.process": "constant",
    "network.fees": "constant",
    "network.blocks": "expected",
    "payout.luck": "expected",
}


class Tolerance(NamedTuple):
    """How far a metric may lie from its value at ticks of a day.

    Attributes:
        size: largest difference
        relative: whether that is a part of the value, or in the metric's own unit
    """

    size: float
    relative: bool


def _part(size: float) -> Tolerance:
    return Tolerance(size, True)


def _points(size: float) -> Tolerance:
    return Tolerance(size, False)


TOLERANCES = {
    "network.hashrate": _part(0.001),
    "network.difficulty": _part(0.001),
    "network.hashprice": _part(0.001),
    "rigs.price": _part(0.001),
    "rigs.running": _part(0.001),
    "rigs.backlog": _part(0.002),
    "rigs.miners": _part(0.05),  # one vault may take a tenth of them, in some runs and not in others
    "payout.paid": _part(0.01),
    "vaults.income": _part(0.10),
    "fractions.vaults": _part(0.10),
    "fractions.maintenance": _part(0.05),
    "fractions.income_yield": _part(0.10),
    "fractions.holders": _part(0.10),
    "fractions.premium": _points(0.10),
    "fractions.mispricing": _points(0.10),
    "amm.depth": _part(0.15),
    "amm.volume": _part(0.25),
    "amm.trades": _part(0.30),
    "agents.gini": _points(0.02),
    "agents.chartists": _points(0.20),
    "holders.gini": _points(0.02),
    "holders.retail_return": _points(0.02),
    "holders.miner_return": _points(0.02),
    "holders.provider_return": _points(0.04),
    "holders.arbitrageur_return": _points(0.06),
}
NOT_COMPARED = {
    "agents.awake, agents.acting": "shares of a tick, not of a day",
    "agents.rejections": "orders of a tick rest on one quote; in a shorter tick fewer of them are late",
    "amm.traded_share": "a sliding day: trades of the day so far",
    "offerings.days_to_sell": "rounded up to whole ticks",
}


APART = (24, 4)  # hours
FOLLOWED = {
    "credit_baseline": (
        "lending.debt", "lending.borrowers", "lending.utilisation", "oracle.largest_gap", "amm.volume",
    ),
    "hashpower_rental": ("rental.orders", "rental.demand", "rental.rented_share", "rental.price", "forwards.traded"),
}  # fmt: skip


class Difference(NamedTuple):
    """One metric at one length of a tick against ticks of a day.

    Attributes:
        metric, hours: what and where
        daily: its mean at ticks of a day
        gap: mean difference by seed with its interval
        allowed: largest difference, in the metric's unit
    """

    metric: str
    hours: int
    daily: float
    gap: Estimate
    allowed: float

    @property
    def verdict(self) -> str:
        """`within`: the interval lies inside the tolerance; `outside`: beyond it; else `undecided`."""
        if -self.allowed <= self.gap.low and self.gap.high <= self.allowed:
            return "within"
        return "outside" if self.gap.low > self.allowed or self.gap.high < -self.allowed else "undecided"


Summaries = dict[int, list[dict[str, float]]]


def summaries(
    scenario: Scenario, days: int, seeds: Sequence[int], hours: Sequence[int] = HOURS, calm: bool = True
) -> Summaries:
    """Summary metrics of each seed, by hours a tick."""
    still = scenario.override(CALM) if calm else scenario
    found: Summaries = {}
    for step in hours:
        length = {"clock.hours_per_tick": step, "clock.ticks": days * HOURS_PER_DAY // step}
        chosen = still.override(length)
        found[step] = []
        for seed in seeds:
            with Marketplace(chosen, rng=seed) as market:
                found[step].append(market.run().summary())
    return found


def differences(found: Summaries) -> list[Difference]:
    """Every metric with a tolerance at every shorter tick, against the longest."""
    longest, *shorter = found
    rows = []
    for metric, tolerance in TOLERANCES.items():
        daily = [run.get(metric, math.nan) for run in found[longest]]
        mean = estimated(daily, metric).mean
        allowed = tolerance.size * (abs(mean) if tolerance.relative else 1.0)
        for step in shorter:
            gap = estimated_gap(daily, [run.get(metric, math.nan) for run in found[step]], f"{metric} {step}")
            rows.append(Difference(metric, step, mean, gap, allowed))
    return rows


def sheet(rows: Sequence[Difference], title: str = "") -> Sheet:
    """A row for each metric and length of a tick."""
    cells = []
    for row in rows:
        size = f" ({TOLERANCES[row.metric].size:.1%})" if TOLERANCES[row.metric].relative else ""
        gap = (f"{row.gap.mean:+.3g}", f"{row.gap.low:+.3g} to {row.gap.high:+.3g}")
        cells.append((row.metric, str(row.hours), f"{row.daily:.4g}", *gap, f"{row.allowed:.2g}{size}", row.verdict))
    headings = ("metric", "hours", f"at {HOURS[0]} hours", "difference", "95 % interval", "tolerance", "verdict")
    return Sheet(title, headings, cells)


def drifts(days: int, seeds: Sequence[int]) -> list[tuple[str, ...]]:
    """A row for each metric that is followed: scenario, name, its mean in ticks of a day, and how far short ticks lie off."""
    cells: list[tuple[str, ...]] = []
    for name, metrics in FOLLOWED.items():
        daily, short = summaries(Scenario.load(name), days, seeds, APART).values()
        for metric in metrics:
            of_day, of_hours = ([run[metric] for run in runs] for runs in (daily, short))
            mean, gap = estimated(of_day, metric).mean, estimated_gap(of_day, of_hours, metric)
            parts = [x / mean if mean else math.nan for x in (gap.mean, gap.low, gap.high)]
            cells.append((name, metric, f"{mean:.4g}", f"{parts[0]:+.0%}", f"{parts[1]:+.0%} to {parts[2]:+.0%}"))
    return cells


@script
def main(arguments: Words = None) -> None:
    """Run and print."""
    options = Options("time_steps", __doc__)
    options.whole("--seeds", 8, "so many seeds, from 1 on", least=2)
    options.whole("--days", 180, "length of each run")
    options.scenario("baseline")
    options.published()
    given = options.parse_args(arguments)
    scenario = loaded(given.scenario, *{path.split(".")[0] for path in CALM})
    publish = Publisher(given, ("time steps",))
    found = summaries(scenario, given.days, range(1, given.seeds + 1))
    publish.tables(
        "time steps", sheet(differences(found), f"{given.scenario}, calm: {given.days} days, {given.seeds} seeds")
    )
    if given.scenario == "baseline":
        title = f"ticks of {APART[1]} hours against a day: {given.days} days, {given.seeds} seeds"
        heads = ("scenario", "metric", f"at {APART[0]} hours", "difference", "95 % interval")
        publish.tables("time steps elsewhere", Sheet(title, heads, drifts(given.days, range(1, given.seeds + 1))))
    for metric, reason in NOT_COMPARED.items():
        publish.console.print(f"not compared: {metric} ({reason})")


if __name__ == "__main__":
    sys.exit(main())
