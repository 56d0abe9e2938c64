"""Price over net asset value against supply over investors' wealth, without redemption in kind.

Supply is what fractions outside their makers' hands are worth at holders' own NAV. It is set by the size of the first
vaults; miners offer no more later. Measured from day 60 to day 180: later the rigs have aged, and supply has shrunk. The
coin's price is held still, so that supply stays where it was set, and then moves as the scenario says.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from experiments.premium.redemption import mean
from experiments.sheets import Sheet
from experiments.statistics import estimated
from model import Marketplace, Scenario
from model.units import TOKEN

FIRST, LAST, EVERY = 60, 180, 5  # days
INVESTORS = ("retail_investor", "institution", "liquidity_provider", "arbitrageur")
MAKERS = ("miner", "creator")
FIXED: dict[str, Any] = {
    "vaults.redemption": "none",
    "agents.miner.tokenise_rate": 0.0,
    "network.simulated_share": 0.0012,  # of which the largest vaults leave miners some rigs
    "offerings.initial_spending": 0.9,
    "clock.ticks": LAST,
}
DESIGN: dict[int, tuple[float, ...]] = {  # TH/s of each vault, by how many vaults there are
    20: (2_000.0, 4_000.0, 7_000.0, 10_000.0, 13_500.0),
    2: (20_000.0, 40_000.0, 70_000.0, 100_000.0, 135_000.0),
}
STILL = "constant"
BREADTH = {20: 0.25, 2: 1.0}  # share of the vaults that each investor holds on the first morning


class Point(NamedTuple):
    """One run.

    Attributes:
        coin: process of the coin's price
        vaults, th: how many, and the rigs of each [TH/s]
        seed: of the run
        supply: fractions at NAV over investors' wealth, mean over the days measured
        premium: ln(price / NAV), mean over vaults and the same days
    """

    coin: str
    vaults: int
    th: float
    seed: int
    supply: float
    premium: float


class Cell(NamedTuple):
    """Means over the seeds of one design point, of supply a geometric one, with the interval of the premium."""

    coin: str
    vaults: int
    th: float
    supply: float
    premium: float
    low: float
    high: float


def _accounts(market: Marketplace, kinds: Sequence[str]) -> Any:
    found = [market.populations[kind] for kind in kinds if kind in market.populations]
    return np.concatenate([population.account[: len(population)] for population in found])


def supply_over_wealth(market: Marketplace) -> float:
    """Fractions outside makers' hands at reference NAV, over what investors own."""
    vaults, balances = market.view.vaults, market.view.balances
    nav = market.reference_nav() if market.reference_nav is not None else np.zeros(vaults.n)
    makers, worth = _accounts(market, MAKERS), 0.0
    for v in range(vaults.n):
        if vaults.live[v] and not math.isnan(nav[v]):
            out = int(vaults.supply[v]) - int(balances[vaults.fraction[v], makers].sum())
            worth += float(nav[v]) * out / TOKEN
    return worth / math.fsum(market.wealth[_accounts(market, INVESTORS)])


def point(scenario: Scenario, coin: str, vaults: int, th: float, seed: int) -> Point:
    """Run once and measure."""
    size = {"offerings.initial": vaults, "offerings.th": th, "offerings.initial_breadth": BREADTH[vaults]}
    supply: list[float] = []
    with Marketplace(scenario.override({**FIXED, **size, "bitcoin.process": coin}), rng=seed) as market:
        while market.running and market.clock.tick + 1 < market.clock.ticks:
            market.step()
            if market.clock.tick >= FIRST and market.clock.tick % EVERY == 0:
                supply.append(supply_over_wealth(market))
        premium = mean(market.recorder.path("fractions.premium")[FIRST:])
    return Point(coin, vaults, th, seed, mean(supply), premium)


def points(scenario: Scenario, seeds: Sequence[int]) -> Iterator[Point]:
    """Every design point under every seed."""
    bitcoin: Any = scenario.mechanisms["bitcoin"]
    for coin in (STILL, bitcoin.process):
        for vaults, sizes in DESIGN.items():
            for th in sizes:
                for seed in seeds:
                    yield point(scenario, coin, vaults, th, seed)


def cells(found: Sequence[Point]) -> list[Cell]:
    """Means over seeds."""
    out = []
    for key in dict.fromkeys(p[:3] for p in found):
        runs = [p for p in found if p[:3] == key]
        supply = mean([math.log(p.supply) for p in runs])
        premium = estimated([p.premium for p in runs], f"premium {key}")
        out.append(Cell(*key, math.exp(supply), premium.mean, premium.low, premium.high))
    return out


def sheet(found: Sequence[Point]) -> Sheet:
    """A row for each design point."""
    rows = []
    for cell in cells(found):
        interval, ratio = f"{cell.low:+.2f} to {cell.high:+.2f}", f"{math.exp(cell.premium):.2f}"
        measured = (f"{cell.supply:.3f}", f"{cell.premium:+.2f}", interval, ratio)
        rows.append((cell.coin, str(cell.vaults), f"{cell.th:,.0f}", *measured))
    headings = ("coin", "vaults", "TH/s each", "supply / wealth", "ln(price/NAV)", "95 % interval", "price/NAV")
    return Sheet("Price over NAV by supply, no redemption in kind", headings, rows)
