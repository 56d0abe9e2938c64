"""What holders do with farms who would have their assets in any case, and what everybody who farms needs."""

from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.farm_figures import PEG, POOL_PRICE, POOL_TOKENS, POOL_USD, REWARD, TOKENS, Stakes, pools_of, stakes_of
from agents.farm_orders import ALL, BUY, SELL
from model.actions import Action
from model.jit import kernel, maker
from model.ledger import USD_ASSET
from model.mechanisms.farms import STAKABLE, Harvest, StakeFarm, TradeToken, UnstakeFarm, pending_rewards, waits_for
from model.units import TOKEN, USD
from model.view import MarketView

__all__ = ["BUY", "GOLDEN", "PEG", "REWARD", "SELL", "cash_of", "tend", "waiting", "yields"]

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
        _yields(STAKABLE.index(key), stakes_of(market.farms), more)
    return more


@cache
def _chosen(kinds: tuple[str, ...]) -> NDArray[np.bool_]:
    """Which kinds of stakes these are, by place in `STAKABLE`."""
    return np.isin(np.arange(len(STAKABLE)), [STAKABLE.index(kind) for kind in kinds])


@maker
def _tend(
    balances: Any, index: Any, settled: Any, token: int, pools: Any, fee: float, farms: Stakes, chosen: Any,
    accounts: Any, out: Any, leaving: Any,
) -> Any:  # fmt: skip
    """Count the rows of sales, stakes, exits and claims, then write them; see `tend`.

    Args:
        index, settled: of income lines, see `model.books`
        token: asset; pools, fee: of the tokens, see `agents.farm_figures`
        chosen: kinds of stakes, by place in `STAKABLE`
        out: whom a farm's vault no longer suits, bool[vault, account]; no vaults if it suits everybody
        leaving: rows of an account and a vault

    Returns:
        rows of the four actions, int64
    """
    count = np.zeros(4, np.int64)
    best = np.empty(farms.kind.size, np.int64)
    known, n_best = np.zeros(balances.shape[0], np.bool_), 0
    for f in farms.ranked:
        if chosen[farms.kind[f]] and farms.claim[f] >= 0 and farms.open[f] > 0 and farms.reward_usd[f] > 0.0:
            if not known[farms.asset[f]]:
                best[n_best] = f
                n_best += 1
            known[farms.asset[f]] = True
    depth, worth = pools[REWARD, POOL_TOKENS], pools[REWARD, POOL_PRICE] / TOKEN
    sales, stakes = np.empty((0, 7), np.int64), np.empty((0, 5), np.int64)
    exits, claims = np.empty((0, 5), np.int64), np.empty((0, 4), np.int64)
    for writes in range(2):
        if writes:
            if count.sum() == 0:
                break
            sales, stakes = np.zeros((count[_SALES], 7), np.int64), np.zeros((count[_STAKES], 5), np.int64)
            exits, claims = np.zeros((count[_EXITS], 5), np.int64), np.zeros((count[_CLAIMS], 4), np.int64)
            count[:] = 0
        for k in range(accounts.size):
            held = balances[token, accounts[k]]
            if held * worth > WORTH_CLAIMING:
                if writes:
                    amount = min(held, np.int64(depth * SOLD_AT_ONCE))
                    net = amount * (1.0 - fee)
                    row = sales[count[_SALES]]
                    row[0], row[1], row[2], row[3] = accounts[k], REWARD, SELL, amount
                    row[4] = np.int64(pools[REWARD, POOL_USD] * net / (depth + net) * (1.0 - SOLD_AT_ONCE))
                count[_SALES] += 1
        for f in best[:n_best]:
            asset, v = farms.asset[f], farms.vault[f]
            for k in range(accounts.size):
                if balances[asset, accounts[k]] <= 0 or (out.shape[0] > 0 and out[v, k]):
                    continue
                gone = False
                for i in range(leaving.shape[0]):
                    gone |= leaving[i, 0] == accounts[k] and leaving[i, 1] == v
                if gone:
                    continue
                if writes:
                    row = stakes[count[_STAKES]]
                    row[0], row[1], row[2] = accounts[k], f, ALL
                count[_STAKES] += 1
        for f in range(farms.kind.size):
            if not chosen[farms.kind[f]] or farms.claim[f] < 0:
                continue
            claim, v, pays = farms.claim[f], farms.vault[f], farms.open[f] > 0 and farms.reward_usd[f] > 0.0
            for k in range(accounts.size):
                staked = balances[claim, accounts[k]]
                if staked <= 0:
                    continue
                if not pays or (out.shape[0] > 0 and out[v, k]):
                    if writes:
                        row = exits[count[_EXITS]]
                        row[0], row[1], row[2] = accounts[k], f, ALL
                    count[_EXITS] += 1
                elif farms.pays[f] == TOKENS:
                    waits = waits_for(index, settled, farms.line[f], accounts[k], staked)
                    if waits * worth > WORTH_CLAIMING:
                        if writes:
                            claims[count[_CLAIMS], 0], claims[count[_CLAIMS], 1] = accounts[k], f
                        count[_CLAIMS] += 1
    return sales, stakes, exits, claims


SUITS = np.zeros((0, 0), np.bool_)  # every vault, everybody


def tend(
    market: MarketView, accounts: NDArray[np.int64], kinds: tuple[str, ...], out: Any = None, leaving: Any = ()
) -> Iterable[Action]:
    """Stake what accounts have of some kinds where it pays most, sell rewards at hand, claim, and leave farms that pay nothing.

    Args:
        accounts: of holders who would have these assets with or without farms
        kinds: what they stake
        out: whom a farm's vault no longer suits, bool[vault, account]; nobody if not given
        leaving: pairs of account and vault whose pool shares are given back today
    """
    if not market.has("farms") or accounts.size == 0:
        return
    farms = market.farms
    rows = _tend(
        market.balances, farms.line_index, farms.settled, farms.token, pools_of(farms), float(farms.fee), stakes_of(farms),
        _chosen(kinds), accounts, SUITS if out is None else np.ascontiguousarray(out),
        np.array(leaving, np.int64).reshape(-1, 2),
    )  # fmt: skip
    for action, found in zip(TENDED, rows, strict=True):
        if found.shape[0]:
            yield action.of_rows(found)


def waiting(market: MarketView, accounts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Tokens or points that wait for accounts, int64[farm, account]."""
    farms, out = market.farms, np.zeros((market.farms.n, accounts.size), np.int64)
    pending_rewards(market.balances, farms.claim, farms.line, farms.line_index, farms.settled, accounts, out)
    return out


def cash_of(market: MarketView, accounts: NDArray[np.int64]) -> NDArray[np.float64]:
    """USD at hand."""
    cash: NDArray[np.float64] = market.balances[USD_ASSET, accounts] / USD
    return cash
