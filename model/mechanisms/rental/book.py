"""Compiled: what the desk does with offers, orders and new prices, row after row; none of it within a bundle.

From a bundle it could not be taken back.
"""

from typing import Any

from numba import types

from model.actions import Status
from model.books import BOOKS, Books, pay
from model.flows import Flow
from model.jit import helper, kernel
from model.mechanisms.rental.formulas import lowered
from model.mechanisms.rental.table import (
    BTC_PRICED,
    CURRENCY,
    CUT,
    ELSEWHERE,
    GHS,
    HERE,
    LEFT,
    NUMBER,
    OWNER,
    PRICE,
    RUNNING,
    TERM,
    UNTIL,
    USD_PRICED,
    USE,
)
from model.units import LARGEST_RESERVE

LARGEST_SIZE = 1_000_000_000_000_000  # GH/s; far above any network
BOTH, ONLY_STANDARD, ONLY_FIXED = range(3)  # orders that are taken
DONE, FUNDS, DEPTH, AMOUNT, NOT_ALLOWED, UNKNOWN, LOCKED = (
    int(s)
    for s in (
        Status.DONE,
        Status.FUNDS,
        Status.DEPTH,
        Status.AMOUNT,
        Status.NOT_ALLOWED,
        Status.UNKNOWN,
        Status.LOCKED,
    )
)
RENTAL, REFUND = int(Flow.RENTAL), int(Flow.REFUND)
_i = types.int64
_row, _table = (types.Array(_i, d, "C") for d in (1, 2))


@helper(_i(_table, _i))
def place_of(orders, number):
    """Row of an order, -1 for none; rows are in order of their numbers."""
    low, high = 0, orders.shape[0]
    while low < high:
        middle = (low + high) // 2
        if orders[middle, NUMBER] < number:
            low = middle + 1
        else:
            high = middle
    return low if low < orders.shape[0] and orders[low, NUMBER] == number else -1


@helper(types.void(BOOKS, _row, _i, _i, _row), from_python=False)
def refund(books, order, amount, escrow, receipts):
    """Give a part of an order's budget back [base units]."""
    asset, owner = order[CURRENCY], order[OWNER]  # dollars are asset 0, coins asset 1
    pay(books, asset, escrow, owner, amount, REFUND)
    pay(books, receipts[asset], owner, escrow, amount, REFUND)
    order[LEFT] -= amount


@kernel
def take_offers(
    logging: Any, rows: Any, order: Any, tick: int, hours: int, longest_hours: int, offered: Any, floor: Any, currency: Any,
    longest: Any, banned: Any,
) -> None:  # fmt: skip
    """Keep accounts' offers until they are changed; columns by account are those of the desk.

    Args:
        logging: of the ledger's books
        hours: length of a tick; longest_hours: longest term
    """
    for i in order:
        account, ghs, least = rows[i]["account"], rows[i]["ghs"], rows[i]["floor"]
        money, term = rows[i]["currency"], rows[i]["hours"]
        if logging[0] != 0:
            rows[i]["status"] = NOT_ALLOWED
        elif money not in (USD_PRICED, BTC_PRICED):
            rows[i]["status"] = UNKNOWN
        elif not 0 <= ghs <= LARGEST_SIZE or not 0 <= least <= LARGEST_RESERVE or not 0 <= term <= longest_hours:
            rows[i]["status"] = AMOUNT
        elif ghs > 0 and banned[account] >= tick and banned[account] > 0:
            rows[i]["status"] = LOCKED
        else:
            offered[account], floor[account], currency[account], longest[account] = ghs, least, money, term // hours
            rows[i]["status"], rows[i]["filled"] = DONE, ghs


@kernel
def take_bids(
    books: Books, rows: Any, order: Any, kinds: int, room: int, number: int, tick: int, hours: int, longest_hours: int, until: int,
    escrow: int, receipts: Any, taken: Any,
) -> int:  # fmt: skip
    """Take orders and their budgets; the number of an order is what its row is filled with.

    Args:
        kinds: orders that are taken
        room: for how many; number: of the first
        hours: length of a tick; longest_hours: longest term; until: tick in which they lapse
        receipts: assets by which owners hold their part of the escrow, by currency
        taken: out, rows of orders

    Returns:
        how many were taken
    """
    n = 0
    for i in order:
        account, ghs, price, budget = rows[i]["account"], rows[i]["ghs"], rows[i]["price"], rows[i]["budget"]
        currency, term, use = rows[i]["currency"], rows[i]["hours"], rows[i]["use"]
        if books.logging[0] != 0:
            rows[i]["status"] = NOT_ALLOWED
        elif currency not in (USD_PRICED, BTC_PRICED) or use not in (HERE, ELSEWHERE):
            rows[i]["status"] = UNKNOWN
        elif (term > 0 and kinds == ONLY_STANDARD) or (term == 0 and kinds == ONLY_FIXED):
            rows[i]["status"] = NOT_ALLOWED
        elif (
            not 0 < ghs <= LARGEST_SIZE
            or not 0 < price <= LARGEST_RESERVE
            or not 0 < budget <= LARGEST_RESERVE
            or not 0 <= term <= longest_hours
        ):
            rows[i]["status"] = AMOUNT
        elif n >= room:
            rows[i]["status"] = DEPTH
        elif not pay(books, currency, account, escrow, budget, RENTAL):  # dollars are asset 0, coins asset 1
            rows[i]["status"] = FUNDS
        else:
            pay(books, receipts[currency], escrow, account, budget, RENTAL)
            row = taken[n]
            row[NUMBER], row[OWNER], row[CURRENCY], row[PRICE], row[GHS] = number + n, account, currency, price, ghs
            row[LEFT], row[USE], row[UNTIL], row[CUT], row[RUNNING] = budget, use, until, tick, 0
            row[TERM] = -(-term // hours)
            rows[i]["status"], rows[i]["filled"] = DONE, number + n
            n += 1
    return n


@kernel
def reprice(logging: Any, rows: Any, order: Any, orders: Any, kept: Any, tick: int) -> None:
    """Change prices of own standard orders.

    Args:
        logging: of the ledger's books
        orders: all; prices and the ticks of the last cuts are written
        kept: part of a price that is kept at least, by ticks since the last cut
    """
    for i in order:
        price = rows[i]["price"]
        place = place_of(orders, rows[i]["number"])
        if logging[0] != 0:
            rows[i]["status"] = NOT_ALLOWED
        elif place < 0:
            rows[i]["status"] = UNKNOWN
        elif orders[place, OWNER] != rows[i]["account"] or orders[place, TERM] > 0:
            rows[i]["status"] = NOT_ALLOWED
        elif not 0 < price <= LARGEST_RESERVE:
            rows[i]["status"] = AMOUNT
        else:
            before = orders[place, PRICE]
            orders[place, PRICE] = lowered(before, price, kept[tick - orders[place, CUT]])
            if orders[place, PRICE] < before:
                orders[place, CUT] = tick
            rows[i]["status"], rows[i]["filled"] = DONE, orders[place, PRICE]
