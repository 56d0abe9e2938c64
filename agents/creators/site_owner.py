"""Owners of mining sites and nodes."""

from typing import Any

from agents.base import Traits, trait
from agents.creators.making import Making
from agents.creators.works import Work
from model.nft_kind import NftKind


class SiteOwnerTraits(Traits):
    """Traits of owners of sites and nodes."""

    rights: Any = trait(1.0, "1/year", "power contracts signed", low=0.0, high=365.0)
    right_value: Any = trait(
        {"lognormal": {"median": 100_000.0, "sigma": 0.8}}, "USD", "usual value of a mining right", low=1.0, high=1e9
    )
    nodes: Any = trait(1.0, "1/year", "nodes built", low=0.0, high=365.0)
    node_value: Any = trait(
        {"lognormal": {"median": 20_000.0, "sigma": 0.8}}, "USD", "usual value of a node", low=1.0, high=1e9
    )


class SiteOwner(Making):
    """Signs power contracts for mining sites, builds nodes, and offers fractions of their rent."""

    serves = "creator"
    name = "site_owner"
    Traits = SiteOwnerTraits
    works = (
        Work(NftKind.MINING_RIGHT, "rights", "right_value"),
        Work(NftKind.INFRASTRUCTURE, "nodes", "node_value"),
    )
