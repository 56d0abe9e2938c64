"""Amounts of an offering: lots that cost whole base units, and who gets which part of the supply."""

import math
from typing import NamedTuple

from model.units import TOKEN

BPS = 10_000  # shares given in 1e-4


class Parts(NamedTuple):
    """Supply of a new vault by destination [base units]; the three sum to the supply."""

    offered: int  # to subscribers
    seed: int  # to the market's pool, beside part of the proceeds
    kept: int  # by the creator


def lot(price: int) -> int:
    """Smallest number of base units whose cost is a whole number of USD base units: 1e6 / gcd(1e6, price).

    Subscriptions are whole lots, so that what is paid in and refunded agrees to the last unit.

    >>> lot(1_570_000), lot(3)
    (100, 1000000)
    """
    return TOKEN // math.gcd(TOKEN, price)


def cost_of(fractions: int, price: int) -> int:
    """USD base units for whole lots of fractions: fractions price / 1e6.

    >>> cost_of(2_500_000, 1_570_000)
    3925000
    """
    return fractions * price // TOKEN


def parts_of(supply: int, keep_bps: int, seed_bps: int) -> Parts:
    """Split the supply: offered (1 + seed) = supply (1 - keep), offered in whole fractions    [NIFTEX v2: seed .20].

    >>> parts_of(10_000_000_000, 1_000, 2_000)
    Parts(offered=7500000000, seed=1500000000, kept=1000000000)
    """
    offered = supply * (BPS - keep_bps) // (BPS + seed_bps) // TOKEN * TOKEN
    seed = offered * seed_bps // BPS
    return Parts(offered, seed, supply - offered - seed)


def fee_of(proceeds: int, fee_bps: int) -> int:
    """The platform's part of the proceeds, rounded up, against the seller.

    >>> fee_of(1_000_001, 250)
    25001
    """
    return -(-proceeds * fee_bps // BPS)
