"""The backtest with the marketplace itself: Miner agents who are the whole network, day by day, on one ledger.

Beside the weekly rules they see what a day brings: blocks by chance, difficulty that lags behind hashrate, pools that
keep their fee, invoices, coins sold at the day's price. Revenue is therefore the model's own: where its hashrate grows
more slowly than the real one did, its blocks come more slowly too.
"""

import datetime
from functools import cache
from typing import Any

import numpy as np

from experiments.backtest.references import score
from experiments.backtest.runs import Backtest
from model import Marketplace, Scenario
from model.mechanisms.rigs.weeks import REMOVAL, REMOVED, TH_PER_EH, Floats, months

DAYS_PER_YEAR = 365


def removal_shock() -> dict[str, Any]:
    """The scripted removal as a row of `[[shocks]]`."""
    first, last = (datetime.date.fromisoformat(day) for day in REMOVAL)
    return {
        "channel": "hashrate",
        "size": -REMOVED,
        "date": first,
        "days": (last - first).days,
        "shape": "ramp",
        "source": "Cambridge map of mining: China 46 % in 2021-04, 0 % in 2021-07",
    }


def _paths(scenario: Scenario, seed: int) -> tuple[Floats, Floats]:
    """Hashrate [TH/s] and rig price [USD/TH] by day."""
    with Marketplace(scenario, rng=seed) as market:
        market.run()
        hashrate, price = (np.array(market.recorder.path(name)) for name in ("network.hashrate", "rigs.price"))
    return hashrate * TH_PER_EH, price


@cache
def agents_market(start: str = "2018-01", removal: bool = False, n: int = 200, seed: int = 1) -> Backtest:
    """`scenarios/whole_network.toml` from `start` to the last month of the tables.

    Args:
        start: first month of the window, YYYY-MM
        removal: take 46 % of rigs away from 2021-05-17 to 07-05, with no return
        n: number of miners
        seed: of traits, chance of blocks
    """
    series = months()
    first, end = np.datetime64(f"{start}-01"), (series.month[-1] + np.timedelta64(1, "M")).astype("datetime64[D]")
    days = np.arange(first, end)
    values: dict[str, Any] = {"clock.start": start, "clock.ticks": days.size, "agents.miner.count": n}
    if removal:
        values["shocks"] = [removal_shock()]
    place = (days.astype("datetime64[M]") - np.datetime64(start)).astype(int)
    simulated, price = (
        np.bincount(place, weights=path) / np.bincount(place)
        for path in _paths(Scenario.load("whole_network").override(values), seed)
    )
    observed = series.hashrate[-simulated.size :]
    return Backtest(series.month[-simulated.size :], observed, simulated, price, score(simulated, observed))


def market_growth(trend: float, years: int = 10, seed: int = 1) -> float:
    """Growth of log hashrate a year in `scenarios/steady_growth.toml` over the second half of the years."""
    values = {"rigs.frontier_trend": trend, "clock.ticks": DAYS_PER_YEAR * years}
    hashrate, _ = _paths(Scenario.load("steady_growth").override(values), seed)
    late = np.arange(hashrate.size) >= hashrate.size // 2
    return float(np.polyfit(np.flatnonzero(late) / DAYS_PER_YEAR, np.log(hashrate[late]), 1)[0])
