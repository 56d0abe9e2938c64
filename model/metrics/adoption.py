"""Adoption: who comes, who invited them, who gives up."""

from typing import TYPE_CHECKING, Any

from model.metric import metric

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("adoption",)


def _adoption(market: "Marketplace") -> Any:
    return market.mechanisms["adoption"]


@metric("agents", "last", NEEDS, headline=True)
def members(market: "Marketplace") -> float:
    """Agents of the growing kind who have come and not left."""
    return float(len(_adoption(market).population) - _adoption(market).left)


@metric("agents/day", "max", NEEDS)
def arrivals(market: "Marketplace") -> float:
    """Newcomers of the day; the summary is the peak of the wave."""
    return float(_adoption(market).today)


@metric("agents", "last", NEEDS)
def left(market: "Marketplace") -> float:
    """Members who have given up so far."""
    return float(_adoption(market).left)


@metric("1", "last", NEEDS)
def invited(market: "Marketplace") -> float:
    """Share of all newcomers whom a member invited."""
    adoption = _adoption(market)
    return adoption.invited / adoption.arrived if adoption.arrived else 0.0


@metric("1", "mean", (*NEEDS, "social"))
def recommending(market: "Marketplace") -> float:
    """Share of members who are not in fear and recommend the market."""
    adoption = _adoption(market)
    return adoption.recommending().size / max(1, len(adoption.population) - adoption.left)
