"""Mining pools: who is how large, what they charge, what members earn over what their work is worth."""

from math import fsum

from model.marketplace import Marketplace
from model.metric import metric
from model.units import BTC

NEEDS = ("payout",)


@metric("BTC", "sum", NEEDS, headline=True)
def paid(market: Marketplace) -> float:
    """Coins that the market's miners and vaults were paid in the tick, by pools or mining alone."""
    payout = market.mechanisms["payout"]
    return float(payout.paid[: payout.direct].sum()) / BTC


@metric("BTC", "last", NEEDS)
def reserve(market: Marketplace) -> float:
    """Coins in the hands of pool operators."""
    return float(market.mechanisms["payout"].reserve.sum()) / BTC


@metric("pools", "last", NEEDS)
def ruined(market: Marketplace) -> float:
    """Pools whose operators ran out of reserve so far."""
    return float((~market.mechanisms["payout"].table.alive).sum())


@metric("1", "mean", NEEDS)
def herfindahl(market: Marketplace) -> float:
    """Herfindahl index of whole pools' shares of the network; those outside all pools count as many small ones."""
    return fsum(share * share for share in market.mechanisms["payout"].size.tolist())


@metric("1", "max", NEEDS)
def largest(market: Marketplace) -> float:
    """Share of the network that works in the largest pool."""
    return float(market.mechanisms["payout"].size.max())


@metric("1", "mean", NEEDS)
def fee(market: Marketplace) -> float:
    """Fee that the average GH/s of all pools pays."""
    payout = market.mechanisms["payout"]
    hashrate = payout.table.hashrate.tolist()
    total = fsum(hashrate)
    return fsum(h * f for h, f in zip(hashrate, payout.fee.tolist(), strict=True)) / total if total else float("nan")


@metric("accounts", "sum", NEEDS)
def moves(market: Marketplace) -> float:
    """Accounts that went to another pool in the tick."""
    return float(market.mechanisms["payout"].moved[0])


def _luck(market: Marketplace) -> list[float]:
    """Paid so far over what members' work was worth on average, by pool with members."""
    payout = market.mechanisms["payout"]
    n = payout.alone
    sums = zip(payout.earned[:n].tolist(), payout.worked[:n].tolist(), strict=True)
    return [earned / worked for earned, worked in sums if worked > 0.0]


@metric("1", "last", NEEDS)
def earned(market: Marketplace) -> float:
    """Pay of all members of pools so far over what their work was worth on average, fees not taken off."""
    payout = market.mechanisms["payout"]
    worked = fsum(payout.worked[: payout.alone].tolist())
    return int(payout.earned[: payout.alone].sum()) / worked if worked else float("nan")


@metric("1", "last", NEEDS)
def earned_least(market: Marketplace) -> float:
    """The same in the pool where it is least."""
    return min(_luck(market), default=float("nan"))


@metric("1", "last", NEEDS)
def earned_most(market: Marketplace) -> float:
    """The same in the pool where it is most."""
    return max(_luck(market), default=float("nan"))


@metric("1", "last", ("payout", "miner"))
def hopping_gain(market: Marketplace) -> float:
    """Pay of pool hoppers so far over what their work was worth on average, less 1; 0 where nobody hops."""
    population = market.populations["miner"]
    worth = fsum(population.hop_worth.tolist()) if "hop_worth" in population.columns else 0.0
    return fsum(population.hop_earned.tolist()) / worth - 1.0 if worth else 0.0
