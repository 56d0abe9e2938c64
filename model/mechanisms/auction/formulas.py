"""The one price of a batch: plain formulas on lists of orders.

Let D(p) be what is bid at p or more and S(p) what is asked at p or less. The price maximises the volume min(D, S), then
minimises the imbalance |D - S|; where a range of prices does both equally well, it is the middle of the range if
nothing is left over, its upper end if bids are left, its lower end if asks are.

Serving bids from the dearest and asks from the cheapest until they no longer meet finds the volume V. With b and a the
last prices served, only one side can have more than V at its last price: bids left give the price b, asks left give a.
If neither has, every price between max(a, next bid) and min(b, next ask) leaves nothing over.
"""

import math
from collections.abc import Sequence

from model.units import BPS


def clear_batch(bids: Sequence[tuple[float, float]], asks: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Uniform price and volume of a batch of limit orders.

    Most volume, then least imbalance, then the middle of the range if balanced, its upper end if bids remain, its
    lower end if asks remain                                              [EconomidesSchwartz1995; NYSE opening rule].

    Args:
        bids: (quantity, highest price) of each buyer
        asks: (quantity, lowest price) of each seller

    Returns:
        price, NaN when nothing trades, and volume; of floats if there are any among the orders

    >>> clear_batch([(100, 1.10), (50, 1.05), (70, 0.98)], [(60, 0.95), (40, 1.00), (80, 1.08)])
    (1.065, 100)
    >>> clear_batch([(100, 1.0), (100, 1.0)], [(120, 0.9)])
    (1.0, 120)
    """
    buyers = sorted((order for order in bids if order[0] > 0), key=lambda order: -order[1])
    sellers = sorted((order for order in asks if order[0] > 0), key=lambda order: order[1])
    volume: float = 0
    i = j = 0
    bid_left = ask_left = 0.0
    bid = ask = math.nan
    while i < len(buyers) and j < len(sellers) and buyers[i][1] >= sellers[j][1]:
        bid, ask = buyers[i][1], sellers[j][1]
        bid_left, ask_left = bid_left or buyers[i][0], ask_left or sellers[j][0]
        met = min(bid_left, ask_left)
        volume, bid_left, ask_left = volume + met, bid_left - met, ask_left - met
        i, j = i + (bid_left == 0), j + (ask_left == 0)
    if volume == 0:
        return math.nan, 0
    if bid_left > 0 or (i < len(buyers) and buyers[i][1] == bid):
        return bid, volume
    if ask_left > 0 or (j < len(sellers) and sellers[j][1] == ask):
        return ask, volume
    low = max(ask, buyers[i][1]) if i < len(buyers) else ask
    high = min(bid, sellers[j][1]) if j < len(sellers) else bid
    return (low + high) / 2, volume


def pro_rata(quantities: Sequence[int], volume: int) -> list[int]:
    """Split a volume over orders at one price in proportion, in whole base units that sum to it.

    Order n gets floor(C_n V / Q) - floor(C_(n-1) V / Q) with C the running sum and Q the sum of quantities.

    >>> pro_rata([100, 100], 120), pro_rata([1, 1, 1], 2)
    ([60, 60], [0, 1, 1])
    """
    total, before, out = sum(quantities), 0, []
    for quantity in quantities:
        out.append((before + quantity) * volume // total - before * volume // total)
        before += quantity
    return out


def least_price(limit: int, fee_bps: int) -> int:
    """Price at which a seller is left with his limit after the fee, rounded up [both in USD base units].

    >>> least_price(990_000, 100)
    1000000
    """
    return -(-limit * BPS // (BPS - fee_bps))
