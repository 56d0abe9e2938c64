"""Pools: what is traded, how deep they are, and who provides."""

from typing import TYPE_CHECKING, Any

from model.mechanisms.amm import daily
from model.metric import metric

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("amm",)


def _figure(market: "Marketplace", place: int) -> float:
    amm: Any = market.mechanisms["amm"]
    return float(amm.figures[place])


@metric("USD", "last", NEEDS)
def price_median(market: "Marketplace") -> float:
    """Median price of a whole fraction over pools of live vaults; NaN before the first opens."""
    return _figure(market, daily.PRICE_MEDIAN)


@metric("USD/day", "mean", NEEDS, headline=True)
def volume(market: "Marketplace") -> float:
    """Dollars exchanged in all pools in a day."""
    return _figure(market, daily.VOLUME)


@metric("1", "sum", NEEDS)
def trades(market: "Marketplace") -> float:
    """Swaps done in the tick."""
    return _figure(market, daily.TRADES)


@metric("USD", "last", NEEDS, headline=True)
def depth(market: "Marketplace") -> float:
    """Dollar side of all pools of live vaults."""
    return _figure(market, daily.DEPTH)


@metric("1", "mean", NEEDS, headline=True)
def traded_share(market: "Marketplace") -> float:
    """Share of live vaults with at least one swap so far in the day."""
    return _figure(market, daily.TRADED_SHARE)


@metric("1", "last", NEEDS)
def lp_share_others(market: "Marketplace") -> float:
    """Worth of pool shares that accounts other than the vaults' creators hold, over all but the locked ones."""
    return _figure(market, daily.OTHERS_SHARE)


@metric("1/day", "last", NEEDS)
def lp_return(market: "Marketplace") -> float:
    """Providers' mean daily return, fees and income less loss against holding, pools weighted by worth."""
    return _figure(market, daily.LP_RETURN)
