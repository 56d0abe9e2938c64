"""Buy-outs: how many, how they end, what they offer over market and appraisal, and what escrow holds."""

import math
from typing import TYPE_CHECKING, Any

from model.ledger import NONE
from model.mechanisms.buyouts.ending import BLOCKED, CANCELLED, LOST, OPENED, PAID, WON, WORTH
from model.mechanisms.buyouts.looks import Figures, figures
from model.metric import metric, shared
from model.units import USD

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("buyouts",)
OVER_MARKET, OVER_APPRAISAL = 0, 1
SUM, NUMBER = 0, 1


def _house(market: "Marketplace") -> Any:
    return market.mechanisms["buyouts"]


@shared
def _figures(market: "Marketplace") -> Figures:
    return figures(_house(market))


def _counted(market: "Marketplace", what: int) -> float:
    return float(_house(market).counts[what])


def _premium(market: "Marketplace", over: int) -> float:
    total, n = _house(market).premium[over]
    return float(total / n) if n else math.nan


@metric("buy-outs", "mean", NEEDS, headline=True)
def open_now(market: "Marketplace") -> float:
    """Buy-outs that are open."""
    return float(_figures(market).open)


@metric("buy-outs", "last", NEEDS, headline=True)
def opened(market: "Marketplace") -> float:
    """Buy-outs opened so far."""
    return _counted(market, OPENED)


@metric("buy-outs", "last", NEEDS, headline=True)
def succeeded(market: "Marketplace") -> float:
    """Vaults that were bought out so far."""
    return _counted(market, WON)


@metric("buy-outs", "last", NEEDS)
def failed(market: "Marketplace") -> float:
    """Buy-outs that failed so far, blocked ones included."""
    return _counted(market, LOST)


@metric("buy-outs", "last", NEEDS, headline=True)
def blocked(market: "Marketplace") -> float:
    """Buy-outs that others blocked by paying for the proposer's fractions."""
    return _counted(market, BLOCKED)


@metric("buy-outs", "last", NEEDS)
def cancelled(market: "Marketplace") -> float:
    """Buy-outs taken back because their vault ended otherwise."""
    return _counted(market, CANCELLED)


@metric("1", "last", NEEDS)
def premium_over_market(market: "Marketplace") -> float:
    """Mean premium of offers so far over the market's price on their day; NaN before the first."""
    return _premium(market, OVER_MARKET)


@metric("1", "last", NEEDS)
def premium_over_appraisal(market: "Marketplace") -> float:
    """Mean premium of offers so far over the appraisal; NaN before the first."""
    return _premium(market, OVER_APPRAISAL)


@metric("USD", "last", NEEDS)
def paid(market: "Marketplace") -> float:
    """Dollars put aside for the holders of all vaults that were bought out."""
    return _counted(market, PAID) / USD


@metric("USD", "last", NEEDS, headline=True)
def lost_to_raiders(market: "Marketplace") -> float:
    """Appraisal of what holders of bought-out vaults gave up, less what was put aside for them."""
    return (_counted(market, WORTH) - _counted(market, PAID)) / USD


@metric("1", "last", NEEDS)
def holders_loss(market: "Marketplace") -> float:
    """The same as part of the appraisal; NaN while no vault was bought out."""
    worth = _counted(market, WORTH)
    return 1.0 - _counted(market, PAID) / worth if worth > 0.0 else math.nan


@metric("USD", "mean", NEEDS)
def escrow(market: "Marketplace") -> float:
    """Dollars in escrow of open buy-outs."""
    return float(_figures(market).escrow) / USD


@metric("USD", "last", NEEDS)
def unclaimed(market: "Marketplace") -> float:
    """Dollars of vaults that were bought out which nobody has claimed yet."""
    return float(_figures(market).unclaimed) / USD


@metric("1", "mean", NEEDS)
def locked_share(market: "Marketplace") -> float:
    """Fractions in escrow over the supply, mean of vaults with an open buy-out or locked votes; 0 where there is none."""
    parts = _figures(market).locked
    return math.fsum(parts) / len(parts) if parts else 0.0


@metric("days", "min", NEEDS)
def next_decision(market: "Marketplace") -> float:
    """Days until the next open buy-out is decided; NaN where no clock runs."""
    tick = _figures(market).next
    return float((tick - market.clock.tick) * market.clock.dt_days) if tick != NONE else math.nan


@metric("1", "mean", NEEDS)
def voted(market: "Marketplace") -> float:
    """Part of the supply that has voted or is tendered, mean of vaults that can be bought out; NaN without such vaults."""
    parts = _figures(market).voted
    return math.fsum(parts) / len(parts) if parts else math.nan


@metric("vaults", "last", NEEDS)
def ready(market: "Marketplace") -> float:
    """Vaults whose votes have reached the quorum or the threshold."""
    return float(_figures(market).ready)


@metric("vaults", "mean", NEEDS)
def paused(market: "Marketplace") -> float:
    """Vaults whose fractions may not move."""
    return float(_figures(market).paused)
