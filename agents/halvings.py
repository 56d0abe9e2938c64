"""What everybody knows of hashprice to come: the protocol says when the subsidy halves."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.view import MarketView

Days = Sequence[float] | NDArray[np.float64]


def halved(market: MarketView, days: Days) -> NDArray[np.float64]:
    """Part of today's hashprice that is left on average over the next days; 1 without a network."""
    return market.network.mean_left(days) if market.has("network") else np.ones(len(days))


def mined(market: MarketView, days: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a TH/s mines over the next days at today's difficulty, coin price and fees; 0 for none [USD]."""
    found: NDArray[np.float64] = market.rigs.hashprice * days * halved(market, days)
    return found


def next_halving(market: MarketView) -> tuple[float, float]:
    """Days until revenue in coins drops, and the part of it that is left then; never without a network."""
    return (
        (market.network.days_to_halving, market.network.left_by_halving) if market.has("network") else (math.inf, 1.0)
    )
