"""Game studios."""

from typing import Any

from agents.base import Traits, trait
from agents.creators.making import Making
from agents.creators.works import Work
from model.nft_kind import NftKind


class StudioTraits(Traits):
    """Traits of game studios."""

    items: Any = trait(6.0, "1/year", "game items made", low=0.0, high=3650.0)
    item_value: Any = trait(
        {"lognormal": {"median": 5_000.0, "sigma": 0.8}}, "USD", "usual value of an item", low=1.0, high=1e9
    )
    collectibles: Any = trait(2.0, "1/year", "collectibles made", low=0.0, high=3650.0)
    collectible_value: Any = trait(
        {"lognormal": {"median": 8_000.0, "sigma": 0.8}}, "USD", "usual value of a collectible", low=1.0, high=1e9
    )


class Studio(Making):
    """Makes game items and collectibles, and offers fractions of them."""

    serves = "creator"
    name = "studio"
    Traits = StudioTraits
    works = (
        Work(NftKind.GAME_ITEM, "items", "item_value"),
        Work(NftKind.COLLECTIBLE, "collectibles", "collectible_value"),
    )
