"""One price for many: a double auction of sorted orders, and who trades with whom.

Largest volume, then least imbalance: the price is that of the marginal bid while bids remain at it, that of the marginal
ask while asks remain, else the middle of what is possible. Orders at the marginal level are served in proportion.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.jit import kernel
from model.units import muldiv


@kernel
def meet(bid_size: Any, bid: Any, ask_size: Any, ask: Any) -> Any:
    """Price and volume of bids sorted from the dearest and asks sorted from the cheapest; (0, 0) where none meet.

    Args:
        bid_size, ask_size: whole quantities above 0, int64
        bid, ask: limit prices, int64; the middle is rounded down
    """
    i = j = volume = 0
    bid_left = ask_left = last_bid = last_ask = 0
    while i < bid.size and j < ask.size and bid[i] >= ask[j]:
        last_bid, last_ask = bid[i], ask[j]
        bid_left = bid_left if bid_left > 0 else bid_size[i]
        ask_left = ask_left if ask_left > 0 else ask_size[j]
        met = min(bid_left, ask_left)
        volume += met
        bid_left -= met
        ask_left -= met
        if bid_left == 0:
            i += 1
        if ask_left == 0:
            j += 1
    if volume == 0:
        return 0, 0
    if bid_left > 0 or (i < bid.size and bid[i] == last_bid):
        return last_bid, volume
    if ask_left > 0 or (j < ask.size and ask[j] == last_ask):
        return last_ask, volume
    low = max(last_ask, bid[i]) if i < bid.size else last_ask
    high = min(last_bid, ask[j]) if j < ask.size else last_bid
    return low + (high - low) // 2, volume


@kernel
def serve(size: Any, price: Any, volume: int, filled: Any) -> None:
    """Fill orders in their order up to a volume, those at the last price served in proportion, to the last unit."""
    k, left = 0, volume
    while k < size.size:
        level, last = 0, k
        while last < size.size and price[last] == price[k]:
            level += size[last]
            last += 1
        served, before = min(level, left), 0
        left -= served
        for m in range(k, last):
            filled[m] = muldiv(before + size[m], served, level) - muldiv(before, served, level)
            before += size[m]
        k = last


@kernel
def pair(bought: Any, sold: Any, buyer: Any, seller: Any, out: Any) -> int:
    """Pair fills in turn into rows (place of the bid, place of the ask, quantity); how many.

    Nobody trades with himself: what would meet is left out.

    Args:
        bought, sold: filled quantities; changed
        buyer, seller: accounts
        out: rows, one more than bids and asks together at most
    """
    n = i = j = 0
    while i < bought.size and j < sold.size:
        if bought[i] == 0:
            i += 1
            continue
        if sold[j] == 0:
            j += 1
            continue
        met = min(bought[i], sold[j])
        bought[i] -= met
        sold[j] -= met
        if buyer[i] != seller[j]:
            out[n, 0], out[n, 1], out[n, 2] = i, j, met
            n += 1
    return n


def cross(
    bid_size: NDArray[np.int64],
    bid: NDArray[np.int64],
    buyer: NDArray[np.int64],
    ask_size: NDArray[np.int64],
    ask: NDArray[np.int64],
    seller: NDArray[np.int64],
) -> tuple[int, int, NDArray[np.int64]]:
    """Clear one double auction.

    Args:
        bid_size, ask_size: whole quantities above 0
        bid, ask: limit prices; orders at one price are served in proportion
        buyer, seller: accounts

    Returns:
        the price, the volume, and rows (bid, ask, quantity) of who meets whom, by place in the arguments

    >>> at = lambda *x: np.array(x)
    >>> cross(at(100, 50, 70), at(110, 105, 98), at(1, 2, 3), at(60, 40, 80), at(95, 100, 108), at(4, 5, 6))[:2]
    (106, 100)
    """
    if bid.size == 0 or ask.size == 0:
        return 0, 0, np.zeros((0, 3), np.int64)
    high, low = np.argsort(-bid, kind="stable"), np.argsort(ask, kind="stable")
    sizes, prices = (bid_size[high], ask_size[low]), (bid[high], ask[low])
    price, volume = (int(x) for x in meet(sizes[0], prices[0], sizes[1], prices[1]))
    if volume == 0:
        return 0, 0, np.zeros((0, 3), np.int64)
    filled = [np.zeros(s.size, np.int64) for s in sizes]
    for size, at, out in zip(sizes, prices, filled, strict=True):
        serve(size, at, volume, out)
    rows = np.zeros((bid.size + ask.size + 1, 3), np.int64)
    rows = rows[: int(pair(filled[0], filled[1], buyer[high], seller[low], rows))]
    rows[:, 0], rows[:, 1] = high[rows[:, 0]], low[rows[:, 1]]
    return price, int(rows[:, 2].sum()), rows
