"""Pools: what is traded, how deep they are, and who provides."""

from typing import TYPE_CHECKING, Any

import numpy as np

from model.jit import kernel
from model.mechanisms.amm import daily
from model.metric import metric
from model.pool_shares import LOCKED_SHARES
from model.vault_status import LIVE

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("amm",)
NO_FARMS = (np.zeros(0, np.int64),) * 3


def _figures(market: "Marketplace") -> list[float]:
    """The market-wide figures of the tick, by place."""
    figures: list[float] = market.mechanisms["amm"].figures.tolist()
    return figures


@metric("USD", "last", NEEDS, of=_figures)
def price_median(found: list[float]) -> float:
    """Median price of a whole fraction over pools of live vaults; NaN before the first opens."""
    return found[daily.PRICE_MEDIAN]


@metric("USD/day", "mean", NEEDS, headline=True, of=_figures)
def volume(found: list[float]) -> float:
    """Dollars exchanged in all pools in a day."""
    return found[daily.VOLUME]


@metric("swaps", "sum", NEEDS, of=_figures)
def trades(found: list[float]) -> float:
    """Swaps done in the tick."""
    return found[daily.TRADES]


@metric("USD", "last", NEEDS, headline=True, of=_figures)
def depth(found: list[float]) -> float:
    """Dollar side of all pools of live vaults."""
    return found[daily.DEPTH]


@metric("1", "max", NEEDS, of=_figures)
def deepest_fall(found: list[float]) -> float:
    """Largest part of its price that a live vault's pool lost in the tick; 0 where none fell."""
    return found[daily.DEEPEST_FALL]


@metric("1", "mean", NEEDS, headline=True, of=_figures)
def traded_share(found: list[float]) -> float:
    """Share of live vaults with at least one swap so far in the day."""
    return found[daily.TRADED_SHARE]


@kernel
def _others(
    balances: Any, pool: Any, share: Any, status: Any, creator: Any, value: Any, vault: Any, asset: Any, claim: Any, own: Any
) -> float:  # fmt: skip
    """Part of the worth of all shares of live vaults' pools, but for the locked ones, that is not their creators'.

    Args:
        pool, share, status, creator: by vault: account, -1 for none, asset of its shares, `VaultStatus`, and account
        value: USD per base unit of each asset
        vault, asset, claim: by farm: vault, what is staked, and the claims on it, -1 for none
        own: work space by vault, shares that are its creator's
    """
    all_worth = others_worth = 0.0
    for v in range(creator.size):
        own[v] = balances[share[v], creator[v]] if pool[v] >= 0 and creator[v] >= 0 else 0
    for f in range(vault.size):
        v = vault[f]
        if v >= 0 and claim[f] >= 0 and asset[f] == share[v] and creator[v] >= 0:
            own[v] += balances[claim[f], creator[v]]
    for v in range(creator.size):
        if pool[v] >= 0 and status[v] == LIVE:
            shares = -balances[share[v], pool[v]] - LOCKED_SHARES
            all_worth += shares * value[share[v]]
            others_worth += (shares - own[v]) * value[share[v]]
    return others_worth / all_worth if all_worth > 0.0 else 0.0


@metric("1", "last", NEEDS)
def lp_share_others(market: "Marketplace") -> float:
    """Worth of pool shares of accounts other than the vaults' creators, over all but the locked; stakes are their stakers'."""
    vaults, amm = market.mechanisms["vaults"], market.mechanisms["amm"]
    farms: Any = market.mechanisms.get("farms")
    staked = NO_FARMS if farms is None else (farms.table.vault, farms.table.asset, farms.table.share)
    books, own = market.ledger.books, np.zeros(vaults.creator.size, np.int64)
    return float(
        _others(books.balances, amm.pool, amm.share, vaults.status, vaults.creator, market.ledger.value, *staked, own)
    )


@metric("1/day", "last", NEEDS, of=_figures)
def lp_return(found: list[float]) -> float:
    """Providers' mean daily return, fees and income less loss against holding, pools weighted by worth."""
    return found[daily.LP_RETURN]
