"""The study in this marketplace: its scenario for any number of borrowers, one run, and many runs by the sweep's engine."""

import math
from pathlib import Path

from benchmarks.peers.credit_study.rules import Result
from model import Marketplace, Scenario

FILE = Path(__file__).resolve().parent / "study.toml"
PLUGINS = ("benchmarks.peers.credit_study.kinds",)
GROWS = {"agents.borrower.count", "vaults.supply"} | {
    f"agents.{name}"
    for name in (
        "sponsor.cash",
        "sponsor.deposit",
        "sponsor.pool_fractions",
        "sponsor.arbitrage_fractions",
        "price_keeper.cash",
        "seizer.cash",
    )
}
LOSSES = ("lending.lost_reserve", "lending.lost_fund", "lending.lost_depositors")


def scenario(borrowers: int, days: int = 365) -> Scenario:
    """The study for some borrowers; pool, deposit and capital grow with them."""
    base = Scenario.load(FILE, PLUGINS)
    factor = borrowers / base.agents["borrower"].count
    values = {}
    for path in sorted(GROWS):
        table = base.tables
        for part in path.split("."):
            table = table[part]
        values[path] = type(table)(round(table * factor))
    return base.override({**values, "clock.ticks": days})


def result_of(numbers: dict[str, float]) -> Result:
    """What is compared, from a run's last recorded or summed numbers by metric."""
    return Result(
        price=numbers["amm.price_median"],
        debt=numbers["lending.debt"],
        liquidations=int(numbers["lending.liquidations"]),
        liquidated=numbers["lending.liquidated_debt"],
        reserve=numbers["lending.reserve"],
        bad_debt=math.fsum(numbers[name] for name in LOSSES),
    )


def run(study: Scenario, seed: int) -> Result:
    """One run of the study; `debt` is its mean over all days, as a sweep's table has it."""
    with Marketplace(study, rng=seed) as market:
        return result_of(market.run().summary())
