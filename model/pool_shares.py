"""Shares of a pool of two assets: what a deposit at the pool's ratio makes and what is paid for one given back.

Pure functions on integers of any size, and their compiled forms on int64; every rounding is for the pool.
"""

from numba import types

from model.jit import helper
from model.units import LARGEST_RESERVE, muldiv

LOCKED_SHARES = 1_000  # of the first deposit, held by nobody for ever, so that no share can be made dear

_i = types.int64
_2 = types.UniTuple(_i, 2)


def later_shares(amount_a: int, amount_b: int, shares: int, reserve_a: int, reserve_b: int) -> int:
    """Shares for a later deposit: min(a S // x, b S // y)                                [AdamsEtAl2020].

    Args:
        amount_a: deposit of the first asset, a [base units]
        amount_b: deposit of the second asset, b [base units]
        shares: shares in circulation, S [base units]
        reserve_a: pool balance of the first asset before, x [base units]
        reserve_b: pool balance of the second asset before, y [base units]

    >>> later_shares(10, 30, 1_000, 100, 200)
    100
    """
    return min(amount_a * shares // reserve_a, amount_b * shares // reserve_b)


def burn_amounts(burned: int, shares: int, reserve_a: int, reserve_b: int) -> tuple[int, int]:
    """What burned shares are paid: their part of both balances, rounded down.

    Args:
        burned: shares given back [base units]
        shares: shares in circulation before, S [base units]
        reserve_a: pool balance of the first asset, x [base units]
        reserve_b: pool balance of the second asset, y [base units]

    >>> burn_amounts(100, 1_000, 999, 2_000)
    (99, 200)
    """
    return burned * reserve_a // shares, burned * reserve_b // shares


@helper(_2(_i, _i, _i, _i))
def matched(amount_a, amount_b, reserve_a, reserve_b):
    """As much of both amounts as fits the pool's ratio; zeros where they are not positive or the pool cannot hold them."""
    if amount_a <= 0 or amount_b <= 0 or amount_a > LARGEST_RESERVE or amount_b > LARGEST_RESERVE:
        return 0, 0
    matching = muldiv(amount_a, reserve_b, reserve_a)
    if matching <= amount_b:
        amount_b = matching
    else:
        amount_a = muldiv(amount_b, reserve_a, reserve_b)
    if amount_a > LARGEST_RESERVE - reserve_a or amount_b > LARGEST_RESERVE - reserve_b:
        return 0, 0
    return amount_a, amount_b


@helper(_i(_i, _i, _i, _i, _i))
def shares_made(amount_a, amount_b, shares, reserve_a, reserve_b):
    """`later_shares` on int64."""
    return min(muldiv(amount_a, shares, reserve_a), muldiv(amount_b, shares, reserve_b))


@helper(_2(_i, _i, _i, _i))
def parts_paid(burned, shares, reserve_a, reserve_b):
    """`burn_amounts` on int64."""
    return muldiv(burned, reserve_a, shares), muldiv(burned, reserve_b, shares)
