"""Compiled passes over all pools, once a tick: prices and their mean, marks and returns, laws."""

import math
from typing import Any

import numpy as np

from model.books import Books, owes
from model.jit import kernel, maker
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.amm.table import Judged, Pools
from model.pool_prices import median_of_ordered, put_in_order
from model.pool_shares import LOCKED_SHARES
from model.pool_tables import NO_POOL
from model.vault_status import LIVE

# laws by the number that `broken` gives them
BROKEN = (
    "",
    "a reserve is not positive",
    "the shares locked for ever have moved",
    "sqrt(x y) per share has fallen",
    "the cumulative price has fallen",
    "income not yet shared out exceeds what the pot holds",
    "income in dollars waits beside its balance",
)
# places in the array of market-wide figures
VOLUME, DEPTH, TRADED_SHARE, TRADES, PRICE_MEDIAN, LP_RETURN, DEEPEST_FALL, FIGURES = range(8)


@kernel
def quotes(books: Books, pools: Pools, fraction: Any, ring: Any, hours: float, tick: int) -> None:
    """This morning's prices, balances and time-weighted mean prices.

    cumulative += price at the tick's start x its length; mean = (cumulative - cumulative before the window) / window

    `ring` holds the cumulative prices of the last ticks, float64[window + 1, vault]; `hours` is the length of a tick.
    """
    size = ring.shape[0]
    place = tick % size
    for v in range(fraction.size):
        pool, share = pools.account[v], pools.share[0, v]
        if pool == NO_POOL:
            continue
        usd, fractions = books.balances[USD_ASSET, pool], books.balances[fraction[v], pool]
        pools.reserve_usd[v], pools.reserve_fraction[v], pools.shares[v] = usd, fractions, -books.balances[share, pool]
        if pools.age[v] > 0:
            pools.cumulative[v] += pools.price[v] * hours
        pools.price[v] = usd / fractions
        ring[place, v] = pools.cumulative[v]
        span = min(pools.age[v], size - 1)
        if span > 0:
            pools.twap[v] = (pools.cumulative[v] - ring[(place - span) % size, v]) / (span * hours)
        else:
            pools.twap[v] = pools.price[v]
        pools.age[v] += 1


@maker
def marks(
    books: Books,
    pools: Pools,
    fraction: Any,
    status: Any,
    value: Any,
    figures: Any,
    dt_days: float,
    keep: float,
    new_day: bool,
) -> None:
    """Mark fractions and shares, measure what a share earned, and gather the market's figures; counters restart.

    A day's return of a share is its worth plus income handed on, less the worth of the balances that it stood for a
    tick ago, both at the price now: fees and income minus the loss against holding [Pintail2019].

    `value` [USD per base unit of each asset] and `figures` are written; a tick keeps the part `keep` of the running mean.
    """
    prices = np.empty(fraction.size)
    counted = live = 0
    usd_unit = value[USD_ASSET]
    figures[:] = 0.0
    for v in range(fraction.size):
        pools.volume_usd[v] = 0.0
        if status[v] == LIVE:
            live += 1
        pool, share = pools.account[v], pools.share[0, v]
        if pool == NO_POOL:
            continue
        usd, fractions = books.balances[USD_ASSET, pool], books.balances[fraction[v], pool]
        shares = -books.balances[share, pool]
        price = usd * usd_unit / fractions
        if status[v] == LIVE:
            value[fraction[v]] = price
        worth = usd * usd_unit + fractions * value[fraction[v]]
        value[share] = worth / shares
        if pools.last_shares[v] > 0:
            before = pools.last_usd[v] * usd_unit / pools.last_fraction[v]
            if status[v] == LIVE:
                figures[DEEPEST_FALL] = max(figures[DEEPEST_FALL], 1.0 - price / before)
            held = (pools.last_usd[v] * usd_unit + pools.last_fraction[v] * price) / pools.last_shares[v]
            earned = (usd * usd_unit + fractions * price) / shares - held
            passed_on = pools.income_btc[v] * value[BTC_ASSET] + pools.income_usd[v] * usd_unit
            earned += passed_on / max(shares - LOCKED_SHARES, 1)
            pools.lp_return[v] = keep * pools.lp_return[v] + (1.0 - keep) * earned / (held * dt_days)
        pools.last_usd[v], pools.last_fraction[v], pools.last_shares[v] = usd, fractions, shares
        if new_day:
            pools.traded_today[v] = 0
        pools.traded_today[v] += pools.trades[v]
        pools.volume_usd[v] = pools.volume[v] * usd_unit / dt_days
        figures[VOLUME] += pools.volume_usd[v]
        figures[TRADES] += pools.trades[v]
        pools.volume[v], pools.trades[v] = 0, 0
        if status[v] != LIVE:
            continue
        figures[TRADED_SHARE] += 1.0 if pools.traded_today[v] > 0 else 0.0
        figures[DEPTH] += usd * usd_unit
        figures[LP_RETURN] += pools.lp_return[v] * worth
        counted = put_in_order(prices, counted, usd / fractions)
    figures[TRADED_SHARE] /= max(live, 1)
    figures[PRICE_MEDIAN] = median_of_ordered(prices, counted)
    if counted > 0:
        figures[LP_RETURN] /= 2.0 * figures[DEPTH]


@kernel
def broken(books: Books, pools: Judged, fraction: Any, usd_line: Any, nobody: int) -> int:
    """First broken law, as (its number) x (vaults there may be) + (the vault); 0 if all hold, and marks are remembered.

    The value of a share in kind, sqrt(x y) over shares and protocol shares due, may lose one base unit of a share to
    rounding at each deposit or withdrawal while the protocol fee is on, and nothing otherwise.
    """
    for v in range(fraction.size):
        pool, share = pools.account[v], pools.share[0, v]
        if pool == NO_POOL:
            continue
        usd, fractions = books.balances[USD_ASSET, pool], books.balances[fraction[v], pool]
        if usd <= 0 or fractions <= 0:
            return fraction.size + v
        if books.balances[share, nobody] != LOCKED_SHARES:
            return 2 * fraction.size + v
        shares = -books.balances[share, pool]
        root = math.sqrt(float(usd)) * math.sqrt(float(fractions))
        due = 0.0
        if pools.root_last[v] > 0 and root > pools.root_last[v]:
            due = shares * (root - pools.root_last[v]) / (5.0 * root + pools.root_last[v])
        worth = root / (shares + due)
        slack = 1e-12 + (pools.events[v] + 1.0) / shares if pools.root_last[v] > 0 else 1e-12
        if worth < pools.low_mark[v] * (1.0 - slack):
            return 3 * fraction.size + v
        if pools.cumulative[v] < pools.high_mark[v]:
            return 4 * fraction.size + v
        pot = pools.pot[v]
        if not 0 <= pools.pending_btc[v] <= books.balances[BTC_ASSET, pot]:
            return 5 * fraction.size + v
        if not 0 <= pools.pending_usd[v] <= books.balances[USD_ASSET, pot]:
            return 5 * fraction.size + v
        if usd_line[v] >= 0 and owes(books, usd_line[v], pool, fractions):
            return 6 * fraction.size + v
        pools.low_mark[v], pools.high_mark[v], pools.events[v] = worth, pools.cumulative[v], 0
    return 0
