"""What agents may ask of offerings."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Action
from model.units import TOKEN


class Tokenise(Action):
    """Offer fractions of `ghs` GH/s of own rigs at `price` USD base units a whole fraction, keeping `keep_bps` 1e-4."""

    fields = ("ghs", "price", "keep_bps")
    phase = "tokenise"


class OfferContract(Action):
    """Offer fractions of what `ghs` GH/s of own rigs mine in `days`, after which they return; otherwise as Tokenise."""

    fields = ("ghs", "days", "price", "keep_bps")
    phase = "tokenise"


class Fractionalise(Action):
    """Offer fractions of an own NFT at `price` USD base units a whole fraction, keeping `keep_bps` 1e-4."""

    fields = ("nft", "price", "keep_bps")
    phase = "tokenise"


class FoundClub(Action):
    """Ask for pledges of `price` USD base units a whole fraction, to order rigs of `ghs` GH/s or more from the makers."""

    fields = ("ghs", "price")
    phase = "tokenise"


class Subscribe(Action):
    """Pay into escrow for up to `fractions` base units, at no more than `limit` USD base units a whole fraction."""

    fields = ("vault", "fractions", "limit")
    phase = "offers"

    @classmethod
    def spent(cls, rows: NDArray[Any]) -> NDArray[np.float64]:
        """Fractions at their limit."""
        return np.asarray(rows["fractions"] * (rows["limit"] / TOKEN))
