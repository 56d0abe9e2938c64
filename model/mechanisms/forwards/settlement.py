"""Daily settlement: variation margin goes from one side's margin account to the other's."""

from typing import Any

import numpy as np
from numba import types

from model.actions import Status
from model.books import Books, pay
from model.flows import Flow
from model.jit import helper, kernel
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.forwards.formulas import GHS_HOURS
from model.mechanisms.forwards.table import (
    BTC_SETTLED,
    COIN,
    CURRENCY,
    GHS,
    LAST,
    LIMIT,
    LONG,
    LONG_SIDE,
    NUMBER,
    OWNER,
    SHORT,
    SHORT_SIDE,
    SIDE,
    SIZE,
    STRIKE,
    TENOR,
    TERM,
    UNTIL,
    USD_SETTLED,
)
from model.units import BTC, LARGEST_RESERVE, muldiv

MARGIN, MARKET_FEE = int(Flow.MARGIN), int(Flow.MARKET_FEE)
PPM = 1_000_000
LARGEST_SIZE = 1_000_000_000_000  # GH/s; above any network, and its GH/s hours fit 64 bits
DONE, FUNDS, DEPTH, AMOUNT, NOT_ALLOWED, UNKNOWN = (
    int(s) for s in (Status.DONE, Status.FUNDS, Status.DEPTH, Status.AMOUNT, Status.NOT_ALLOWED, Status.UNKNOWN)
)
_i = types.int64


@helper(_i(_i, _i, _i, _i, _i))
def margin_for(worth, ppm, currency, coin, units):
    """Margin of a notional [USD base units] in base units of its currency, each step rounded up; `units` of a coin."""
    usd = muldiv(worth, ppm, PPM) + (1 if (worth % PPM) * ppm % PPM > 0 else 0)
    if currency == USD_SETTLED:
        return usd
    return muldiv(usd, units, coin) + 1


@helper(_i(_i, _i, _i, _i, _i, _i, _i, _i, _i), from_python=False)
def order_needs(side, ghs, limit, term, currency, index, hours, ppm, coin):
    """Initial margin of an order [base units]; a seller's counts at the index, if that is above his limit."""
    price = max(limit, index) if side == SHORT_SIDE else limit
    return margin_for(muldiv(price, ghs * hours * term, GHS_HOURS), ppm, currency, coin, BTC)


@kernel
def add_needs(
    contracts: Any, orders: Any, tick: int, hours: int, terms: Any, index: int, rates: Any, coin: int, needs: Any
) -> None:  # fmt: skip
    """Add the initial margin of what is left of positions, and of open orders, to `needs` [base units].

    Args:
        terms: ticks of tenors
        index: USD base units per PH/s and day
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
        currency = row[CURRENCY]
        needs[currency, row[OWNER]] += order_needs(
            row[SIDE], row[GHS], row[LIMIT], terms[row[TENOR]], currency, index, hours, rates[currency], coin
        )


@kernel
def take_orders(
    books: Books, rows: Any, order: Any, room: int, number: int, until: int, hours: int, terms: Any, index: int, rates: Any,
    coin: int, escrow: int, receipts: Any, needs: Any, taken: Any,
) -> int:  # fmt: skip
    """Take orders with the margin that each lacks; none within a bundle, from which it could not be taken back.

    Args:
        room: orders that may still be taken
        number: of the first; until: last tick of all
        hours, terms, index, rates, coin: see `add_needs`
        escrow: account that holds all margin; receipts: assets of margin accounts, by currency
        needs: margin of positions and orders so far, by currency and account; orders taken are added
        taken: out, rows of orders

    Returns:
        how many were taken
    """
    n = 0
    for j in range(order.size):
        i = order[j]
        account, side, ghs, limit = rows[i]["account"], rows[i]["side"], rows[i]["ghs"], rows[i]["limit"]
        tenor, currency = rows[i]["tenor"], rows[i]["currency"]
        if books.logging[0] != 0:
            rows[i]["status"] = NOT_ALLOWED
            continue
        if (
            side not in (LONG_SIDE, SHORT_SIDE)
            or currency not in (USD_SETTLED, BTC_SETTLED)
            or not 0 <= tenor < terms.size
        ):
            rows[i]["status"] = UNKNOWN
            continue
        if not 0 < ghs <= LARGEST_SIZE or not 0 < limit <= LARGEST_RESERVE:
            rows[i]["status"] = AMOUNT
            continue
        if n >= room:
            rows[i]["status"] = DEPTH
            continue
        need = order_needs(side, ghs, limit, terms[tenor], currency, index, hours, rates[currency], coin)
        lack = need + needs[currency, account] - books.balances[receipts[currency], account]
        asset = USD_ASSET if currency == USD_SETTLED else BTC_ASSET
        if lack > LARGEST_RESERVE or (lack > 0 and not pay(books, asset, account, escrow, lack, MARGIN)):
            rows[i]["status"] = FUNDS
            continue
        if lack > 0:
            pay(books, receipts[currency], escrow, account, lack, MARGIN)
        needs[currency, account] += need
        row = taken[n]
        row[NUMBER], row[OWNER], row[SIDE], row[GHS] = number + n, account, side, ghs
        row[LIMIT], row[TENOR], row[CURRENCY], row[UNTIL] = limit, tenor, currency, until
        rows[i]["status"], rows[i]["filled"] = DONE, number + n
        n += 1
    return n


@kernel
def trade(
    books: Books, orders: Any, buys: Any, sells: Any, rows: Any, strike: int, currency: int, ticks: int, tick: int, hours: int,
    fee: float, coin: int, receipt: int, escrow: int, platform: int, made: Any,
) -> None:  # fmt: skip
    """Make the contracts of one auction; both sides pay the fee out of margin, as far as it goes.

    Args:
        orders: what is sold is taken off
        buys, sells: rows of buyers' and sellers' orders
        rows: place of the buyer, place of the seller, GH/s
        strike: USD base units per PH/s and day
        currency: in which they settle; receipt: asset of its margin accounts
        ticks: term; tick: of today; hours: of a tick
        fee: of notional [1]; coin: USD base units of a coin
        made: out, rows of contracts
    """
    asset = USD_ASSET if currency == USD_SETTLED else BTC_ASSET
    for k in range(rows.shape[0]):
        bought, sold, ghs, row = orders[buys[rows[k, 0]]], orders[sells[rows[k, 1]]], rows[k, 2], made[k]
        row[LONG], row[SHORT], row[SIZE], row[STRIKE], row[COIN] = bought[OWNER], sold[OWNER], ghs, strike, currency
        row[LAST], row[TERM] = tick + ticks, ticks
        due = int(np.rint(muldiv(strike, ghs * hours * ticks, GHS_HOURS) * fee))
        if currency != USD_SETTLED:
            due = muldiv(due, BTC, coin)
        for who in (bought[OWNER], sold[OWNER]):
            paid = min(due, books.balances[receipt, who])
            pay(books, receipt, who, escrow, paid, MARKET_FEE)
            pay(books, asset, escrow, platform, paid, MARKET_FEE)
        bought[GHS] -= ghs
        sold[GHS] -= ghs


@kernel
def lacking(balances: Any, receipts: Any, needs: Any, part: float, lacks: Any) -> int:
    """What accounts lack of the margin that they need, where they have less than a part of it; how many do.

    Args:
        receipts: assets of margin accounts, by currency
        needs: by currency and account
        lacks: out, by currency and account
    """
    n = 0
    for currency in range(needs.shape[0]):
        for who in range(needs.shape[1]):
            need, held = needs[currency, who], balances[receipts[currency], who]
            if need > 0 and held < need * part:
                lacks[currency, who] = need - held
                n += 1
    return n


@kernel
def touching(orders: Any, meets: Any, bid: Any, ask: Any) -> None:
    """Where a buyer bids at least what a seller asks, bool[currency, tenor].

    Args:
        bid, ask: out, highest and lowest limits there; 0 and the largest number where there are none
    """
    bid[:], ask[:] = 0, LARGEST_RESERVE + 1
    for o in range(orders.shape[0]):
        row = orders[o]
        currency, tenor = row[CURRENCY], row[TENOR]
        if row[SIDE] == LONG_SIDE:
            bid[currency, tenor] = max(bid[currency, tenor], row[LIMIT])
        else:
            ask[currency, tenor] = min(ask[currency, tenor], row[LIMIT])
    for currency in range(meets.shape[0]):
        for tenor in range(meets.shape[1]):
            meets[currency, tenor] = bid[currency, tenor] >= ask[currency, tenor]


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
