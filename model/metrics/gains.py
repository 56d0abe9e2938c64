"""Who gained so far, by kind: net worth and what was taken out, less net worth at the start and what was paid in.

Measured once a week and on the last tick, and stands in between. Net worth counts rigs at resale value and NFTs at
appraisal, as the returns of `holders` do.
"""

from typing import TYPE_CHECKING

from model.gains import Gain
from model.metric import metric, shared

if TYPE_CHECKING:
    from model.marketplace import Marketplace

WEEKLY = True


@shared
def gains_of(market: "Marketplace") -> dict[str, Gain]:
    """Gains by sector since the opening."""
    return market.gains_book.read(market)


@metric("USD", "last", needs=("vaults", "arbitrageur"), of=gains_of)
def arbitrageur(gains: dict[str, Gain]) -> float:
    """Arbitrageurs' gain so far."""
    return gains["arbitrageur"].usd


@metric("USD", "last", needs=("vaults", "attacker"), of=gains_of)
def attacker(gains: dict[str, Gain]) -> float:
    """Attackers' gain so far."""
    return gains["attacker"].usd


@metric("USD", "last", needs=("vaults", "counter_bidder"), of=gains_of)
def counter_bidder(gains: dict[str, Gain]) -> float:
    """Counter-bidders' gain so far."""
    return gains["counter_bidder"].usd


@metric("USD", "last", needs=("vaults", "creator"), of=gains_of)
def creator(gains: dict[str, Gain]) -> float:
    """Creators' gain so far, NFTs at appraisal."""
    return gains["creator"].usd


@metric("USD", "last", needs=("vaults", "hashprice_dealer"), of=gains_of)
def hashprice_dealer(gains: dict[str, Gain]) -> float:
    """Hashprice dealers' gain so far."""
    return gains["hashprice_dealer"].usd


@metric("USD", "last", needs=("vaults", "institution"), of=gains_of)
def institution(gains: dict[str, Gain]) -> float:
    """Institutions' gain so far."""
    return gains["institution"].usd


@metric("USD", "last", needs=("vaults", "lender"), of=gains_of)
def lender(gains: dict[str, Gain]) -> float:
    """Lenders' gain so far."""
    return gains["lender"].usd


@metric("USD", "last", needs=("vaults", "liquidator"), of=gains_of)
def liquidator(gains: dict[str, Gain]) -> float:
    """Liquidators' gain so far."""
    return gains["liquidator"].usd


@metric("USD", "last", needs=("vaults", "liquidity_provider"), of=gains_of)
def liquidity_provider(gains: dict[str, Gain]) -> float:
    """Liquidity providers' gain so far."""
    return gains["liquidity_provider"].usd


@metric("USD", "last", needs=("vaults", "miner"), of=gains_of)
def miner(gains: dict[str, Gain]) -> float:
    """Miners' gain so far, rigs at resale value."""
    return gains["miner"].usd


@metric("USD", "last", needs=("vaults", "nft_lender"), of=gains_of)
def nft_lender(gains: dict[str, Gain]) -> float:
    """Gain of lenders against NFTs and rigs so far."""
    return gains["nft_lender"].usd


@metric("USD", "last", needs=("vaults", "nft_owner"), of=gains_of)
def nft_owner(gains: dict[str, Gain]) -> float:
    """NFT owners' gain so far, NFTs at appraisal."""
    return gains["nft_owner"].usd


@metric("USD", "last", needs=("vaults", "nft_trader"), of=gains_of)
def nft_trader(gains: dict[str, Gain]) -> float:
    """NFT traders' gain so far, NFTs at appraisal."""
    return gains["nft_trader"].usd


@metric("USD", "last", needs=("vaults", "raider"), of=gains_of)
def raider(gains: dict[str, Gain]) -> float:
    """Raiders' gain so far, rigs at resale value."""
    return gains["raider"].usd


@metric("USD", "last", needs=("vaults", "renter"), of=gains_of)
def renter(gains: dict[str, Gain]) -> float:
    """Renters' gain so far."""
    return gains["renter"].usd


@metric("USD", "last", needs=("vaults", "retail_investor"), of=gains_of)
def retail_investor(gains: dict[str, Gain]) -> float:
    """Retail investors' gain so far."""
    return gains["retail_investor"].usd


@metric("USD", "last", needs=("vaults", "yield_farmer"), of=gains_of)
def yield_farmer(gains: dict[str, Gain]) -> float:
    """Yield farmers' gain so far."""
    return gains["yield_farmer"].usd
