"""The oracle: how far its reports are from the market, and how old they are."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from model.metric import metric
from model.statistics import median

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("oracle",)
FOLLOWED = 1e-9  # part of a price by which a report may differ from its source for rounding


def _oracle(market: "Marketplace") -> Any:
    return market.mechanisms["oracle"]


@metric("USD", "last", NEEDS)
def price_median(market: "Marketplace") -> float:
    """Median reported price of a whole fraction over live vaults; NaN before the first report."""
    oracle = _oracle(market)
    known = oracle.price[oracle.vaults.live & (oracle.price > 0.0)]
    return median(known)


@metric("1", "mean", NEEDS, headline=True)
def gap(market: "Marketplace") -> float:
    """Median distance of reports from this morning's prices, as part of the price; NaN without prices."""
    oracle = _oracle(market)
    spot = oracle.memory[-1]
    known = (spot > 0.0) & (oracle.price > 0.0)
    return median(np.abs(oracle.price[known] / spot[known] - 1.0))


@metric("1", "max", NEEDS)
def largest_gap(market: "Marketplace") -> float:
    """Largest distance of a report from this morning's price, as part of the price; NaN without prices."""
    oracle = _oracle(market)
    spot = oracle.memory[-1]
    known = (spot > 0.0) & (oracle.price > 0.0)
    return float(np.max(np.abs(oracle.price[known] / spot[known] - 1.0))) if known.any() else math.nan


@metric("1", "mean", NEEDS)
def held_back(market: "Marketplace") -> float:
    """Share of live vaults whose report has not reached its source, for the guard or a stuck feed."""
    oracle = _oracle(market)
    live = oracle.vaults.live & (oracle.price > 0.0)
    behind = live & (np.abs(oracle.price - oracle.target) > FOLLOWED * oracle.target)
    return int(np.count_nonzero(behind)) / int(np.count_nonzero(live)) if live.any() else math.nan


@metric("1", "mean", NEEDS)
def stale(market: "Marketplace") -> float:
    """Share of live vaults whose report is stale."""
    oracle = _oracle(market)
    live = int(np.count_nonzero(oracle.vaults.live))
    return int(np.count_nonzero(oracle.stale & oracle.vaults.live)) / live if live else math.nan
