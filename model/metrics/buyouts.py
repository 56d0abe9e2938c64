"""Buy-outs: how many, how they end, what they offer over market and appraisal, and what escrow holds."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

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


def _counts(market: "Marketplace") -> list[float]:
    counts: list[float] = _house(market).counts.astype(np.float64).tolist()
    return counts


def _premium(house: Any, over: int) -> float:
    total, n = house.premium.item(over, SUM), house.premium.item(over, NUMBER)
    return total / n if n else math.nan


@metric("buy-outs", "mean", NEEDS, headline=True, of=_figures)
def open_now(found: Figures) -> float:
    """Buy-outs that are open."""
    return float(found.open)


@metric("buy-outs", "last", NEEDS, headline=True, of=_counts)
def opened(counted: list[float]) -> float:
    """Buy-outs opened so far."""
    return counted[OPENED]


@metric("buy-outs", "last", NEEDS, headline=True, of=_counts)
def succeeded(counted: list[float]) -> float:
    """Vaults that were bought out so far."""
    return counted[WON]


@metric("buy-outs", "last", NEEDS, of=_counts)
def failed(counted: list[float]) -> float:
    """Buy-outs that failed so far, blocked ones included."""
    return counted[LOST]


@metric("buy-outs", "last", NEEDS, headline=True, of=_counts)
def blocked(counted: list[float]) -> float:
    """Buy-outs that others blocked by paying for the proposer's fractions."""
    return counted[BLOCKED]


@metric("buy-outs", "last", NEEDS, of=_counts)
def cancelled(counted: list[float]) -> float:
    """Buy-outs that were over because their vault ended otherwise, or the best bid was taken back."""
    return counted[CANCELLED]


@metric("1", "last", NEEDS, of=_house)
def premium_over_market(house: Any) -> float:
    """Mean premium of offers so far over the market's price on their day; NaN before the first."""
    return _premium(house, OVER_MARKET)


@metric("1", "last", NEEDS, of=_house)
def premium_over_appraisal(house: Any) -> float:
    """Mean premium of offers so far over the appraisal; NaN before the first."""
    return _premium(house, OVER_APPRAISAL)


@metric("USD", "last", NEEDS, of=_counts)
def paid(counted: list[float]) -> float:
    """Dollars put aside for the holders of all vaults that were bought out."""
    return counted[PAID] / USD


@metric("USD", "last", NEEDS, headline=True, of=_counts)
def lost_to_raiders(counted: list[float]) -> float:
    """Appraisal of what holders of bought-out vaults gave up, less what was put aside for them."""
    return (counted[WORTH] - counted[PAID]) / USD


@metric("1", "last", NEEDS, of=_counts)
def holders_loss(counted: list[float]) -> float:
    """The same as part of the appraisal; NaN while no vault was bought out."""
    return 1.0 - counted[PAID] / counted[WORTH] if counted[WORTH] > 0.0 else math.nan


@metric("USD", "mean", NEEDS, of=_figures)
def escrow(found: Figures) -> float:
    """Dollars in escrow of open buy-outs."""
    return float(found.escrow) / USD


@metric("USD", "last", NEEDS, of=_figures)
def unclaimed(found: Figures) -> float:
    """Dollars of vaults that were bought out which nobody has claimed yet."""
    return float(found.unclaimed) / USD


@metric("1", "mean", NEEDS, of=_figures)
def locked_share(found: Figures) -> float:
    """Fractions in escrow over the supply, mean of vaults with an open buy-out or locked votes; 0 where there is none."""
    return found.locked


@metric("days", "min", NEEDS)
def next_decision(market: "Marketplace") -> float:
    """Days until the next open buy-out is decided; NaN where no clock runs."""
    tick = _figures(market).next
    return float((tick - market.clock.tick) * market.clock.dt_days) if tick != NONE else math.nan


@metric("1", "mean", NEEDS, of=_figures)
def voted(found: Figures) -> float:
    """Part of the supply that has voted or is tendered, mean of vaults that can be bought out; NaN without such vaults."""
    return found.voted


@metric("vaults", "last", NEEDS, of=_figures)
def ready(found: Figures) -> float:
    """Vaults whose votes have reached the quorum or the threshold."""
    return float(found.ready)


@metric("vaults", "mean", NEEDS, of=_figures)
def paused(found: Figures) -> float:
    """Vaults whose fractions may not move."""
    return float(found.paused)
