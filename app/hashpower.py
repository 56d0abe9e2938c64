"""The book of hashpower for rent: what renters bid and sellers ask this evening, by price."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from app.thin import places, short
from model.marketplace import Marketplace
from model.mechanisms.rental.clearing import asks
from model.mechanisms.rental.table import CURRENCY, FIXED, GHS, KIND, PRICE, SIZE, STANDARD, TERM
from model.units import BTC, GHS_PER_PH

MOST_LEVELS = 80  # of each side
Levels = list[tuple[float | None, float | None]]


def book(market: Marketplace) -> dict[str, Any] | None:
    """Bids and asks of standard orders, and what is rented; None without a market for hashpower.

    Keys: bids, asks: (PH/s up to and with this level, price [USD/PH/day]), the best first; price: of the last clearing,
    None before the first; fair: hashprice after the pool's fee; standard, fixed, tokens: PH/s under contract by kind;
    orders, sellers: how many stand in the book.
    """
    rental: Any = market.mechanisms.get("rental")
    if rental is None:
        return None
    coin = float(rental.bitcoin.price) / BTC
    standing = rental.orders[rental.orders[:, TERM] == 0]
    limits = [rental.in_coins(int(row[PRICE]), int(row[CURRENCY])) * coin for row in standing]
    sellers, sizes, floors, _ = asks(rental)
    sizes_of = [float(rental.contracts[rental.contracts[:, KIND] == kind, SIZE].sum()) for kind in range(STANDARD + 1)]
    return {
        "bids": _levels(standing[:, GHS].tolist(), limits, -1.0),
        "asks": _levels(sizes.tolist(), (floors * coin).tolist(), 1.0),
        "price": short(float(rental.usd_price)) if rental.price > 0 else None,
        "fair": short(rental.fair * coin),
        "standard": short(sizes_of[STANDARD] / GHS_PER_PH),
        "fixed": short(sizes_of[FIXED] / GHS_PER_PH),
        "tokens": short(sizes_of[0] / GHS_PER_PH),
        "orders": int(rental.orders.shape[0]),
        "sellers": int(sellers.size),
    }


def _levels(ghs: Iterable[float], prices: Iterable[float], sign: float) -> Levels:
    """Cumulated sizes [PH/s] by price, the best first: dearest bids, cheapest asks."""
    size, price = np.fromiter(ghs, float), np.fromiter(prices, float)
    order = np.argsort(sign * price, kind="stable")
    total, price = np.cumsum(size[order]) / GHS_PER_PH, price[order]
    last = np.append(price[1:] != price[:-1], True) if price.size else np.zeros(0, np.bool_)
    total, price = total[last], price[last]
    return [(short(float(total[i])), short(float(price[i]))) for i in places(total.size, MOST_LEVELS)]
