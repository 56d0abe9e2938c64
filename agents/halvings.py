"""What everybody knows of hashprice to come: the protocol says when the subsidy halves."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.view import MarketView


def halved(market: MarketView, days: Sequence[float]) -> NDArray[np.float64]:
    """Part of today's hashprice that is left on average over the next days; 1 without a network."""
    return market.network.mean_left(days) if market.has("network") else np.ones(len(days))
