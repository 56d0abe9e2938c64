"""The study in this marketplace: its scenario for any number of borrowers, one run, and many runs by the sweep's engine."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.peers.credit_study.rules import METRICS, Result
from experiments.sweeps.study import Study
from model import Marketplace, Scenario

if TYPE_CHECKING:
    import pandas as pd

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
RECORDED = (*(name for name in METRICS if name != "lending.bad_debt"), *LOSSES)


def scenario(borrowers: int, days: int = 365) -> Scenario:
    """The study for some borrowers; pool, deposit and capital grow with them."""
    base = Scenario.load(FILE, PLUGINS)
    factor = borrowers / base.agents["borrower"].count
    values = {path: _at(base.tables, path) for path in sorted(GROWS)}
    grown = {path: type(value)(round(value * factor)) for path, value in values.items()}
    return base.override({**grown, "clock.ticks": days, "record": list(RECORDED)})


def _at(tables: dict[str, Any], path: str) -> Any:
    """What a scenario's tables have at a dotted path."""
    found: Any = tables
    for part in path.split("."):
        found = found[part]
    return found


def result_of(numbers: Mapping[Any, float]) -> Result:
    """What is compared, from a run's numbers by metric."""
    return Result(
        price=numbers["amm.price_median"],
        debt=numbers["lending.debt"],
        liquidations=int(numbers["lending.liquidations"]),
        liquidated=numbers["lending.liquidated_debt"],
        reserve=numbers["lending.reserve"],
        bad_debt=math.fsum(numbers[name] for name in LOSSES),
    )


def study(borrowers: int, days: int, runs: int) -> Study:
    """Some runs of the study as a sweep of one point."""
    return Study.of("credit", {"study": scenario(borrowers, days)}, runs)


def results_of(table: "pd.DataFrame") -> list[Result]:
    """What is compared of each run of a sweep."""
    return [result_of(row) for row in table.to_dict("records")]


def run(chosen: Scenario, seed: int) -> Result:
    """One run of a scenario of the study."""
    with Marketplace(chosen, rng=seed) as market:
        return result_of(market.run().summary())
