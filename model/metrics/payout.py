"""Mining pools: who is how large, what they charge, what members earn over what their work is worth."""

import math
from math import fsum
from typing import Any

import numpy as np

from model.jit import kernel
from model.ledger import BTC_ASSET
from model.marketplace import Marketplace
from model.metric import metric, shared
from model.units import BTC, GIGAHASH

NEEDS = ("payout",)
PAID, RESERVE, RUINED, HERFINDAHL, LARGEST, FEE, EARNED, LEAST, MOST, FIGURES = range(10)


@kernel
def measure(
    hashrate: Any, fee: Any, alive: Any, operator: Any, coins: Any, paid: Any, earned: Any, worked: Any, network: float, out: Any
) -> None:  # fmt: skip
    """Figures of all pools.

    Args:
        hashrate, fee, alive, operator: by pool [GH/s], [1], whether it has not run out of reserve, its account
        coins: satoshi by account
        paid: satoshi of this tick, by pool, then to those alone and to the direct ones, who do not count
        earned, worked: satoshi so far and what the work was worth, by pool, then of those alone, who do not count
        network: hash rate of all [GH/s]
        out: figures by place
    """
    out[:] = 0.0
    out[LEAST] = out[MOST] = math.nan
    whole = fees = pay = work = 0.0
    for k in range(hashrate.size + 1):
        out[PAID] += paid[k]
    for k in range(hashrate.size):
        share = hashrate[k] / network
        out[RESERVE] += coins[operator[k]]
        out[RUINED] += 0.0 if alive[k] else 1.0
        out[HERFINDAHL] += share * share
        out[LARGEST] = max(out[LARGEST], share)
        whole += hashrate[k]
        fees += hashrate[k] * fee[k]
        pay += earned[k]
        work += worked[k]
        if worked[k] > 0.0:
            luck = earned[k] / worked[k]
            out[LEAST] = luck if math.isnan(out[LEAST]) else min(out[LEAST], luck)
            out[MOST] = luck if math.isnan(out[MOST]) else max(out[MOST], luck)
    out[FEE] = fees / whole if whole > 0.0 else math.nan
    out[EARNED] = pay / work if work > 0.0 else math.nan


@shared
def _figures(market: Marketplace) -> list[float]:
    payout = market.mechanisms["payout"]
    t, coins, out = payout.table, market.ledger.books.balances[BTC_ASSET], np.empty(FIGURES)
    network = max(payout.network.hashrate / GIGAHASH, 1.0)
    measure(t.hashrate, payout.fee, t.alive, t.operator, coins, t.paid, payout.earned, payout.worked, network, out)
    figures: list[float] = out.tolist()
    return figures


@metric("BTC", "sum", NEEDS, headline=True, of=_figures)
def paid(found: list[float]) -> float:
    """Coins that the market's miners and vaults were paid in the tick, by pools or mining alone."""
    return found[PAID] / BTC


@metric("BTC", "last", NEEDS, of=_figures)
def reserve(found: list[float]) -> float:
    """Coins in the hands of pool operators."""
    return found[RESERVE] / BTC


@metric("pools", "last", NEEDS, of=_figures)
def ruined(found: list[float]) -> float:
    """Pools whose operators ran out of reserve so far."""
    return found[RUINED]


@metric("1", "mean", NEEDS, of=_figures)
def herfindahl(found: list[float]) -> float:
    """Herfindahl index of whole pools' shares of the network; those outside all pools count as many small ones."""
    return found[HERFINDAHL]


@metric("1", "max", NEEDS, of=_figures)
def largest(found: list[float]) -> float:
    """Share of the network that works in the largest pool."""
    return found[LARGEST]


@metric("1", "mean", NEEDS, of=_figures)
def fee(found: list[float]) -> float:
    """Fee that the average GH/s of all pools pays."""
    return found[FEE]


@metric("accounts", "sum", NEEDS)
def moves(market: Marketplace) -> float:
    """Accounts that went to another pool in the tick."""
    return float(market.mechanisms["payout"].moved[0])


@metric("1", "last", NEEDS, of=_figures)
def earned(found: list[float]) -> float:
    """Pay of all members of pools so far over what their work was worth on average, fees not taken off."""
    return found[EARNED]


@metric("1", "last", NEEDS, of=_figures)
def earned_least(found: list[float]) -> float:
    """The same in the pool where it is least."""
    return found[LEAST]


@metric("1", "last", NEEDS, of=_figures)
def earned_most(found: list[float]) -> float:
    """The same in the pool where it is most."""
    return found[MOST]


@metric("1", "last", ("payout", "miner"))
def hopping_gain(market: Marketplace) -> float:
    """Pay of pool hoppers so far over what their work was worth on average, less 1; 0 where nobody hops."""
    population = market.populations["miner"]
    worth = fsum(population.hop_worth.tolist()) if "hop_worth" in population.columns else 0.0
    return fsum(population.hop_earned.tolist()) / worth - 1.0 if worth else 0.0
