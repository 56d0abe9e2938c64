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


@metric("USD", "sum", NEEDS, headline=True, of=_house)
def raised(house: Any) -> float:
    """Capital that companies raised in the tick."""
    return int(house.raised) / USD


@metric("USD", "sum", NEEDS, headline=True, of=_house)
def paid(house: Any) -> float:
    """Paid to holders of revenue shares in the tick."""
    return int(house.paid) / USD


@metric("shares", "mean", NEEDS, of=_house)
def running(house: Any) -> float:
    """Revenue shares that run."""
    return float(np.count_nonzero(house.rows[:, PHASE] == RUNNING))


@metric("offers", "mean", NEEDS, of=_house)
def offered(house: Any) -> float:
    """Offers that wait for money."""
    return float(np.count_nonzero(house.rows[:, PHASE] == OFFERED))


@metric("USD", "last", NEEDS)
def outstanding(market: "Marketplace") -> float:
    """What running shares are marked at."""
    house, ledger = _house(market), market.ledger
    live = np.flatnonzero(house.rows[:, PHASE] == RUNNING)
    return math.fsum(float(ledger.value[house.assets[k]]) * int(house.rows[k, RAISED]) for k in live)


@metric("USD", "sum", NEEDS, headline=True, of=_house)
def defaulted(house: Any) -> float:
    """Left of the caps of companies that failed in the tick."""
    return int(house.defaulted) / USD


@metric("companies", "sum", NEEDS, of=_house)
def failures(house: Any) -> float:
    """Companies that failed in the tick."""
    return float(house.failures)


@metric("shares", "sum", NEEDS, of=_house)
def ended(house: Any) -> float:
    """Shares that were paid back, or whose term was over, in the tick."""
    return float(house.ended)
