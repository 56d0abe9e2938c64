"""Frozen payouts: what operators owe, what they kept for good, and how many members stay."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from model.metric import metric
from model.units import BTC

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("freeze",)


def _freeze(market: "Marketplace") -> Any:
    return market.mechanisms["freeze"]


@metric("BTC", "max", NEEDS, headline=True, of=_freeze)
def owed(freeze: Any) -> float:
    """Frozen pay of all members."""
    return int(freeze.owed) / BTC


@metric("BTC", "last", NEEDS, headline=True, of=_freeze)
def lost(freeze: Any) -> float:
    """Frozen pay that operators kept for good so far."""
    return int(freeze.lost) / BTC


@metric("1", "last", (*NEEDS, "miner"), headline=True)
def members(market: "Marketplace") -> float:
    """Part of miners' hash rate that works for pools that freeze; vaults cannot leave."""
    house, population = _freeze(market), market.populations["miner"]
    who = population.account[: population.size]
    work, pool = house.payout.work[who], house.payout.pool_of[who]
    inside = np.append(house.hit, (False, False))[pool]
    total = int(work.sum())
    return int(work[inside].sum()) / total if total else math.nan
