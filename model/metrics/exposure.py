"""Exposure: on how few accounts debts and deposits rest, and how far the same accounts have both."""

from model.mechanisms.lending.figures import BOTH_SIDES, LARGEST_DEBT, LARGEST_DEPOSIT
from model.metric import metric
from model.metrics.lending import figures

NEEDS = ("lending",)


@metric("1", "mean", NEEDS, of=figures)
def largest_borrower(found: list[float]) -> float:
    """Part of all debt that the largest borrower owes."""
    return found[LARGEST_DEBT]


@metric("1", "mean", NEEDS, of=figures)
def largest_depositor(found: list[float]) -> float:
    """Part of all deposits that the largest depositor owns."""
    return found[LARGEST_DEPOSIT]


@metric("1", "mean", NEEDS, of=figures)
def both_sides(found: list[float]) -> float:
    """Part of deposits whose owners also owe the pool."""
    return found[BOTH_SIDES]
