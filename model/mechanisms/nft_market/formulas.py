"""Who gets what of the price of an NFT."""

from typing import NamedTuple

from model.units import BPS


class Split(NamedTuple):
    """A price in three parts [base units]; they add up to it."""

    seller: int
    artist: int
    platform: int


def sale(price: int, royalty_bps: int, fee_bps: int) -> Split:
    """Seller's, artist's and platform's part of a price; royalty and fee are rounded down.

    Args:
        price: what the buyer pays [base units]
        royalty_bps: artist's part [1e-4]; 0 where the artist himself sells
        fee_bps: platform's part [1e-4]

    >>> sale(1_000_000, 750, 250)
    Split(seller=900000, artist=75000, platform=25000)
    """
    artist, platform = price * royalty_bps // BPS, price * fee_bps // BPS
    return Split(price - artist - platform, artist, platform)
