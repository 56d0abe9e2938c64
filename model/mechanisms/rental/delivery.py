"""A tick of delivery: whose rigs work for whom, and what buyers pay for it out of their orders' escrow."""

from typing import Any

import numpy as np
from numba import types

from model.books import BOOKS, Books, pay
from model.flows import Flow
from model.jit import kernel, rare
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.rental.book import place_of, refund
from model.mechanisms.rental.formulas import fee_of
from model.mechanisms.rental.table import AMOUNT as PROMISED
from model.mechanisms.rental.table import (
    BUYER,
    COIN,
    FEE,
    FIXED,
    GOT,
    HERE,
    ISSUER,
    KIND,
    LEFT,
    MISSED,
    NOBODY,
    ORDER,
    OWNER,
    RATE,
    SELLER,
    SIZE,
    STANDARD,
    TOKEN,
    USED,
    copied,
)
from model.units import BTC, GHS_HOURS, PPM, muldiv

RENTAL, MARKET_FEE = int(Flow.RENTAL), int(Flow.MARKET_FEE)
_i = types.int64
_row, _table = (types.Array(_i, d, "C") for d in (1, 2))


@rare(types.void(_table, _row, types.float64, _row, _table, _row))
def _work(contracts, running, reach, work, rented, away):
    """Let rigs serve contracts in their order: tokens, fixed terms, standard orders; the rest is their owner's.

    What a token brings may be promised on; what an order brings may not.

    Args:
        contracts: rows, tokens first; `GOT` and `MISSED` are written
        running: GH/s by account
        reach: part of what is promised that arrives [1]
        work: out, GH/s whose payout each account has
        rented: out, GH/s got to mine here, given, and got to mine another chain, int64[3, account]
        away: out, GH/s that mine another chain, int64[1]
    """
    work[:] = 0
    for account in range(running.size):
        work[account] = running[account]
    rented[:] = 0
    away[0] = 0
    for c in range(contracts.shape[0]):
        row = contracts[c]
        buyer, seller = row[BUYER], row[SELLER]
        got = max(0, min(int(row[SIZE] * reach), work[seller] - rented[0, seller]))
        row[GOT] = got
        row[MISSED] = row[MISSED] + 1 if 2 * got < row[SIZE] else 0
        work[seller] -= got
        rented[1, seller] += got
        if row[KIND] == TOKEN:
            work[buyer] += got
        elif row[USED] == HERE:
            work[buyer] += got
            rented[0, buyer] += got
        else:
            away[0] += got
            rented[2, buyer] += got


@rare(types.void(BOOKS, _table, _table, _row, _i, _i, _i, _row, _table, _table, _row, _i, _row))
def _pay(books, contracts, orders, place, hours, escrow, platform, receipts, received, cost, fees, coin, spent):
    """Pay for what was delivered: rent to sellers, fee to the market, never more than is left of an order.

    Args:
        orders: rows; `LEFT` is lowered
        place: row of the order of each contract, -1 for prepaid ones
        hours: length of the tick
        receipts: assets by which owners of orders hold their escrow, by currency
        received, cost: out, base units by currency and account
        fees: out, base units by currency
        coin: USD base units of a coin
        spent: by account, raised by what each paid [USD base units]
    """
    received[:] = 0
    cost[:] = 0
    fees[:] = 0
    for c in range(contracts.shape[0]):
        row, o = contracts[c], place[c]
        if o < 0 or row[GOT] <= 0 or row[ORDER] < 0:
            continue
        asset, left, ppm = row[COIN], orders[o, LEFT], row[FEE]  # dollars are asset 0, coins asset 1
        rent = min(muldiv(row[RATE], row[GOT] * hours, GHS_HOURS), muldiv(left, PPM, PPM + ppm))
        fee = min(fee_of(rent, ppm), left - rent)
        pay(books, asset, escrow, row[SELLER], rent, RENTAL)
        pay(books, asset, escrow, platform, fee, MARKET_FEE)
        pay(books, receipts[asset], orders[o, OWNER], escrow, rent + fee, RENTAL)
        orders[o, LEFT] -= rent + fee
        received[asset, row[SELLER]] += rent
        cost[asset, row[BUYER]] += rent + fee
        fees[asset] += fee
    for who in range(spent.size):
        if cost[USD_ASSET, who] > 0 or cost[BTC_ASSET, who] > 0:
            spent[who] += cost[USD_ASSET, who] + np.int64(cost[BTC_ASSET, who] * float(coin) / BTC)


@kernel
def deliver(
    books: Books, contracts: Any, sheet: Any, orders: Any, running: Any, reach: float, worked: Any, place: Any, hours: int,
    escrow: int, platform: int, receipts: Any, paid: Any, coin: int, late_after: float, vaults: int,
) -> Any:  # fmt: skip
    """A tick: rigs work for their renters, who pay; nobody works for an order that was taken back.

    Args:
        contracts: as they are; sheet: out, as they are served, tokens first
        worked: out, work, rented and away; paid: out, received, cost, fees and spent; for these and the rest see `_work`
            and `_pay`
        place: work space
        late_after: hours of less than half of what is due that are a default
        vaults: sector of vaults

    Returns:
        contracts that are left, those in default, vaults that were paid dollars, and GH/s that run
    """
    received, cost, fees, spent = paid
    work, rented, away = worked
    n = late = in_dollars = ran = 0
    for kind in (TOKEN, FIXED, STANDARD):
        for c in range(contracts.shape[0]):
            if contracts[c, KIND] == kind:
                at = place_of(orders, contracts[c, ORDER])
                if at >= 0 or contracts[c, ORDER] == NOBODY:
                    place[n] = at
                    copied(contracts[c], sheet[n])
                    n += 1
    _work(sheet[:n], running, reach, work, rented, away)
    _pay(books, sheet[:n], orders, place, hours, escrow, platform, receipts, received, cost, fees, coin, spent)
    for c in range(n):
        late += sheet[c, MISSED] * hours >= late_after and sheet[c, KIND] != STANDARD
    for who in range(running.size):
        ran += running[who]
    for who in range(work.size):
        in_dollars += received[USD_ASSET, who] != 0 and books.sector[who] == vaults
    return n, late, in_dollars, ran


@kernel
def give_back(books: Books, orders: Any, places: Any, escrow: int, receipts: Any) -> int:
    """Refund what is left of some orders; base units, of whatever currency."""
    given = 0
    for place in places:
        given += orders[place, LEFT]
        refund(books, orders[place], orders[place, LEFT], escrow, receipts)
    return given


@rare(types.void(_table, _table, _row, _row))
def free_of(contracts, series, running, out):
    """GH/s that accounts run, or have by tokens, and have not promised for a term; by account."""
    out[:] = 0
    for who in range(running.size):
        out[who] = running[who]
    for c in range(contracts.shape[0]):
        row = contracts[c]
        if row[KIND] != STANDARD:
            out[row[SELLER]] -= row[SIZE]
        if row[KIND] == TOKEN:
            out[row[BUYER]] += row[SIZE]
    for s in range(series.shape[0]):
        if series[s, ISSUER] != NOBODY:
            out[series[s, ISSUER]] -= series[s, PROMISED]
    for who in range(out.size):
        out[who] = max(out[who], 0)
