"""Columns of the book of orders, of running contracts, and of what accounts offer; int64 rows."""

import numpy as np
from numba import types
from numpy.typing import NDArray

from model.jit import helper

# orders: price in base units of the currency per PH/s and day; `LEFT` is in escrow; term in ticks, 0 for standard
NUMBER, OWNER, CURRENCY, PRICE, GHS, LEFT, TERM, USE, UNTIL, CUT, RUNNING = range(11)
ORDER_WIDTH = 11
# contracts: `ORDER` is the order that pays, -1 for tokens; `GOT` is GH/s delivered in this tick, `MISSED` ticks missed; `FEE`
# of the market when it was made, parts of a million
BUYER, SELLER, SIZE, RATE, COIN, ORDER, USED, LAST, KIND, MISSED, GOT, SERIES, FEE = range(13)
CONTRACT_WIDTH = 13
TOKEN, FIXED, STANDARD = range(3)  # of contracts, in the order in which a seller's rigs serve them
# series of tokens: `SOLD_AT` is asked per token; `BOND` USD base units of the issuer in escrow
ISSUER, AMOUNT, ENDS, BOND, REDEEMED = range(5)
SERIES_WIDTH = 5

USD_PRICED, BTC_PRICED = 0, 1
HERE, ELSEWHERE = 0, 1  # use of hashpower: for the market's coin by the renter's pool, or for another chain
NOBODY = -1
_row = types.Array(types.int64, 1, "C")


def empty(width: int) -> NDArray[np.int64]:
    """A table without rows."""
    return np.zeros((0, width), np.int64)


@helper(types.void(_row, _row), from_python=False)
def copied(row, to):
    """Copy a row."""
    for k in range(row.size):
        to[k] = row[k]
