"""Exposure: on how few accounts debts and deposits rest, and how far the same accounts have both."""

from typing import TYPE_CHECKING

from model.mechanisms.lending.figures import BOTH_SIDES, LARGEST_DEBT, LARGEST_DEPOSIT
from model.metric import metric
from model.metrics.lending import figures

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("lending",)


@metric("1", "mean", NEEDS)
def largest_borrower(market: "Marketplace") -> float:
    """Part of all debt that the largest borrower owes."""
    return figures(market)[LARGEST_DEBT]


@metric("1", "mean", NEEDS)
def largest_depositor(market: "Marketplace") -> float:
    """Part of all deposits that the largest depositor owns."""
    return figures(market)[LARGEST_DEPOSIT]


@metric("1", "mean", NEEDS)
def both_sides(market: "Marketplace") -> float:
    """Part of deposits whose owners also owe the pool."""
    return figures(market)[BOTH_SIDES]
