"""Compiled settlement of the token pools: swaps, deposits and withdrawals, row after row; roundings are for the pool."""

from typing import Any

from model.actions import BUY, Status
from model.books import Books, pay
from model.flows import Flow
from model.jit import kernel
from model.ledger import USD_ASSET
from model.pool_checks import both_payable, open_pool, payable, returnable
from model.pool_shares import matched, parts_paid, shares_made
from model.units import BPS, muldiv

DONE, LIMIT = int(Status.DONE), int(Status.LIMIT)
TRADE, LIQUIDITY, MINT, BURN = int(Flow.TRADE), int(Flow.LIQUIDITY), int(Flow.MINT), int(Flow.BURN)


@kernel
def settle_swaps(books: Books, pools: Any, fee_bps: int, rows: Any, order: Any) -> None:
    """Swaps in order: out = in (10,000 - fee) R_out // (10,000 R_in + in (10,000 - fee))      [AdamsEtAl2020]."""
    for j in range(order.size):
        i = order[j]
        k, paid, trader = rows[i]["token"], rows[i]["amount"], rows[i]["account"]
        rows[i]["status"] = open_pool(pools.account, k)
        if rows[i]["status"] != DONE:
            continue
        pool, token, buys = pools.account[k], pools.asset[k], rows[i]["side"] == BUY
        pays, gets = (USD_ASSET, token) if buys else (token, USD_ASSET)
        reserve = books.balances[pays, pool]
        rows[i]["status"] = payable(paid, books.balances[pays, trader], reserve)
        if rows[i]["status"] != DONE:
            continue
        net = paid * (BPS - fee_bps)
        got = muldiv(net, books.balances[gets, pool], reserve * BPS + net)
        if got <= 0 or got < rows[i]["limit"]:
            rows[i]["status"] = LIMIT
            continue
        pay(books, pays, trader, pool, paid, TRADE)
        pay(books, gets, pool, trader, got, TRADE)
        pools.volume[k] += paid if buys else got
        pools.bought[k] += paid if buys else 0
        rows[i]["filled"] = got


@kernel
def settle_deposits(books: Books, pools: Any, rows: Any, order: Any) -> None:
    """Deposits in order, as much of both as fits the pool's ratio; `filled` is the shares made."""
    for j in range(order.size):
        i = order[j]
        k, account = rows[i]["token"], rows[i]["account"]
        rows[i]["status"] = open_pool(pools.account, k)
        if rows[i]["status"] != DONE:
            continue
        pool, token, share = pools.account[k], pools.asset[k], pools.share[k]
        x, y = books.balances[USD_ASSET, pool], books.balances[token, pool]
        usd, tokens = matched(rows[i]["usd"], rows[i]["tokens"], x, y)
        rows[i]["status"] = both_payable(
            usd, tokens, books.balances[USD_ASSET, account], books.balances[token, account]
        )
        if rows[i]["status"] != DONE:
            continue
        shares = -books.balances[share, pool]
        made = shares_made(usd, tokens, shares, x, y)
        if made <= 0 or made < rows[i]["limit"]:
            rows[i]["status"] = LIMIT
            continue
        pay(books, USD_ASSET, account, pool, usd, LIQUIDITY)
        pay(books, token, account, pool, tokens, LIQUIDITY)
        pay(books, share, pool, account, made, MINT)
        rows[i]["filled"] = made


@kernel
def settle_withdrawals(books: Books, pools: Any, rows: Any, order: Any) -> None:
    """Withdrawals in order; `filled` is the dollars paid, tokens come with them."""
    for j in range(order.size):
        i = order[j]
        k, burned, account = rows[i]["token"], rows[i]["shares"], rows[i]["account"]
        rows[i]["status"] = open_pool(pools.account, k)
        if rows[i]["status"] != DONE:
            continue
        pool, token, share = pools.account[k], pools.asset[k], pools.share[k]
        held = books.balances[share, account] if account != pool else 0
        rows[i]["status"] = returnable(burned, held, 0)
        if rows[i]["status"] != DONE:
            continue
        shares = -books.balances[share, pool]
        usd, tokens = parts_paid(burned, shares, books.balances[USD_ASSET, pool], books.balances[token, pool])
        if usd < rows[i]["limit"]:
            rows[i]["status"] = LIMIT
            continue
        pay(books, share, account, pool, burned, BURN)
        pay(books, USD_ASSET, pool, account, usd, LIQUIDITY)
        pay(books, token, pool, account, tokens, LIQUIDITY)
        rows[i]["filled"] = usd
