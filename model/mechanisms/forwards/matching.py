"""The evening's auctions: buyers and sellers of hashprice meet, one auction for each currency and term."""

from typing import Any

import numpy as np
from numba import types

from model.books import Books, pay
from model.crossing import WORK, clear
from model.flows import Flow
from model.jit import helper, kernel
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.forwards.settlement import add_needs
from model.mechanisms.forwards.table import (
    COIN,
    CURRENCY,
    GHS,
    LAST,
    LIMIT,
    LONG,
    LONG_SIDE,
    ORDER_WIDTH,
    OWNER,
    SHORT,
    SIDE,
    SIZE,
    STRIKE,
    TENOR,
    TERM,
    UNTIL,
    USD_SETTLED,
)
from model.units import BTC, GHS_HOURS, LARGEST_RESERVE, USD, muldiv

MARGIN, MARKET_FEE = int(Flow.MARGIN), int(Flow.MARKET_FEE)
COLUMNS = 4  # of one side of an auction: size, limit, owner, place in the table of orders
LANES = WORK + 2 * COLUMNS  # rows of work space
_2 = types.Array(types.int64, 2, "C")


@helper(types.void(_2, types.Array(types.boolean, 2, "C"), _2, _2))
def touching(orders, meets, bid, ask):
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
def match(
    books: Books, orders: Any, kept: Any, contracts: Any, made: Any, tick: int, hours: int, terms: Any, index: Any, rates: Any,
    fee: float, receipts: Any, escrow: int, platform: int, accounts: int, last: Any, meets: Any, ends: Any,
    work: Any, rows: Any, needs: Any,
) -> Any:  # fmt: skip
    """Let orders meet, make contracts of what trades, and give back the margin of who has neither.

    Both sides pay the fee out of margin, as far as it goes.

    Args:
        kept: out, orders that are left, neither too old nor served in full; room for all
        made: out, rows of new contracts; room for one more than orders and one for each auction
        tick: of today; hours: of a tick
        terms, index, rates: see `add_needs`
        fee: of notional [1]
        receipts: assets of margin accounts, by currency
        escrow: account that holds all margin; accounts: how many there are
        last: strike by currency and tenor [USD or BTC per PH/s and day]; those that trade are written
        meets, ends: work space, see `touching`; work: LANES rows as long as `orders`; rows: as `made`
        needs: work space, by currency and account

    Returns:
        orders that are left, contracts made, GH/s traded
    """
    n = m = traded = 0
    for o in range(orders.shape[0]):
        if orders[o, UNTIL] >= tick:
            for c in range(ORDER_WIDTH):
                kept[n, c] = orders[o, c]
            n += 1
    touching(kept[:n], meets, ends[0], ends[1])
    for currency in range(meets.shape[0]):
        asset, receipt = USD_ASSET if currency == USD_SETTLED else BTC_ASSET, receipts[currency]
        for tenor in range(meets.shape[1]):
            if not meets[currency, tenor]:
                continue
            bids = asks = 0
            for o in range(n):
                row = kept[o]
                if row[CURRENCY] != currency or row[TENOR] != tenor:
                    continue
                if row[SIDE] == LONG_SIDE:
                    work[WORK, bids], work[WORK + 1, bids] = row[GHS], row[LIMIT]
                    work[WORK + 2, bids], work[WORK + 3, bids] = row[OWNER], o
                    bids += 1
                else:
                    work[WORK + 4, asks], work[WORK + 5, asks] = row[GHS], row[LIMIT]
                    work[WORK + 6, asks], work[WORK + 7, asks] = row[OWNER], o
                    asks += 1
            strike, volume, trades = clear(
                work[WORK, :bids], work[WORK + 1, :bids], work[WORK + 2, :bids],
                work[WORK + 4, :asks], work[WORK + 5, :asks], work[WORK + 6, :asks], work, rows,
            )  # fmt: skip
            if volume == 0:
                continue
            ticks = terms[tenor]
            for k in range(trades):
                bought, sold = kept[work[WORK + 3, rows[k, 0]]], kept[work[WORK + 7, rows[k, 1]]]
                ghs, row = rows[k, 2], made[m]
                row[LONG], row[SHORT], row[SIZE], row[STRIKE], row[COIN] = (
                    bought[OWNER],
                    sold[OWNER],
                    ghs,
                    strike,
                    currency,
                )
                row[LAST], row[TERM] = tick + ticks, ticks
                m += 1
                due = int(np.rint(muldiv(strike, ghs * hours * ticks, GHS_HOURS) * fee))
                for who in (bought[OWNER], sold[OWNER]):
                    paid = min(due, books.balances[receipt, who])
                    pay(books, receipt, who, escrow, paid, MARKET_FEE)
                    pay(books, asset, escrow, platform, paid, MARKET_FEE)
                bought[GHS] -= ghs
                sold[GHS] -= ghs
            traded += volume
            last[currency, tenor] = strike / (USD if currency == USD_SETTLED else BTC)
    left = 0
    for o in range(n):
        if kept[o, GHS] > 0:
            for c in range(ORDER_WIDTH):
                kept[left, c] = kept[o, c]
            left += 1
    needs[:] = 0
    add_needs(contracts, kept[:left], tick, hours, terms, index, rates, needs)
    add_needs(made[:m], kept[:0], tick, hours, terms, index, rates, needs)
    for currency in range(needs.shape[0]):
        asset, receipt = USD_ASSET if currency == USD_SETTLED else BTC_ASSET, receipts[currency]
        for who in range(accounts):
            held = books.balances[receipt, who]
            if held > 0 and needs[currency, who] == 0:
                pay(books, receipt, who, escrow, held, MARGIN)
                pay(books, asset, escrow, who, held, MARGIN)
    return left, m, traded
