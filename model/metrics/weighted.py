"""Weighted pools: what is traded, at what price, how deep they are."""

from typing import TYPE_CHECKING

from model.mechanisms.weighted import daily
from model.metric import metric

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("weighted",)


def _figures(market: "Marketplace") -> list[float]:
    """The market-wide figures of the tick, by place."""
    figures: list[float] = market.mechanisms["weighted"].figures.tolist()
    return figures


@metric("USD", "last", NEEDS, of=_figures)
def price_median(found: list[float]) -> float:
    """Median price of a whole fraction over weighted pools of live vaults; NaN before the first opens."""
    return found[daily.PRICE_MEDIAN]


@metric("USD/day", "mean", NEEDS, headline=True, of=_figures)
def volume(found: list[float]) -> float:
    """Dollars exchanged in all weighted pools in a day."""
    return found[daily.VOLUME]


@metric("swaps", "sum", NEEDS, of=_figures)
def trades(found: list[float]) -> float:
    """Swaps done in weighted pools in the tick."""
    return found[daily.TRADES]


@metric("USD", "last", NEEDS, headline=True, of=_figures)
def depth(found: list[float]) -> float:
    """Dollar side of all weighted pools of live vaults."""
    return found[daily.DEPTH]


@metric("swaps", "sum", NEEDS, of=_figures)
def refused(found: list[float]) -> float:
    """Swaps refused in the tick because they were too large for a weighted pool."""
    return found[daily.REFUSED]


@metric("1/day", "last", NEEDS, of=_figures)
def lp_return(found: list[float]) -> float:
    """Providers' mean daily return, fees and income less loss against holding, pools weighted by worth."""
    return found[daily.LP_RETURN]
