"""Lending: how far the pool is used, what it costs and yields, how healthy its loans are, and who bore what was lost."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from model.ledger import USD_ASSET
from model.mechanisms.lending import formulas
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
    over_value,
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


USED, BORROWING, SUPPLYING, DEBT, DEPOSITS, RESERVES = range(
    FIGURES, FIGURES + 6
)  # utilisation, rates, the pool's books


@shared
def figures(market: "Marketplace") -> list[float]:
    """All figures; see `figures_of`, and the places after them."""
    lending, table, ledger = _lending(market), market.mechanisms["vaults"].table, market.ledger
    work, out = np.empty((2, ledger.accounts)), np.empty(FIGURES)
    figures_of(
        ledger.books.balances, lending.desk, lending.debt_usd, lending.health, lending.collateral_value, ledger.accounts,
        table.live, table.fraction, table.supply, ledger.value, work[0], work[1], out,
    )  # fmt: skip
    cash, debt, deposits, reserves = lending.stand()
    used = formulas.utilisation(float(cash), float(debt), float(reserves))
    rate = lending.borrow_rate_at(used)
    earned = formulas.supply_rate(rate, used, lending.params.reserve_factor)
    found: list[float] = out.tolist()
    found += (used, rate, earned, debt / USD, deposits / USD, reserves / USD)
    return found


@metric("1", "mean", NEEDS, headline=True, of=figures)
def utilisation(found: list[float]) -> float:
    """Lent out, over what depositors own."""
    return found[USED]


@metric("1/year", "mean", NEEDS, of=figures)
def borrow_rate(found: list[float]) -> float:
    """Rate that borrowers pay."""
    return found[BORROWING]


@metric("1/year", "mean", NEEDS, of=figures)
def supply_rate(found: list[float]) -> float:
    """Rate that depositors are promised."""
    return found[SUPPLYING]


@metric("1/year", "mean", NEEDS)
def lender_yield(market: "Marketplace") -> float:
    """What depositors really earned in the tick, interest and fees less bad debt, over a year."""
    lending = _lending(market)
    before = int(lending.yesterday[INDEX_DEPOSIT])
    if before == 0:
        return math.nan
    return (int(lending.desk.sums[INDEX_DEPOSIT]) / before - 1.0) * DAYS_PER_YEAR / market.clock.dt_days


@metric("USD", "last", NEEDS, of=figures)
def deposits(found: list[float]) -> float:
    """Owed to depositors."""
    return found[DEPOSITS]


@metric("USD", "mean", NEEDS, headline=True, of=figures)
def debt(found: list[float]) -> float:
    """Owed by borrowers."""
    return found[DEBT]


@metric("1", "mean", NEEDS, headline=True, of=figures)
def debt_over_value(found: list[float]) -> float:
    """Debt over the market value of all fractions in circulation."""
    return found[DEBT] / found[WORTH] if found[WORTH] > 0.0 else math.nan


@metric("1", "mean", NEEDS, of=figures)
def pledged_share(found: list[float]) -> float:
    """Pledged fractions over all in circulation, by market value."""
    return found[PLEDGED] / found[WORTH] if found[WORTH] > 0.0 else math.nan


@metric("accounts", "last", NEEDS, of=figures)
def borrowers(found: list[float]) -> float:
    """Accounts that owe."""
    return found[BORROWERS]


@metric("1", "min", NEEDS, of=figures)
def health_min(found: list[float]) -> float:
    """Least health factor of all loans; NaN without loans."""
    return found[LEAST]


@metric("1", "mean", NEEDS, of=figures)
def health_p10(found: list[float]) -> float:
    """Health factor below which a tenth of all debt lies; NaN without loans."""
    return found[TENTH]


@metric("1", "mean", NEEDS, headline=True, of=figures)
def health_median(found: list[float]) -> float:
    """Health factor below which half of all debt lies; NaN without loans."""
    return found[MEDIAN]


@metric("1", "mean", NEEDS, of=figures)
def at_risk_10(found: list[float]) -> float:
    """Share of debt that could be liquidated if prices fell by 10 %."""
    return found[RISK_10]


@metric("1", "mean", NEEDS, of=figures)
def at_risk_20(found: list[float]) -> float:
    """Share of debt that could be liquidated if prices fell by 20 %."""
    return found[RISK_20]


@metric("1", "mean", NEEDS, of=figures)
def at_risk_30(found: list[float]) -> float:
    """Share of debt that could be liquidated if prices fell by 30 %."""
    return found[RISK_30]


@metric("liquidations", "sum", NEEDS, headline=True, of=_lending)
def liquidations(lending: Any) -> float:
    """Liquidations in the tick."""
    return float(len(lending.liquidations))


@metric("liquidations", "sum", NEEDS, of=_lending)
def toxic_liquidations(lending: Any) -> float:
    """Liquidations that lowered the health of a debt which still has collateral."""
    return float(sum(done.toxic for done in lending.liquidations))


@metric("USD", "sum", NEEDS, of=_lending)
def liquidated_debt(lending: Any) -> float:
    """Debt repaid by liquidators."""
    return sum(done.repaid for done in lending.liquidations) / USD


@metric("USD", "sum", NEEDS, of=_lending)
def seized(lending: Any) -> float:
    """Worth of what liquidators seized, at the oracle's price."""
    return sum(done.worth for done in lending.liquidations) / USD


@metric("USD", "last", NEEDS)
def fund(market: "Marketplace") -> float:
    """Money of the insurance fund."""
    return market.ledger.balance(USD_ASSET, _lending(market).fund) / USD


@metric("USD", "last", NEEDS, of=figures)
def reserve(found: list[float]) -> float:
    """Claims of the reserve on the pool."""
    return found[RESERVES]


@metric("USD", "last", NEEDS, of=_lending)
def lost_reserve(lending: Any) -> float:
    """Bad debt so far that the reserve bore."""
    return int(lending.desk.sums[LOST_RESERVE]) / USD


@metric("USD", "last", NEEDS, of=_lending)
def lost_fund(lending: Any) -> float:
    """Bad debt so far that the insurance fund bore."""
    return int(lending.desk.sums[LOST_FUND]) / USD


@metric("USD", "last", NEEDS, headline=True, of=_lending)
def lost_depositors(lending: Any) -> float:
    """Bad debt so far that depositors bore."""
    return int(lending.desk.sums[LOST_DEPOSITORS]) / USD


@metric("USD", "max", NEEDS, of=figures)
def uncovered(found: list[float]) -> float:
    """Debt above the worth of its collateral, that nobody has liquidated yet."""
    return found[UNCOVERED]


@metric("USD", "max", NEEDS, of=_lending)
def queue(lending: Any) -> float:
    """Asked for by depositors in the tick and not paid, for want of cash."""
    return int(lending.desk.sums[QUEUE]) / USD


@metric("hours", "max", NEEDS)
def hours_to_withdraw(market: "Marketplace") -> float:
    """Time in which the queue would be paid at the tick's pace; 0 without a queue, a year where nothing is paid."""
    sums = _lending(market).desk.sums
    unpaid, paid = int(sums[QUEUE]), int(sums[WITHDRAWN])
    if unpaid == 0:
        return 0.0
    return min(A_YEAR, market.clock.hours * unpaid / paid) if paid > 0 else A_YEAR


@metric("1", "last", NEEDS)
def collateral_over_nav(market: "Marketplace") -> float:
    """Pledged fractions at the oracle's price over their reference net asset value; NaN where none is known."""
    if market.reference_nav is None:
        return math.nan
    lending = _lending(market)
    found: float = over_value(market.ledger.books.balances, lending.desk, lending.oracle.price, market.reference_nav())
    return found
