"""Artists."""

from typing import Any

from agents.base import Traits, trait
from agents.creators.making import Making
from agents.creators.works import Work
from model.nft_kind import NftKind


class ArtistTraits(Traits):
    """Traits of artists."""

    artworks: Any = trait(4.0, "1/year", "works of art made", low=0.0, high=365.0)
    artwork_value: Any = trait(
        {"lognormal": {"median": 20_000.0, "sigma": 1.0}}, "USD", "usual value of a work", low=1.0, high=1e9
    )


class Artist(Making):
    """Makes works of art and offers fractions of them at a reserve from comparable sales."""

    serves = "creator"
    name = "artist"
    Traits = ArtistTraits
    works = (Work(NftKind.ART, "artworks", "artwork_value"),)
