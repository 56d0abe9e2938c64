"""Vaults: who gets their income, how much is staked, and how they end."""

from typing import TYPE_CHECKING, Any

import numpy as np

from model.ledger import BTC_ASSET, USD_ASSET
from model.metric import metric

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("vaults",)
EVERYBODY = "all_holders"
LIFE, LOSSES, TAKEN = range(3)  # as in the mechanism's `ends`


def _worth(market: "Marketplace", coins: Any, dollars: Any) -> float:
    """USD a day of the satoshi and USD base units of this tick."""
    value = market.ledger.value
    return (int(coins) * float(value[BTC_ASSET]) + int(dollars) * float(value[USD_ASSET])) / market.clock.dt_days


def _vaults(market: "Marketplace") -> Any:
    return market.mechanisms["vaults"]


@metric("USD/day", "mean", NEEDS)
def income(market: "Marketplace") -> float:
    """Net income of all vaults in coins and dollars; what a basket passes on counts in its members and in the basket."""
    vaults = _vaults(market)
    return _worth(market, vaults.net_income[: vaults.n].sum(), vaults.usd_income[: vaults.n].sum())


@metric("USD/day", "mean", NEEDS)
def income_dollars(market: "Marketplace") -> float:
    """Net income of vaults without rigs in dollars."""
    vaults = _vaults(market)
    return _worth(market, 0, vaults.usd_income[: vaults.n].sum())


@metric("USD/day", "mean", NEEDS)
def income_stakers(market: "Marketplace") -> float:
    """Income passed on to those who staked fractions."""
    vaults = _vaults(market)
    if vaults.stake.max() < 0:
        return 0.0
    staking = vaults.staking
    return _worth(market, staking.income_btc.sum(), staking.income_usd.sum())


@metric("USD/day", "mean", NEEDS)
def income_providers(market: "Marketplace") -> float:
    """Income passed on to those who provide pools with fractions."""
    venues = _vaults(market).venues
    return _worth(market, sum(p.income_btc.sum() for p in venues), sum(p.income_usd.sum() for p in venues))


@metric("USD/day", "mean", NEEDS)
def income_taken(market: "Marketplace") -> float:
    """Income that unstaked fractions would have earned and that somebody else took."""
    vaults = _vaults(market)
    return 0.0 if vaults.params.eligibility == EVERYBODY else _worth(market, *vaults.taken.sum(axis=0))


@metric("1", "last", NEEDS)
def staked_share(market: "Marketplace") -> float:
    """Staked fractions over those outstanding of live vaults, vaults counting alike."""
    vaults = _vaults(market)
    if vaults.stake.max() < 0:  # nobody ever staked
        return 0.0
    n, balances = vaults.n, market.ledger.books.balances
    live = int(np.count_nonzero(vaults.live[:n]))
    staked = np.flatnonzero(vaults.live[:n] & (vaults.stake[:n] >= 0) & (vaults.supply[:n] > 0))
    if staked.size == 0:
        return 0.0
    shares = balances[vaults.fraction[staked], vaults.stakes[staked]] / vaults.supply[staked]
    return sum(shares.tolist()) / live


@metric("vaults", "last", NEEDS)
def wound_up(market: "Marketplace") -> float:
    """Vaults that reached the end of their life or term, lost their rigs, or outlived their NFT."""
    return float(_vaults(market).ends[LIFE])


@metric("vaults", "last", NEEDS)
def terminated(market: "Marketplace") -> float:
    """Vaults that ended after too long a time at a loss."""
    return float(_vaults(market).ends[LOSSES])


@metric("vaults", "last", NEEDS)
def taken_out(market: "Marketplace") -> float:
    """Vaults that were redeemed whole, or by their last fraction."""
    return float(_vaults(market).ends[TAKEN])
