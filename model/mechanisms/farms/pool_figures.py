"""Compiled: what the tokens' pools quote, are worth and must keep; a pool without an account is not open."""

import math
from typing import Any

from model.books import Books
from model.jit import kernel
from model.ledger import USD_ASSET
from model.sheaf import Sheaf
from model.units import USD

BROKEN = (
    "",
    "a balance is not positive: {before:.0f} and {now:.0f}",
    "sqrt(x y) per share fell from {before} to {now}",
)
ROUNDING = 1e-12


class Pools(Sheaf):
    """Pools by token, int64 unless said."""

    account: Any  # holds both balances and issues the shares, -1 for none
    asset: Any  # the token
    share: Any  # asset of the shares
    volume: Any  # dollars exchanged this tick [base units]
    bought: Any  # dollars paid for tokens this tick [base units]
    price: Any  # float64, this morning's price [USD per whole token]
    twap: Any  # float64, its running mean
    root: Any  # float64, sqrt(x y) per share at the last check


@kernel
def quote(books: Books, pools: Pools, keep: float) -> None:
    """This morning's prices, and their running means, of which a tick keeps the part `keep`; a new day is counted."""
    for k in range(pools.account.size):
        account = pools.account[k]
        if account >= 0:
            pools.price[k] = books.balances[USD_ASSET, account] / books.balances[pools.asset[k], account]
            pools.twap[k] += (pools.price[k] - pools.twap[k]) * (1.0 - keep)
            pools.volume[k] = pools.bought[k] = 0


@kernel
def mark(books: Books, pools: Pools, value: Any) -> None:
    """Value tokens and shares at the pools' prices [USD per base unit]."""
    for k in range(pools.account.size):
        account, asset, share = pools.account[k], pools.asset[k], pools.share[k]
        if account >= 0:
            usd = books.balances[USD_ASSET, account]
            value[asset] = usd / books.balances[asset, account] / USD
            value[share] = 2.0 * usd / USD / -books.balances[share, account]


@kernel
def find_fault(books: Books, pools: Pools, seen: Any) -> int:
    """The first law that a pool breaks, a place in `BROKEN`; its number and two figures go into `seen`."""
    for k in range(pools.account.size):
        account = pools.account[k]
        if account < 0:
            continue
        usd, tokens = books.balances[USD_ASSET, account], books.balances[pools.asset[k], account]
        seen[0], seen[1], seen[2] = k, usd, tokens
        if usd <= 0 or tokens <= 0:
            return 1
        root = math.sqrt(usd) * math.sqrt(tokens) / -books.balances[pools.share[k], account]
        seen[1], seen[2] = pools.root[k], root
        if root < pools.root[k] * (1.0 - ROUNDING):
            return 2
        pools.root[k] = root
    return 0
