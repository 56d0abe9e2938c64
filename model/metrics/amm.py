"""Pools: what is traded, how deep they are, and who provides."""

from typing import TYPE_CHECKING

from model.mechanisms.amm import daily
from model.metric import metric

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("amm",)


def _figures(market: "Marketplace") -> list[float]:
    """The market-wide figures of the tick, by place."""
    figures: list[float] = market.mechanisms["amm"].figures.tolist()
    return figures


@metric("USD", "last", NEEDS, of=_figures)
def price_median(found: list[float]) -> float:
    """Median price of a whole fraction over pools of live vaults; NaN before the first opens."""
    return found[daily.PRICE_MEDIAN]


@metric("USD/day", "mean", NEEDS, headline=True, of=_figures)
def volume(found: list[float]) -> float:
    """Dollars exchanged in all pools in a day."""
    return found[daily.VOLUME]


@metric("swaps", "sum", NEEDS, of=_figures)
def trades(found: list[float]) -> float:
    """Swaps done in the tick."""
    return found[daily.TRADES]


@metric("USD", "last", NEEDS, headline=True, of=_figures)
def depth(found: list[float]) -> float:
    """Dollar side of all pools of live vaults."""
    return found[daily.DEPTH]


@metric("1", "mean", NEEDS, headline=True, of=_figures)
def traded_share(found: list[float]) -> float:
    """Share of live vaults with at least one swap so far in the day."""
    return found[daily.TRADED_SHARE]


@metric("1", "last", NEEDS, of=_figures)
def lp_share_others(found: list[float]) -> float:
    """Worth of pool shares that accounts other than the vaults' creators hold, over all but the locked ones."""
    return found[daily.OTHERS_SHARE]


@metric("1/day", "last", NEEDS, of=_figures)
def lp_return(found: list[float]) -> float:
    """Providers' mean daily return, fees and income less loss against holding, pools weighted by worth."""
    return found[daily.LP_RETURN]
