"""Exposure: on how few accounts debts and deposits rest, and how far the same accounts have both."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.metric import metric

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("lending",)


def _largest(sizes: NDArray[Any]) -> float:
    """Largest part of a whole; 0 where there is none."""
    whole = sizes.sum()
    return float(sizes.max() / whole) if whole > 0 else 0.0


def _deposits(market: "Marketplace") -> NDArray[np.int64]:
    """Deposit shares by account; the pool that issues them aside."""
    ledger, asset = market.ledger, market.mechanisms["lending"].deposit_asset
    shares: NDArray[np.int64] = np.maximum(ledger.books.balances[asset, : ledger.accounts], 0)
    return shares


@metric("1", "mean", NEEDS)
def largest_borrower(market: "Marketplace") -> float:
    """Part of all debt that the largest borrower owes."""
    debts: NDArray[np.float64] = market.mechanisms["lending"].debt_usd
    return _largest(debts)


@metric("1", "mean", NEEDS)
def largest_depositor(market: "Marketplace") -> float:
    """Part of all deposits that the largest depositor owns."""
    return _largest(_deposits(market))


@metric("1", "mean", NEEDS)
def both_sides(market: "Marketplace") -> float:
    """Part of deposits whose owners also owe the pool."""
    deposits = _deposits(market)
    whole = int(deposits.sum())
    owing = market.mechanisms["lending"].debt_usd[: deposits.size] > 0.0
    return int(deposits[owing].sum()) / whole if whole > 0 else 0.0
