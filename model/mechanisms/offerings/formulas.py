"""Amounts of an offering: what fractions cost by each rule of pricing, and who gets which part of the supply."""

import math
from typing import NamedTuple

from model.units import BPS, TOKEN


class Parts(NamedTuple):
    """Supply of a new vault by destination [base units]; the four sum to the supply."""

    offered: int  # to subscribers
    seed: int  # to venues, beside part of the proceeds
    kept: int  # by the creator
    granted: int = 0  # to those who bring liquidity to the new market


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


def bonding_cost(amount: int, sold: int, price: int, rise: int, span: int, unit: int = TOKEN) -> int:
    """Cost of n more on a linear bonding curve, rounded up: p0 n + m n (2 sold + n) / 2, m = rise / span.

    The area under p = p0 + m sold between what is sold before and after             [linear curve, de la Rouviere 2017].

    Args:
        amount, sold: fractions to buy, n, and sold so far [base units]
        price: p0, price of the first fraction [USD base units per `unit`]
        rise: by how much the price has risen once `span` is sold [USD base units per `unit`]
        span: fractions over which it rises [base units]
        unit: base units of a whole fraction

    >>> bonding_cost(3, 2, price=10, rise=4, span=8, unit=1)      # 3 x 10 + .5 x 3 x (2 x 2 + 3) / 2 = 35.25
    36
    """
    return -(-amount * (2 * span * price + rise * (2 * sold + amount)) // (2 * span * unit))


def bonding_price(sold: int, price: int, rise: int, span: int) -> int:
    """Price of the next unit on a linear bonding curve, p0 + m sold, rounded up.

    >>> bonding_price(3, price=10, rise=4, span=8)
    12
    """
    return price - (-rise * sold // span)


def dutch_price(start: int, reserve: int, elapsed: int, duration: int) -> int:
    """Price of a descending auction: start - (start - reserve) elapsed / duration, the reserve after that; rounded up.

    >>> [dutch_price(1_500, 1_000, day, 7) for day in (0, 1, 6, 7, 9)]
    [1500, 1429, 1072, 1000, 1000]
    """
    return start - (start - reserve) * min(elapsed, duration) // duration


def parts_of(supply: int, keep_bps: int, seed_bps: int, grant_bps: int = 0) -> Parts:
    """Split the supply: offered (1 + seed) = supply (1 - keep - grant), offered in whole fractions.

    The seed is .20 in NIFTEX v2.

    >>> parts_of(10_000_000_000, 1_000, 2_000)
    Parts(offered=7500000000, seed=1500000000, kept=1000000000, granted=0)
    """
    offered = supply * (BPS - keep_bps - grant_bps) // (BPS + seed_bps) // TOKEN * TOKEN
    seed, granted = offered * seed_bps // BPS, supply * grant_bps // BPS
    return Parts(offered, seed, supply - offered - seed - granted, granted)


def fee_of(proceeds: int, fee_bps: int) -> int:
    """The platform's part of the proceeds, rounded up, against the seller.

    >>> fee_of(1_000_001, 250)
    25001
    """
    return -(-proceeds * fee_bps // BPS)
