"""Loans against NFTs and rigs: cash and use of the pools, health of loans, auctions, defaults, and who bore the losses."""

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from model.mechanisms.nft_loans.looks import Stand, stand
from model.mechanisms.nft_loans.pool import used
from model.metric import metric, shared
from model.nft_kind import NftKind
from model.units import USD

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("nft_loans",)
COLLECTIBLE = int(NftKind.COLLECTIBLE)


def _house(market: "Marketplace") -> Any:
    return market.mechanisms["nft_loans"]


def _part(part: float, whole: float) -> float:
    return part / whole if whole > 0 else math.nan


@metric("USD", "last", NEEDS, headline=True)
def cash(market: "Marketplace") -> float:
    """Cash of the pool of NFT loans."""
    return _figures(market).cash / USD


@metric("1", "min", NEEDS, headline=True)
def cash_share(market: "Marketplace") -> float:
    """Cash of the pool of NFT loans over what its depositors claim."""
    return _part(_figures(market).cash, _house(market).pool.claims)


@metric("USD", "last", NEEDS)
def debt(market: "Marketplace") -> float:
    """Owed to the pool of NFT loans."""
    return _figures(market).debts / USD


@metric("USD", "last", NEEDS)
def deposits(market: "Marketplace") -> float:
    """What depositors of the pool of NFT loans claim."""
    return _house(market).pool.claims / USD


@metric("1", "last", NEEDS)
def utilisation(market: "Marketplace") -> float:
    """Debts over cash and debts of the pool of NFT loans."""
    found = _figures(market)
    return used(found.cash, found.debts)


@metric("1/year", "last", NEEDS)
def borrow_rate(market: "Marketplace") -> float:
    """Rate of borrowers from the pool of NFT loans."""
    found = _figures(market)
    return float(_house(market).loans.rate_at(used(found.cash, found.debts)))


@metric("USD", "sum", NEEDS)
def withdrawn(market: "Marketplace") -> float:
    """Taken out of the pool of NFT loans."""
    return float(_house(market).pool.withdrawn[-1]) / USD


@metric("USD", "max", NEEDS)
def queue(market: "Marketplace") -> float:
    """Asked for at the pool of NFT loans in this tick and not paid."""
    return _house(market).pool.queue / USD


@metric("USD", "last", NEEDS)
def floor_of_collectibles(market: "Marketplace") -> float:
    """Floor of collectibles that loans rely on."""
    return float(_house(market).oracle.price[COLLECTIBLE])


@metric("NFTs", "last", NEEDS)
def loans(market: "Marketplace") -> float:
    """Loans from the pool."""
    return float(_figures(market).stand.loans)


class Figures(NamedTuple):
    """How loans from the pool stand, their health from the lowest, cash and debts of the pool [USD base units]."""

    stand: Stand
    health: list[float]
    cash: int
    debts: int


@shared
def _figures(market: "Marketplace") -> Figures:
    house = _house(market)
    size = house.loans.table.debt.size
    by_nft, of_loans = np.empty(size), np.empty(size)
    found = stand(house, by_nft, of_loans)
    return Figures(found, sorted(of_loans[: found.loans].tolist()), house.pool.cash, house.pool.debts)


@metric("NFTs", "last", NEEDS)
def unwanted(market: "Marketplace") -> float:
    """Loans below health 1 without any bid."""
    return float(_figures(market).stand.unwanted)


@metric("1", "max", NEEDS, headline=True)
def stuck(market: "Marketplace") -> float:
    """Debts of loans below health 1 without any bid, over cash and debts of the pool."""
    found = _figures(market)
    return _part(float(found.stand.stuck), found.cash + found.debts)


@metric("1", "max", NEEDS)
def under_water(market: "Marketplace") -> float:
    """Debts above the floor of their NFTs, over cash and debts of the pool."""
    found = _figures(market)
    return _part(float(found.stand.short), found.cash + found.debts)


@metric("1", "min", NEEDS)
def median_health(market: "Marketplace") -> float:
    """Median health factor of loans from the pool; undefined without one."""
    found = _figures(market).health
    return (found[(len(found) - 1) // 2] + found[len(found) // 2]) / 2.0 if found else math.nan


@metric("bids", "sum", NEEDS, headline=True)
def bids(market: "Marketplace") -> float:
    """Bids in auctions."""
    return float(_house(market).loans.bids)


@metric("NFTs", "sum", NEEDS)
def auctioned(market: "Marketplace") -> float:
    """NFTs that went to their best bidder."""
    return float(_house(market).loans.sold)


@metric("NFTs", "sum", NEEDS)
def redeemed(market: "Marketplace") -> float:
    """NFTs that their borrowers redeemed from auction."""
    return float(_house(market).loans.redemptions)


@metric("USD", "last", NEEDS)
def lost_by_reserve(market: "Marketplace") -> float:
    """Bad debts borne by the reserves of both pools so far."""
    house = _house(market)
    return (house.pool.losses[0] + house.desk.losses[0]) / USD


@metric("USD", "last", NEEDS, headline=True)
def lost_by_depositors(market: "Marketplace") -> float:
    """Bad debts borne by depositors of both pools so far."""
    house = _house(market)
    return (house.pool.losses[1] + house.desk.losses[1]) / USD


@metric("loans", "last", NEEDS)
def notes(market: "Marketplace") -> float:
    """Fixed-term loans between two people."""
    return float(np.count_nonzero(_house(market).notes.table.borrower >= 0))


@metric("loans", "sum", NEEDS)
def note_defaults(market: "Marketplace") -> float:
    """Fixed-term loans whose NFT went to the lender."""
    return float(_house(market).notes.defaults)


@metric("USD", "last", NEEDS)
def rig_debt(market: "Marketplace") -> float:
    """Owed to the desk of rig loans."""
    return _house(market).desk.debts / USD


@metric("loans", "sum", NEEDS)
def rig_defaults(market: "Marketplace") -> float:
    """Loans against rigs that went bad."""
    return float(_house(market).rig_loans.defaults)


@metric("1", "last", NEEDS)
def rig_recovery(market: "Marketplace") -> float:
    """Got for seized rigs over what was owed on them, so far; undefined before the first default."""
    part = _house(market).rig_loans
    return _part(part.recovered, part.seized)
