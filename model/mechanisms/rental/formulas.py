"""What rented hashpower costs, how prices of orders may move, and what a majority needs.

Prices are base units of a currency per PH/s and day; hash rates are whole GH/s.
"""

import math

from numba import types

from model.jit import helper
from model.units import GHS_HOURS, HOURS_PER_DAY, PPM, mul_div, muldiv

_i = types.int64

LARGEST_COST = 1 << 62


def rental_cost(ehs: float, price: float, hours: float, fee: float = 0.03) -> float:
    """What a buyer pays for hashpower with the fee, in the currency of the price: price ehs hours/24 (1 + fee).

    Args:
        ehs: delivered hash rate [EH/s]
        price: per EH/s and day
        hours: of delivery
        fee: of the market, paid by the buyer

    >>> round(rental_cost(0.5, 0.40, 6), 10)
    0.0515
    """
    return ehs * price * hours / HOURS_PER_DAY * (1.0 + fee)


def rent(price: int, ghs: int, hours: int) -> int:
    """What the seller gets, rounded down: floor(price ghs hours / 24e6).

    >>> rent(40_000, 500_000_000, 6)
    5000000
    """
    return mul_div(price, ghs * hours, GHS_HOURS)


def fee_on(amount: int, ppm: int) -> int:
    """The buyer's fee on a rent, rounded up.

    >>> fee_on(5_000_000, 30_000)
    150000
    """
    return -(-amount * ppm // PPM)


def affordable(budget: int, price: int, hours: int, ppm: int) -> int:
    """Most GH/s that a budget pays for, fee included, rounded down.

    >>> affordable(5_150_000, 40_000, 6, 30_000)
    500000000
    """
    return mul_div(mul_div(budget, PPM, PPM + ppm), GHS_HOURS, max(1, price * hours))


@helper(_i(_i, _i, _i, _i, _i))
def payable(budget, price, hours, ppm, most):
    """`affordable` on int64, at most `most`: in floats first, for the exact number of a low price does not fit 64 bits."""
    rents, cost = muldiv(budget, PPM, PPM + ppm), max(1, price * hours)
    if float(rents) * GHS_HOURS / cost > 2.0 * most:
        return most
    return min(most, muldiv(rents, GHS_HOURS, cost))


@helper(_i(_i, _i, _i, _i))
def in_full(budget, price, hours, ppm):
    """`affordable` on int64, for any term; the largest int64 where it does not fit."""
    rents = muldiv(budget, PPM, PPM + ppm)
    if price > LARGEST_COST // hours:
        return muldiv(rents, GHS_HOURS, hours) // price  # the same number, and fits where hours are that many
    return muldiv(rents, GHS_HOURS, max(1, price * hours))


@helper(_i(_i, _i), from_python=False)
def fee_of(amount, ppm):
    """`fee_on` on int64."""
    return muldiv(amount, ppm, PPM) + (1 if (amount % PPM) * ppm % PPM > 0 else 0)


def repriced(price: int, wanted: int, cut: float, hours: float) -> int:
    """The new price of a standing order: up freely, down by at most `cut` an hour since the last cut, rounded up.

    p' = max(wanted, p (1 - cut)^hours)

    >>> repriced(1_000, 1_200, 0.02, 1), repriced(1_000, 900, 0.02, 1)
    (1200, 980)
    """
    return int(lowered(price, wanted, (1.0 - cut) ** hours))


@helper(_i(_i, _i, types.float64))
def lowered(price, wanted, kept):
    """`repriced`, given the part of the price that is kept at least."""
    return wanted if wanted >= price else max(wanted, int(math.ceil(price * kept)))


def majority(honest: float, share: float = 0.51) -> float:
    """Hash rate that is a share of a chain's when it is added to the honest one: H s / (1 - s).

    >>> round(majority(49.0), 9)
    51.0
    """
    return honest * share / (1.0 - share)
