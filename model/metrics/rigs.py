"""Rigs: what new ones cost and need, who has them, and how many are on order."""

from typing import TYPE_CHECKING, Any

from model.jit import kernel
from model.mechanisms.rigs.investment import running_cost
from model.metric import metric
from model.units import GHS_PER_TH, TH_PER_PH

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("rigs",)
WATTS_PER_MW = 1e6


@kernel
def _sum_of(column: Any, places: Any, n: int) -> int:
    """Sum of a column at the first n places."""
    whole = 0
    for i in range(n):
        whole += column[places[i]]
    return whole


@metric("USD/TH", "mean", NEEDS, headline=True)
def price(market: "Marketplace") -> float:
    """Price of new rigs."""
    return float(market.mechanisms["rigs"].price)


@metric("J/TH", "last", NEEDS)
def efficiency(market: "Marketplace") -> float:
    """Efficiency of rigs now shipping."""
    return float(market.mechanisms["rigs"].shipping)


@metric("USD/PH/day", "mean", NEEDS)
def breakeven_hashprice(market: "Marketplace") -> float:
    """Hashprice at which rigs now shipping cover their power at the median site."""
    rigs = market.mechanisms["rigs"]
    return float(running_cost(rigs.median_power, rigs.shipping, rigs.rules.pue)) * TH_PER_PH


@metric("1", "mean", NEEDS)
def running(market: "Marketplace") -> float:
    """Share of all registered rigs that run."""
    rigs = market.mechanisms["rigs"]
    return rigs.running_ghs / rigs.registered_ghs if rigs.registered_ghs else float("nan")


@metric("MW", "mean", NEEDS)
def backlog(market: "Marketplace") -> float:
    """Rigs ordered and not yet shipped, by their power."""
    return market.mechanisms["rigs"].backlog / WATTS_PER_MW


@metric("TH/s", "last", ("rigs", "miner"), headline=True)
def miners(market: "Marketplace") -> float:
    """Hashrate that the marketplace's own miners run."""
    population = market.populations["miner"]
    return float(_sum_of(market.mechanisms["rigs"].delivered, population.account, population.size)) / GHS_PER_TH
