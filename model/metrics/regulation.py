"""Regulation: purchases that the law refuses, rigs that a ban keeps still."""

from typing import TYPE_CHECKING, Any

from model.metric import metric

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("regulation",)


def _regulation(market: "Marketplace") -> Any:
    return market.mechanisms["regulation"]


@metric("rows", "sum", NEEDS, headline=True)
def refused(market: "Marketplace") -> float:
    """Purchases of fractions that the law refused."""
    return float(_regulation(market).refused.sum())


@metric("rows", "sum", NEEDS)
def over_cap(market: "Marketplace") -> float:
    """Purchases refused because they would have lifted a retail account above its cap."""
    return float(_regulation(market).refused[1])


@metric("1", "max", NEEDS)
def banned(market: "Marketplace") -> float:
    """Share of the network's rigs that a ban keeps still."""
    regulation = _regulation(market)
    return regulation.share_banned * regulation.still if regulation.ban is not None else 0.0


@metric("1", "last", NEEDS)
def clear(market: "Marketplace") -> float:
    """Whether institutions may buy fractions."""
    return float(_regulation(market).clear)
