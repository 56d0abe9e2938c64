"""The evening's auction: fixed orders at the quoted price first, then standard orders, dearest bid first."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.crossing import cross
from model.jit import kernel
from model.ledger import BTC_ASSET
from model.mechanisms.rental.formulas import affordable, fee_on, payable, rent
from model.mechanisms.rental.table import (
    BTC_PRICED,
    BUYER,
    COIN,
    CONTRACT_WIDTH,
    CURRENCY,
    FIXED,
    GHS,
    KIND,
    LAST,
    LEFT,
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
    USD_PRICED,
    USE,
    USED,
)
from model.units import BTC, LARGEST_RESERVE, muldiv

if TYPE_CHECKING:
    from model.mechanisms.rental.rules import Rental

Columns = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


def retire(r: "Rental") -> None:
    """Contracts whose time is over go; orders that no contract binds any more are refunded."""
    tick = r.clock.tick
    r.contracts = r.contracts[(r.contracts[:, KIND] != STANDARD) & (r.contracts[:, LAST] > tick)]
    r.lapse()
    running = np.flatnonzero(r.orders[:, RUNNING] > 0)
    bound = set(r.contracts[:, ORDER].tolist()) if running.size else set()
    r.close([k for k in running.tolist() if r.orders[k, NUMBER] not in bound])


@kernel
def _offers(
    free: Any, offered: Any, floors: Any, currency: Any, terms: Any, banned: Any, tick: int, coin: int, sector: Any,
    vaults: int, vault_share: float, vault_floor: int, who: Any, size: Any, floor: Any, longest: Any,
) -> int:  # fmt: skip
    """Fill the columns of `asks`; how many sellers there are.

    Args:
        free: GH/s that each account can deliver; offered, floors, currency, terms: what it asks
        banned: last tick in which an account may not offer
        coin: USD base units of a coin
        vaults: sector of accounts that offer `vault_share` of what they have at `vault_floor` if that is above 0
    """
    n = 0
    for account in range(free.size):
        if free[account] == 0:
            continue
        ghs, least, term = min(offered[account], free[account]), floors[account], terms[account]
        if vault_share > 0.0 and sector[account] == vaults:
            ghs, least, term = np.int64(free[account] * vault_share), vault_floor, 0
        elif ghs == 0 or (banned[account] > 0 and banned[account] >= tick):
            continue
        elif currency[account] != BTC_ASSET:
            least = np.int64(min(np.ceil(float(least) * BTC / coin), float(LARGEST_RESERVE)))
        if ghs > 0:
            who[n], size[n], floor[n], longest[n] = account, ghs, least, term
            n += 1
    return n


def asks(r: "Rental") -> Columns:
    """Sellers, GH/s, least prices [satoshi per PH/s and day] and longest terms [ticks]; vaults by their operator."""
    p, out = r.params, np.empty((4, r.work.size), np.int64)
    n = _offers(
        r.free(), r.offered, r.floor, r.currency, r.longest, r.banned, r.clock.tick, r.coin, r.ledger.books.sector,
        r.ledger.sectors.index("vaults"), p.vault_share, int(r.fair * p.vault_floor), out[0], out[1], out[2], out[3],
    )  # fmt: skip
    who, size, floor, longest = out[:, :n]
    return who, size, floor, longest


def quote(r: "Rental") -> int:
    """Price of fixed orders now: that of standard orders with the premium; where none trade, that of mining."""
    base = r.price if r.price > 0 and r.price_tick >= r.clock.tick - r.clock.per_day else r.fair
    return max(1, min(LARGEST_RESERVE, int(base * (1.0 + r.params.premium))))


def bind(r: "Rental", who: NDArray[np.int64], size: NDArray[np.int64], floor: NDArray[np.int64], longest: NDArray[np.int64]) -> None:  # fmt: skip
    """Serve fixed orders, the highest limit first, from the cheapest sellers who accept the term; lowers `size`."""
    waiting = np.flatnonzero((r.orders[:, TERM] > 0) & (r.orders[:, RUNNING] == 0))
    if waiting.size == 0:
        return
    at, tick = quote(r), r.clock.tick
    limits = [r.in_coins(int(r.orders[k, PRICE]), int(r.orders[k, CURRENCY])) for k in waiting]
    sellers = np.argsort(floor, kind="stable")
    for k in waiting[np.argsort(-np.array(limits), kind="stable")].tolist():
        order = r.orders[k]
        currency, term, owner = int(order[CURRENCY]), int(order[TERM]), int(order[OWNER])
        if r.in_coins(int(order[PRICE]), currency) < at:
            break
        price = min(r.in_own(at, currency), int(order[PRICE]))
        left = min(int(order[GHS]), affordable(int(order[LEFT]), price, term * r.clock.hours, r.fee_ppm))
        needed = 0
        for j in sellers.tolist():
            if left == 0 or floor[j] > at:
                break
            got = min(left, int(size[j]))
            if got == 0 or longest[j] < term or who[j] == owner:
                continue
            size[j] -= got
            left -= got
            order[RUNNING], order[UNTIL] = 1, tick + term
            r.promise(FIXED, owner, int(who[j]), got, price, currency, int(order[NUMBER]), int(order[USE]), tick + term)
            each = rent(price, got, r.clock.hours)
            needed += term * (each + fee_on(each, r.fee_ppm))
        if order[RUNNING]:
            r.refund(k, max(0, int(order[LEFT]) - needed))
            r.bound += int(needed > 0)


@kernel
def _bids(orders: Any, coin: int, hours: int, ppm: int, wanted: Any, limits: Any) -> None:
    """GH/s that each order can pay for in a tick, 0 for fixed ones, and its limit [satoshi per PH/s and day].

    A limit that no ledger could hold is not computed: it would not fit 64 bits.
    """
    for k in range(orders.shape[0]):
        row = orders[k]
        price = row[PRICE]
        limits[k] = price
        if row[CURRENCY] != BTC_PRICED:
            beyond = price * (float(BTC) / coin) > 2.0 * LARGEST_RESERVE
            limits[k] = LARGEST_RESERVE if beyond else min(muldiv(price, BTC, coin), LARGEST_RESERVE)
        wanted[k] = payable(row[LEFT], price, hours, ppm, row[GHS]) if row[TERM] == 0 else 0


def auction(r: "Rental", who: NDArray[np.int64], size: NDArray[np.int64], floor: NDArray[np.int64]) -> None:
    """Serve standard orders for one tick, at one price or at what each bids."""
    tick, o = r.clock.tick, r.orders
    wanted, limits = np.empty(o.shape[0], np.int64), np.empty(o.shape[0], np.int64)
    _bids(o, r.coin, r.clock.hours, r.fee_ppm, wanted, limits)
    bids, there = np.flatnonzero(wanted), size > 0
    r.demand, r.supply = int(wanted.sum()), int(size[there].sum())
    limits, sellers = limits[bids], who[there]
    at, r.volume, rows = cross(wanted[bids], limits, o[bids, OWNER], size[there], floor[there], sellers)
    if r.volume > 0:
        served, got = o[bids[rows[:, 0]]], rows[:, 2]
        price, paid = served[:, PRICE], r.volume * at
        if r.params.clearing == "pay_as_bid":
            paid = sum(g * limit for g, limit in zip(got.tolist(), limits[rows[:, 0]].tolist(), strict=True))
        else:
            own = np.array([r.in_own(at, currency) for currency in (USD_PRICED, BTC_PRICED)], np.int64)
            price = np.minimum(price, own[served[:, CURRENCY]])
        made = np.zeros((rows.shape[0], CONTRACT_WIDTH), np.int64)
        made[:, BUYER], made[:, SELLER], made[:, SIZE] = served[:, OWNER], sellers[rows[:, 1]], got
        made[:, RATE], made[:, COIN], made[:, ORDER] = price, served[:, CURRENCY], served[:, NUMBER]
        made[:, USED], made[:, LAST], made[:, KIND], made[:, SERIES] = served[:, USE], tick + 1, STANDARD, NOBODY
        r.contracts = np.vstack([r.contracts, made])
        r.price, r.price_tick = paid // r.volume, tick
    r.close(np.flatnonzero((wanted == 0) & (o[:, TERM] == 0)).tolist())  # their budget buys nothing any more


def clear(r: "Rental") -> None:
    """Retire what is over, then sell what sellers have free to those who bid."""
    retire(r)
    r.bound = 0
    who, size, floor, longest = asks(r)
    bind(r, who, size, floor, longest)
    r.enter()
    auction(r, who, size, floor)
