"""Regulation: purchases that the law refuses, rigs that a ban keeps still."""

from typing import TYPE_CHECKING, Any

from model.metric import metric

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("regulation",)


def _regulation(market: "Marketplace") -> Any:
    return market.mechanisms["regulation"]


@metric("transactions", "sum", NEEDS, headline=True, of=_regulation)
def refused(regulation: Any) -> float:
    """Purchases of fractions that the law refused."""
    return float(regulation.refused.sum())


@metric("transactions", "sum", NEEDS, of=_regulation)
def over_cap(regulation: Any) -> float:
    """Purchases refused because they would have lifted a retail account above its cap."""
    return float(regulation.refused[1])


@metric("1", "max", NEEDS, of=_regulation)
def banned(regulation: Any) -> float:
    """Share of the network's rigs that a ban keeps still."""
    return regulation.share_banned * regulation.still if regulation.ban is not None else 0.0


@metric("1", "last", NEEDS, of=_regulation)
def clear(regulation: Any) -> float:
    """Whether institutions may buy fractions."""
    return float(regulation.clear)
