"""The oracle: how far its reports are from the market, and how old they are."""

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from model.jit import kernel
from model.metric import metric, shared
from model.statistics import median

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("oracle",)
FOLLOWED = 1e-9  # part of a price by which a report may differ from its source for rounding


class Reports(NamedTuple):
    """This tick's reports.

    Attributes:
        tick: of them
        price, gap: medians of reports of live vaults [USD], and of their distances from this morning's prices [1]
        largest: distance [1]
        behind, stale: share of live vaults whose report has not reached its source, and of those whose report is old
    """

    tick: int
    price: float
    gap: float
    largest: float
    behind: float
    stale: float


@kernel
def _measure(price: Any, spot: Any, target: Any, live: Any, stale: Any, prices: Any, gaps: Any) -> Any:
    """Fill known prices and gaps; how many of each, how many live reports are behind their source, live vaults, stale ones.

    The largest gap comes last.
    """
    n_prices = n_gaps = behind = alive = old = 0
    largest = 0.0
    for v in range(price.size):
        known = price[v] > 0.0
        if known and spot[v] > 0.0:
            gaps[n_gaps] = abs(price[v] / spot[v] - 1.0)
            largest = max(largest, gaps[n_gaps])
            n_gaps += 1
        if not live[v]:
            continue
        alive, old = alive + 1, old + stale[v]
        if known:
            prices[n_prices] = price[v]
            n_prices += 1
            behind += abs(price[v] - target[v]) > FOLLOWED * target[v]
    return n_prices, n_gaps, behind, alive, old, largest


@shared
def _reports(market: "Marketplace") -> Reports:
    """This tick's reports, measured once."""
    oracle: Any = market.mechanisms["oracle"]
    seen: Reports | None = market.__dict__.get("reports_of_the_tick")
    if seen is not None and seen.tick == oracle.clock.tick:
        return seen
    prices, gaps = np.empty(oracle.price.size), np.empty(oracle.price.size)
    counts = _measure(oracle.price, oracle.memory[-1], oracle.target, oracle.vaults.live, oracle.stale, prices, gaps)
    n_prices, n_gaps, behind, alive, old, largest = counts
    seen = Reports(
        oracle.clock.tick,
        median(prices[:n_prices]),
        median(gaps[:n_gaps]),
        largest if n_gaps else math.nan,
        behind / n_prices if n_prices else math.nan,
        old / alive if alive else math.nan,
    )
    market.__dict__["reports_of_the_tick"] = seen
    return seen


@metric("USD", "last", NEEDS)
def price_median(market: "Marketplace") -> float:
    """Median reported price of a whole fraction over live vaults; NaN before the first report."""
    return _reports(market).price


@metric("1", "mean", NEEDS, headline=True)
def gap(market: "Marketplace") -> float:
    """Median distance of reports from this morning's prices, as part of the price; NaN without prices."""
    return _reports(market).gap


@metric("1", "max", NEEDS)
def largest_gap(market: "Marketplace") -> float:
    """Largest distance of a report from this morning's price, as part of the price; NaN without prices."""
    return _reports(market).largest


@metric("1", "mean", NEEDS)
def held_back(market: "Marketplace") -> float:
    """Share of live vaults whose report has not reached its source, for the guard or a stuck feed."""
    return _reports(market).behind


@metric("1", "mean", NEEDS)
def stale(market: "Marketplace") -> float:
    """Share of live vaults whose report is stale."""
    return _reports(market).stale
