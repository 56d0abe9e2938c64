"""Daily settlement: variation margin goes from one side's margin account to the other's; what margin is needed."""

from typing import Any

from numba import types

from model.actions import Status
from model.books import Books, pay
from model.flows import Flow
from model.jit import helper, kernel, rare
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.forwards.dues import pay_dues
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
    UNTIL,
    USD_SETTLED,
)
from model.units import GHS_HOURS, LARGEST_RESERVE, PPM, muldiv

MARGIN = int(Flow.MARGIN)
LARGEST_SIZE = 1_000_000_000_000  # GH/s; above any network, and its GH/s hours fit 64 bits
DONE, FUNDS, DEPTH, AMOUNT, NOT_ALLOWED, UNKNOWN = (
    int(s) for s in (Status.DONE, Status.FUNDS, Status.DEPTH, Status.AMOUNT, Status.NOT_ALLOWED, Status.UNKNOWN)
)
_i = types.int64
_1, _2 = (types.Array(_i, d, "C") for d in (1, 2))


@helper(_i(_i, _i))
def margin_for(worth, ppm):
    """Margin of a notional, both in base units of the currency it is settled in, rounded up."""
    return muldiv(worth, ppm, PPM) + (1 if (worth % PPM) * ppm % PPM > 0 else 0)


@helper(_i(_i, _i, _i, _i, _i, _i, _i), from_python=False)
def order_needs(side, ghs, limit, term, index, hours, ppm):
    """Initial margin of an order [base units]; a seller's counts at the index, if that is above his limit."""
    price = max(limit, index) if side == SHORT_SIDE else limit
    return margin_for(muldiv(price, ghs * hours * term, GHS_HOURS), ppm)


@rare(types.void(_2, _2, _i, _i, _1, _1, _1, _2))
def add_needs(contracts, orders, settled, hours, terms, index, rates, needs):
    """Add the initial margin of what is left of positions, and of open orders, to `needs` [base units].

    Args:
        settled: last tick that was settled; all after it is left
        terms: ticks of tenors
        index: base units per PH/s and day, by currency
        rates: initial margin in parts of a million, by currency
        needs: by currency and account
    """
    for c in range(contracts.shape[0]):
        row = contracts[c]
        left, currency = max(0, row[LAST] - settled), row[COIN]
        worth = muldiv(row[STRIKE], row[SIZE] * hours * left, GHS_HOURS)
        need = margin_for(worth, rates[currency]) if left > 0 else 0
        needs[currency, row[LONG]] += need
        needs[currency, row[SHORT]] += need
    for o in range(orders.shape[0]):
        row = orders[o]
        currency = row[CURRENCY]
        needs[currency, row[OWNER]] += order_needs(
            row[SIDE], row[GHS], row[LIMIT], terms[row[TENOR]], index[currency], hours, rates[currency]
        )


@kernel
def take_orders(
    books: Books, rows: Any, order: Any, contracts: Any, orders: Any, room: int, number: int, settled: int, until: int, hours: int,
    terms: Any, index: Any, rates: Any, escrow: int, receipts: Any, needs: Any, taken: Any,
) -> int:  # fmt: skip
    """Take orders with the margin that each lacks; none within a bundle, from which it could not be taken back.

    Args:
        contracts, orders: positions and orders so far
        room: orders that may still be taken
        number: of the first; until: last tick of all
        settled, hours, terms, index, rates: see `add_needs`
        escrow: account that holds all margin; receipts: assets of margin accounts, by currency
        needs: work space, by currency and account
        taken: out, rows of orders

    Returns:
        how many were taken
    """
    n = 0
    needs[:] = 0
    add_needs(contracts, orders, settled, hours, terms, index, rates, needs)
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
        need = order_needs(side, ghs, limit, terms[tenor], index[currency], hours, rates[currency])
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
def settle_day(
    books: Books, contracts: Any, index: Any, hours: int, tick: int, receipts: Any, terms: Any, rates: Any, part: float,
    variation: Any, lost: Any, won: Any, needs: Any, means: Any, dues: Any, lacks: Any,
) -> Any:  # fmt: skip
    """Settle a tick of every contract, (index - strike) for its hash rate, as far as losers' margin goes, see `pay_dues`.

    Then what accounts lack of the margin that their positions need, where they have less than a part of it.

    Args:
        index: base units per PH/s and day, by currency
        hours: length of the tick; tick: of today
        receipts: assets of margin accounts, by currency
        terms, rates: see `add_needs`
        part: of the margin needed, below which it is called
        variation: out, base units won by currency and account
        lost: out, base units that a margin account could not pay, by currency
        won: out, base units won, by currency
        needs, means: work space, by currency and account; dues: by contract
        lacks: out, base units by currency and account

    Returns:
        how many contracts are left, those first, and how many accounts lack margin
    """
    variation[:] = 0
    lost[:] = 0
    won[:] = 0
    left = short = 0
    for c in range(contracts.shape[0]):
        row = contracts[c]
        gap = abs(index[row[COIN]] - row[STRIKE])
        dues[c] = min(muldiv(gap, row[SIZE] * hours, GHS_HOURS), LARGEST_RESERVE)
    pay_dues(books, contracts, index, dues, receipts, needs, means, variation, MARGIN)
    for c in range(contracts.shape[0]):
        lost[contracts[c, COIN]] += dues[c]
    needs[:] = 0
    lacks[:] = 0
    add_needs(contracts, contracts[:0], tick, hours, terms, index, rates, needs)
    for currency in range(needs.shape[0]):
        for who in range(needs.shape[1]):
            won[currency] += max(0, variation[currency, who])
            need = needs[currency, who]
            if need > 0:
                held = books.balances[receipts[currency], who]
                if held < need * part:
                    lacks[currency, who] = need - held
                    short += 1
    for c in range(contracts.shape[0]):
        if contracts[c, LAST] > tick:
            for column in range(contracts.shape[1]):
                contracts[left, column] = contracts[c, column]
            left += 1
    return left, short
