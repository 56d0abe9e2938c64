"""Who gained so far, by kind: net worth and what was taken out, less net worth at the start and what was paid in.

Measured once a week and on the last tick, and stands in between. Net worth counts rigs at resale value and NFTs at
appraisal, as the returns of `holders` do.
"""

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from model.metric import metric
from model.metrics.holders import _returns, holders_of

if TYPE_CHECKING:
    from model.marketplace import Marketplace

WEEKLY = True


class _Gains(NamedTuple):
    """Gains by kind [USD], and the tick on which they were measured."""

    tick: int
    usd: dict[str, float]


def _gains(market: "Marketplace") -> dict[str, float]:
    """This week's gains, worked out once: return times all that was brought in."""
    measured = holders_of(market)
    book: Any = market.__dict__["holders_book"]
    known: _Gains | None = market.__dict__.get("gains")
    last = market.clock.tick + 1 >= market.clock.ticks
    tick = market.clock.tick if last else measured.tick
    if known is None or known.tick != tick:
        rates = _returns(market, book) if last else measured.returns
        capital = {kind: book.start[kind] + book.paid[place] for kind, place in book.places.items()}
        usd = {kind: float(rate * capital[kind]) if not math.isnan(rate) else 0.0 for kind, rate in rates.items()}
        known = market.__dict__["gains"] = _Gains(tick, usd)
    return known.usd


@metric("USD", "last", needs=("vaults", "arbitrageur"))
def arbitrageur(market: "Marketplace") -> float:
    """Arbitrageurs' gain so far."""
    return _gains(market)["arbitrageur"]


@metric("USD", "last", needs=("vaults", "attacker"))
def attacker(market: "Marketplace") -> float:
    """Attackers' gain so far."""
    return _gains(market)["attacker"]


@metric("USD", "last", needs=("vaults", "counter_bidder"))
def counter_bidder(market: "Marketplace") -> float:
    """Counter-bidders' gain so far."""
    return _gains(market)["counter_bidder"]


@metric("USD", "last", needs=("vaults", "creator"))
def creator(market: "Marketplace") -> float:
    """Creators' gain so far, NFTs at appraisal."""
    return _gains(market)["creator"]


@metric("USD", "last", needs=("vaults", "hashprice_dealer"))
def hashprice_dealer(market: "Marketplace") -> float:
    """Hashprice dealers' gain so far."""
    return _gains(market)["hashprice_dealer"]


@metric("USD", "last", needs=("vaults", "institution"))
def institution(market: "Marketplace") -> float:
    """Institutions' gain so far."""
    return _gains(market)["institution"]


@metric("USD", "last", needs=("vaults", "lender"))
def lender(market: "Marketplace") -> float:
    """Lenders' gain so far."""
    return _gains(market)["lender"]


@metric("USD", "last", needs=("vaults", "liquidator"))
def liquidator(market: "Marketplace") -> float:
    """Liquidators' gain so far."""
    return _gains(market)["liquidator"]


@metric("USD", "last", needs=("vaults", "liquidity_provider"))
def liquidity_provider(market: "Marketplace") -> float:
    """Liquidity providers' gain so far."""
    return _gains(market)["liquidity_provider"]


@metric("USD", "last", needs=("vaults", "miner"))
def miner(market: "Marketplace") -> float:
    """Miners' gain so far, rigs at resale value."""
    return _gains(market)["miner"]


@metric("USD", "last", needs=("vaults", "nft_lender"))
def nft_lender(market: "Marketplace") -> float:
    """Gain of lenders against NFTs and rigs so far."""
    return _gains(market)["nft_lender"]


@metric("USD", "last", needs=("vaults", "nft_owner"))
def nft_owner(market: "Marketplace") -> float:
    """NFT owners' gain so far, NFTs at appraisal."""
    return _gains(market)["nft_owner"]


@metric("USD", "last", needs=("vaults", "nft_trader"))
def nft_trader(market: "Marketplace") -> float:
    """NFT traders' gain so far, NFTs at appraisal."""
    return _gains(market)["nft_trader"]


@metric("USD", "last", needs=("vaults", "raider"))
def raider(market: "Marketplace") -> float:
    """Raiders' gain so far, rigs at resale value."""
    return _gains(market)["raider"]


@metric("USD", "last", needs=("vaults", "renter"))
def renter(market: "Marketplace") -> float:
    """Renters' gain so far."""
    return _gains(market)["renter"]


@metric("USD", "last", needs=("vaults", "retail_investor"))
def retail_investor(market: "Marketplace") -> float:
    """Retail investors' gain so far."""
    return _gains(market)["retail_investor"]


@metric("USD", "last", needs=("vaults", "yield_farmer"))
def yield_farmer(market: "Marketplace") -> float:
    """Yield farmers' gain so far."""
    return _gains(market)["yield_farmer"]
