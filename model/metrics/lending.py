"""Lending: how far the pool is used, what it costs and yields, how healthy its loans are, and who bore what was lost."""

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.ledger import USD_ASSET
from model.mechanisms.lending.table import (
    INDEX_DEPOSIT,
    LOST_DEPOSITORS,
    LOST_FUND,
    LOST_RESERVE,
    QUEUE,
    WITHDRAWN,
)
from model.metric import metric
from model.units import DAYS_PER_YEAR, USD

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("lending",)
A_YEAR = 8_760.0  # hours, shown where nothing is paid out


def _lending(market: "Marketplace") -> Any:
    return market.mechanisms["lending"]


class Loans(NamedTuple):
    """All loans of one tick, least healthy first.

    Attributes:
        tick: of them
        health: health factors
        debt: owed on each [USD]
        below: owed on it and all less healthy ones [USD]
        uncovered: owed above the worth of the collateral [USD]
        worth: market value of all fractions in circulation [USD]
        pledged: of those which are pledged [USD]
    """

    tick: int
    health: NDArray[np.float64]
    debt: NDArray[np.float64]
    below: NDArray[np.float64]
    uncovered: float
    worth: float
    pledged: float


def _loans(market: "Marketplace") -> Loans:
    """This tick's loans, sorted once."""
    known: Loans | None = market.__dict__.get("loans_of_the_tick")
    if known is not None and known.tick == market.clock.tick:
        return known
    lending, vaults = _lending(market), market.mechanisms["vaults"]
    owing = np.flatnonzero(lending.debt_usd > 0.0)
    owing = owing[np.argsort(lending.health[owing], kind="stable")]
    debt = lending.debt_usd[owing]
    short = debt - lending.collateral_value[owing]
    live = np.flatnonzero(vaults.live)
    value = market.ledger.value[vaults.fraction[live]]
    found = Loans(
        market.clock.tick,
        lending.health[owing],
        debt,
        np.cumsum(debt),
        math.fsum(short[short > 0.0]),
        math.fsum(vaults.supply[live] * value),
        math.fsum(lending.pledged[live] * value),
    )
    market.__dict__["loans_of_the_tick"] = found
    return found


def _health_at(market: "Marketplace", share: float) -> float:
    """Health below which a share of all debt lies."""
    loans = _loans(market)
    if loans.health.size == 0:
        return math.nan
    place = int(np.searchsorted(loans.below, share * loans.below[-1]))
    return float(loans.health[min(place, loans.health.size - 1)])


def _at_risk(market: "Marketplace", fall: float) -> float:
    """Share of all debt whose health would be below 1 after a fall of all prices."""
    loans = _loans(market)
    risky = int(np.searchsorted(loans.health, 1.0 / (1.0 - fall)))
    return float(loans.below[risky - 1] / loans.below[-1]) if risky > 0 else 0.0


@metric("1", "mean", NEEDS, headline=True)
def utilisation(market: "Marketplace") -> float:
    """Lent out, over what depositors own."""
    return float(_lending(market).utilisation)


@metric("1/year", "mean", NEEDS)
def borrow_rate(market: "Marketplace") -> float:
    """Rate that borrowers pay."""
    return float(_lending(market).borrow_rate)


@metric("1/year", "mean", NEEDS)
def supply_rate(market: "Marketplace") -> float:
    """Rate that depositors are promised."""
    return float(_lending(market).supply_rate)


@metric("1/year", "mean", NEEDS)
def lender_yield(market: "Marketplace") -> float:
    """What depositors really earned in the tick, interest and fees less bad debt, over a year."""
    lending = _lending(market)
    before = int(lending.yesterday[INDEX_DEPOSIT])
    if before == 0:
        return math.nan
    return (int(lending.desk.sums[INDEX_DEPOSIT]) / before - 1.0) * DAYS_PER_YEAR / market.clock.dt_days


@metric("USD", "last", NEEDS)
def deposits(market: "Marketplace") -> float:
    """Owed to depositors."""
    return _lending(market).deposits / USD


@metric("USD", "mean", NEEDS, headline=True)
def debt(market: "Marketplace") -> float:
    """Owed by borrowers."""
    return _lending(market).debt / USD


@metric("1", "mean", NEEDS, headline=True)
def debt_over_value(market: "Marketplace") -> float:
    """Debt over the market value of all fractions in circulation."""
    worth = _loans(market).worth
    return _lending(market).debt / USD / worth if worth > 0.0 else math.nan


@metric("1", "mean", NEEDS)
def pledged_share(market: "Marketplace") -> float:
    """Pledged fractions over all in circulation, by market value."""
    loans = _loans(market)
    return loans.pledged / loans.worth if loans.worth > 0.0 else math.nan


@metric("accounts", "last", NEEDS)
def borrowers(market: "Marketplace") -> float:
    """Accounts that owe."""
    return float(_loans(market).health.size)


@metric("1", "min", NEEDS)
def health_min(market: "Marketplace") -> float:
    """Least health factor of all loans; NaN without loans."""
    return _health_at(market, 0.0)


@metric("1", "mean", NEEDS)
def health_p10(market: "Marketplace") -> float:
    """Health factor below which a tenth of all debt lies; NaN without loans."""
    return _health_at(market, 0.10)


@metric("1", "mean", NEEDS, headline=True)
def health_median(market: "Marketplace") -> float:
    """Health factor below which half of all debt lies; NaN without loans."""
    return _health_at(market, 0.50)


@metric("1", "mean", NEEDS)
def at_risk_10(market: "Marketplace") -> float:
    """Share of debt that could be liquidated if prices fell by 10 %."""
    return _at_risk(market, 0.10)


@metric("1", "mean", NEEDS)
def at_risk_20(market: "Marketplace") -> float:
    """Share of debt that could be liquidated if prices fell by 20 %."""
    return _at_risk(market, 0.20)


@metric("1", "mean", NEEDS)
def at_risk_30(market: "Marketplace") -> float:
    """Share of debt that could be liquidated if prices fell by 30 %."""
    return _at_risk(market, 0.30)


@metric("liquidations", "sum", NEEDS, headline=True)
def liquidations(market: "Marketplace") -> float:
    """Liquidations in the tick."""
    return float(len(_lending(market).liquidations))


@metric("liquidations", "sum", NEEDS)
def toxic_liquidations(market: "Marketplace") -> float:
    """Liquidations that lowered the health of a debt which still has collateral."""
    return float(sum(done.toxic for done in _lending(market).liquidations))


@metric("USD", "sum", NEEDS)
def liquidated_debt(market: "Marketplace") -> float:
    """Debt repaid by liquidators."""
    return sum(done.repaid for done in _lending(market).liquidations) / USD


@metric("USD", "sum", NEEDS)
def seized(market: "Marketplace") -> float:
    """Worth of what liquidators seized, at the oracle's price."""
    return sum(done.worth for done in _lending(market).liquidations) / USD


@metric("USD", "last", NEEDS)
def fund(market: "Marketplace") -> float:
    """Money of the insurance fund."""
    return market.ledger.balance(USD_ASSET, _lending(market).fund) / USD


@metric("USD", "last", NEEDS)
def reserve(market: "Marketplace") -> float:
    """Claims of the reserve on the pool."""
    return _lending(market).reserves / USD


@metric("USD", "last", NEEDS)
def lost_reserve(market: "Marketplace") -> float:
    """Bad debt so far that the reserve bore."""
    return int(_lending(market).desk.sums[LOST_RESERVE]) / USD


@metric("USD", "last", NEEDS)
def lost_fund(market: "Marketplace") -> float:
    """Bad debt so far that the insurance fund bore."""
    return int(_lending(market).desk.sums[LOST_FUND]) / USD


@metric("USD", "last", NEEDS, headline=True)
def lost_depositors(market: "Marketplace") -> float:
    """Bad debt so far that depositors bore."""
    return int(_lending(market).desk.sums[LOST_DEPOSITORS]) / USD


@metric("USD", "max", NEEDS)
def uncovered(market: "Marketplace") -> float:
    """Debt above the worth of its collateral, that nobody has liquidated yet."""
    return _loans(market).uncovered


@metric("USD", "max", NEEDS)
def queue(market: "Marketplace") -> float:
    """Asked for by depositors in the tick and not paid, for want of cash."""
    return int(_lending(market).desk.sums[QUEUE]) / USD


@metric("hours", "max", NEEDS)
def hours_to_withdraw(market: "Marketplace") -> float:
    """Time in which the queue would be paid at the tick's pace; 0 without a queue, a year where nothing is paid."""
    sums = _lending(market).desk.sums
    unpaid, paid = int(sums[QUEUE]), int(sums[WITHDRAWN])
    if unpaid == 0:
        return 0.0
    return min(A_YEAR, market.clock.hours * unpaid / paid) if paid > 0 else A_YEAR
