"""Mining pools: who is how large, what they charge, what members earn over what their work is worth."""

from math import fsum
from typing import NamedTuple

from model.marketplace import Marketplace
from model.metric import metric, shared
from model.units import BTC

NEEDS = ("payout",)


class Figures(NamedTuple):
    """Of each pool: hash rate [GH/s], fee, share of the network, and what is paid for its members' work over its worth."""

    hashrate: list[float]
    fee: list[float]
    size: list[float]
    luck: list[float]
    earned: float


@shared
def _figures(market: Marketplace) -> Figures:
    payout = market.mechanisms["payout"]
    n = payout.alone
    earned, worked = payout.earned[:n].tolist(), payout.worked[:n].tolist()
    luck = [e / w for e, w in zip(earned, worked, strict=True) if w > 0.0]
    work, size = fsum(worked), payout.size.tolist()
    pay = sum(earned) / work if work else float("nan")
    return Figures(payout.table.hashrate.tolist(), payout.fee.tolist(), size, luck, pay)


@metric("BTC", "sum", NEEDS, headline=True)
def paid(market: Marketplace) -> float:
    """Coins that the market's miners and vaults were paid in the tick, by pools or mining alone."""
    payout = market.mechanisms["payout"]
    return float(sum(payout.paid[: payout.direct].tolist())) / BTC


@metric("BTC", "last", NEEDS)
def reserve(market: Marketplace) -> float:
    """Coins in the hands of pool operators."""
    return float(sum(market.mechanisms["payout"].reserve.tolist())) / BTC


@metric("pools", "last", NEEDS)
def ruined(market: Marketplace) -> float:
    """Pools whose operators ran out of reserve so far."""
    return float(market.mechanisms["payout"].table.alive.tolist().count(False))


@metric("1", "mean", NEEDS)
def herfindahl(market: Marketplace) -> float:
    """Herfindahl index of whole pools' shares of the network; those outside all pools count as many small ones."""
    return fsum(share * share for share in _figures(market).size)


@metric("1", "max", NEEDS)
def largest(market: Marketplace) -> float:
    """Share of the network that works in the largest pool."""
    return max(_figures(market).size)


@metric("1", "mean", NEEDS)
def fee(market: Marketplace) -> float:
    """Fee that the average GH/s of all pools pays."""
    found = _figures(market)
    total = fsum(found.hashrate)
    return fsum(h * f for h, f in zip(found.hashrate, found.fee, strict=True)) / total if total else float("nan")


@metric("accounts", "sum", NEEDS)
def moves(market: Marketplace) -> float:
    """Accounts that went to another pool in the tick."""
    return float(market.mechanisms["payout"].moved[0])


@metric("1", "last", NEEDS)
def earned(market: Marketplace) -> float:
    """Pay of all members of pools so far over what their work was worth on average, fees not taken off."""
    return _figures(market).earned


@metric("1", "last", NEEDS)
def earned_least(market: Marketplace) -> float:
    """The same in the pool where it is least."""
    return min(_figures(market).luck, default=float("nan"))


@metric("1", "last", NEEDS)
def earned_most(market: Marketplace) -> float:
    """The same in the pool where it is most."""
    return max(_figures(market).luck, default=float("nan"))


@metric("1", "last", ("payout", "miner"))
def hopping_gain(market: Marketplace) -> float:
    """Pay of pool hoppers so far over what their work was worth on average, less 1; 0 where nobody hops."""
    population = market.populations["miner"]
    worth = fsum(population.hop_worth.tolist()) if "hop_worth" in population.columns else 0.0
    return fsum(population.hop_earned.tolist()) / worth - 1.0 if worth else 0.0
