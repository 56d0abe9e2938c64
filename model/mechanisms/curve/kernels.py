"""Compiled settlement of swaps, deposits and withdrawals: the formulas beside it on int64, row after row.

The constant k = x y needs 128 bits and is kept in two halves. Virtual and real balances stay below 9e14 base units, so
that one of them times 10,000 fits in 63 bits.
"""

from typing import Any

from numba import types

from model.actions import Status
from model.books import BOOKS, Books, move
from model.flows import Flow
from model.jit import helper, kernel
from model.ledger import USD_ASSET
from model.mechanisms.curve.table import COINS, FRACTIONS, Pools
from model.pool_checks import open_pool, open_to_trade, payable, returnable
from model.units import BPS, muldiv, wide_floor

DONE, LIMIT, DEPTH = int(Status.DONE), int(Status.LIMIT), int(Status.DEPTH)
TRADE, LIQUIDITY, MINT, BURN = int(Flow.TRADE), int(Flow.LIQUIDITY), int(Flow.MINT), int(Flow.BURN)
ROYALTY, MARKET_FEE = int(Flow.ROYALTY), int(Flow.MARKET_FEE)
BUY = COINS  # side of a swap: pay dollars, get fractions; any other side sells fractions

_i = types.int64
_sides = types.Array(types.int64, 2, "C")

virtual_usd = wide_floor  # the curve: k // x; the largest int64 where that is too small for it


@helper(_i(_i, _i, _i))
def purchase(x, reach, fees):
    """`curve_purchase`, given x' = `reach` down to which the dollars paid may be followed; not positive if nowhere."""
    return ((x - reach + 1) * BPS - 1) // (BPS + fees)


@helper(types.void(BOOKS, _i, _i, _i, _i, _i, _i, _i), from_python=False)
def pay_fees(books, asset, pool, amount, creator, artist_bps, platform, platform_bps):
    """The creator's and the platform's part of what a pool pays out."""
    if artist_bps > 0:
        move(books, asset, pool, creator, muldiv(amount, artist_bps, BPS), ROYALTY)
    if platform_bps > 0:
        move(books, asset, pool, platform, muldiv(amount, platform_bps, BPS), MARKET_FEE)


@helper(types.void(BOOKS, _sides, _sides, _i, _i, _i), from_python=False)
def give_to_lenders(books, share, nominal, pool, fraction, v):
    """While one side has no providers, all that is in the pool of the other side's asset counts as lent by that one."""
    if books.balances[share[FRACTIONS, v], pool] == 0:
        nominal[COINS, v] = max(nominal[COINS, v], books.balances[USD_ASSET, pool])
    if books.balances[share[COINS, v], pool] == 0:
        nominal[FRACTIONS, v] = max(nominal[FRACTIONS, v], books.balances[fraction, pool])


@kernel
def settle_swaps(
    books: Books,
    pools: Pools,
    fraction: Any,
    status: Any,
    creator: Any,
    platform: int,
    lp_bps: int,
    artist_bps: int,
    platform_bps: int,
    rows: Any,
    order: Any,
) -> None:
    """Swaps in order, each at the price that the one before left; `fraction`, `status`, `creator` are by vault."""
    for j in range(order.size):
        i = order[j]
        trader, v, paid = rows[i]["account"], rows[i]["vault"], rows[i]["amount"]
        rows[i]["status"] = open_to_trade(pools.account, status, v)
        if rows[i]["status"] != DONE:
            continue
        pool, x, high, low = pools.account[v], pools.x[v], pools.k_high[v], pools.k_low[v]
        y, buys = virtual_usd(high, low, x), rows[i]["side"] == BUY
        pays, gets = (USD_ASSET, fraction[v]) if buys else (fraction[v], USD_ASSET)
        reserve = max(books.balances[pays, pool], y if buys else x)
        rows[i]["status"] = payable(paid, books.balances[pays, trader], reserve)
        if rows[i]["status"] != DONE:
            continue
        fees, held = lp_bps + artist_bps + platform_bps, books.balances[gets, pool]
        if buys:
            bought = purchase(x, virtual_usd(high, low, y + paid + 1) + 1, fees)
            paid = virtual_usd(high, low, x - muldiv(bought, BPS + fees, BPS)) - y if bought > 0 else 0
            leaves, side = muldiv(max(bought, 0), BPS + artist_bps + platform_bps, BPS), FRACTIONS
            out, after = bought, x - leaves
        else:
            out, after, side = y - virtual_usd(high, low, x + paid), x + paid, COINS
            bought, leaves = muldiv(out, BPS - fees, BPS), out
        if bought <= 0 or paid <= 0 or bought < rows[i]["limit"]:
            rows[i]["status"] = LIMIT
            continue
        if leaves > held or (not buys and leaves >= y):
            pools.refused[side, v] += 1
            rows[i]["status"] = DEPTH
            continue
        move(books, pays, trader, pool, paid, TRADE)
        move(books, gets, pool, trader, bought, TRADE)
        pay_fees(books, gets, pool, out, creator[v], artist_bps, platform, platform_bps)
        pools.x[v] = after
        if books.balances[pools.share[side, v], pool] < 0:
            pools.nominal[side, v] += muldiv(out, lp_bps, BPS)
        pools.volume[v] += paid if buys else bought
        pools.trades[v] += 1
        rows[i]["filled"] = bought


@kernel
def settle_deposits(books: Books, pools: Pools, fraction: Any, status: Any, rows: Any, order: Any) -> None:
    """Deposits of one asset in order; `filled` is the shares made."""
    for j in range(order.size):
        i = order[j]
        account, v, amount = rows[i]["account"], rows[i]["vault"], rows[i]["amount"]
        rows[i]["status"] = open_to_trade(pools.account, status, v)
        if rows[i]["status"] != DONE:
            continue
        side = COINS if rows[i]["side"] == COINS else FRACTIONS
        asset, pool, share = USD_ASSET if side == COINS else fraction[v], pools.account[v], pools.share[side, v]
        rows[i]["status"] = payable(amount, books.balances[asset, account], books.balances[asset, pool])
        if rows[i]["status"] != DONE:
            continue
        give_to_lenders(books, pools.share, pools.nominal, pool, fraction[v], v)
        shares = -books.balances[share, pool]
        made = amount if shares == 0 else muldiv(amount, shares, pools.nominal[side, v])
        if made <= 0 or made < rows[i]["limit"]:
            rows[i]["status"] = LIMIT
            continue
        move(books, asset, account, pool, amount, LIQUIDITY)
        move(books, share, pool, account, made, MINT)
        pools.nominal[side, v] += amount
        pools.lent[side, v] += amount
        rows[i]["filled"] = made


@kernel
def settle_withdrawals(books: Books, pools: Pools, fraction: Any, tick: int, rows: Any, order: Any) -> None:
    """Withdrawals in order, from pools of ended vaults too; `filled` is what is paid in the side's own asset."""
    for j in range(order.size):
        i = order[j]
        account, v, burned = rows[i]["account"], rows[i]["vault"], rows[i]["shares"]
        rows[i]["status"] = open_pool(pools.account, v)
        if rows[i]["status"] != DONE:
            continue
        side = COINS if rows[i]["side"] == COINS else FRACTIONS
        own, other = (USD_ASSET, fraction[v]) if side == COINS else (fraction[v], USD_ASSET)
        pool, share = pools.account[v], pools.share[side, v]
        locked = pools.locked[side, v] if account == pools.locked_by[v] and tick < pools.locked_until[v] else 0
        rows[i]["status"] = returnable(burned, books.balances[share, account], locked)
        if rows[i]["status"] != DONE:
            continue
        give_to_lenders(books, pools.share, pools.nominal, pool, fraction[v], v)
        shares, nominal = -books.balances[share, pool], pools.nominal[side, v]
        paid = muldiv(burned, min(books.balances[own, pool], nominal), shares)
        beside = muldiv(burned, max(0, books.balances[other, pool] - pools.nominal[1 - side, v]), shares)
        if paid < rows[i]["limit"]:
            rows[i]["status"] = LIMIT
            continue
        move(books, share, account, pool, burned, BURN)
        move(books, own, pool, account, paid, LIQUIDITY)
        move(books, other, pool, account, beside, LIQUIDITY)
        pools.nominal[side, v] -= muldiv(burned, nominal, shares)
        pools.lent[side, v] -= paid
        pools.lent[1 - side, v] -= beside
        rows[i]["filled"] = paid
