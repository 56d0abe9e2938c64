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


@metric("USD", "last", needs=("vaults", "arbitrageur"), of=_gains)
def arbitrageur(gains: dict[str, float]) -> float:
    """Arbitrageurs' gain so far."""
    return gains["arbitrageur"]


@metric("USD", "last", needs=("vaults", "attacker"), of=_gains)
def attacker(gains: dict[str, float]) -> float:
    """Attackers' gain so far."""
    return gains["attacker"]


@metric("USD", "last", needs=("vaults", "counter_bidder"), of=_gains)
def counter_bidder(gains: dict[str, float]) -> float:
    """Counter-bidders' gain so far."""
    return gains["counter_bidder"]


@metric("USD", "last", needs=("vaults", "creator"), of=_gains)
def creator(gains: dict[str, float]) -> float:
    """Creators' gain so far, NFTs at appraisal."""
    return gains["creator"]


@metric("USD", "last", needs=("vaults", "hashprice_dealer"), of=_gains)
def hashprice_dealer(gains: dict[str, float]) -> float:
    """Hashprice dealers' gain so far."""
    return gains["hashprice_dealer"]


@metric("USD", "last", needs=("vaults", "institution"), of=_gains)
def institution(gains: dict[str, float]) -> float:
    """Institutions' gain so far."""
    return gains["institution"]


@metric("USD", "last", needs=("vaults", "lender"), of=_gains)
def lender(gains: dict[str, float]) -> float:
    """Lenders' gain so far."""
    return gains["lender"]


@metric("USD", "last", needs=("vaults", "liquidator"), of=_gains)
def liquidator(gains: dict[str, float]) -> float:
    """Liquidators' gain so far."""
    return gains["liquidator"]


@metric("USD", "last", needs=("vaults", "liquidity_provider"), of=_gains)
def liquidity_provider(gains: dict[str, float]) -> float:
    """Liquidity providers' gain so far."""
    return gains["liquidity_provider"]


@metric("USD", "last", needs=("vaults", "miner"), of=_gains)
def miner(gains: dict[str, float]) -> float:
    """Miners' gain so far, rigs at resale value."""
    return gains["miner"]


@metric("USD", "last", needs=("vaults", "nft_lender"), of=_gains)
def nft_lender(gains: dict[str, float]) -> float:
    """Gain of lenders against NFTs and rigs so far."""
    return gains["nft_lender"]


@metric("USD", "last", needs=("vaults", "nft_owner"), of=_gains)
def nft_owner(gains: dict[str, float]) -> float:
    """NFT owners' gain so far, NFTs at appraisal."""
    return gains["nft_owner"]


@metric("USD", "last", needs=("vaults", "nft_trader"), of=_gains)
def nft_trader(gains: dict[str, float]) -> float:
    """NFT traders' gain so far, NFTs at appraisal."""
    return gains["nft_trader"]


@metric("USD", "last", needs=("vaults", "raider"), of=_gains)
def raider(gains: dict[str, float]) -> float:
    """Raiders' gain so far, rigs at resale value."""
    return gains["raider"]


@metric("USD", "last", needs=("vaults", "renter"), of=_gains)
def renter(gains: dict[str, float]) -> float:
    """Renters' gain so far."""
    return gains["renter"]


@metric("USD", "last", needs=("vaults", "retail_investor"), of=_gains)
def retail_investor(gains: dict[str, float]) -> float:
    """Retail investors' gain so far."""
    return gains["retail_investor"]


@metric("USD", "last", needs=("vaults", "yield_farmer"), of=_gains)
def yield_farmer(gains: dict[str, float]) -> float:
    """Yield farmers' gain so far."""
    return gains["yield_farmer"]
