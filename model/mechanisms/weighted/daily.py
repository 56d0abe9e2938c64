"""Compiled passes over all weighted pools, once a tick: prices and depths, marks and returns, laws."""

import math
from typing import Any

import numpy as np

from model.books import Books
from model.jit import kernel, maker
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.weighted.kernels import quote
from model.mechanisms.weighted.table import Pools
from model.pool_prices import median_of_ordered, put_in_order
from model.pool_shares import LOCKED_SHARES
from model.pool_tables import NO_POOL
from model.vault_status import LIVE

# laws by the number that `broken` gives them
BROKEN = (
    "",
    "a balance is not positive",
    "the shares locked for ever have moved",
    "the value function per share has fallen",
)
# places in the array of market-wide figures
VOLUME, DEPTH, TRADES, REFUSED, PRICE_MEDIAN, LP_RETURN, FIGURES = range(7)


@kernel
def quotes(books: Books, pools: Pools, fraction: Any, weight: float, fee_bps: int, most_in: float) -> None:
    """This morning's prices, the constant product that is as deep, and the largest swaps."""
    for v in range(fraction.size):
        pool = pools.account[v]
        if pool == NO_POOL:
            continue
        usd, fractions = books.balances[USD_ASSET, pool], books.balances[fraction[v], pool]
        pools.price[v] = usd * weight / (fractions * (1.0 - weight))
        pools.reserve_usd[v] = int(2.0 * weight * usd)
        pools.reserve_fraction[v] = int(2.0 * (1.0 - weight) * fractions)
        pools.shares[v] = -books.balances[pools.share[0, v], pool]
        pools.can_buy[v] = quote(int(most_in * usd), usd, fractions, 1.0 - weight, weight, fee_bps)
        pools.can_sell[v] = int(most_in * fractions)


@maker
def marks(
    books: Books,
    pools: Pools,
    fraction: Any,
    status: Any,
    served: Any,
    value: Any,
    figures: Any,
    weight: float,
    dt_days: float,
    keep: float,
) -> None:
    """Mark fractions and shares, measure what a share earned, and gather the market's figures; counters restart.

    A day's return of a share is its worth plus income handed on, less the worth of the balances that it stood for a
    tick ago, both at the price now: fees and income minus the loss against holding [Pintail2019]. Vaults that are
    `served` have their fractions marked elsewhere.

    `value` [USD per base unit of each asset] and `figures` are written; a tick keeps the part `keep` of the running mean.
    """
    prices = np.empty(fraction.size)
    counted, worths, usd_unit = 0, 0.0, value[USD_ASSET]
    figures[:] = 0.0
    for v in range(fraction.size):
        pools.volume_usd[v] = 0.0
        pool, share = pools.account[v], pools.share[0, v]
        if pool == NO_POOL:
            continue
        usd, fractions = books.balances[USD_ASSET, pool], books.balances[fraction[v], pool]
        shares = -books.balances[share, pool]
        price = usd * weight / (fractions * (1.0 - weight))
        if status[v] == LIVE and not served[v]:
            value[fraction[v]] = price * usd_unit
        value[share] = (usd * usd_unit + fractions * value[fraction[v]]) / shares
        worth = (usd + fractions * price) * usd_unit
        if pools.last_shares[v] > 0:
            held = (pools.last_usd[v] + pools.last_fraction[v] * price) * usd_unit / pools.last_shares[v]
            income = pools.income_btc[v] * value[BTC_ASSET] + pools.income_usd[v] * usd_unit
            earned = worth / shares - held + income / max(shares - LOCKED_SHARES, 1)
            pools.lp_return[v] = keep * pools.lp_return[v] + (1.0 - keep) * earned / (held * dt_days)
        pools.last_usd[v], pools.last_fraction[v], pools.last_shares[v] = usd, fractions, shares
        pools.volume_usd[v] = pools.volume[v] * usd_unit / dt_days
        figures[VOLUME] += pools.volume_usd[v]
        figures[TRADES] += pools.trades[v]
        figures[REFUSED] += pools.refused[v]
        pools.volume[v], pools.trades[v], pools.refused[v] = 0, 0, 0
        if status[v] != LIVE:
            continue
        figures[DEPTH] += usd * usd_unit
        figures[LP_RETURN] += pools.lp_return[v] * worth
        worths += worth
        counted = put_in_order(prices, counted, price)
    figures[PRICE_MEDIAN] = median_of_ordered(prices, counted)
    if worths > 0.0:
        figures[LP_RETURN] /= worths


@kernel
def broken(books: Books, pools: Pools, fraction: Any, weight: float, nobody: int) -> int:
    """First broken law, as (its number) x (vaults there may be) + (the vault); 0 if all hold, and marks are remembered."""
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
        worth = (1.0 - weight) * math.log(usd) + weight * math.log(fractions) - math.log(shares)
        if pools.worth[v] != 0.0 and worth < pools.worth[v] - 1e-12:
            return 3 * fraction.size + v
        pools.worth[v] = worth
    return 0
