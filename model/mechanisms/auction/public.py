"""What others meet of the auction: parameters, actions, and the view."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.actions import BUY, Action
from model.params import Params, param
from model.units import TOKEN


class AuctionParams(Params):
    """Reserved table `[auction]`."""

    every_hours: float = param(
        24.0,
        "hours",
        "time between clearings, rounded up to ticks",
        gt=0,
        le=8_760,
        source="daily calls of the equity exchanges; Budish, Cramton & Shim 2015 argue for frequent batches",
    )
    order_hours: float = param(
        24.0,
        "hours",
        "life of an order, rounded up to ticks; at least until the next clearing",
        live=True,
        ge=0,
        le=8_760,
    )
    fee_bps: int = param(
        50, "1e-4", "part of the proceeds that the platform keeps; a seller's limit is after it", live=True, ge=0, le=5_000,
        source="block desks and crypto exchanges charge institutions 10-60 bps, Coinbase Exchange 2024",
    )  # fmt: skip


class BatchOrder(Action):
    """Bid (`side` 0) for or offer (1) `quantity` fractions at `price` or better in a vault's next batch.

    Quantity in base units, price in USD base units per whole fraction; a seller's is what he is left with after the
    fee. A bid pays into escrow at once; fractions stay with their owner until the batch is cleared, and as many are
    offered as he has then. Filled: the order's number.
    """

    fields = ("vault", "side", "quantity", "price")
    phase = "offers"
    waits = True

    @classmethod
    def spent(cls, rows: NDArray[Any]) -> NDArray[np.float64]:
        """Bids at their price."""
        return np.where(rows["side"] == BUY, rows["quantity"] * (rows["price"] / TOKEN), 0.0)


class CancelOrder(Action):
    """Take the order of that `number` back; filled: dollars refunded [base units]."""

    fields = ("number",)
    phase = "withdraw"


class AuctionView(NamedTuple):
    """What strategies see of the auction; columns by vault, read-only.

    Attributes:
        price: of the last batch that traded [USD per whole fraction], NaN before
        age: time since that batch [hours], infinite before
        volume: trade of the last clearing [USD a day]
        traded: fractions exchanged in the last clearing [base units]
        demand, supply: dollars bid for and fractions offered in the last clearing [base units]
        best_bid, best_ask: what it left over [USD per whole fraction], NaN for nothing
        fee: platform's share of the proceeds
        order_ticks: life of an order; every_ticks: time between clearings [ticks]
    """

    price: NDArray[np.float64]
    age: NDArray[np.float64]
    volume: NDArray[np.float64]
    traded: NDArray[np.int64]
    demand: NDArray[np.int64]
    supply: NDArray[np.int64]
    best_bid: NDArray[np.float64]
    best_ask: NDArray[np.float64]
    fee: float
    order_ticks: int
    every_ticks: int
