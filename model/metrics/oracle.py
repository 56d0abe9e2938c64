"""The oracle: how far its reports are from the market, and how old they are."""

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from model.jit import helper, kernel
from model.metric import metric, shared
from model.statistics import median

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("oracle",)
FEW = 64  # values that are sorted one by one
FOLLOWED = 1e-9  # part of a price by which a report may differ from its source for rounding


class Reports(NamedTuple):
    """This tick's reports.

    Attributes:
        price, gap: medians of reports of live vaults [USD], and of their distances from this morning's prices [1]
        largest: distance [1]
        behind, stale: share of live vaults whose report has not reached its source, and of those whose report is old
    """

    price: float
    gap: float
    largest: float
    behind: float
    stale: float


@helper("float64(float64[::1], int64)")
def middle(values, n):
    """Median of the first few values, which are sorted; NaN without any."""
    for i in range(1, n):
        value, j = values[i], i
        while j > 0 and values[j - 1] > value:
            values[j] = values[j - 1]
            j -= 1
        values[j] = value
    if n == 0:
        return math.nan
    return values[n // 2] if n % 2 == 1 else 0.5 * (values[n // 2 - 1] + values[n // 2])


@kernel
def _measure(price: Any, spot: Any, target: Any, live: Any, stale: Any, prices: Any, gaps: Any) -> Any:
    """Fill known prices and gaps; how many of each, how many live reports are behind their source, live vaults, stale ones.

    Then come the largest gap, and the medians of prices and gaps where there are few of them.
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
    few = price.size <= FEW
    price_median = middle(prices, n_prices) if few else math.nan
    gap_median = middle(gaps, n_gaps) if few else math.nan
    return n_prices, n_gaps, behind, alive, old, largest, price_median, gap_median


@shared
def _reports(market: "Marketplace") -> Reports:
    """Reports as they stand."""
    oracle: Any = market.mechanisms["oracle"]
    prices, gaps = np.empty(oracle.price.size), np.empty(oracle.price.size)
    counts = _measure(oracle.price, oracle.memory[-1], oracle.target, oracle.vaults.live, oracle.stale, prices, gaps)
    n_prices, n_gaps, behind, alive, old, largest, price, gap = counts
    if prices.size > FEW:
        price, gap = median(prices[:n_prices]), median(gaps[:n_gaps])
    return Reports(
        price,
        gap,
        largest if n_gaps else math.nan,
        behind / n_prices if n_prices else math.nan,
        old / alive if alive else math.nan,
    )


@metric("USD", "last", NEEDS, of=_reports)
def price_median(reports: Reports) -> float:
    """Median reported price of a whole fraction over live vaults; NaN before the first report."""
    return reports.price


@metric("1", "mean", NEEDS, headline=True, of=_reports)
def gap(reports: Reports) -> float:
    """Median distance of reports from this morning's prices, as part of the price; NaN without prices."""
    return reports.gap


@metric("1", "max", NEEDS, of=_reports)
def largest_gap(reports: Reports) -> float:
    """Largest distance of a report from this morning's price, as part of the price; NaN without prices."""
    return reports.largest


@metric("1", "mean", NEEDS, of=_reports)
def held_back(reports: Reports) -> float:
    """Share of live vaults whose report has not reached its source, for the guard or a stuck feed."""
    return reports.behind


@metric("1", "mean", NEEDS, of=_reports)
def stale(reports: Reports) -> float:
    """Share of live vaults whose report is stale."""
    return reports.stale
