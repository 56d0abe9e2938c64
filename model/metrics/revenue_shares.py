"""Revenue shares: capital that companies raised, what they pay on it, and who failed."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from model.mechanisms.revenue_shares.table import OFFERED, PHASE, RAISED, RUNNING
from model.metric import metric
from model.units import USD

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("revenue_shares",)


def _house(market: "Marketplace") -> Any:
    return market.mechanisms["revenue_shares"]


@metric("USD", "sum", NEEDS, headline=True)
def raised(market: "Marketplace") -> float:
    """Capital that companies raised in the tick."""
    return int(_house(market).raised) / USD


@metric("USD", "sum", NEEDS, headline=True)
def paid(market: "Marketplace") -> float:
    """Paid to holders of revenue shares in the tick."""
    return int(_house(market).paid) / USD


@metric("shares", "mean", NEEDS)
def running(market: "Marketplace") -> float:
    """Revenue shares that run."""
    return float(np.count_nonzero(_house(market).rows[:, PHASE] == RUNNING))


@metric("offers", "mean", NEEDS)
def offered(market: "Marketplace") -> float:
    """Offers that wait for money."""
    return float(np.count_nonzero(_house(market).rows[:, PHASE] == OFFERED))


@metric("USD", "last", NEEDS)
def outstanding(market: "Marketplace") -> float:
    """What running shares are marked at."""
    house, ledger = _house(market), market.ledger
    live = np.flatnonzero(house.rows[:, PHASE] == RUNNING)
    return math.fsum(float(ledger.value[house.assets[k]]) * int(house.rows[k, RAISED]) for k in live)


@metric("USD", "sum", NEEDS, headline=True)
def defaulted(market: "Marketplace") -> float:
    """Left of the caps of companies that failed in the tick."""
    return int(_house(market).defaulted) / USD


@metric("companies", "sum", NEEDS)
def failures(market: "Marketplace") -> float:
    """Companies that failed in the tick."""
    return float(_house(market).failures)


@metric("shares", "sum", NEEDS)
def ended(market: "Marketplace") -> float:
    """Shares that were paid back, or whose term was over, in the tick."""
    return float(_house(market).ended)
