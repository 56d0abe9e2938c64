"""Owners of virtual land."""

from typing import Any

from agents.base import Traits, trait
from agents.creators.making import Making
from agents.creators.works import Work
from model.nft_kind import NftKind


class LandOwnerTraits(Traits):
    """Traits of owners of virtual land."""

    plots: Any = trait(2.0, "1/year", "plots developed", low=0.0, high=365.0)
    plot_value: Any = trait(
        {"lognormal": {"median": 15_000.0, "sigma": 0.8}}, "USD", "usual value of a plot", low=1.0, high=1e9
    )


class LandOwner(Making):
    """Develops virtual land and offers fractions of its rent."""

    serves = "creator"
    name = "land_owner"
    Traits = LandOwnerTraits
    works = (Work(NftKind.METAVERSE_LAND, "plots", "plot_value"),)
