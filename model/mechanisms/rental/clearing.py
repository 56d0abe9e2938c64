"""The evening's auction: fixed orders at the quoted price first, then standard orders, dearest bid first."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from model.books import BOOKS, Books
from model.crossing import WORK, clear, rank
from model.jit import helper, kernel, rare
from model.ledger import BTC_ASSET
from model.mechanisms.rental.book import place_of, refund
from model.mechanisms.rental.delivery import free_of
from model.mechanisms.rental.formulas import fee_of, in_full, payable
from model.mechanisms.rental.table import (
    BTC_PRICED,
    BUYER,
    COIN,
    CURRENCY,
    FEE,
    FIXED,
    GHS,
    GOT,
    KIND,
    LAST,
    LEFT,
    MISSED,
    NOBODY,
    NUMBER,
    ORDER,
    OWNER,
    PRICE,
    RATE,
    RUNNING,
    SELLER,
    SERIES,
    SIZE,
    STANDARD,
    TERM,
    UNTIL,
    USE,
    USED,
    copied,
)
from model.units import BTC, GHS_HOURS, LARGEST_RESERVE, muldiv

if TYPE_CHECKING:
    from model.mechanisms.rental.mechanism import Rental

# rows of work space after those of `crossing.clear`: of sellers, then of orders
WHO, SELLS, FLOOR, LONGEST, FREE = range(WORK, WORK + 5)
WANTED, BIDS, LIMIT, BIDDER, PLACE = range(WORK + 5, WORK + 10)
LANES = WORK + 10
_i = types.int64
_row, _table = (types.Array(_i, d, "C") for d in (1, 2))


@helper(_i(_i, _i, _i), from_python=False)
def in_coins(price, currency, coin):
    """A price in satoshi, rounded down, at most what a ledger could hold."""
    return price if currency == BTC_PRICED else min(muldiv(price, BTC, coin), LARGEST_RESERVE)


@helper(_i(_i, _i, _i), from_python=False)
def in_own(satoshi, currency, coin):
    """A price of satoshi in a currency, rounded down."""
    return satoshi if currency == BTC_PRICED else min(LARGEST_RESERVE, muldiv(satoshi, coin, BTC))


@helper(types.void(_row, _row, _i, _i, _i, _i), from_python=False)
def _write(contract, order, seller, ghs, price, ppm):
    """A new contract of an order; who pays, in what and for which use is written in the order."""
    contract[BUYER], contract[SELLER], contract[SIZE], contract[RATE] = order[OWNER], seller, ghs, price
    contract[COIN], contract[ORDER], contract[USED] = order[CURRENCY], order[NUMBER], order[USE]
    contract[MISSED], contract[GOT], contract[SERIES], contract[FEE] = 0, 0, NOBODY, ppm


@rare(types.UniTuple(_i, 2)(BOOKS, _table, _table, _table, _table, _i, _i, _row, _table))
def _retire(books, contracts, sheet, orders, book, tick, escrow, receipts, work):
    """Contracts whose time is over go; orders that are too old, or that no contract binds any more, are refunded.

    Returns:
        orders and contracts that are left, in `book` and `sheet`
    """
    n = m = left = 0
    for c in range(contracts.shape[0]):
        if contracts[c, KIND] != STANDARD and contracts[c, LAST] > tick:
            copied(contracts[c], sheet[m])
            m += 1
    for o in range(orders.shape[0]):
        if orders[o, UNTIL] <= tick:
            refund(books, orders[o], orders[o, LEFT], escrow, receipts)
        else:
            copied(orders[o], book[n])
            work[PLACE, n] = 0
            n += 1
    for c in range(m):
        place = place_of(book[:n], sheet[c, ORDER])
        if place >= 0:
            work[PLACE, place] = 1
    for o in range(n):
        if book[o, RUNNING] > 0 and work[PLACE, o] == 0:
            refund(books, book[o], book[o, LEFT], escrow, receipts)
        else:
            copied(book[o], book[left])
            left += 1
    return left, m


@rare(_i(BOOKS, _i, types.float64, _i, _i, _i, _row, _row, _row, _row, _row, _table))
def _ask(books, vaults, vault_share, vault_floor, tick, coin, offered, floors, currency, terms, banned, work):
    """Sellers, GH/s, least prices [satoshi per PH/s and day] and longest terms [ticks]; how many there are.

    Args:
        vaults: sector of accounts that offer `vault_share` of what they have at `vault_floor` if that is above 0
        offered, floors, currency, terms: what accounts ask; banned: last tick in which they may not offer
    """
    n, free = 0, work[FREE]
    for account in range(offered.size):
        if free[account] == 0:
            continue
        ghs, least, term = min(offered[account], free[account]), floors[account], terms[account]
        if vault_share > 0.0 and books.sector[account] == vaults:
            ghs, least, term = np.int64(free[account] * vault_share), vault_floor, 0
        elif ghs == 0 or (banned[account] > 0 and banned[account] >= tick):
            continue
        elif currency[account] != BTC_ASSET:
            least = np.int64(min(np.ceil(float(least) * BTC / coin), float(LARGEST_RESERVE)))
        if ghs > 0:
            work[WHO, n], work[SELLS, n], work[FLOOR, n], work[LONGEST, n] = account, ghs, least, term
            n += 1
    return n


@rare(types.UniTuple(_i, 2)(BOOKS, _table, _i, _table, _i, _i, _i, _i, _i, _i, _i, _row, _table))
def _bind(books, book, sellers, sheet, m, at, tick, hours, ppm, coin, escrow, receipts, work):
    """Serve fixed orders, the highest limit first, from the cheapest sellers who accept the term; lowers what they sell.

    Args:
        sellers: how many; m: contracts so far
        at: the price [satoshi per PH/s and day]

    Returns:
        contracts with those that were made, and orders that were served
    """
    waiting = bound = 0
    for o in range(book.shape[0]):
        if book[o, TERM] > 0 and book[o, RUNNING] == 0:
            work[PLACE, waiting], work[LIMIT, waiting] = o, in_coins(book[o, PRICE], book[o, CURRENCY], coin)
            waiting += 1
    if waiting == 0:
        return m, 0
    cheapest, dearest = work[0, :sellers], work[1, :waiting]
    rank(work[FLOOR, :sellers], False, cheapest, work[2])
    rank(work[LIMIT, :waiting], True, dearest, work[2])
    for k in dearest:
        if work[LIMIT, k] < at:
            break
        order = book[work[PLACE, k]]
        currency, term = order[CURRENCY], order[TERM]
        price, needed = min(in_own(at, currency, coin), order[PRICE]), 0
        left = min(order[GHS], in_full(order[LEFT], price, term * hours, ppm))
        for j in cheapest:
            if left == 0 or work[FLOOR, j] > at:
                break
            got = min(left, work[SELLS, j])
            if got == 0 or work[LONGEST, j] < term or work[WHO, j] == order[OWNER]:
                continue
            work[SELLS, j] -= got
            left -= got
            order[RUNNING], order[UNTIL] = 1, tick + term
            _write(sheet[m], order, work[WHO, j], got, price, ppm)
            sheet[m, LAST], sheet[m, KIND] = tick + term, FIXED
            m += 1
            each = muldiv(price, got * hours, GHS_HOURS)
            needed += term * (each + fee_of(each, ppm))
        if order[RUNNING] > 0:
            refund(books, order, max(0, order[LEFT] - needed), escrow, receipts)
            bound += needed > 0
    return m, bound


@rare(types.UniTuple(_i, 5)(_table, _i, _table, _i, _i, _i, _i, _i, types.boolean, _table, _table))
def _auction(book, sellers, sheet, m, tick, hours, ppm, coin, own_bid, work, rows):
    """Serve standard orders for one tick, at one price or at what each bids (`own_bid`).

    Returns:
        contracts with those that were made, GH/s wanted, GH/s offered, GH/s sold, and the price
    """
    bids = asks = demand = supply = 0
    for o in range(book.shape[0]):
        row = book[o]
        wanted = payable(row[LEFT], row[PRICE], hours, ppm, row[GHS]) if row[TERM] == 0 else 0
        work[WANTED, o] = wanted
        if wanted > 0:
            work[BIDS, bids], work[LIMIT, bids] = wanted, in_coins(row[PRICE], row[CURRENCY], coin)
            work[BIDDER, bids], work[PLACE, bids] = row[OWNER], o
            demand += wanted
            bids += 1
    for j in range(sellers):
        if work[SELLS, j] > 0:
            work[SELLS, asks], work[FLOOR, asks], work[WHO, asks] = work[SELLS, j], work[FLOOR, j], work[WHO, j]
            supply += work[SELLS, asks]
            asks += 1
    if bids == 0 or asks == 0:
        return m, demand, supply, 0, 0
    at, volume, n = clear(
        work[BIDS, :bids], work[LIMIT, :bids], work[BIDDER, :bids], work[SELLS, :asks], work[FLOOR, :asks], work[WHO, :asks],
        work, rows,
    )  # fmt: skip
    for k in range(n):
        bid, ask, got = rows[k, 0], rows[k, 1], rows[k, 2]
        order = book[work[PLACE, bid]]
        price = order[PRICE] if own_bid else min(order[PRICE], in_own(at, order[CURRENCY], coin))
        _write(sheet[m], order, work[WHO, ask], got, price, ppm)
        sheet[m, LAST], sheet[m, KIND] = tick + 1, STANDARD
        rows[k, 0] = work[LIMIT, bid]
        m += 1
    return m, demand, supply, volume, at


@kernel
def evening(
    books: Books, contracts: Any, sheet: Any, orders: Any, book: Any, series: Any, running: Any, vaults: Any, offers: Any,
    tick: int, hours: int, ppm: int, coin: int, at: int, own_bid: bool, escrow: int, receipts: Any, work: Any, rows: Any,
) -> Any:  # fmt: skip
    """Retire what is over, then sell what sellers have free to those who bid.

    Args:
        contracts, orders: as they are; sheet, book: out, as they will be
        running: GH/s by account
        vaults: their sector, share and floor; offers: offered, floors, currency, terms and banned, see `_ask`
        tick: of today; hours: of a tick; ppm: fee; coin: USD base units of a coin
        at: price of fixed orders; own_bid: whether standard orders pay what they bid
        work: LANES rows as long as orders and accounts; rows: out, limit, place and GH/s of each sale of the auction

    Returns:
        orders and contracts that are left, fixed orders bound, GH/s wanted, offered and sold, and the price
    """
    n, m = _retire(books, contracts, sheet, orders, book, tick, escrow, receipts, work)
    free_of(sheet[:m], series, running, work[FREE, : offers[0].size])
    sellers = _ask(books, *vaults, tick, coin, *offers, work)
    m, bound = _bind(books, book[:n], sellers, sheet, m, at, tick, hours, ppm, coin, escrow, receipts, work)
    m, demand, supply, volume, price = _auction(
        book[:n], sellers, sheet, m, tick, hours, ppm, coin, own_bid, work, rows
    )  # fmt: skip
    left = 0
    for o in range(n):
        if work[WANTED, o] == 0 and book[o, TERM] == 0:  # its budget buys nothing any more
            refund(books, book[o], book[o, LEFT], escrow, receipts)
        else:
            copied(book[o], book[left])
            left += 1
    return left, m, bound, demand, supply, volume, price


def quote(r: "Rental") -> int:
    """Price of fixed orders now: that of standard orders with the premium; where none trade, that of mining."""
    base = r.price if r.price > 0 and r.price_tick >= r.clock.tick - r.clock.per_day else r.fair
    return max(1, min(LARGEST_RESERVE, int(base * (1.0 + r.params.premium))))


def _vaults(r: "Rental") -> tuple[int, float, int]:
    """Sector of vaults, what they offer of what they have, and for how much."""
    return r.vault_sector, r.params.vault_share, int(r.fair * r.params.vault_floor)


def _offers(r: "Rental") -> tuple[NDArray[np.int64], ...]:
    """What accounts ask, and until when they may not."""
    return r.offered, r.floor, r.currency, r.longest, r.banned


def asks(r: "Rental") -> NDArray[np.int64]:
    """Rows by seller: account, GH/s, least price [satoshi per PH/s and day], longest term [ticks]; vaults by their operator."""
    work = np.empty((LANES, r.work.size), np.int64)
    work[FREE] = r.free()
    n = _ask(r.ledger.books, *_vaults(r), r.clock.tick, r.coin, *_offers(r), work)
    return work[[WHO, SELLS, FLOOR, LONGEST], :n]


def clear_all(r: "Rental") -> None:
    """The evening: orders and contracts as they are from the next tick on."""
    p, tick, n, accounts = r.params, r.clock.tick, r.orders.shape[0], r.work.size
    most = r.contracts.shape[0] + 2 * (n + accounts) + 1
    if r.space.shape[1] < max(n, accounts) or r.sheet.shape[0] < most:
        r.make_space(most + n + r.contracts.shape[0], max(2 * n, accounts))
    book = np.empty_like(r.orders)
    left, m, r.bound, r.demand, r.supply, r.volume, price = evening(
        r.ledger.books, r.contracts, r.sheet, r.orders, book, r.series, r.rigs.delivered, _vaults(r), _offers(r), tick,
        r.clock.hours, r.fee_ppm, r.coin, quote(r), p.clearing == "pay_as_bid", r.escrow, r.receipts, r.space, r.sold,
    )  # fmt: skip
    r.orders, r.contracts = book[:left], r.sheet[:m].copy()
    if r.volume > 0:
        if p.clearing == "pay_as_bid":
            sales = int((r.contracts[:, KIND] == STANDARD).sum())
            price = sum(limit * ghs for limit, _, ghs in r.sold[:sales].tolist()) // r.volume
        r.price, r.price_tick = price, tick
