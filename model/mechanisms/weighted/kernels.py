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
from model.mechanisms.weighted.table import LIVE, NO_POOL, Pools
from model.units import BPS, LARGEST_RESERVE, muldiv

DONE, FUNDS, LIMIT, CLOSED = int(Status.DONE), int(Status.FUNDS), int(Status.LIMIT), int(Status.CLOSED)
AMOUNT, UNKNOWN, LOCKED, DEPTH = int(Status.AMOUNT), int(Status.UNKNOWN), int(Status.LOCKED), int(Status.DEPTH)
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
        if v < 0 or v >= fraction.size or pools.account[v] == NO_POOL:
            rows[i]["status"] = UNKNOWN
            continue
        if status[v] != LIVE:
            rows[i]["status"] = CLOSED
            continue
        pool = pools.account[v]
        buys = rows[i]["side"] == BUY
        pays, gets = (USD_ASSET, fraction[v]) if buys else (fraction[v], USD_ASSET)
        weight_in, weight_out = (1.0 - weight, weight) if buys else (weight, 1.0 - weight)
        balance_in = books.balances[pays, pool]
        if paid <= 0 or paid > LARGEST_RESERVE - balance_in:
            rows[i]["status"] = AMOUNT
            continue
        if books.balances[pays, trader] < paid:
            rows[i]["status"] = FUNDS
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
        rows[i]["status"] = DONE
        rows[i]["filled"] = bought


@kernel
def settle_deposits(books: Books, pools: Pools, fraction: Any, status: Any, rows: Any, order: Any) -> None:
    """Deposits in order: as much of both assets as fits the ratio of the balances; `filled` is the shares made."""
    for j in range(order.size):
        i = order[j]
        account, v = rows[i]["account"], rows[i]["vault"]
        usd, fractions = rows[i]["usd"], rows[i]["fractions"]
        if v < 0 or v >= fraction.size or pools.account[v] == NO_POOL:
            rows[i]["status"] = UNKNOWN
            continue
        if status[v] != LIVE:
            rows[i]["status"] = CLOSED
            continue
        pool, share = pools.account[v], pools.share[0, v]
        x, y = books.balances[USD_ASSET, pool], books.balances[fraction[v], pool]
        if usd <= 0 or fractions <= 0 or usd > LARGEST_RESERVE or fractions > LARGEST_RESERVE:
            rows[i]["status"] = AMOUNT
            continue
        matching = muldiv(usd, y, x)
        if matching <= fractions:
            fractions = matching
        else:
            usd = muldiv(fractions, x, y)
        if usd <= 0 or fractions <= 0 or usd > LARGEST_RESERVE - x or fractions > LARGEST_RESERVE - y:
            rows[i]["status"] = AMOUNT
            continue
        if books.balances[USD_ASSET, account] < usd or books.balances[fraction[v], account] < fractions:
            rows[i]["status"] = FUNDS
            continue
        shares = -books.balances[share, pool]
        made = min(muldiv(usd, shares, x), muldiv(fractions, shares, y))
        if made <= 0 or made < rows[i]["limit"]:
            rows[i]["status"] = LIMIT
            continue
        move(books, USD_ASSET, account, pool, usd, LIQUIDITY)
        move(books, fraction[v], account, pool, fractions, LIQUIDITY)
        move(books, share, pool, account, made, MINT)
        rows[i]["status"] = DONE
        rows[i]["filled"] = made


@kernel
def settle_withdrawals(books: Books, pools: Pools, fraction: Any, tick: int, rows: Any, order: Any) -> None:
    """Withdrawals in order, from pools of ended vaults too; `filled` is the dollars paid, fractions come with them."""
    for j in range(order.size):
        i = order[j]
        account, v, burned = rows[i]["account"], rows[i]["vault"], rows[i]["shares"]
        if v < 0 or v >= fraction.size or pools.account[v] == NO_POOL:
            rows[i]["status"] = UNKNOWN
            continue
        pool, share = pools.account[v], pools.share[0, v]
        if burned <= 0:
            rows[i]["status"] = AMOUNT
            continue
        held = books.balances[share, account]
        if held < burned:
            rows[i]["status"] = FUNDS
            continue
        if account == pools.locked_by[v] and tick < pools.locked_until[v] and held - burned < pools.locked[0, v]:
            rows[i]["status"] = LOCKED
            continue
        shares = -books.balances[share, pool]
        usd = muldiv(burned, books.balances[USD_ASSET, pool], shares)
        fractions = muldiv(burned, books.balances[fraction[v], pool], shares)
        if usd < rows[i]["limit"]:
            rows[i]["status"] = LIMIT
            continue
        move(books, share, account, pool, burned, BURN)
        move(books, USD_ASSET, pool, account, usd, LIQUIDITY)
        move(books, fraction[v], pool, account, fractions, LIQUIDITY)
        rows[i]["status"] = DONE
        rows[i]["filled"] = usd
