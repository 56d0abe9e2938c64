"""Runs of the backtest: one window by bins or by miners, and the check of long growth."""

from typing import NamedTuple

import numpy as np

from experiments.backtest.references import score
from model.mechanisms.rigs.aggregate import Path, Sites, bins, miners, simulate
from model.mechanisms.rigs.rules import InvestmentRules
from model.mechanisms.rigs.weeks import Floats, Weeks, monthly, months, window

WINDOWS = ("2018-01", "2021-01", "2022-01")
BARS = {"2018-01": 0.28, "2021-01": 0.34, "2022-01": 0.16}
BARS_REMOVAL = {"2018-01": 0.20, "2021-01": 0.20}
BURN_IN = 52  # weeks


class Backtest(NamedTuple):
    """One window, run free."""

    month: np.ndarray
    observed: Floats  # TH/s
    simulated: Floats  # TH/s
    rig_price: Floats  # USD/TH
    score: float  # mean absolute log error of monthly hashrate


def _run(sites: Sites, rules: InvestmentRules, weeks: Weeks) -> Backtest:
    path = simulate(sites, rules, weeks)
    simulated, price = monthly(weeks, path.hashrate), monthly(weeks, path.rig_price)
    series = months()
    observed = series.hashrate[-len(simulated) :]
    return Backtest(series.month[-len(simulated) :], observed, simulated, price, score(simulated, observed))


def aggregate(
    start: str = "2018-01",
    removal: bool = False,
    burn_in: int = BURN_IN,
    n: int = 20,
    rules: InvestmentRules | None = None,
) -> Backtest:
    """The network as n bins of power price with one purse, by quarterly vintages, free from `start` to the last month.

    Args:
        start: first month of the window, YYYY-MM
        removal: take 46 % of hashrate away from 2021-05-17 to 07-05, with no return
        burn_in: weeks before the window that are held to observed hashrate, at least 26
        n: number of bins
        rules: defaults of MINERS where None
    """
    rules = rules or InvestmentRules.of()
    return _run(bins(rules, n), rules, window(start, burn_in, removal))


def agents_sample(
    start: str = "2018-01",
    removal: bool = False,
    burn_in: int = BURN_IN,
    n: int = 400,
    seed: int = 1,
    rules: InvestmentRules | None = None,
) -> Backtest:
    """The network as n drawn miners, each with his own power price, payback limit and purse; see `aggregate`."""
    rules = rules or InvestmentRules.of()
    return _run(miners(rules, n, seed), rules, window(start, burn_in, removal))


def growth_check(trend: float, by: str = "bins", years: int = 10, seed: int = 1) -> float:
    """Growth of log hashrate a year when the coin's price is constant and best-rig J/TH falls by `trend` log a year.

    Revenue is constant, so hashprice must fall as fast as cost: the answer should be `trend`. The burn-in starts at a
    hashrate that paybacks do not justify; growth is measured over the second half of the years.
    """
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
