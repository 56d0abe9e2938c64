"""Miners of the marketplace: how concentrated their hashrate is, measured once a week and on the last tick."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.metric import metric
from model.statistics import gini as gini_of
from model.statistics import herfindahl as herfindahl_of

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("rigs", "miner")
WEEKLY = True


def _hashrates(market: "Marketplace") -> NDArray[np.int64]:
    population = market.populations["miner"]
    hashrates: NDArray[np.int64] = market.mechanisms["rigs"].registered[population.account[: population.size]]
    return hashrates


@metric("1", "last", NEEDS)
def gini(market: "Marketplace") -> float:
    """Gini coefficient of miners' registered hashrate."""
    return gini_of(_hashrates(market))


@metric("1", "last", NEEDS)
def herfindahl(market: "Marketplace") -> float:
    """Herfindahl index of miners' registered hashrate."""
    return herfindahl_of(_hashrates(market))
