"""Vaults: who gets their income, how much is staked, and how they end."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from model.jit import kernel
from model.ledger import BTC_ASSET, USD_ASSET
from model.metric import metric, shared

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("vaults",)
EVERYBODY = "all_holders"
LIFE, LOSSES, TAKEN = range(3)  # as in the mechanism's `ends`


def _worth(market: "Marketplace", coins: Any, dollars: Any) -> float:
    """USD a day of the satoshi and USD base units of this tick."""
    of: Callable[[int], float] = market.ledger.value.item
    return (int(coins) * of(BTC_ASSET) + int(dollars) * of(USD_ASSET)) / market.clock.dt_days


def _vaults(market: "Marketplace") -> Any:
    return market.mechanisms["vaults"]


@kernel
def _pair(coins: Any, dollars: Any) -> Any:
    """Both columns added up, of as many vaults as they have."""
    satoshi = usd = 0
    for v in range(coins.size):
        satoshi += coins[v]
        usd += dollars[v]
    return satoshi, usd


def _staked(market: "Marketplace") -> bool:
    """Whether there ever was anything to stake with."""
    return bool(_vaults(market).staked_anywhere)


@shared
def _incomes(market: "Marketplace") -> tuple[float, float, float, float]:
    """Net income of all vaults, that in dollars, what went to those who staked, and to those who provide pools [USD/day]."""
    vaults, staking = _vaults(market), _vaults(market).staking
    coins, dollars = _pair(vaults.net_income, vaults.usd_income)
    passed = [_pair(venue.income_btc, venue.income_usd) for venue in vaults.venues]
    return (
        _worth(market, coins, dollars),
        _worth(market, 0, dollars),
        _worth(market, *_pair(staking.income_btc, staking.income_usd)) if _staked(market) else 0.0,
        _worth(market, sum([coins for coins, _ in passed]), sum([dollars for _, dollars in passed])),
    )


@metric("USD/day", "mean", NEEDS, of=_incomes)
def income(incomes: tuple[float, float, float, float]) -> float:
    """Net income of all vaults in coins and dollars; what a basket passes on counts in its members and in the basket."""
    return incomes[0]


@metric("USD/day", "mean", NEEDS, of=_incomes)
def income_dollars(incomes: tuple[float, float, float, float]) -> float:
    """Net income of vaults without rigs in dollars."""
    return incomes[1]


@metric("USD/day", "mean", NEEDS, of=_incomes)
def income_stakers(incomes: tuple[float, float, float, float]) -> float:
    """Income passed on to those who staked fractions."""
    return incomes[2]


@metric("USD/day", "mean", NEEDS, of=_incomes)
def income_providers(incomes: tuple[float, float, float, float]) -> float:
    """Income passed on to those who provide pools with fractions."""
    return incomes[3]


@metric("USD/day", "mean", NEEDS)
def income_taken(market: "Marketplace") -> float:
    """Income that unstaked fractions would have earned and that somebody else took."""
    vaults = _vaults(market)
    return 0.0 if vaults.params.eligibility == EVERYBODY else _worth(market, *vaults.taken.sum(axis=0))


@metric("1", "last", NEEDS)
def staked_share(market: "Marketplace") -> float:
    """Staked fractions over those outstanding of live vaults, vaults counting alike."""
    vaults = _vaults(market)
    if not _staked(market):
        return 0.0
    n, balances = vaults.n, market.ledger.books.balances
    live = int(np.count_nonzero(vaults.live[:n]))
    staked = np.flatnonzero(vaults.live[:n] & (vaults.stake[:n] >= 0) & (vaults.supply[:n] > 0))
    if staked.size == 0:
        return 0.0
    shares = balances[vaults.fraction[staked], vaults.stakes[staked]] / vaults.supply[staked]
    return sum(shares.tolist()) / live


@metric("vaults", "last", NEEDS, of=_vaults)
def wound_up(vaults: Any) -> float:
    """Vaults that reached the end of their life or term, lost their rigs, or outlived their NFT."""
    return float(vaults.ends[LIFE])


@metric("vaults", "last", NEEDS, of=_vaults)
def terminated(vaults: Any) -> float:
    """Vaults that ended after too long a time at a loss."""
    return float(vaults.ends[LOSSES])


@metric("vaults", "last", NEEDS, of=_vaults)
def taken_out(vaults: Any) -> float:
    """Vaults that were redeemed whole, or by their last fraction."""
    return float(vaults.ends[TAKEN])
