"""Lending: how far the pool is used, what it costs and yields, how healthy its loans are, and who bore what was lost."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from model.jit import kernel
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


# places among the figures of a tick
UNCOVERED, WORTH, PLEDGED, BORROWERS, LEAST, TENTH, MEDIAN, RISK_10, RISK_20, RISK_30 = range(10)
LARGEST_DEBT, LARGEST_DEPOSIT, BOTH_SIDES = range(10, 13)
FIGURES = 13
USED, BORROWING, SUPPLYING, DEBT, DEPOSITS = range(FIGURES, FIGURES + 5)  # utilisation, rates, and the pool's books
FALLS = (0.10, 0.20, 0.30)
SHARES = (0.0, 0.10, 0.50)


@kernel
def _measure(
    owing: Any, debt: Any, health: Any, collateral: Any, deposits: Any, live: Any, fraction: Any, supply: Any,
    pledge: Any, parked: Any, balances: Any, value: Any, out: Any,
) -> None:  # fmt: skip
    """Fill the figures of a tick.

    Args:
        owing: accounts that owe, least healthy first
        debt, health, collateral, deposits: by account [USD, 1, USD, deposit shares]
        live, fraction, supply, pledge, parked: by vault
        balances: of the ledger; value: USD per base unit, by asset
        out: UNCOVERED: owed above the worth of the collateral [USD]; WORTH, PLEDGED: market value of all fractions in
            circulation, and of those pledged [USD]; BORROWERS; LEAST, TENTH, MEDIAN: health below which these shares of
            debt lie, NaN without; RISK_10, RISK_20, RISK_30: share of debt below health 1 after such a fall; the largest debt and
            deposit over all; BOTH_SIDES: share of deposits whose owners owe
    """
    out[:] = 0.0
    out[LEAST], out[TENTH], out[MEDIAN] = np.nan, np.nan, np.nan
    for v in range(live.size):
        if live[v]:
            out[WORTH] += supply[v] * value[fraction[v]]
            if pledge[v] >= 0:
                out[PLEDGED] -= balances[pledge[v], parked[v]] * value[fraction[v]]
    whole = most = 0.0
    for account in owing:
        whole += debt[account]
        most = max(most, debt[account])
        out[UNCOVERED] += max(0.0, debt[account] - collateral[account])
    below = before = 0.0
    for account in owing:
        below += debt[account]
        for k in range(len(SHARES)):
            if below >= SHARES[k] * whole and (before < SHARES[k] * whole or before == 0.0):
                out[LEAST + k] = health[account]
        for k in range(len(FALLS)):
            if health[account] < 1.0 / (1.0 - FALLS[k]):
                out[RISK_10 + k] = below / whole
        before = below
    out[BORROWERS], out[LARGEST_DEBT] = owing.size, most / whole if whole > 0.0 else 0.0
    lent = largest = both = 0
    for account in range(deposits.size):
        if deposits[account] > 0:
            lent += deposits[account]
            largest = max(largest, deposits[account])
            both += deposits[account] if debt[account] > 0.0 else 0
    if lent > 0:
        out[LARGEST_DEPOSIT], out[BOTH_SIDES] = largest / lent, both / lent


def figures(market: "Marketplace") -> list[float]:
    """This tick's figures, measured once; see `_measure`, and the places after it."""
    known: tuple[int, list[float]] | None = market.__dict__.get("loans_of_the_tick")
    if known is not None and known[0] == market.clock.tick:
        return known[1]
    lending, table, ledger, out = _lending(market), market.mechanisms["vaults"].table, market.ledger, np.zeros(FIGURES)
    owing = np.flatnonzero(lending.debt_usd > 0.0)
    owing = owing[np.argsort(lending.health[owing], kind="stable")]
    _measure(
        owing, lending.debt_usd, lending.health, lending.collateral_value,
        ledger.books.balances[lending.deposit_asset, : ledger.accounts], table.live, table.fraction, table.supply,
        lending.desk.pledge, lending.desk.parked, ledger.books.balances, ledger.value, out,
    )  # fmt: skip
    debt, rate, used = lending.debt, lending.borrow_rate_at, lending.utilisation
    found: list[float] = out.tolist()
    found += [used, rate(used), lending.supply_rate_at(used), debt / USD, lending.deposits / USD]
    market.__dict__["loans_of_the_tick"] = market.clock.tick, found
    return found


@metric("1", "mean", NEEDS, headline=True)
def utilisation(market: "Marketplace") -> float:
    """Lent out, over what depositors own."""
    return figures(market)[USED]


@metric("1/year", "mean", NEEDS)
def borrow_rate(market: "Marketplace") -> float:
    """Rate that borrowers pay."""
    return figures(market)[BORROWING]


@metric("1/year", "mean", NEEDS)
def supply_rate(market: "Marketplace") -> float:
    """Rate that depositors are promised."""
    return figures(market)[SUPPLYING]


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
    return figures(market)[DEPOSITS]


@metric("USD", "mean", NEEDS, headline=True)
def debt(market: "Marketplace") -> float:
    """Owed by borrowers."""
    return figures(market)[DEBT]


@metric("1", "mean", NEEDS, headline=True)
def debt_over_value(market: "Marketplace") -> float:
    """Debt over the market value of all fractions in circulation."""
    found = figures(market)
    return found[DEBT] / found[WORTH] if found[WORTH] > 0.0 else math.nan


@metric("1", "mean", NEEDS)
def pledged_share(market: "Marketplace") -> float:
    """Pledged fractions over all in circulation, by market value."""
    found = figures(market)
    return found[PLEDGED] / found[WORTH] if found[WORTH] > 0.0 else math.nan


@metric("accounts", "last", NEEDS)
def borrowers(market: "Marketplace") -> float:
    """Accounts that owe."""
    return figures(market)[BORROWERS]


@metric("1", "min", NEEDS)
def health_min(market: "Marketplace") -> float:
    """Least health factor of all loans; NaN without loans."""
    return figures(market)[LEAST]


@metric("1", "mean", NEEDS)
def health_p10(market: "Marketplace") -> float:
    """Health factor below which a tenth of all debt lies; NaN without loans."""
    return figures(market)[TENTH]


@metric("1", "mean", NEEDS, headline=True)
def health_median(market: "Marketplace") -> float:
    """Health factor below which half of all debt lies; NaN without loans."""
    return figures(market)[MEDIAN]


@metric("1", "mean", NEEDS)
def at_risk_10(market: "Marketplace") -> float:
    """Share of debt that could be liquidated if prices fell by 10 %."""
    return figures(market)[RISK_10]


@metric("1", "mean", NEEDS)
def at_risk_20(market: "Marketplace") -> float:
    """Share of debt that could be liquidated if prices fell by 20 %."""
    return figures(market)[RISK_20]


@metric("1", "mean", NEEDS)
def at_risk_30(market: "Marketplace") -> float:
    """Share of debt that could be liquidated if prices fell by 30 %."""
    return figures(market)[RISK_30]


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
    return figures(market)[UNCOVERED]


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
