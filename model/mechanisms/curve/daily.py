"""Compiled passes over all curves, once a tick: what can be traded, marks and returns, laws."""

from typing import Any

import numpy as np

from model.books import Books
from model.jit import kernel, maker
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.curve.kernels import give_to_lenders, virtual_usd
from model.mechanisms.curve.table import COINS, FRACTIONS, SIDES, Pools
from model.pool_prices import median_of_ordered, put_in_order
from model.pool_tables import NO_POOL
from model.units import BPS, LARGEST_RESERVE
from model.vault_status import LIVE

# laws by the number that `broken` gives them
BROKEN = (
    "",
    "a virtual balance is not positive",
    "trades have taken more dollars out than the curve allows",
    "trades have taken more fractions out than the curve allows",
    "what providers have lent per share has fallen",
)
# places in the array of market-wide figures
VOLUME, DEPTH, TRADES, REFUSED, PRICE_MEDIAN, LP_RETURN, FIGURES = range(7)


@kernel
def quotes(books: Books, pools: Pools, fraction: Any, lp_bps: int, artist_bps: int, paid_bps: int) -> None:
    """This morning's virtual balances, prices, and what real balances allow; `paid_bps` is the platform's fee."""
    for v in range(fraction.size):
        pool = pools.account[v]
        if pool == NO_POOL:
            continue
        x, leaving = pools.x[v], paid_bps + artist_bps
        y = virtual_usd(pools.k_high[v], pools.k_low[v], x)
        pools.reserve_usd[v], pools.reserve_fraction[v], pools.price[v] = y, x, y / x
        for side in range(SIDES):
            pools.shares[side, v] = -books.balances[pools.share[side, v], pool]
        real = ((books.balances[fraction[v], pool] + 1) * BPS - 1) // (BPS + leaving)
        pools.can_buy[v] = max(0, min(real, (x * BPS - 1) // (BPS + leaving + lp_bps)))
        least = max(1, y - books.balances[USD_ASSET, pool])
        most = virtual_usd(pools.k_high[v], pools.k_low[v], least)
        pools.can_sell[v] = max(0, min(LARGEST_RESERVE, most) - x)


@maker
def marks(
    books: Books,
    pools: Pools,
    fraction: Any,
    status: Any,
    served: Any,
    value: Any,
    figures: Any,
    dt_days: float,
    keep: float,
) -> None:
    """Mark fractions and shares, measure what providers earned, and gather the market's figures; counters restart.

    A day's return of all providers together is what trades have added to the pool's balances at the price now, fees
    minus the loss against holding, plus income handed on; over the worth of the balances without it. Vaults that are `served` have their fractions marked elsewhere.

    `value` [USD per base unit of each asset] and `figures` are written; a tick keeps the part `keep` of the running mean.
    """
    prices = np.empty(fraction.size)
    counted, worths, usd_unit = 0, 0.0, value[USD_ASSET]
    figures[:] = 0.0
    for v in range(fraction.size):
        pools.volume_usd[v] = 0.0
        pool = pools.account[v]
        if pool == NO_POOL:
            continue
        price = virtual_usd(pools.k_high[v], pools.k_low[v], pools.x[v]) / pools.x[v]
        if status[v] == LIVE and not served[v]:
            value[fraction[v]] = price * usd_unit
        usd, fractions = books.balances[USD_ASSET, pool], books.balances[fraction[v], pool]
        give_to_lenders(books, pools.share, pools.nominal, pool, fraction[v], v)
        for side in range(SIDES):
            shares = -books.balances[pools.share[side, v], pool]
            if side == COINS:
                dollars, rest = min(usd, pools.nominal[side, v]), max(0, fractions - pools.nominal[FRACTIONS, v])
            else:
                dollars, rest = max(0, usd - pools.nominal[COINS, v]), min(fractions, pools.nominal[side, v])
            if shares > 0:
                value[pools.share[side, v]] = (dollars * usd_unit + rest * value[fraction[v]]) / shares
        gained, rest = usd - pools.lent[COINS, v], fractions - pools.lent[FRACTIONS, v]
        earned = (gained - pools.gained[COINS, v] + (rest - pools.gained[FRACTIONS, v]) * price) * usd_unit
        pools.gained[COINS, v], pools.gained[FRACTIONS, v] = gained, rest
        worth = (usd + fractions * price) * usd_unit
        if worth > earned:
            income = pools.income_btc[v] * value[BTC_ASSET] + pools.income_usd[v] * usd_unit
            daily = (earned + income) / ((worth - earned) * dt_days)
            pools.lp_return[v] = keep * pools.lp_return[v] + (1.0 - keep) * daily
        pools.volume_usd[v] = pools.volume[v] * usd_unit / dt_days
        figures[VOLUME] += pools.volume_usd[v]
        figures[TRADES] += pools.trades[v]
        pools.volume[v], pools.trades[v] = 0, 0
        for side in range(SIDES):
            figures[REFUSED] += pools.refused[side, v]
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
def broken(books: Books, pools: Pools, fraction: Any) -> int:
    """First broken law, as (its number) x (vaults there may be) + (the vault); 0 if all hold, and marks are remembered.

    What trades have left in the pool is never less than the curve's own change of balance since the opening.
    """
    for v in range(fraction.size):
        pool = pools.account[v]
        if pool == NO_POOL:
            continue
        x, high, low = pools.x[v], pools.k_high[v], pools.k_low[v]
        y = virtual_usd(high, low, max(1, x))
        if x <= 0 or y <= 0:
            return fraction.size + v
        if books.balances[USD_ASSET, pool] - pools.lent[COINS, v] < y - virtual_usd(high, low, pools.start[v]):
            return 2 * fraction.size + v
        if books.balances[fraction[v], pool] - pools.lent[FRACTIONS, v] < x - pools.start[v]:
            return 3 * fraction.size + v
        for side in range(SIDES):
            shares = -books.balances[pools.share[side, v], pool]
            backing = pools.nominal[side, v] / shares if shares > 0 else 0.0
            if shares > 0 and backing < pools.backing[side, v] * (1.0 - 1e-12):
                return 4 * fraction.size + v
            pools.backing[side, v] = backing
    return 0
