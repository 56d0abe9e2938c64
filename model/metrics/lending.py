"""Lending: how far the pool is used, what it costs and yields, how healthy its loans are, and who bore what was lost."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from model.ledger import USD_ASSET
from model.mechanisms.lending.figures import (
    BORROWERS,
    FIGURES,
    LEAST,
    MEDIAN,
    PLEDGED,
    RISK_10,
    RISK_20,
    RISK_30,
    TENTH,
    UNCOVERED,
    WORTH,
    figures_of,
)
from model.mechanisms.lending.table import (
    INDEX_DEPOSIT,
    LOST_DEPOSITORS,
    LOST_FUND,
    LOST_RESERVE,
    QUEUE,
    WITHDRAWN,
)
from model.metric import metric, shared
from model.units import DAYS_PER_YEAR, USD

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("lending",)
A_YEAR = 8_760.0  # hours, shown where nothing is paid out


def _lending(market: "Marketplace") -> Any:
    return market.mechanisms["lending"]


USED, BORROWING, SUPPLYING, DEBT, DEPOSITS = range(FIGURES, FIGURES + 5)  # utilisation, rates, and the pool's books


@shared
def figures(market: "Marketplace") -> list[float]:
    """This tick's figures, measured once; see `figures_of`, and the places after them."""
    known: tuple[int, list[float]] | None = market.__dict__.get("loans_of_the_tick")
    if known is not None and known[0] == market.clock.tick:
        return known[1]
    lending, table, ledger = _lending(market), market.mechanisms["vaults"].table, market.ledger
    work, out = np.empty((2, ledger.accounts)), np.empty(FIGURES)
    figures_of(
        ledger.books.balances, lending.desk, lending.debt_usd, lending.health, lending.collateral_value, ledger.accounts,
        table.live, table.fraction, table.supply, ledger.value, work[0], work[1], out,
    )  # fmt: skip
    _, debt, deposits, _ = lending.stand()
    used, found = lending.utilisation, out.tolist()
    found += [used, lending.borrow_rate_at(used), lending.supply_rate_at(used), debt / USD, deposits / USD]
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
