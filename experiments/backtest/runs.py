"""Runs of the backtest by the weekly rules alone: one window by bins or by sampled miners."""

from typing import NamedTuple

import numpy as np

from experiments.backtest.references import score
from model.mechanisms.rigs.aggregate import Sites, bins, miners, simulate
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
