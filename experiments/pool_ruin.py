"""How often does a thin reserve break a pool? The scenario `pool_ruin`, seed by seed, beside the formula.

The operator pays by work, keeps a fee f, and begins with R = B ln(1/delta) / (2 f), meant for ruin with chance delta.
Between blocks he pays out steadily, and blocks come by chance, so that the reserve falls through zero without a jump and
ruin has exactly the chance [dual Cramer-Lundberg model]

    P = e^(-w R / B),  w > 0 with w (1 - f) = 1 - e^(-w)

without end: .290 at f .04 and delta .3, a little less than delta. At 72 blocks a day a year is as good as no end. A run
looks at the reserve along each day's blocks; the share of ruined runs has its exact interval.

python -m experiments.pool_ruin --seeds 600 --page docs/explanation/pools_in_trouble.md
"""

import math
import sys
from typing import NamedTuple

from experiments.parallel import in_order
from experiments.script import Options, Publisher, Words, script
from experiments.sheets import Sheet
from experiments.statistics import clopper_pearson
from model import Marketplace, Scenario
from model.units import BLOCK_SECONDS, SECONDS_PER_DAY

NAME = "pool_ruin"
DAYS = 365
HEADINGS = ("runs", "ruined", "share", "95 % interval", "formula", "reserve meant for", "inside")


class Outcome(NamedTuple):
    """One run: the day on which the reserve broke, or -1."""

    day: int


def chance(fee: float, delta: float) -> float:
    """Chance that a pool that pays by work is ever ruined.

    Args:
        fee: f; delta: chance that its reserve B ln(1/delta) / (2 f) was meant for

    >>> round(chance(0.04, 0.3), 3)
    0.29
    """
    low, high = fee, 2.0  # w lies between f and 2: w (1 - f) is below 1 - e^(-w) first and above it later
    for _ in range(100):
        w = 0.5 * (low + high)
        low, high = (w, high) if w * (1.0 - fee) < -math.expm1(-w) else (low, w)
    return math.exp(-low * math.log(1.0 / delta) / (2.0 * fee))


def ruin_day(seed: int, days: int = DAYS) -> Outcome:
    """Run one seed until the pool breaks, or so many days."""
    with Marketplace(NAME, rng=seed, clock__ticks=days) as market:
        payout = market.mechanisms["payout"]
        while market.running and payout.table.alive[0]:
            market.step()
        market.check()
        return Outcome(-1 if payout.table.alive[0] else market.clock.day)


def table(found: list[Outcome]) -> Sheet:
    """The share of ruined runs beside the formula."""
    scenario = Scenario.load(NAME)
    pool = scenario.mechanisms["payout"].pools[0]  # type: ignore[attr-defined]
    blocks = pool.network_share * SECONDS_PER_DAY / BLOCK_SECONDS * DAYS
    expected = chance(pool.fee, pool.ruin)
    ruined, n = sum(outcome.day >= 0 for outcome in found), len(found)
    interval = clopper_pearson(ruined, n)
    inside = "yes" if interval.low <= expected <= interval.high else "no"
    row = (
        f"{n}", f"{ruined}", f"{ruined / n:.3f}", f"{interval.low:.3f} to {interval.high:.3f}",
        f"{expected:.4f}", f"{pool.ruin:g}", inside,
    )  # fmt: skip
    return Sheet(f"fee {pool.fee:g}, {blocks:,.0f} blocks in a year", HEADINGS, [row])


@script
def main(arguments: Words = None) -> None:
    """Run, print, and write the page's table."""
    options = Options("pool_ruin", __doc__)
    options.whole("--seeds", 500, "so many seeds, from 1 on")
    options.workers()
    options.published()
    given = options.parse_args(arguments)
    publish = Publisher(given, (NAME,))
    found = list(in_order(ruin_day, range(1, given.seeds + 1), given.workers))
    publish.tables(NAME, table(found))
    days = sorted(outcome.day for outcome in found if outcome.day >= 0)
    if days:
        publish.console.print(f"half of the ruins come by day {days[len(days) // 2]}, the last on day {days[-1]}")


if __name__ == "__main__":
    sys.exit(main())
