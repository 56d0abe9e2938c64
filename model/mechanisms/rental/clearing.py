"""The evening's auction: fixed orders at the quoted price first, then standard orders, dearest bid first."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.crossing import cross
from model.ledger import BTC_ASSET
from model.mechanisms.rental.formulas import affordable, fee_on, rent
from model.mechanisms.rental.table import (
    CURRENCY,
    FIXED,
    GHS,
    KIND,
    LAST,
    LEFT,
    NUMBER,
    ORDER,
    OWNER,
    PRICE,
    RUNNING,
    STANDARD,
    TERM,
    UNTIL,
    USE,
)
from model.units import BTC, LARGEST_RESERVE

if TYPE_CHECKING:
    from model.mechanisms.rental.rules import Rental

Columns = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


def retire(r: "Rental") -> None:
    """Contracts whose time is over go; orders that no contract binds any more are refunded."""
    tick = r.clock.tick
    r.contracts = r.contracts[(r.contracts[:, KIND] != STANDARD) & (r.contracts[:, LAST] > tick)]
    r.lapse()
    bound = np.isin(r.orders[:, NUMBER], r.contracts[:, ORDER])
    r.close(np.flatnonzero((r.orders[:, RUNNING] > 0) & ~bound).tolist())


def asks(r: "Rental") -> Columns:
    """Sellers, GH/s, least prices [satoshi per PH/s and day] and longest terms [ticks]; vaults by their operator."""
    free, p, coin = r.free(), r.params, r.coin
    size = np.minimum(r.offered, free)
    size[(r.banned >= r.clock.tick) & (r.banned > 0)] = 0
    floors = r.floor.astype(np.float64)
    dollars = np.minimum(np.ceil(floors * BTC / coin), LARGEST_RESERVE)
    floor = np.where(r.currency == BTC_ASSET, r.floor, dollars.astype(np.int64))
    longest = r.longest.copy()
    if p.vault_share > 0.0:
        vaults = np.flatnonzero(r.ledger.books.sector[: r.ledger.accounts] == r.ledger.sectors.index("vaults"))
        size[vaults] = (free[vaults] * p.vault_share).astype(np.int64)
        floor[vaults] = int(r.fair * p.vault_floor)
        longest[vaults] = 0
    who = np.flatnonzero(size > 0)
    return who, size[who], floor[who], longest[who]


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


def auction(r: "Rental", who: NDArray[np.int64], size: NDArray[np.int64], floor: NDArray[np.int64]) -> None:
    """Serve standard orders for one tick, at one price or at what each bids."""
    hours, ppm, tick = r.clock.hours, r.fee_ppm, r.clock.tick
    standing = np.flatnonzero(r.orders[:, TERM] == 0)
    wanted = np.zeros(standing.size, np.int64)
    limits = np.zeros(standing.size, np.int64)
    for i, k in enumerate(standing.tolist()):
        order = r.orders[k]
        price = int(order[PRICE])
        wanted[i] = min(int(order[GHS]), affordable(int(order[LEFT]), price, hours, ppm))
        limits[i] = r.in_coins(price, int(order[CURRENCY]))
    live, there = wanted > 0, size > 0
    r.demand, r.supply = int(wanted[live].sum()), int(size[there].sum())
    bids, own_limits = standing[live], limits[live]
    at, r.volume, rows = cross(
        wanted[live], own_limits, r.orders[bids, OWNER].copy(), size[there], floor[there], who[there]
    )  # fmt: skip
    paid, sellers = 0, who[there]
    for i, j, got in rows.tolist():
        order = r.orders[bids[i]]
        own, currency = int(order[PRICE]), int(order[CURRENCY])
        pays_bid = r.params.clearing == "pay_as_bid"
        price = own if pays_bid else min(own, r.in_own(at, currency))
        paid += got * (int(own_limits[i]) if pays_bid else at)
        r.promise(
            STANDARD,
            int(order[OWNER]),
            int(sellers[j]),
            got,
            price,
            currency,
            int(order[NUMBER]),
            int(order[USE]),
            tick + 1,
        )
    if r.volume > 0:
        r.price, r.price_tick = paid // r.volume, tick
    r.close([int(k) for k in standing[~live]])  # their budget buys nothing any more


def clear(r: "Rental") -> None:
    """Retire what is over, then sell what sellers have free to those who bid."""
    retire(r)
    r.bound = 0
    who, size, floor, longest = asks(r)
    bind(r, who, size, floor, longest)
    auction(r, who, size, floor)
    r.enter()
