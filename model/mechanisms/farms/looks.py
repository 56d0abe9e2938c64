"""What strategies see of farms, what a shop needs, and whose fractions an action moves."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Action
from model.errors import ScenarioError
from model.jit import kernel
from model.mechanisms.farms.formulas import BASIS
from model.mechanisms.farms.public import BuyFromShop, FarmsView, StakeFarm, UnstakeFarm
from model.mechanisms.farms.table import Table
from model.mechanisms.farms.token_pools import PEG_POOL, TOKEN_POOL
from model.units import HOURS_PER_DAY, USD
from model.view import frozen

if TYPE_CHECKING:
    from model.mechanisms.farms.rules import Farms

NONE = -1


def check_shop(farms: "Farms") -> None:
    """Refuse a shop without NFTs to sell."""
    if farms.nfts is None:
        raise ScenarioError("[farms] has a shop, which sells NFTs: add [nfts] to the scenario, or leave farms.shop out")


def _drift(farms: "Farms", k: int) -> float:
    """How fast a token's price leaves its mean [log a day]."""
    t = farms.pools.table
    return math.log(t.price[k] / t.twap[k]) * HOURS_PER_DAY / farms.params.token.twap_hours


@kernel
def _stakes(balances: Any, value: Any, table: Table, pays: Any, worth: Any, staked: Any, usd: Any, reward: Any) -> None:
    """Fill what is staked [base units and USD] and what farms pay or promise [USD a day], by farm.

    Args:
        value: USD per base unit of each asset; worth: the same of what farms pay, by place in `table.PAYS`
        pays: place of each farm
    """
    for f in range(table.account.size):
        if table.account[f] >= 0:
            staked[f] = -balances[table.share[f], table.account[f]]
            usd[f] = staked[f] * value[table.share[f]]
        reward[f] = table.per_day[f] * worth[pays[f]] if table.open[f] > 0 else 0.0


def view(farms: "Farms") -> FarmsView:
    """What strategies see this morning."""
    t, ledger, p, size = farms.table, farms.ledger, farms.params, farms.table.account.size
    pools, books = farms.pools.table, ledger.books
    staked, usd, reward = np.zeros(size, np.int64), np.zeros(size), np.zeros(size)
    worth = np.array([ledger.value[farms.token], 0.0, 1.0 / USD])
    _stakes(books.balances, ledger.value, t, farms.pays, worth, staked, usd, reward)
    usd_token, depth = farms.pools.balances(TOKEN_POOL)
    with_peg = farms.peg != NONE
    usd_peg, depth_peg = farms.pools.balances(PEG_POOL) if with_peg else (0, 0)
    return FarmsView(
        n=t.account.size,
        names=farms.names,
        row=frozen(t.row),
        vault=frozen(t.vault),
        kind=frozen(farms.kinds),
        asset=frozen(t.asset),
        claim=frozen(t.share),
        open=frozen(t.open),
        pays=frozen(farms.pays),
        staked=frozen(staked),
        staked_usd=frozen(usd),
        reward_usd=frozen(reward),
        ranked=frozen(np.argsort(-(reward / np.maximum(usd, 1.0)), kind="stable")),
        line=frozen(t.line),
        line_index=frozen(books.line_index),
        settled=frozen(books.settled),
        token=farms.token,
        token_share=int(pools.share[TOKEN_POOL]),
        token_price=float(pools.price[TOKEN_POOL]),
        token_mean=float(pools.twap[TOKEN_POOL]),
        token_usd=usd_token,
        token_depth=depth,
        token_shares=ledger.outstanding(int(pools.share[TOKEN_POOL])),
        token_drift=_drift(farms, TOKEN_POOL),
        peg=farms.peg,
        peg_share=int(pools.share[PEG_POOL]),
        peg_price=float(pools.price[PEG_POOL]),
        peg_usd=usd_peg,
        peg_depth=depth_peg,
        peg_shares=ledger.outstanding(int(pools.share[PEG_POOL])) if with_peg else 0,
        peg_drift=_drift(farms, PEG_POOL) if with_peg else 0.0,
        peg_ratio=p.peg.ratio if p.peg is not None else 0.0,
        peg_fee=p.peg.fee_bps / BASIS if p.peg is not None else 0.0,
        peg_cash=ledger.balance(0, farms.backing) if with_peg else 0,
        fee=farms.pools.fee_bps / BASIS,
        points=farms.points,
        item_points=frozen(farms.shop.points),
        item_price=frozen(farms.shop.price),
        item_left=frozen(np.array([farms.shop.left(k) for k in range(len(farms.shop.items))], np.int64)),
    )


def vaults_moved(farms: "Farms", action: type[Action], rows: NDArray[Any]) -> NDArray[np.int64] | None:
    """Vaults whose fractions rows would move, -1 for none; None for actions that never move any."""
    if action in (StakeFarm, UnstakeFarm):
        t, numbers = farms.table, rows["farm"]
        vault = _named(t.vault, numbers)
        staked = _named(t.asset, numbers)
        found: NDArray[np.int64] = np.where((vault >= 0) & (staked == farms.vaults.fraction[vault]), vault, NONE)
        return found
    if action is BuyFromShop:
        return _named(farms.shop.vault, rows["item"])
    return None


def _named(column: Any, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Entries of a column, -1 where there is no such number."""
    there = (numbers >= 0) & (numbers < column.size)
    found: NDArray[np.int64] = np.full(numbers.size, NONE, np.int64)
    found[there] = column[numbers[there]]
    return found
