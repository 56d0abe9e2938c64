"""Weighted pools: what is traded, at what price, how deep they are."""

from typing import TYPE_CHECKING, Any

from model.mechanisms.weighted import daily
from model.metric import metric

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("weighted",)


def _figure(market: "Marketplace", place: int) -> float:
    weighted: Any = market.mechanisms["weighted"]
    return float(weighted.figures[place])


@metric("USD", "last", NEEDS)
def price_median(market: "Marketplace") -> float:
    """Median price of a whole fraction over weighted pools of live vaults; NaN before the first opens."""
    return _figure(market, daily.PRICE_MEDIAN)


@metric("USD/day", "mean", NEEDS, headline=True)
def volume(market: "Marketplace") -> float:
    """Dollars exchanged in all weighted pools in a day."""
    return _figure(market, daily.VOLUME)


@metric("1", "sum", NEEDS)
def trades(market: "Marketplace") -> float:
    """Swaps done in weighted pools in the tick."""
    return _figure(market, daily.TRADES)


@metric("USD", "last", NEEDS, headline=True)
def depth(market: "Marketplace") -> float:
    """Dollar side of all weighted pools of live vaults."""
    return _figure(market, daily.DEPTH)


@metric("1", "sum", NEEDS)
def refused(market: "Marketplace") -> float:
    """Swaps refused in the tick because they were too large for a weighted pool."""
    return _figure(market, daily.REFUSED)


@metric("1/day", "last", NEEDS)
def lp_return(market: "Marketplace") -> float:
    """Providers' mean daily return, fees and income less loss against holding, pools weighted by worth."""
    return _figure(market, daily.LP_RETURN)
