"""What holders do with farms who would have their assets in any case, and what everybody who farms needs.

They stake, and stay, only for as long as a year of it brings more than the transactions that it takes. The way in and out
counts for who is not in yet, and a single transaction for who is: so nobody comes and goes with every small move of a price.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.costs import click_of
from agents.farm_figures import (
    CLICKS,
    CLICKS_IN,
    FRACTION,
    PEG,
    POOL_PRICE,
    POOL_TOKENS,
    POOL_USD,
    REWARD,
    TOKENS,
    brought,
    pools_of,
    stakes_of,
)
from agents.farm_orders import ALL
from agents.quotes import amount_out
from agents.staking import EVERYBODY
from model.actions import BUY, SELL, Action
from model.jit import kernel
from model.ledger import USD_ASSET
from model.mechanisms.farms import (
    STAKABLE,
    Harvest,
    StakeFarm,
    Stakes,
    TradeToken,
    UnstakeFarm,
    pending_rewards,
    waits_for,
)
from model.units import TOKEN, USD
from model.view import MarketView

__all__ = ["BUY", "GOLDEN", "PEG", "REWARD", "SELL", "cash_of", "farmed", "tend", "waiting", "yields"]

WORTH_CLAIMING = 25.0  # USD of rewards for which holders who do not live on them trouble to claim or sell
SOLD_AT_ONCE = 0.05  # part of the token's pool sold at once, and worst outcome accepted
GOLDEN = 0.6180339887498949  # spreads one draw over all farms
TENDED: tuple[type[Action], ...] = (TradeToken, StakeFarm, UnstakeFarm, Harvest)
_SALES, _STAKES, _EXITS, _CLAIMS = range(4)


@kernel
def _yields(kind: int, farms: Stakes, out: Any) -> None:
    """Add what farms of a kind pay on a dollar staked [1/day] to `out`, by vault."""
    for f in range(farms.kind.size):
        v = farms.vault[f]
        if farms.kind[f] == kind and farms.open[f] > 0 and 0 <= v < out.size:
            out[v] += farms.reward_usd[f] / max(farms.staked_usd[f], 1.0)


def yields(market: MarketView, key: str, size: int) -> NDArray[np.float64]:
    """What farms pay on pool shares of a venue by vault [1/day]; zeros where there are none."""
    more = np.zeros(size)
    if market.has("farms") and key in STAKABLE:
        _yields(STAKABLE.index(key), stakes_of(market), more)
    return more


def farmed(market: MarketView, kind: str) -> bool:
    """Whether a farm pays on stakes of a kind."""
    if not market.has("farms"):
        return False
    farms = market.farms
    return bool(((farms.kind == STAKABLE.index(kind)) & (farms.open > 0) & (farms.reward_usd > 0.0)).any())


@cache
def _chosen(kinds: tuple[str, ...]) -> NDArray[np.bool_]:
    """Which kinds of stakes these are, by place in `STAKABLE`."""
    return np.isin(np.arange(len(STAKABLE)), [STAKABLE.index(kind) for kind in kinds])


@kernel
def _tend(
    balances: Any, index: Any, settled: Any, token: int, pools: Any, fee: float, farms: Stakes, more: Any, click: float,
    chosen: Any, accounts: Any, out: Any, leaving: Any, best: Any, rows: Any,
) -> Any:  # fmt: skip
    """Count the rows of sales, stakes, exits and claims, see `tend`, and write those for which there is room.

    Args:
        index, settled: of income lines, see `model.books`
        token: asset; pools, fee: of the tokens, see `agents.farm_figures`
        more: what a base unit earns by being staked alone [USD/day], by farm; click: cost of a transaction [USD]
        chosen: kinds of stakes, by place in `STAKABLE`
        out: whom a farm's vault no longer suits, bool[vault, account]; no vaults if it suits everybody
        leaving: rows of an account, a vault, and more
        best: work space, int64[farm]
        rows: out, of the four actions, whose further columns stay 0

    Returns:
        how many rows of each
    """
    n_sales = n_stakes = n_exits = n_claims = n_best = 0
    for f in farms.ranked:
        if chosen[farms.kind[f]] and farms.claim[f] >= 0 and farms.open[f] > 0 and farms.reward_usd[f] > 0.0:
            known = False
            for i in range(n_best):
                known |= farms.asset[best[i]] == farms.asset[f]
            if not known:
                best[n_best] = f
                n_best += 1
    depth, worth = pools[REWARD, POOL_TOKENS], pools[REWARD, POOL_PRICE] / TOKEN
    for k in range(accounts.size):
        held = balances[token, accounts[k]]
        if held * worth > WORTH_CLAIMING:
            if n_sales < rows.shape[1]:
                amount = min(held, np.int64(depth * SOLD_AT_ONCE))
                row = rows[_SALES, n_sales]
                row[0], row[1], row[2], row[3] = accounts[k], REWARD, SELL, amount
                got = amount_out(amount, depth, pools[REWARD, POOL_USD], fee)
                row[4] = np.int64(got * (1.0 - SOLD_AT_ONCE))
            n_sales += 1
    for b in range(n_best):
        f = best[b]
        asset, v = farms.asset[f], farms.vault[f]
        for k in range(accounts.size):
            held = balances[asset, accounts[k]]
            if held <= 0 or (out.shape[0] > 0 and out[v, k]):
                continue
            clicks = CLICKS_IN if balances[farms.claim[f], accounts[k]] > 0 else CLICKS
            if brought(farms.reward_usd[f], more[f], held, farms.staked[f] + held) <= clicks * click:
                continue
            gone = False
            for i in range(leaving.shape[0]):
                gone |= leaving[i, 0] == accounts[k] and leaving[i, 1] == v
            if gone:
                continue
            if n_stakes < rows.shape[1]:
                row = rows[_STAKES, n_stakes]
                row[0], row[1], row[2] = accounts[k], f, ALL
            n_stakes += 1
    for f in range(farms.kind.size):
        if not chosen[farms.kind[f]] or farms.claim[f] < 0:
            continue
        claim, v = farms.claim[f], farms.vault[f]
        for k in range(accounts.size):
            staked = balances[claim, accounts[k]]
            if staked <= 0:
                continue
            pays = brought(farms.reward_usd[f], more[f], staked, farms.staked[f]) > CLICKS_IN * click
            if farms.open[f] == 0 or not pays or (out.shape[0] > 0 and out[v, k]):
                if n_exits < rows.shape[1]:
                    row = rows[_EXITS, n_exits]
                    row[0], row[1], row[2] = accounts[k], f, ALL
                n_exits += 1
            elif farms.pays[f] == TOKENS:
                waits = waits_for(index, settled, farms.line[f], accounts[k], staked)
                if waits * worth > WORTH_CLAIMING:
                    if n_claims < rows.shape[1]:
                        rows[_CLAIMS, n_claims, 0], rows[_CLAIMS, n_claims, 1] = accounts[k], f
                    n_claims += 1
    return n_sales, n_stakes, n_exits, n_claims


SUITS = np.zeros((0, 0), np.bool_)  # every vault, everybody
STAYS = np.zeros((0, 2), np.int64)
WIDEST = max(action.width for action in TENDED)
GUESS = 32  # rows of each action for which there is room at first


def tend(
    market: MarketView, accounts: NDArray[np.int64], kinds: tuple[str, ...], out: Any = SUITS, leaving: Any = STAYS
) -> Iterable[Action]:
    """Stake what accounts have of some kinds where it pays most, sell rewards at hand, claim, and leave farms that pay too little.

    Args:
        accounts: of holders who would have these assets with or without farms
        kinds: what they stake
        out: whom a farm's vault no longer suits, bool[vault, account]; nobody if not given
        leaving: rows of an account, a vault, and more: whose pool shares are given back today
    """
    if not market.has("farms") or accounts.size == 0:
        return
    known, best, rows = market.once(_known)
    seen = *known, _chosen(kinds), accounts, out, leaving, best
    count = _tend(*seen, rows)
    if max(count) > GUESS:
        rows = np.zeros((len(TENDED), max(count), WIDEST), np.int64)
        _tend(*seen, rows)
    for place, n in enumerate(count):
        if n:
            action = TENDED[place]
            yield action.of_rows(rows[place, :n, : action.width].copy())


def _known(market: MarketView) -> tuple[tuple[Any, ...], NDArray[np.int64], NDArray[np.int64]]:
    """What all who tend see of a morning; work space for farms, and for rows of each action."""
    farms = market.farms
    seen = (
        market.balances, farms.line_index, farms.settled, farms.token, pools_of(market), float(farms.fee), farms.stakes,
        _earned(market), click_of(market),
    )  # fmt: skip
    return seen, np.empty(farms.n, np.int64), np.zeros((len(TENDED), GUESS, WIDEST), np.int64)


def _earned(market: MarketView) -> NDArray[np.float64]:
    """What a base unit earns by being staked alone [USD/day], by farm: the vault's income, where not all fractions earn it."""
    farms, vaults, more = market.farms, market.vaults, np.zeros(market.farms.n)
    if vaults.eligibility != EVERYBODY:
        only = (farms.kind == FRACTION) & (farms.claim >= 0)
        more[only] = vaults.income[farms.vault[only]] / TOKEN
    return more


def waiting(market: MarketView, accounts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Tokens or points that wait for accounts, int64[farm, account]."""
    farms, out = market.farms, np.zeros((market.farms.n, accounts.size), np.int64)
    pending_rewards(market.balances, farms.claim, farms.line, farms.line_index, farms.settled, accounts, out)
    return out


def cash_of(market: MarketView, accounts: NDArray[np.int64]) -> NDArray[np.float64]:
    """USD at hand."""
    cash: NDArray[np.float64] = market.balances[USD_ASSET, accounts] / USD
    return cash
