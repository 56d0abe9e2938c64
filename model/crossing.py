"""One price for many: a double auction of sorted orders, and who trades with whom.

Largest volume, then least imbalance: the price is that of the marginal bid while bids remain at it, that of the marginal
ask while asks remain, else the middle of what is possible. Orders at the marginal level are served in proportion.
"""

import numpy as np
from numba import types
from numpy.typing import NDArray

from model.jit import helper, rare
from model.units import muldiv

WORK = 11  # rows of work space
_i = types.int64
_1, _2 = (types.Array(_i, d, "C") for d in (1, 2))


@helper(types.void(_1, types.boolean, _1, _1), from_python=False)
def rank(price, falling, places, spare):
    """Places of prices from the lowest, or from the highest (`falling`), equal ones in their order, by merging runs."""
    n, width = price.size, 1
    for k in range(n):
        places[k] = k
    while width < n:
        for start in range(0, n, 2 * width):
            middle, end = min(start + width, n), min(start + 2 * width, n)
            i, j = start, middle
            for k in range(start, end):
                sooner = False
                if i < middle and j < end:
                    here, there = price[places[i]], price[places[j]]
                    sooner = there > here if falling else there < here
                if j < end and (i >= middle or sooner):
                    spare[k] = places[j]
                    j += 1
                else:
                    spare[k] = places[i]
                    i += 1
        for k in range(n):
            places[k] = spare[k]
        width *= 2


@helper(types.UniTuple(_i, 2)(_1, _1, _1, _1))
def meet(bid_size, bid, ask_size, ask):
    """Price and volume of bids sorted from the dearest and asks sorted from the cheapest; (0, 0) where none meet.

    Args:
        bid_size, ask_size: whole quantities above 0
        bid, ask: limit prices; the middle is rounded down
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


@helper(types.void(_1, _1, _i, _1), from_python=False)
def serve(size, price, volume, filled):
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


@helper(types.UniTuple(_i, 2)(_1, _1, _1, _1, _2), from_python=False)
def pair(bought, buyer, sold, seller, out):
    """Who trades with whom, both sides in the order in which they are served; the rows of `out` filled, and the volume.

    Nobody trades with himself: what would meet is left out.

    Args:
        bought, sold: quantities served, of one sum; written
        buyer, seller: accounts
        out: rows (bid, ask, quantity); room for one more than bids and asks together
    """
    n = i = j = traded = 0
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
            traded += met
            n += 1
    return n, traded


@rare(types.UniTuple(_i, 3)(_1, _1, _1, _1, _1, _1, _2, _2))
def clear(bid_size, bid, buyer, ask_size, ask, seller, work, out):
    """`cross`, for compiled loops: the price, the volume, and how many rows of `out` are filled.

    Args:
        bid_size, bid, buyer, ask_size, ask, seller: as for `cross`, neither side empty
        work: at least WORK rows, as long as the longer side
        out: rows (bid, ask, quantity); room for one more than bids and asks together
    """
    bids, asks = bid.size, ask.size
    high, low, spare = work[0, :bids], work[1, :asks], work[2]
    rank(bid, True, high, spare)
    rank(ask, False, low, spare)
    wanted, bids_at, offered, asks_at = work[3, :bids], work[4, :bids], work[5, :asks], work[6, :asks]
    buyers, sellers = work[9, :bids], work[10, :asks]
    for k in range(bids):
        wanted[k], bids_at[k], buyers[k] = bid_size[high[k]], bid[high[k]], buyer[high[k]]
    for k in range(asks):
        offered[k], asks_at[k], sellers[k] = ask_size[low[k]], ask[low[k]], seller[low[k]]
    price, volume = meet(wanted, bids_at, offered, asks_at)
    if volume == 0:
        return 0, 0, 0
    bought, sold = work[7, :bids], work[8, :asks]
    serve(wanted, bids_at, volume, bought)
    serve(offered, asks_at, volume, sold)
    n, traded = pair(bought, buyers, sold, sellers, out)
    for k in range(n):
        out[k, 0], out[k, 1] = high[out[k, 0]], low[out[k, 1]]
    return price, traded, n


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
    rows = np.zeros((bid.size + ask.size + 1, 3), np.int64)
    if bid.size == 0 or ask.size == 0:
        return 0, 0, rows[:0]
    work = np.zeros((WORK, max(bid.size, ask.size)), np.int64)
    price, volume, n = clear(bid_size, bid, buyer, ask_size, ask, seller, work, rows)
    return int(price), int(volume), rows[:n]
