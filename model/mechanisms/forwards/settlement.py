"""Daily settlement: variation margin goes from one side's margin account to the other's."""

from typing import Any

from numba import types

from model.books import Books, pay
from model.flows import Flow
from model.jit import helper, kernel
from model.mechanisms.forwards.formulas import GHS_HOURS
from model.mechanisms.forwards.table import (
    COIN,
    CURRENCY,
    GHS,
    LAST,
    LIMIT,
    LONG,
    OWNER,
    SHORT,
    SHORT_SIDE,
    SIDE,
    SIZE,
    STRIKE,
    TENOR,
    USD_SETTLED,
)
from model.units import BTC, muldiv

MARGIN = int(Flow.MARGIN)
PPM = 1_000_000
_i = types.int64


@helper(_i(_i, _i, _i, _i, _i))
def margin_for(worth, ppm, currency, coin, units):
    """Margin of a notional [USD base units] in base units of its currency, each step rounded up; `units` of a coin."""
    usd = muldiv(worth, ppm, PPM) + (1 if (worth % PPM) * ppm % PPM > 0 else 0)
    if currency == USD_SETTLED:
        return usd
    return muldiv(usd, units, coin) + 1


@kernel
def add_needs(
    contracts: Any, orders: Any, tick: int, hours: int, terms: Any, index: int, rates: Any, coin: int, needs: Any
) -> None:  # fmt: skip
    """Add the initial margin of what is left of positions, and of open orders, to `needs` [base units].

    Args:
        terms: ticks of tenors
        index: USD base units per PH/s and day; a seller's order counts at it, if it is above his limit
        rates: initial margin in parts of a million, by currency
        coin: USD base units of a coin
        needs: by currency and account
    """
    for c in range(contracts.shape[0]):
        row = contracts[c]
        left, currency = max(0, row[LAST] - tick), row[COIN]
        worth = muldiv(row[STRIKE], row[SIZE] * hours * left, GHS_HOURS)
        need = margin_for(worth, rates[currency], currency, coin, BTC) if left > 0 else 0
        needs[currency, row[LONG]] += need
        needs[currency, row[SHORT]] += need
    for o in range(orders.shape[0]):
        row = orders[o]
        currency, price = row[CURRENCY], row[LIMIT]
        if row[SIDE] == SHORT_SIDE:
            price = max(price, index)
        worth = muldiv(price, row[GHS] * hours * terms[row[TENOR]], GHS_HOURS)
        needs[currency, row[OWNER]] += margin_for(worth, rates[currency], currency, coin, BTC)


@kernel
def vary(
    books: Books, contracts: Any, index: int, coin: int, hours: int, receipts: Any, variation: Any, lost: Any
) -> None:  # fmt: skip
    """Settle a tick of every contract: (index - strike) for its hash rate, as far as the loser's margin goes.

    Args:
        index: USD base units per PH/s and day
        coin: USD base units of a coin
        hours: length of the tick
        receipts: assets of margin accounts, by currency
        variation: out, base units won by currency and account
        lost: out, base units that a margin account could not pay, by currency
    """
    variation[:] = 0
    lost[:] = 0
    for c in range(contracts.shape[0]):
        row = contracts[c]
        gap, currency = index - row[STRIKE], row[COIN]
        loser = row[LONG] if gap < 0 else row[SHORT]
        winner = row[SHORT] if gap < 0 else row[LONG]
        due = muldiv(abs(gap), row[SIZE] * hours, GHS_HOURS)
        if currency != USD_SETTLED:
            due = muldiv(due, BTC, coin)
        paid = min(due, books.balances[receipts[currency], loser])
        pay(books, receipts[currency], loser, winner, paid, MARGIN)
        variation[currency, loser] -= paid
        variation[currency, winner] += paid
        lost[currency] += due - paid
