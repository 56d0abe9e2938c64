"""Tails: how heavy the upper tail of wealth is, measured once a week and on the last tick; the lower the exponent, the heavier."""

import math
from typing import TYPE_CHECKING

import numpy as np

from model.metric import metric
from model.statistics import hill

if TYPE_CHECKING:
    from model.marketplace import Marketplace

WEEKLY = True
OUTSIDE = ("rest_of_network",)  # kinds that stand for the world outside the marketplace


def _tail(market: "Marketplace", kinds: tuple[str, ...]) -> float:
    """Hill exponent of the financial wealth of some kinds."""
    people = [market.populations[kind] for kind in kinds]
    accounts = [p.account[: len(p)] for p in people]
    return hill(market.wealth[np.concatenate(accounts)]) if accounts else math.nan


@metric("1", "last")
def everybody(market: "Marketplace") -> float:
    """Hill exponent of the wealth of the richest tenth of all agents; NaN below 100 agents."""
    return _tail(market, tuple(kind for kind in market.populations if kind not in OUTSIDE))


@metric("1", "last", needs=("retail_investor",))
def retail(market: "Marketplace") -> float:
    """Hill exponent of the wealth of the richest tenth of retail investors; NaN below 100 of them."""
    return _tail(market, ("retail_investor",))


@metric("1", "last", needs=("miner",))
def miners(market: "Marketplace") -> float:
    """Hill exponent of the wealth of the richest tenth of miners, rigs left out; NaN below 100 of them."""
    return _tail(market, ("miner",))
