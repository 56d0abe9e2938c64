"""Weighted pools, one per vault, where fractions trade against dollars and make up most of a pool's worth."""

from model.mechanisms.weighted.formulas import (
    ERROR,
    effective_reserves,
    first_shares,
    opening_balances,
    spot_price,
    value_function,
    weighted_out,
    whole_out,
)
from model.mechanisms.weighted.mechanism import Weighted
from model.mechanisms.weighted.public import (
    AddWeighted,
    RemoveWeighted,
    WeightedParams,
    WeightedSwap,
    WeightedView,
)
from model.pool_shares import LOCKED_SHARES, burn_amounts, later_shares

__all__ = [
    "ERROR",
    "LOCKED_SHARES",
    "AddWeighted",
    "RemoveWeighted",
    "Weighted",
    "WeightedParams",
    "WeightedSwap",
    "WeightedView",
    "burn_amounts",
    "effective_reserves",
    "first_shares",
    "later_shares",
    "opening_balances",
    "spot_price",
    "value_function",
    "weighted_out",
    "whole_out",
]
