"""What everybody knows of hashprice to come: the protocol says when the subsidy halves."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.view import MarketView


def halved(market: MarketView, days: Sequence[float]) -> NDArray[np.float64]:
    """Part of today's hashprice that is left on average over the next days; 1 without a network."""
    return market.network.mean_left(days) if market.has("network") else np.ones(len(days))


def next_halving(market: MarketView) -> tuple[float, float]:
    """Days until revenue in coins drops, and the part of it that is left then; never without a network."""
    return (
        (market.network.days_to_halving, market.network.left_by_halving) if market.has("network") else (math.inf, 1.0)
    )
