"""Compiled settlement of the token pools: swaps, deposits and withdrawals, row after row; roundings are for the pool."""

from typing import Any

from model.actions import BUY, Status
from model.books import Books, pay
from model.flows import Flow
from model.jit import kernel
from model.ledger import USD_ASSET
from model.units import LARGEST_RESERVE, muldiv

DONE, FUNDS, LIMIT, AMOUNT, UNKNOWN = (
    int(s) for s in (Status.DONE, Status.FUNDS, Status.LIMIT, Status.AMOUNT, Status.UNKNOWN)
)
TRADE, LIQUIDITY, MINT, BURN = int(Flow.TRADE), int(Flow.LIQUIDITY), int(Flow.MINT), int(Flow.BURN)


@kernel
def settle_swaps(books: Books, pools: Any, basis: int, fee_bps: int, rows: Any, order: Any) -> None:
    """Swaps in order: out = in (basis - fee) R_out // (R_in basis + in (basis - fee))          [AdamsEtAl2020]."""
    for j in range(order.size):
        i = order[j]
        k, paid, trader = rows[i]["token"], rows[i]["amount"], rows[i]["account"]
        if k < 0 or k >= pools.account.size or pools.account[k] < 0:
            rows[i]["status"] = UNKNOWN
            continue
        pool, token, buys = pools.account[k], pools.asset[k], rows[i]["side"] == BUY
        pays, gets = (USD_ASSET, token) if buys else (token, USD_ASSET)
        reserve = books.balances[pays, pool]
        if paid <= 0 or paid > LARGEST_RESERVE - reserve:
            rows[i]["status"] = AMOUNT
            continue
        if books.balances[pays, trader] < paid:
            rows[i]["status"] = FUNDS
            continue
        net = paid * (basis - fee_bps)
        got = muldiv(net, books.balances[gets, pool], reserve * basis + net)
        if got <= 0 or got < rows[i]["limit"]:
            rows[i]["status"] = LIMIT
            continue
        pay(books, pays, trader, pool, paid, TRADE)
        pay(books, gets, pool, trader, got, TRADE)
        pools.volume[k] += paid if buys else got
        pools.bought[k] += paid if buys else 0
        rows[i]["status"], rows[i]["filled"] = DONE, got


@kernel
def settle_deposits(books: Books, pools: Any, rows: Any, order: Any) -> None:
    """Deposits in order, as much of both as fits the pool's ratio; `filled` is the shares made."""
    for j in range(order.size):
        i = order[j]
        k, usd, tokens, account = rows[i]["token"], rows[i]["usd"], rows[i]["tokens"], rows[i]["account"]
        if k < 0 or k >= pools.account.size or pools.account[k] < 0:
            rows[i]["status"] = UNKNOWN
            continue
        if usd <= 0 or tokens <= 0 or usd > LARGEST_RESERVE or tokens > LARGEST_RESERVE:
            rows[i]["status"] = AMOUNT
            continue
        pool, token, share = pools.account[k], pools.asset[k], pools.share[k]
        x, y = books.balances[USD_ASSET, pool], books.balances[token, pool]
        matching = muldiv(usd, y, x)
        if matching <= tokens:
            tokens = matching
        else:
            usd = muldiv(tokens, x, y)
        if usd <= 0 or tokens <= 0 or usd > LARGEST_RESERVE - x or tokens > LARGEST_RESERVE - y:
            rows[i]["status"] = AMOUNT
            continue
        if books.balances[USD_ASSET, account] < usd or books.balances[token, account] < tokens:
            rows[i]["status"] = FUNDS
            continue
        shares = -books.balances[share, pool]
        made = min(muldiv(usd, shares, x), muldiv(tokens, shares, y))
        if made <= 0 or made < rows[i]["limit"]:
            rows[i]["status"] = LIMIT
            continue
        pay(books, USD_ASSET, account, pool, usd, LIQUIDITY)
        pay(books, token, account, pool, tokens, LIQUIDITY)
        pay(books, share, pool, account, made, MINT)
        rows[i]["status"], rows[i]["filled"] = DONE, made


@kernel
def settle_withdrawals(books: Books, pools: Any, rows: Any, order: Any) -> None:
    """Withdrawals in order; `filled` is the dollars paid, tokens come with them."""
    for j in range(order.size):
        i = order[j]
        k, burned, account = rows[i]["token"], rows[i]["shares"], rows[i]["account"]
        if k < 0 or k >= pools.account.size or pools.account[k] < 0:
            rows[i]["status"] = UNKNOWN
            continue
        if burned <= 0:
            rows[i]["status"] = AMOUNT
            continue
        pool, token, share = pools.account[k], pools.asset[k], pools.share[k]
        if books.balances[share, account] < burned or account == pool:
            rows[i]["status"] = FUNDS
            continue
        shares = -books.balances[share, pool]
        usd = muldiv(burned, books.balances[USD_ASSET, pool], shares)
        tokens = muldiv(burned, books.balances[token, pool], shares)
        if usd < rows[i]["limit"]:
            rows[i]["status"] = LIMIT
            continue
        pay(books, share, account, pool, burned, BURN)
        pay(books, USD_ASSET, pool, account, usd, LIQUIDITY)
        pay(books, token, pool, account, tokens, LIQUIDITY)
        rows[i]["status"], rows[i]["filled"] = DONE, usd
