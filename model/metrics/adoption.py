"""Adoption: who comes, who invited them, who gives up."""

from typing import TYPE_CHECKING, Any

from model.metric import metric

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("adoption",)


def _adoption(market: "Marketplace") -> Any:
    return market.mechanisms["adoption"]


@metric("agents", "last", NEEDS, headline=True, of=_adoption)
def members(adoption: Any) -> float:
    """Agents of the growing kind who have come and not left."""
    return float(len(adoption.population) - adoption.left)


@metric("agents/day", "max", NEEDS, of=_adoption)
def arrivals(adoption: Any) -> float:
    """Newcomers of the day; the summary is the peak of the wave."""
    return float(adoption.today)


@metric("agents", "last", NEEDS, of=_adoption)
def left(adoption: Any) -> float:
    """Members who have given up so far."""
    return float(adoption.left)


@metric("1", "last", NEEDS, of=_adoption)
def invited(adoption: Any) -> float:
    """Share of all newcomers whom a member invited."""
    return adoption.invited / adoption.arrived if adoption.arrived else 0.0


@metric("1", "mean", (*NEEDS, "social"), of=_adoption)
def recommending(adoption: Any) -> float:
    """Share of members who are not in fear and recommend the market."""
    return adoption.recommending().size / max(1, len(adoption.population) - adoption.left)
