"""Orders of those who farm: how stakes are bought and sold, as rows that name their action first.

Rows are int64: place in `ACTIONS`, account, the action's own columns, then zeros for its status and what was filled.
Sizes are those of the morning's quotes, and limits leave the slippage that an agent accepts.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numba import types
from numpy.typing import NDArray

from agents.farm_figures import (
    AMM,
    DEPOSIT,
    FRACTION,
    PEG,
    PEG_SHARE,
    POOL_TOKENS,
    POOL_USD,
    REWARD,
    TOKEN_ITSELF,
    TOKEN_SHARE,
)
from agents.quotes import amount_out
from model.actions import BUY, SELL, Action
from model.jit import helper, kernel, rare
from model.mechanisms.amm import AddLiquidity, RemoveLiquidity
from model.mechanisms.bitcoin import TradeCoins
from model.mechanisms.farms import (
    AddTokenLiquidity,
    Harvest,
    RemoveTokenLiquidity,
    StakeFarm,
    TradeToken,
    UnstakeFarm,
)
from model.mechanisms.lending import Supply, Withdraw

ALL = 1 << 52  # more than anybody holds: stakes and claims are taken up to what is there
SWAP = 0  # of fractions, at whatever venue quotes most
ACTIONS: tuple[type[Action] | None, ...] = (
    None, AddLiquidity, RemoveLiquidity, Supply, Withdraw, TradeToken, AddTokenLiquidity, RemoveTokenLiquidity,
    StakeFarm, UnstakeFarm, Harvest, TradeCoins,
)  # fmt: skip
_ADD, _REMOVE, _SUPPLY, _WITHDRAW, _TRADE, _ADD_TOKENS, _REMOVE_TOKENS, STAKE, UNSTAKE, HARVEST, COINS = range(1, 12)
WIDTH = 8
MOST_TO_ENTER = 3  # rows


class Quotes(NamedTuple):
    """What sizes and limits are computed from.

    Attributes:
        venue: price, dollars, fractions and fee of each vault's deepest venue, float64[4, vault]
        pools: of the tokens, see `agents.farm_figures`, float64[2, 5]
        fee: of these pools, float64[1]
    """

    venue: Any
    pools: Any
    fee: Any


_i, _f = types.int64, types.float64
_rows = types.Array(_i, 2, "C")
_floats = types.Array(_f, 2, "C")
_quotes = types.NamedTuple((_floats, _floats, types.Array(_f, 1, "C")), Quotes)


@helper(_i(_rows, _i, _i, _i, _i, _i, _i, _i), from_python=False)
def put(rows, n, action, account, first, second, third, fourth):
    """Write row n; the number of rows then."""
    rows[n, 0] = action
    rows[n, 1] = account
    rows[n, 2] = first
    rows[n, 3] = second
    rows[n, 4] = third
    rows[n, 5] = fourth
    rows[n, 6] = 0
    rows[n, 7] = 0
    return n + 1


@helper(_i(_f, _f, _f, _i, _f), from_python=False)
def worst(give, take, fee, amount, slippage):
    """What an amount must bring at least at a pool with such balances [base units]."""
    return max(np.int64(amount_out(float(amount), give, take, fee) * (1.0 - slippage)), 0)


@rare(types.UniTuple(_i, 2)(_rows, _i, _quotes, _f, _i, _i, _i, _i))
def trade_token(rows, n, quotes, slippage, account, token, side, amount):
    """Swap at a token's pool; rows, and what it should bring at least."""
    usd, tokens = quotes.pools[token, POOL_USD], quotes.pools[token, POOL_TOKENS]
    give, take = (usd, tokens) if side == BUY else (tokens, usd)
    least = worst(give, take, quotes.fee[0], amount, slippage)
    if least > 0:
        n = put(rows, n, _TRADE, account, token, side, amount, least)
    return n, least


@rare(_i(_rows, _i, _quotes, _f, _i, _i, _i))
def sell_token(rows, n, quotes, slippage, account, token, amount):
    """Sell tokens, no more at once than the slippage allows; rows."""
    most = max(np.int64(quotes.pools[token, POOL_TOKENS] * slippage), 1)
    if amount > 0:
        n, _ = trade_token(rows, n, quotes, slippage, account, token, SELL, min(amount, most))
    return n


@rare(types.UniTuple(_i, 2)(_rows, _i, _quotes, _f, _i, _i, _i, _i))
def trade_fraction(rows, n, quotes, slippage, account, v, side, amount):
    """Swap fractions of a vault; rows, and what it should bring at least."""
    price, usd, fractions, fee = quotes.venue[0, v], quotes.venue[1, v], quotes.venue[2, v], quotes.venue[3, v]
    if price <= 0.0 or amount <= 0:
        return n, 0
    give, take = (usd, fractions) if side == BUY else (fractions, usd)
    least = worst(give, take, fee, amount, slippage)
    if least > 0:
        n = put(rows, n, SWAP, account, v, side, amount, least)
    return n, least


@rare(_i(_rows, _i, _quotes, _f, _i, _i, _i, _i, _i, _i))
def enter(rows, n, quotes, slippage, account, f, kind, v, usd, idle):
    """Buy what a farm takes for so many dollars [base units], and stake it on the same day; rows.

    What goes into a pool of fractions is taken from those at hand first, `idle`, and bought as far as they do not reach.
    """
    half = usd // 2
    if kind == FRACTION:
        n, _ = trade_fraction(rows, n, quotes, slippage, account, v, BUY, usd)
    elif kind == AMM:
        price = quotes.venue[0, v]
        used = min(idle, np.int64(half / price)) if price > 0.0 else 0
        n, got = trade_fraction(rows, n, quotes, slippage, account, v, BUY, np.int64(half - used * price))
        if used + got > 0:
            n = put(rows, n, _ADD, account, v, half, used + got, 1)
    elif kind == DEPOSIT:
        n = put(rows, n, _SUPPLY, account, usd, 0, 0, 0)
    elif kind == TOKEN_ITSELF:
        n, _ = trade_token(rows, n, quotes, slippage, account, REWARD, BUY, usd)
    else:
        token = REWARD if kind == TOKEN_SHARE else PEG
        n, got = trade_token(rows, n, quotes, slippage, account, token, BUY, half)
        if got > 0:
            n = put(rows, n, _ADD_TOKENS, account, token, half, got, 1)
    return put(rows, n, STAKE, account, f, ALL, 0, 0)


@rare(_i(_rows, _i, _quotes, _f, _i, _i, _i, _i, types.boolean))
def dispose(rows, n, quotes, slippage, account, kind, v, amount, fresh):
    """Sell a stake that is at hand; `fresh` if it is only after today's unstaking; rows."""
    if kind == FRACTION:
        most = max(np.int64(quotes.venue[2, v] * slippage), 1)
        n, _ = trade_fraction(rows, n, quotes, slippage, account, v, SELL, min(amount, most))
    elif kind == AMM:
        n = put(rows, n, _REMOVE, account, v, amount, 0, 0)
    elif kind == DEPOSIT:
        if not fresh:
            n = put(rows, n, _WITHDRAW, account, amount, 0, 0, 0)
    elif kind == TOKEN_ITSELF:
        n = sell_token(rows, n, quotes, slippage, account, REWARD, amount)
    elif kind == TOKEN_SHARE:
        n = put(rows, n, _REMOVE_TOKENS, account, REWARD, amount, 0, 0)
    elif kind == PEG_SHARE:
        n = put(rows, n, _REMOVE_TOKENS, account, PEG, amount, 0, 0)
    return n


@kernel
def enter_all(
    accounts: Any, farm: Any, usd: Any, slippage: Any, kinds: Any, vaults: Any, fraction: Any, balances: Any, quotes: Any,
    rows: Any,
) -> int:  # fmt: skip
    """Let each account enter a farm for some dollars, or stake what is at hand where these are below 0; rows.

    Args:
        accounts, farm, usd, slippage: of each, USD base units and 1; nothing is done for 0
        kinds, vaults: of all farms
        fraction: asset by vault; balances: holdings by asset and account
        quotes: see `Quotes`
        rows: out, room for three each
    """
    n = 0
    for k in range(accounts.size):
        f = farm[k]
        if usd[k] > 0:
            idle = balances[fraction[vaults[f]], accounts[k]] if kinds[f] == AMM else 0
            n = enter(rows, n, quotes, slippage[k], accounts[k], f, kinds[f], vaults[f], usd[k], idle)
        elif usd[k] < 0:
            n = put(rows, n, STAKE, accounts[k], f, ALL, 0, 0)
    return n


def quotes_of(venue: NDArray[np.float64], pools: NDArray[np.float64], fee: float) -> Quotes:
    """Quotes as kernels take them."""
    return Quotes(venue, pools, np.array([fee]))


@kernel
def _sort(rows: Any, start: Any, out: Any) -> None:
    """Copy rows without their first column, action by action; `start` gets the first row of each, and how many there are."""
    start[:] = 0
    for i in range(rows.shape[0]):
        start[rows[i, 0] + 2] += 1
    for code in range(2, start.size):
        start[code] += start[code - 1]
    for i in range(rows.shape[0]):
        place = start[rows[i, 0] + 1]
        start[rows[i, 0] + 1] = place + 1
        for k in range(1, rows.shape[1]):
            out[place, k - 1] = rows[i, k]


def batches(rows: NDArray[np.int64], venues: Any) -> Iterable[Action]:
    """One batch per action, in the rows' order; swaps of fractions each at the venue that quotes most for it."""
    if rows.shape[0] == 0:
        return
    start, out = np.empty(len(ACTIONS) + 2, np.int64), np.empty((rows.shape[0], WIDTH - 1), np.int64)
    _sort(rows, start, out)
    first = 0
    for action, end in zip(ACTIONS, start[1:].tolist(), strict=False):
        if end > first and action is not None:
            yield action.of_rows(out[first:end, : len(action.dtype.names or ())])
        elif end > first:
            yield from venues.route(out[first:end], end - first)
        first = end
