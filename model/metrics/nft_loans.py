"""Loans against NFTs and rigs: cash and use of the pools, health of loans, auctions, defaults, and who bore the losses."""

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from model.mechanisms.nft_loans.looks import Stand, stand
from model.mechanisms.nft_loans.pool import used
from model.metric import metric, shared
from model.nft_kind import NftKind
from model.statistics import median
from model.units import USD

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("nft_loans",)
COLLECTIBLE = int(NftKind.COLLECTIBLE)


def _house(market: "Marketplace") -> Any:
    return market.mechanisms["nft_loans"]


def _part(part: float, whole: float) -> float:
    return part / whole if whole > 0 else math.nan


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


@metric("USD", "last", NEEDS, headline=True, of=_figures)
def cash(found: Figures) -> float:
    """Cash of the pool of NFT loans."""
    return found.cash / USD


@metric("1", "min", NEEDS, headline=True)
def cash_share(market: "Marketplace") -> float:
    """Cash of the pool of NFT loans over what its depositors claim."""
    return _part(_figures(market).cash, _house(market).pool.claims)


@metric("USD", "last", NEEDS, of=_figures)
def debt(found: Figures) -> float:
    """Owed to the pool of NFT loans."""
    return found.debts / USD


@metric("USD", "last", NEEDS, of=_house)
def deposits(house: Any) -> float:
    """What depositors of the pool of NFT loans claim."""
    return house.pool.claims / USD


@metric("1", "last", NEEDS, of=_figures)
def utilisation(found: Figures) -> float:
    """Debts over cash and debts of the pool of NFT loans."""
    return used(found.cash, found.debts)


@metric("1/year", "last", NEEDS)
def borrow_rate(market: "Marketplace") -> float:
    """Rate of borrowers from the pool of NFT loans."""
    found = _figures(market)
    return float(_house(market).loans.rate_at(used(found.cash, found.debts)))


@metric("USD", "sum", NEEDS, of=_house)
def withdrawn(house: Any) -> float:
    """Taken out of the pool of NFT loans."""
    return float(house.pool.withdrawn[-1]) / USD


@metric("USD", "max", NEEDS, of=_house)
def queue(house: Any) -> float:
    """Asked for at the pool of NFT loans in this tick and not paid."""
    return house.pool.queue / USD


@metric("USD", "last", NEEDS, of=_house)
def floor_of_collectibles(house: Any) -> float:
    """Floor that loans rely on: that of its collection, for the median collectible; undefined without one."""
    nfts = house.nfts
    floors = house.oracle.price[nfts.collection[(nfts.kind == COLLECTIBLE) & (nfts.owner >= 0)]]
    return median(floors[floors > 0.0])


@metric("NFTs", "last", NEEDS, of=_figures)
def loans(found: Figures) -> float:
    """Loans from the pool."""
    return float(found.stand.loans)


@metric("NFTs", "last", NEEDS, of=_figures)
def unwanted(found: Figures) -> float:
    """Loans below health 1 without any bid."""
    return float(found.stand.unwanted)


@metric("1", "max", NEEDS, headline=True, of=_figures)
def stuck(found: Figures) -> float:
    """Debts of loans below health 1 without any bid, over cash and debts of the pool."""
    return _part(float(found.stand.stuck), found.cash + found.debts)


@metric("1", "max", NEEDS, of=_figures)
def under_water(found: Figures) -> float:
    """Debts above the floor of their NFTs, over cash and debts of the pool."""
    return _part(float(found.stand.short), found.cash + found.debts)


@metric("1", "min", NEEDS, of=_figures)
def median_health(found: Figures) -> float:
    """Median health factor of loans from the pool; undefined without one."""
    health = found.health
    return (health[(len(health) - 1) // 2] + health[len(health) // 2]) / 2.0 if health else math.nan


@metric("bids", "sum", NEEDS, headline=True, of=_house)
def bids(house: Any) -> float:
    """Bids in auctions."""
    return float(house.loans.bids)


@metric("NFTs", "sum", NEEDS, of=_house)
def auctioned(house: Any) -> float:
    """NFTs that went to their best bidder."""
    return float(house.loans.sold)


@metric("NFTs", "sum", NEEDS, of=_house)
def redeemed(house: Any) -> float:
    """NFTs that their borrowers redeemed from auction."""
    return float(house.loans.redemptions)


@metric("USD", "last", NEEDS, of=_house)
def lost_by_reserve(house: Any) -> float:
    """Bad debts borne by the reserves of both pools so far."""
    return (house.pool.losses[0] + house.desk.losses[0]) / USD


@metric("USD", "last", NEEDS, headline=True, of=_house)
def lost_by_depositors(house: Any) -> float:
    """Bad debts borne by depositors of both pools so far."""
    return (house.pool.losses[1] + house.desk.losses[1]) / USD


@metric("loans", "last", NEEDS, of=_house)
def notes(house: Any) -> float:
    """Fixed-term loans between two people."""
    return float(np.count_nonzero(house.notes.table.borrower >= 0))


@metric("loans", "sum", NEEDS, of=_house)
def note_defaults(house: Any) -> float:
    """Fixed-term loans whose NFT went to the lender."""
    return float(house.notes.defaults)


@metric("USD", "last", NEEDS, of=_house)
def rig_debt(house: Any) -> float:
    """Owed to the desk of rig loans."""
    return house.desk.debts / USD


@metric("loans", "sum", NEEDS, of=_house)
def rig_defaults(house: Any) -> float:
    """Loans against rigs that went bad."""
    return float(house.rig_loans.defaults)


@metric("1", "last", NEEDS, of=_house)
def rig_recovery(house: Any) -> float:
    """Got for seized rigs over what was owed on them, so far; undefined before the first default."""
    part = house.rig_loans
    return _part(part.recovered, part.seized)
