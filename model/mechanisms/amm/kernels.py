"""Compiled settlement of swaps, deposits and withdrawals: the formulas beside it on int64, row after row.

Balances stay below 9e14 base units, so that a balance times 10,000 fits in 63 bits; products go through `muldiv`.
"""

from typing import Any

from numba import types

from model.actions import BUY, Status
from model.books import BOOKS, Books, move, pay
from model.flows import Flow
from model.jit import helper, kernel
from model.ledger import USD_ASSET
from model.mechanisms.amm.table import Pools
from model.pool_checks import both_payable, open_pool, open_to_trade, payable, returnable
from model.pool_shares import matched, parts_paid, shares_made
from model.prefetch import AHEAD, prefetch
from model.units import BPS, isqrt_product, muldiv

DONE, LIMIT = int(Status.DONE), int(Status.LIMIT)
TRADE, LIQUIDITY, MINT, BURN = int(Flow.TRADE), int(Flow.LIQUIDITY), int(Flow.MINT), int(Flow.BURN)

_i = types.int64
_1 = types.Array(types.int64, 1, "C")


@helper(_i(_i, _i, _i, _i))
def quote(paid, reserve_in, reserve_out, fee_bps):
    """`amount_out` on int64; the caller keeps reserve_in + paid within LARGEST_RESERVE."""
    net = paid * (BPS - fee_bps)
    return muldiv(net, reserve_out, reserve_in * BPS + net)


@helper(_i(_i, _i, _i))
def protocol_shares(shares, root, root_last):
    """`protocol_fee_shares` from the integer roots of k and k_last."""
    if root_last <= 0 or root <= root_last:
        return 0
    return muldiv(shares, root - root_last, 5 * root + root_last)


@helper(types.void(BOOKS, _i, _i, _i, _i, _i), from_python=False)
def mint_protocol(books, share, pool, fraction, platform, root_last):
    """Make the platform's shares of the growth since the last deposit."""
    root = isqrt_product(books.balances[USD_ASSET, pool], books.balances[fraction, pool])
    made = protocol_shares(-books.balances[share, pool], root, root_last)
    if made > 0:
        move(books, share, pool, platform, made, MINT)


@helper(_i(BOOKS, _i, _i, _i, _i, _i, _i), from_python=False)
def burn(books, share, pool, fraction, account, burned, shares):
    """Take back shares and pay their part of both balances; the dollars paid. The account holds the shares."""
    usd, fractions = parts_paid(burned, shares, books.balances[USD_ASSET, pool], books.balances[fraction, pool])
    move(books, share, account, pool, burned, BURN)
    pay(books, USD_ASSET, pool, account, usd, LIQUIDITY)
    move(books, fraction, pool, account, fractions, LIQUIDITY)
    return usd


@helper(types.void(BOOKS, _1, _i, _i))
def bring_holding(books, fraction, v, account):
    """Bring near an account's fractions of a vault and their income."""
    if v >= 0 and v < fraction.size and fraction[v] >= 0:
        asset = fraction[v]
        prefetch(books.balances, (asset, account))
        line = books.line[asset, 0]
        if line >= 0:
            prefetch(books.settled, (line, account))
            prefetch(books.balances, (books.line_paid[line], account))


@kernel
def settle_swaps(books: Books, pools: Pools, fraction: Any, status: Any, fee_bps: int, rows: Any, order: Any) -> None:
    """Swaps in order, each at the price that the one before left; `fraction` and `status` are by vault."""
    for j in range(order.size):
        if j + AHEAD < order.size:
            i = order[j + AHEAD]
            prefetch(books.balances, (USD_ASSET, rows[i]["account"]))
            bring_holding(books, fraction, rows[i]["vault"], rows[i]["account"])
        i = order[j]
        trader, v, paid = rows[i]["account"], rows[i]["vault"], rows[i]["amount"]
        rows[i]["status"] = open_to_trade(pools.account, status, v)
        if rows[i]["status"] != DONE:
            continue
        pool = pools.account[v]
        buys = rows[i]["side"] == BUY
        pays, gets = (USD_ASSET, fraction[v]) if buys else (fraction[v], USD_ASSET)
        reserve = books.balances[pays, pool]
        rows[i]["status"] = payable(paid, books.balances[pays, trader], reserve)
        if rows[i]["status"] != DONE:
            continue
        bought = quote(paid, reserve, books.balances[gets, pool], fee_bps)
        if bought <= 0 or bought < rows[i]["limit"]:
            rows[i]["status"] = LIMIT
            continue
        move(books, pays, trader, pool, paid, TRADE)
        move(books, gets, pool, trader, bought, TRADE)
        pools.volume[v] += paid if buys else bought
        pools.trades[v] += 1
        rows[i]["filled"] = bought


@kernel
def settle_deposits(
    books: Books, pools: Pools, fraction: Any, status: Any, platform: int, protocol_fee: bool, rows: Any, order: Any
) -> None:
    """Deposits in order: as much of both assets as fits the pool's ratio; `filled` is the shares made."""
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
        shares += protocol_shares(shares, isqrt_product(x, y), pools.root_last[v]) if protocol_fee else 0
        made = shares_made(usd, fractions, shares, x, y)
        if made <= 0 or made < rows[i]["limit"]:
            rows[i]["status"] = LIMIT
            continue
        if protocol_fee:
            mint_protocol(books, share, pool, fraction[v], platform, pools.root_last[v])
        pay(books, USD_ASSET, account, pool, usd, LIQUIDITY)
        move(books, fraction[v], account, pool, fractions, LIQUIDITY)
        move(books, share, pool, account, made, MINT)
        pools.root_last[v] = isqrt_product(x + usd, y + fractions) if protocol_fee else 0
        pools.events[v] += 1
        rows[i]["filled"] = made


@kernel
def settle_withdrawals(
    books: Books, pools: Pools, fraction: Any, platform: int, protocol_fee: bool, tick: int, rows: Any, order: Any
) -> None:
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
        x, y = books.balances[USD_ASSET, pool], books.balances[fraction[v], pool]
        shares = -books.balances[share, pool]
        shares += protocol_shares(shares, isqrt_product(x, y), pools.root_last[v]) if protocol_fee else 0
        if muldiv(burned, x, shares) < rows[i]["limit"]:
            rows[i]["status"] = LIMIT
            continue
        if protocol_fee:
            mint_protocol(books, share, pool, fraction[v], platform, pools.root_last[v])
        rows[i]["filled"] = burn(books, share, pool, fraction[v], account, burned, shares)
        left, rest = books.balances[USD_ASSET, pool], books.balances[fraction[v], pool]
        pools.root_last[v] = isqrt_product(left, rest) if protocol_fee else 0
        pools.events[v] += 1
