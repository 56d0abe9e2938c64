"""NIFTEX curves: what is traded, at what price, and how often real balances do not suffice."""

from typing import TYPE_CHECKING

from model.mechanisms.curve import daily
from model.metric import metric

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("curve",)


def _figures(market: "Marketplace") -> list[float]:
    """The market-wide figures of the tick, by place."""
    figures: list[float] = market.mechanisms["curve"].figures.tolist()
    return figures


@metric("USD", "last", NEEDS, of=_figures)
def price_median(found: list[float]) -> float:
    """Median price of a whole fraction over curves of live vaults; NaN before the first opens."""
    return found[daily.PRICE_MEDIAN]


@metric("USD/day", "mean", NEEDS, headline=True, of=_figures)
def volume(found: list[float]) -> float:
    """Dollars exchanged on all curves in a day."""
    return found[daily.VOLUME]


@metric("swaps", "sum", NEEDS, of=_figures)
def trades(found: list[float]) -> float:
    """Swaps done on curves in the tick."""
    return found[daily.TRADES]


@metric("USD", "last", NEEDS, headline=True, of=_figures)
def depth(found: list[float]) -> float:
    """Real dollars on all curves of live vaults."""
    return found[daily.DEPTH]


@metric("swaps", "sum", NEEDS, of=_figures)
def dry(found: list[float]) -> float:
    """Swaps refused in the tick because a curve had run dry of dollars or fractions."""
    return found[daily.REFUSED]


@metric("1/day", "last", NEEDS, of=_figures)
def lp_return(found: list[float]) -> float:
    """Mean daily return of providers of both sides, fees and income less loss against holding, weighted by worth."""
    return found[daily.LP_RETURN]
