"""Compiled orders and clearing: the formulas beside it on int64.

Dollars of bids wait in escrow. Fractions of asks stay with their owner, who goes on earning their income, until the
batch is cleared: then they are called in, sold or given back in one stroke, so that no income can fall between.
"""

from typing import Any

import numpy as np
from numba import types

from model.actions import BUY, SELL, Status
from model.books import Books, move, pay
from model.crossing import meet, pair, serve
from model.flows import Flow
from model.jit import helper, kernel, maker
from model.ledger import USD_ASSET
from model.mechanisms.auction.table import ACCOUNT, ESCROW, LEFT, NUMBER, PRICE, SIDE, UNTIL, VAULT, Outcomes
from model.units import BPS, LARGEST_RESERVE, TOKEN, muldiv
from model.vault_status import LIVE

DONE, FUNDS, CLOSED = int(Status.DONE), int(Status.FUNDS), int(Status.CLOSED)
AMOUNT, UNKNOWN = int(Status.AMOUNT), int(Status.UNKNOWN)
TRADE, MARKET_FEE, MINT, BURN = int(Flow.TRADE), int(Flow.MARKET_FEE), int(Flow.MINT), int(Flow.BURN)

_i = types.int64


@helper(_i(_i, _i))
def cost_up(fractions, price):
    """Dollars for fractions at a price, rounded up [base units]."""
    floor = muldiv(fractions, price, TOKEN)
    return floor + 1 if (fractions % TOKEN) * (price % TOKEN) % TOKEN else floor


@kernel
def place_orders(
    books: Books,
    fraction: Any,
    status: Any,
    supply: Any,
    escrow: int,
    claim: int,
    book: Any,
    n: int,
    number: int,
    until: int,
    rows: Any,
    order: Any,
) -> int:
    """Take orders in turn into the book, which has room for all; bids pay into escrow. The length of the book.

    Args:
        fraction, status, supply: of vaults
        escrow: account; claim: asset by which bidders hold what is theirs of it
        number: of the first order taken
        until: last tick in which the orders may be cleared
    """
    for j in range(order.size):
        i = order[j]
        who, v, side = rows[i]["account"], rows[i]["vault"], rows[i]["side"]
        quantity, price = rows[i]["quantity"], rows[i]["price"]
        if v < 0 or v >= fraction.size or fraction[v] < 0:
            rows[i]["status"] = UNKNOWN
            continue
        if status[v] != LIVE:
            rows[i]["status"] = CLOSED
            continue
        if quantity <= 0 or quantity > supply[v] or price <= 0 or price > LARGEST_RESERVE or side < BUY or side > SELL:
            rows[i]["status"] = AMOUNT
            continue
        paid = cost_up(quantity, price)
        if paid > LARGEST_RESERVE:
            rows[i]["status"] = AMOUNT
            continue
        if side == SELL:
            if books.balances[fraction[v], who] < quantity:
                rows[i]["status"] = FUNDS
                continue
            paid = 0
        elif books.balances[USD_ASSET, who] < paid:
            rows[i]["status"] = FUNDS
            continue
        else:
            pay(books, USD_ASSET, who, escrow, paid, TRADE)
            pay(books, claim, escrow, who, paid, MINT)
        book[n, ACCOUNT], book[n, VAULT], book[n, SIDE], book[n, LEFT] = who, v, side, quantity
        book[n, PRICE], book[n, ESCROW], book[n, UNTIL], book[n, NUMBER] = price, paid, until, number
        rows[i]["status"] = DONE
        rows[i]["filled"] = number
        n += 1
        number += 1
    return n


@maker
def clear_book(
    books: Books,
    fraction: Any,
    status: Any,
    escrow: int,
    claim: int,
    platform: int,
    fee_bps: int,
    tick: int,
    book: Any,
    limit: Any,
    order: Any,
    out: Outcomes,
) -> int:
    """Clear every vault's batch at one price, nobody against himself; the number of vaults that traded.

    Args:
        claim: asset by which bidders hold what is theirs of the escrow
        limit: price of each order, that of asks such that the fee is covered [USD base units per whole fraction]
        order: rows of the book by vault, bids from the dearest before asks from the cheapest, then by arrival
    """
    n, first, batches = order.size, 0, 0
    size, price, filled = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    who, met = np.empty(n, np.int64), np.empty((n + 1, 3), np.int64)
    out.volume[:] = 0
    out.traded[:] = 0
    out.demand[:] = 0
    out.supply[:] = 0
    out.best_bid[:] = 0
    out.best_ask[:] = 0
    while first < n:
        v = book[order[first], VAULT]
        end = first
        while end < n and book[order[end], VAULT] == v:
            end += 1
        begin, first = first, end
        if status[v] != LIVE:
            continue
        asset, bids, asks = fraction[v], 0, 0
        for k in range(begin, end):  # bids to the front of the work space, asks behind them, none empty
            row = book[order[k]]
            if row[SIDE] == BUY:
                if row[LEFT] > 0:  # what was taken back would set the price
                    out.demand[v] += row[ESCROW]
                    size[begin + bids], price[begin + bids] = row[LEFT], limit[order[k]]
                    order[begin + bids], who[begin + bids] = order[k], row[ACCOUNT]
                    bids += 1
            else:
                called = min(row[LEFT], books.balances[asset, row[ACCOUNT]])
                if called > 0 and move(books, asset, row[ACCOUNT], escrow, called, TRADE):
                    out.supply[v] += called
                    size[begin + bids + asks], price[begin + bids + asks] = called, limit[order[k]]
                    order[begin + bids + asks], who[begin + bids + asks] = order[k], row[ACCOUNT]
                    asks += 1
        middle, stop = begin + bids, begin + bids + asks
        at, volume = meet(size[begin:middle], price[begin:middle], size[middle:stop], price[middle:stop])
        serve(size[begin:middle], price[begin:middle], volume, filled[begin:middle])
        serve(size[middle:stop], price[middle:stop], volume, filled[middle:stop])
        pairs, volume = pair(filled[begin:middle], who[begin:middle], filled[middle:stop], who[middle:stop], met)
        filled[begin:stop] = 0
        for k in range(pairs):
            filled[begin + met[k, 0]] += met[k, 2]
            filled[middle + met[k, 1]] += met[k, 2]
        received = 0
        for k in range(begin, middle):
            row, bought = book[order[k]], filled[k]
            if bought > 0:
                paid = cost_up(bought, at)
                move(books, asset, escrow, row[ACCOUNT], bought, TRADE)
                received += paid
                row[LEFT] = min(row[LEFT] - bought, muldiv(row[ESCROW] - paid, TOKEN, row[PRICE]))
                kept = cost_up(row[LEFT], row[PRICE])
                pay(books, claim, row[ACCOUNT], escrow, row[ESCROW] - kept, BURN)
                pay(books, USD_ASSET, escrow, row[ACCOUNT], row[ESCROW] - paid - kept, TRADE)
                row[ESCROW] = kept
            if out.best_bid[v] == 0 and row[LEFT] > 0:
                out.best_bid[v] = row[PRICE]
        owed = 0
        for k in range(middle, stop):
            row, sold = book[order[k]], filled[k]
            gross = muldiv(sold, at, TOKEN)
            net = gross - (gross * fee_bps + BPS - 1) // BPS
            pay(books, USD_ASSET, escrow, row[ACCOUNT], net, TRADE)
            move(books, asset, escrow, row[ACCOUNT], size[k] - sold, TRADE)
            row[LEFT] -= sold
            owed += net
            if out.best_ask[v] == 0 and size[k] > sold:
                out.best_ask[v] = row[PRICE]
        pay(books, USD_ASSET, escrow, platform, received - owed, MARKET_FEE)
        if volume > 0:
            out.price[v], out.volume[v], out.traded[v], out.tick[v] = at, received, volume, tick
            batches += 1
    return batches
