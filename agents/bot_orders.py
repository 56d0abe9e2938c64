"""What bots share: how much to trade until a price is what they take for fair, and tips for an early place.

Paying x dollars moves the marginal price, fee f included, to v when

    x = (sqrt(X Y (1 - f) v) - X) / (1 - f),     selling y when     y = (sqrt(X Y (1 - f) / v) - Y) / (1 - f)

with X dollars and Y fractions in a constant product                                    [AngerisChitra2020, section 3].
"""

import math
from collections.abc import Iterable
from typing import Any

from model.actions import Action
from model.jit import helper
from model.units import USD
from model.view import MarketView


@helper("float64(float64, float64, float64, float64)")
def optimal_purchase(reserve_usd: Any, reserve: Any, fee: Any, value: Any) -> Any:
    """Dollars that buy until the marginal price with fee is `value`; not positive if it is dearer already.

    >>> round(optimal_purchase(1_000.0, 1_000.0, 0.0, 1.21), 6)
    100.0
    """
    return (math.sqrt(reserve_usd * reserve * (1.0 - fee) * value) - reserve_usd) / (1.0 - fee)


@helper("float64(float64, float64, float64, float64)")
def optimal_sale(reserve_usd: Any, reserve: Any, fee: Any, value: Any) -> Any:
    """Fractions to sell until the marginal receipt after fee is `value`; not positive if it is less already.

    >>> round(optimal_sale(1_210.0, 1_000.0, 0.0, 1.0), 6)
    100.0
    """
    return (math.sqrt(reserve_usd * reserve * (1.0 - fee) / value) - reserve) / (1.0 - fee)


@helper("void(int64[:, ::1], int64, float64)", from_python=False)
def bid(trades, n, usd):
    """Bid dollars for an early place of row n; they wait where `filled` will be, see `bidding`."""
    trades[n, trades.shape[1] - 1] = int(usd * USD)


def bidding(batches: Iterable[Action], market: MarketView) -> Iterable[Action]:
    """Batches with the tips that wait in their column `filled`, if tips count."""
    counts = market.has("fees") and market.fees.ordering == "fee_priority"
    for batch in batches:
        if counts:
            batch.tip = batch.rows["filled"].copy()
        batch.rows["filled"] = 0
        yield batch
