"""Rows of actions as kernels fill them: the account, an action's own columns, then two that settling writes.

Each function writes row n and returns how many rows there are by now.
"""

from numba import types

from model.actions import SELL
from model.jit import helper
from model.units import BTC

_i, _f = types.int64, types.float64
_rows = types.Array(_i, 2, "C")


@helper(_i(_rows, _i, _i, _i), from_python=False)
def put_one(rows, n, who, first):
    """An action with one column of its own."""
    rows[n, 0], rows[n, 1] = who, first
    rows[n, 2] = rows[n, 3] = 0
    return n + 1


@helper(_i(_rows, _i, _i, _i, _i), from_python=False)
def put_two(rows, n, who, first, second):
    """An action with two columns of its own."""
    rows[n, 0], rows[n, 1], rows[n, 2] = who, first, second
    rows[n, 3] = rows[n, 4] = 0
    return n + 1


@helper(_i(_rows, _i, _i, _i, _i, _i), from_python=False)
def put_three(rows, n, who, first, second, third):
    """An action with three columns of its own."""
    rows[n, 0], rows[n, 1], rows[n, 2], rows[n, 3] = who, first, second, third
    rows[n, 4] = rows[n, 5] = 0
    return n + 1


@helper(_i(_rows, _i, _i, _i, _i, _i, _i), from_python=False)
def put_four(rows, n, who, first, second, third, fourth):
    """An action with four columns of its own."""
    rows[n, 0], rows[n, 1], rows[n, 2], rows[n, 3], rows[n, 4] = who, first, second, third, fourth
    rows[n, 5] = rows[n, 6] = 0
    return n + 1


@helper(_i(_rows, _i, _i, _i, _i, _i, _i), from_python=False)
def trade(rows, n, who, v, side, amount, limit):
    """A `Trade`: pay an amount for at least so much of the other [base units]."""
    return put_four(rows, n, who, v, side, amount, limit)


@helper(_i(_rows, _i, _i, _i, _i), from_python=False)
def claim(rows, n, who, v, amount):
    """A `Redeem` of fractions [base units]."""
    return put_two(rows, n, who, v, amount)


@helper(_i(_rows, _i, _i, _i, _f, _f), from_python=False)
def sell_coins(rows, n, who, coins, price, least):
    """A `TradeCoins` that sells coins [base units] if they are worth at least so much at their price [USD]; else none."""
    if coins > 0 and coins * price / BTC >= least:
        return put_two(rows, n, who, SELL, coins)
    return n
