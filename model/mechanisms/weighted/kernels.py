"""Compiled settlement of swaps, deposits and withdrawals: the formulas beside it on int64, row after row."""

import math
from typing import Any

from numba import types

from model.actions import BUY, Status
from model.books import Books, move
from model.flows import Flow
from model.jit import helper, kernel
from model.ledger import USD_ASSET
from model.mechanisms.weighted.formulas import ERROR
from model.mechanisms.weighted.table import Pools
from model.pool_checks import both_payable, open_pool, open_to_trade, payable, returnable
from model.pool_shares import matched, parts_paid, shares_made
from model.units import BPS, muldiv

DONE, LIMIT, DEPTH = int(Status.DONE), int(Status.LIMIT), int(Status.DEPTH)
TRADE, LIQUIDITY, MINT, BURN = int(Flow.TRADE), int(Flow.LIQUIDITY), int(Flow.MINT), int(Flow.BURN)

_i, _f = types.int64, types.float64


@helper(_i(_i, _i, _i, _f, _f, _i))
def quote(paid, balance_in, balance_out, weight_in, weight_out, fee_bps):
    """`whole_out` on int64."""
    net = muldiv(paid, BPS - fee_bps, BPS)
    gained = weight_in * math.log1p(net / balance_in)
    out = min(int(-balance_out * math.expm1(-gained / weight_out)), balance_out - 1)
    while out > 0 and weight_out * math.log1p(out / (balance_out - out)) > gained * (1.0 - ERROR):
        out -= 1 + int(out * ERROR)
    return out


@kernel
def settle_swaps(
    books: Books,
    pools: Pools,
    fraction: Any,
    status: Any,
    weight: float,
    fee_bps: int,
    most_in: float,
    rows: Any,
    order: Any,
) -> None:
    """Swaps in order, each at the price that the one before left; `fraction` and `status` are by vault."""
    for j in range(order.size):
        i = order[j]
        trader, v, paid = rows[i]["account"], rows[i]["vault"], rows[i]["amount"]
        rows[i]["status"] = open_to_trade(pools.account, status, v)
        if rows[i]["status"] != DONE:
            continue
        pool = pools.account[v]
        buys = rows[i]["side"] == BUY
        pays, gets = (USD_ASSET, fraction[v]) if buys else (fraction[v], USD_ASSET)
        weight_in, weight_out = (1.0 - weight, weight) if buys else (weight, 1.0 - weight)
        balance_in = books.balances[pays, pool]
        rows[i]["status"] = payable(paid, books.balances[pays, trader], balance_in)
        if rows[i]["status"] != DONE:
            continue
        if paid > most_in * balance_in:
            pools.refused[v] += 1
            rows[i]["status"] = DEPTH
            continue
        bought = quote(paid, balance_in, books.balances[gets, pool], weight_in, weight_out, fee_bps)
        if bought <= 0 or bought < rows[i]["limit"]:
            rows[i]["status"] = LIMIT
            continue
        move(books, pays, trader, pool, paid, TRADE)
        move(books, gets, pool, trader, bought, TRADE)
        pools.volume[v] += paid if buys else bought
        pools.trades[v] += 1
        rows[i]["filled"] = bought


@kernel
def settle_deposits(books: Books, pools: Pools, fraction: Any, status: Any, rows: Any, order: Any) -> None:
    """Deposits in order: as much of both assets as fits the ratio of the balances; `filled` is the shares made."""
    for j in range(order.size):
        i = order[j]
        account, v = rows[i]["account"], rows[i]["vault"]
        rows[i]["status"] = open_to_trade(pools.account, status, v)
        if rows[i]["status"] != DONE:
            continue
        pool, share = pools.account[v], pools.share[0, v]
        x, y = books.balances[USD_ASSET, pool], books.balances[fraction[v], pool]
        usd, fractions = matched(rows[i]["usd"], rows[i]["fractions"], x, y)
        has_usd, has_fractions = books.balances[USD_ASSET, account], books.balances[fraction[v], account]
        rows[i]["status"] = both_payable(usd, fractions, has_usd, has_fractions)
        if rows[i]["status"] != DONE:
            continue
        shares = -books.balances[share, pool]
        made = shares_made(usd, fractions, shares, x, y)
        if made <= 0 or made < rows[i]["limit"]:
            rows[i]["status"] = LIMIT
            continue
        move(books, USD_ASSET, account, pool, usd, LIQUIDITY)
        move(books, fraction[v], account, pool, fractions, LIQUIDITY)
        move(books, share, pool, account, made, MINT)
        rows[i]["filled"] = made


@kernel
def settle_withdrawals(books: Books, pools: Pools, fraction: Any, tick: int, rows: Any, order: Any) -> None:
    """Withdrawals in order, from pools of ended vaults too; `filled` is the dollars paid, fractions come with them."""
    for j in range(order.size):
        i = order[j]
        account, v, burned = rows[i]["account"], rows[i]["vault"], rows[i]["shares"]
        rows[i]["status"] = open_pool(pools.account, v)
        if rows[i]["status"] != DONE:
            continue
        pool, share = pools.account[v], pools.share[0, v]
        locked = pools.locked[0, v] if account == pools.locked_by[v] and tick < pools.locked_until[v] else 0
        rows[i]["status"] = returnable(burned, books.balances[share, account], locked)
        if rows[i]["status"] != DONE:
            continue
        shares = -books.balances[share, pool]
        usd, fractions = parts_paid(burned, shares, books.balances[USD_ASSET, pool], books.balances[fraction[v], pool])
        if usd < rows[i]["limit"]:
            rows[i]["status"] = LIMIT
            continue
        move(books, share, account, pool, burned, BURN)
        move(books, USD_ASSET, pool, account, usd, LIQUIDITY)
        move(books, fraction[v], pool, account, fractions, LIQUIDITY)
        rows[i]["filled"] = usd
