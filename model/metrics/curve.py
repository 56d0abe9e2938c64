"""NIFTEX curves: what is traded, at what price, and how often real balances do not suffice."""

from typing import TYPE_CHECKING, Any

from model.mechanisms.curve import daily
from model.metric import metric

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("curve",)


def _figure(market: "Marketplace", place: int) -> float:
    curve: Any = market.mechanisms["curve"]
    return float(curve.figures[place])


@metric("USD", "last", NEEDS)
def price_median(market: "Marketplace") -> float:
    """Median price of a whole fraction over curves of live vaults; NaN before the first opens."""
    return _figure(market, daily.PRICE_MEDIAN)


@metric("USD/day", "mean", NEEDS, headline=True)
def volume(market: "Marketplace") -> float:
    """Dollars exchanged on all curves in a day."""
    return _figure(market, daily.VOLUME)


@metric("1", "sum", NEEDS)
def trades(market: "Marketplace") -> float:
    """Swaps done on curves in the tick."""
    return _figure(market, daily.TRADES)


@metric("USD", "last", NEEDS, headline=True)
def depth(market: "Marketplace") -> float:
    """Real dollars on all curves of live vaults."""
    return _figure(market, daily.DEPTH)


@metric("1", "sum", NEEDS)
def dry(market: "Marketplace") -> float:
    """Swaps refused in the tick because a curve had run dry of dollars or fractions."""
    return _figure(market, daily.REFUSED)


@metric("1/day", "last", NEEDS)
def lp_return(market: "Marketplace") -> float:
    """Mean daily return of providers of both sides, fees and income less loss against holding, weighted by worth."""
    return _figure(market, daily.LP_RETURN)
