"""Base units and exact integer arithmetic.

Balances are int64 base units: USD 1e-6, BTC 1e-8, fractions, shares and other tokens 1e-6. Products of two balances
need 128 bits; `mul_div` and its compiled form `muldiv` give floor(a b / c) exactly.
"""

import math

import numpy as np
from numpy.typing import NDArray

from model.errors import ScenarioError
from model.jit import helper, rare

USD = 1_000_000  # base units of one dollar
BTC = 100_000_000  # base units of one coin (satoshi)
TOKEN = 1_000_000  # base units of one whole fraction, pool share or reward token
INDEX = 1_000_000_000_000  # scale of income indices (1e12)
BPS = 10_000  # basis points in one: shares given in 1e-4
PPM = 1_000_000  # millionths in one

SECONDS_PER_HOUR = 3_600
SECONDS_PER_DAY = 86_400
HOURS_PER_DAY = 24
DAYS_PER_WEEK = 7
DAYS_PER_YEAR = 365
MHS_PER_GHS = 1_000
GHS_PER_TH = 1_000
TH_PER_PH = 1_000
GHS_PER_PH = GHS_PER_TH * TH_PER_PH
GHS_HOURS = GHS_PER_PH * HOURS_PER_DAY  # GH/s hours in a PH/s day
GIGAHASH = 1e9  # hashes
HASHES_PER_SHARE = 2.0**32  # that a share, or a block of difficulty 1, takes on average
BLOCK_SECONDS = 600  # between blocks of the first coin, as its protocol wants it
LOG_2 = 0.6931471805599453
DAYS_PER_MONTH = 30.4  # as in the payback formulas of miners

LARGEST_POSTING = 1 << 53  # above this a float of the amount is no longer exact
LARGEST_RESERVE = 900_000_000_000_000  # reserve * 10_000 must stay below 2**63


def mul_div(a: int, b: int, c: int) -> int:
    """floor(a * b / c) for ints of any size.

    >>> mul_div(10**18, 10**18, 3 * 10**17)
    3333333333333333333
    """
    return a * b // c


def usd(amount: float) -> int:
    """Dollars to base units, rounded to nearest."""
    return round(amount * USD)


def beyond_books(what: str, usd_reached: float, most: float, weaken: str) -> ScenarioError:
    """What to say where a scenario drives an amount beyond the most that the books hold [USD]."""
    return ScenarioError(
        f"{what} comes to {usd_reached:,.4g} USD, and the books hold at most {most:,.0f} USD at a time; weaken {weaken}"
    )


def base_units(amounts: NDArray[np.float64], unit: int, what: str) -> NDArray[np.int64]:
    """Amounts in base units, to the nearest.

    Args:
        amounts: none below 0
        unit: base units of one; what: the amounts, for the error

    Raises:
        ScenarioError: one is more than the books move at a time
    """
    most = amounts.max(initial=0.0)
    if most * unit >= LARGEST_POSTING:
        raise ScenarioError(f"{what} of {most:,.4g}: the books hold at most {LARGEST_POSTING // unit:,}; take less")
    return np.round(amounts * unit).astype(np.int64)


LARGEST = (1 << 63) - 1


def _plain_muldiv(a: int, b: int, c: int) -> int:
    return min(int(a) * int(b) // int(c), LARGEST)


def _plain_product_gap(a: int, b: int, c: int, d: int) -> int:
    return int(a) * int(b) - int(c) * int(d)


def _plain_isqrt_product(a: int, b: int) -> int:
    return math.isqrt(int(a) * int(b))


def _plain_wide_floor(high: int, low: int, c: int) -> int:
    return min(((int(high) << 64) | int(low)) // int(c), LARGEST)


_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_ONE = np.uint64(1)
_ZERO = np.uint64(0)
_BASE = np.uint64(1 << 32)
_TOP = np.uint64(1 << 63)


@helper("UniTuple(uint64, 2)(uint64, uint64)")
def _wide_product(a, b):
    """(high, low) 64-bit halves of a b."""
    a1, a0 = a >> _HALF, a & _LOW
    b1, b0 = b >> _HALF, b & _LOW
    low = a0 * b0
    middle = a1 * b0 + (low >> _HALF)
    carry = (middle & _LOW) + a0 * b1
    return a1 * b1 + (middle >> _HALF) + (carry >> _HALF), (carry << _HALF) | (low & _LOW)


@rare("uint64(uint64, uint64, uint64)")
def _wide_quotient(high, low, c):
    """floor((high 2^64 + low) / c) for high < c: division with 32-bit digits [Knuth, TAOCP 2, 4.3.1 D]."""
    shift = _ZERO
    while c < _TOP:
        c = c << _ONE
        shift += _ONE
    if shift > _ZERO:
        high = (high << shift) | (low >> (np.uint64(64) - shift))
        low = low << shift
    c1, c0 = c >> _HALF, c & _LOW
    n1, n0 = low >> _HALF, low & _LOW
    q1 = high // c1
    r = high - q1 * c1
    while q1 >= _BASE or q1 * c0 > ((r << _HALF) | n1):
        q1 -= _ONE
        r += c1
        if r >= _BASE:
            break
    rest = ((high << _HALF) | n1) - q1 * c
    q0 = rest // c1
    r = rest - q0 * c1
    while q0 >= _BASE or q0 * c0 > ((r << _HALF) | n0):
        q0 -= _ONE
        r += c1
        if r >= _BASE:
            break
    return (q1 << _HALF) + q0


@helper("int64(int64, int64, int64)", plain=_plain_muldiv)
def muldiv(a, b, c):
    """floor(a b / c) for non-negative a, b and positive c; the largest int64 where the quotient does not fit."""
    high, low = _wide_product(np.uint64(a), np.uint64(b))
    divisor = np.uint64(c)
    if high >= divisor:
        return np.int64(0x7FFFFFFFFFFFFFFF)
    quotient = low // divisor if high == _ZERO else _wide_quotient(high, low, divisor)
    if quotient >= _TOP:
        return np.int64(0x7FFFFFFFFFFFFFFF)
    return np.int64(quotient)


@helper("int64(int64, int64, int64, int64)", plain=_plain_product_gap)
def product_gap(a, b, c, d):
    """Two products' difference a b - c d, which fits into int64 where they may not: what c = muldiv(a, b, d) leaves over.

    Without signs: numba tells the compiler that signed numbers never overflow, which then takes x - y > 0 for x > y.
    """
    return np.int64(np.uint64(a) * np.uint64(b) - np.uint64(c) * np.uint64(d))


@helper("int64(int64, int64)", plain=_plain_isqrt_product)
def isqrt_product(a, b):
    """floor(sqrt(a b)) for non-negative a, b."""
    high, low = _wide_product(np.uint64(a), np.uint64(b))
    root = np.uint64(math.sqrt(np.float64(a) * np.float64(b)))
    while True:
        h, s = _wide_product(root, root)
        if h < high or (h == high and s <= low):
            break
        root -= _ONE
    while True:
        h, s = _wide_product(root + _ONE, root + _ONE)
        if h > high or (h == high and s > low):
            break
        root += _ONE
    return np.int64(root)


@helper("int64(uint64, uint64, int64)", plain=_plain_wide_floor)
def wide_floor(high, low, c):
    """floor(sum / c) of a 128-bit sum; the largest int64 where it does not fit."""
    divisor = np.uint64(c)
    if high >= divisor:
        return np.int64(0x7FFFFFFFFFFFFFFF)
    return np.int64(low // divisor if high == _ZERO else _wide_quotient(high, low, divisor))
