"""Forwards on hashprice with margin."""

from model.mechanisms.forwards.formulas import daily, initial_margin, margin_units, notional
from model.mechanisms.forwards.mechanism import Forwards
from model.mechanisms.forwards.params import ForwardsParams
from model.mechanisms.forwards.public import CancelForward, ForwardsView, OrderForward, PostMargin, WithdrawMargin

__all__ = [
    "CancelForward",
    "Forwards",
    "ForwardsParams",
    "ForwardsView",
    "OrderForward",
    "PostMargin",
    "WithdrawMargin",
    "daily",
    "initial_margin",
    "margin_units",
    "notional",
]
