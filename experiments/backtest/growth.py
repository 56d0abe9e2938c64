"""Long growth against its closed form: with constant revenue hashrate grows as fast as rigs improve."""

import numpy as np

from experiments.backtest.market import market_growth
from experiments.backtest.runs import BURN_IN
from model.mechanisms.rigs.aggregate import Path, bins, miners, simulate
from model.mechanisms.rigs.rules import InvestmentRules
from model.mechanisms.rigs.weeks import Weeks


def growth_check(trend: float, by: str = "bins", years: int = 10, seed: int = 1) -> float:
    """Growth of log hashrate a year when the coin's price is constant and best-rig J/TH falls by `trend` log a year.

    Revenue is constant, so hashprice must fall as fast as cost: the answer should be `trend`. The burn-in starts at a
    hashrate that paybacks do not justify; growth is measured over the second half of the years.

    Args:
        trend: fall of the best rig's J/TH [log a year]
        by: "bins" of power price with one purse, sampled "agents", or the "market" of 200 Miner agents
        years: length after the burn-in
        seed: of the miners drawn
    """
    if by == "market":
        return market_growth(trend, years, seed)
    rules = InvestmentRules.of()
    sites = bins(rules) if by == "bins" else miners(rules, seed=seed)
    t = np.arange(BURN_IN + 52 * years)
    best = 100.0 * np.exp(-trend * t * 7.0 / 365.0)
    revenue = np.full(t.size, 1e7)
    path: Path = simulate(
        sites,
        rules,
        Weeks(revenue, best, 0.7 * revenue / (0.004 * best), np.zeros(t.size), BURN_IN, np.datetime64("2000")),
    )
    late = t >= BURN_IN + 26 * years
    return float(np.polyfit(t[late] * 7.0 / 365.0, np.log(path.hashrate[late]), 1)[0])
