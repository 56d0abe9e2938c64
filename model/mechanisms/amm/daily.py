"""Compiled passes over all pools, once a tick: income handed on, prices and their mean, marks and returns, laws."""

import math
from typing import Any

import numpy as np

from model.books import Books, collect, move, raise_index
from model.flows import Flow
from model.jit import kernel
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.amm.formulas import LOCKED_SHARES
from model.units import TOKEN

INCOME = int(Flow.INCOME)
LIVE = 2  # status of a vault whose fractions trade
NO_POOL = -1
# laws by the number that `broken` gives them
BROKEN = (
    "",
    "a reserve is not positive",
    "the shares locked for ever have moved",
    "sqrt(x y) per share has fallen",
    "the cumulative price has fallen",
    "income not yet shared out exceeds what the pot holds",
)
# places in the array of market-wide figures
VOLUME, DEPTH, TRADED, LIVE_VAULTS, TRADES, SHARES_WORTH, OTHERS_WORTH, PRICE_MEDIAN, LP_RETURN, FIGURES = range(10)


@kernel
def pass_income(
    books: Books, n: int, pool: Any, share: Any, pot: Any, fraction: Any, nobody: int, pending: Any, income: Any
) -> None:
    """Move the pools' income on their fractions to the pots and credit it to pool shares.

    The locked shares earn nothing: what they could never collect would stop every unit of income from having an
    owner. So the index is raised over the other shares, and the claim of the locked ones is closed at once. While
    less than one whole share earns, income waits in the pot: credited to a few base units it would exhaust the index.

    Args:
        nobody: account of the locked shares
        pending: income in each pot that was not yet credited [satoshi]
        income: out, income handed on this tick by vault [satoshi]
    """
    for v in range(n):
        income[v] = 0
        if pool[v] == NO_POOL:
            continue
        collect(books, fraction[v], pool[v])
        amount = books.balances[BTC_ASSET, pool[v]]
        if amount > 0:
            move(books, BTC_ASSET, pool[v], pot[v], amount, INCOME)
            income[v] = amount
            pending[v] += amount
        earning = -books.balances[share[v], pool[v]] - LOCKED_SHARES
        if pending[v] > 0 and earning >= TOKEN:
            line = books.line[share[v], 0]
            pending[v] -= raise_index(books, line, pending[v], earning)
            books.settled[line, nobody] = books.line_index[line]


@kernel
def quotes(
    books: Books,
    n: int,
    pool: Any,
    share: Any,
    fraction: Any,
    hours: float,
    tick: int,
    price: Any,
    twap: Any,
    reserve_usd: Any,
    reserve_fraction: Any,
    shares: Any,
    cumulative: Any,
    ring: Any,
    age: Any,
) -> None:
    """This morning's prices, balances and time-weighted mean prices.

    cumulative += price at the tick's start x its length; mean = (cumulative - cumulative before the window) / window

    Args:
        hours: length of a tick
        ring: cumulative prices of the last ticks, float64[window + 1, vault]
        age: ticks for which each pool has been quoted
    """
    size = ring.shape[0]
    place = tick % size
    for v in range(n):
        if pool[v] == NO_POOL:
            continue
        usd, fractions = books.balances[USD_ASSET, pool[v]], books.balances[fraction[v], pool[v]]
        reserve_usd[v], reserve_fraction[v], shares[v] = usd, fractions, -books.balances[share[v], pool[v]]
        if age[v] > 0:
            cumulative[v] += price[v] * hours
        price[v] = usd / fractions
        ring[place, v] = cumulative[v]
        span = min(age[v], size - 1)
        if span > 0:
            twap[v] = (cumulative[v] - ring[(place - span) % size, v]) / (span * hours)
        else:
            twap[v] = price[v]
        age[v] += 1


@kernel
def marks(
    books: Books,
    n: int,
    pool: Any,
    share: Any,
    fraction: Any,
    status: Any,
    creator: Any,
    value: Any,
    dt_days: float,
    keep: float,
    new_day: bool,
    income: Any,
    volume: Any,
    trades: Any,
    traded_today: Any,
    volume_usd: Any,
    lp_return: Any,
    last: Any,
    figures: Any,
) -> None:
    """Mark fractions and shares, measure what a share earned, and gather the market's figures; counters restart.

    A day's return of a share is its worth plus income handed on, less the worth of the balances that it stood for a
    tick ago, both at the price now: fees and income minus the loss against holding [Pintail2019].

    Args:
        creator: by vault, the account whose shares are not others'
        value: out, USD per base unit of each asset
        keep: part of the running mean that a tick keeps
        volume, trades: the tick's counters by vault; set to zero
        traded_today: by vault, swaps since the day began
        volume_usd: out, [USD a day]
        lp_return: in and out, running mean [1/day]
        last: balances and shares a tick ago, int64[3, vault]
        figures: out, market-wide figures
    """
    prices = np.empty(n)
    pools = 0
    usd_unit = value[USD_ASSET]
    figures[:] = 0.0
    for v in range(n):
        volume_usd[v] = 0.0
        if status[v] == LIVE:
            figures[LIVE_VAULTS] += 1.0
        if pool[v] == NO_POOL:
            continue
        usd, fractions = books.balances[USD_ASSET, pool[v]], books.balances[fraction[v], pool[v]]
        shares = -books.balances[share[v], pool[v]]
        price = usd * usd_unit / fractions
        if status[v] == LIVE:
            value[fraction[v]] = price
        worth = usd * usd_unit + fractions * value[fraction[v]]
        value[share[v]] = worth / shares
        if last[2, v] > 0:
            held = (last[0, v] * usd_unit + last[1, v] * price) / last[2, v]
            earned = (usd * usd_unit + fractions * price) / shares - held
            earned += income[v] * value[BTC_ASSET] / max(shares - LOCKED_SHARES, 1)
            lp_return[v] = keep * lp_return[v] + (1.0 - keep) * earned / (held * dt_days)
        last[0, v], last[1, v], last[2, v] = usd, fractions, shares
        if new_day:
            traded_today[v] = 0
        traded_today[v] += trades[v]
        volume_usd[v] = volume[v] * usd_unit / dt_days
        figures[VOLUME] += volume_usd[v]
        figures[TRADES] += trades[v]
        volume[v], trades[v] = 0, 0
        if status[v] != LIVE:
            continue
        figures[TRADED] += 1.0 if traded_today[v] > 0 else 0.0
        figures[DEPTH] += usd * usd_unit
        figures[LP_RETURN] += lp_return[v] * worth
        own = books.balances[share[v], creator[v]] if creator[v] >= 0 else 0
        figures[SHARES_WORTH] += (shares - LOCKED_SHARES) * value[share[v]]
        figures[OTHERS_WORTH] += (shares - LOCKED_SHARES - own) * value[share[v]]
        place = pools
        while place > 0 and prices[place - 1] > usd / fractions:
            prices[place] = prices[place - 1]
            place -= 1
        prices[place] = usd / fractions
        pools += 1
    if pools > 0:
        figures[PRICE_MEDIAN] = 0.5 * (prices[(pools - 1) // 2] + prices[pools // 2])
        figures[LP_RETURN] /= 2.0 * figures[DEPTH]


@kernel
def broken(
    books: Books,
    n: int,
    pool: Any,
    share: Any,
    pot: Any,
    fraction: Any,
    nobody: int,
    pending: Any,
    root_last: Any,
    events: Any,
    least: Any,
    cumulative: Any,
    highest: Any,
) -> int:
    """First broken law, as its number times n plus the vault; 0 if all hold. Remembers today's marks for tomorrow.

    The value of a share in kind, sqrt(x y) over shares and protocol shares due, may lose one base unit of a share to
    rounding at each deposit or withdrawal while the protocol fee is on, and nothing otherwise.

    Args:
        events: deposits and withdrawals since the last call by vault; set to zero
        least: sqrt(x y) per share at the last call
        highest: cumulative price at the last call
    """
    for v in range(n):
        if pool[v] == NO_POOL:
            continue
        usd, fractions = books.balances[USD_ASSET, pool[v]], books.balances[fraction[v], pool[v]]
        if usd <= 0 or fractions <= 0:
            return n + v
        if books.balances[share[v], nobody] != LOCKED_SHARES:
            return 2 * n + v
        shares = -books.balances[share[v], pool[v]]
        root = math.sqrt(float(usd)) * math.sqrt(float(fractions))
        due = 0.0
        if root_last[v] > 0 and root > root_last[v]:
            due = shares * (root - root_last[v]) / (5.0 * root + root_last[v])
        worth = root / (shares + due)
        slack = 1e-12 + (events[v] + 1.0) / shares if root_last[v] > 0 else 1e-12
        if worth < least[v] * (1.0 - slack):
            return 3 * n + v
        if cumulative[v] < highest[v]:
            return 4 * n + v
        if pending[v] < 0 or pending[v] > books.balances[BTC_ASSET, pot[v]]:
            return 5 * n + v
        least[v], highest[v], events[v] = worth, cumulative[v], 0
    return 0
