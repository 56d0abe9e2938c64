"""The rules of pooled lending as pure functions: rates, health, what a liquidation does, and how much may be pledged.

Rates are per year, shares are of one, and collateral, price and debt in any units that fit one another; the integer
forms below work in base units and round against the customer, so what the pool has always covers what it owes.
"""

from typing import Any

from model.jit import helper
from model.units import DAYS_PER_YEAR, INDEX, muldiv

RATE = 10**18  # scale of a tick's growth
LARGEST_INDEX = 1 << 60  # an index stops growing here, a million times its start
PRICE = 1_000_000_000  # scale of whole prices [USD base units per base unit of a fraction]


@helper("float64(float64, float64, float64)")
def utilisation(cash: Any, debt: Any, reserves: Any) -> Any:
    """Part of what depositors own that is lent out: U = B / (C + B - R), in [0, 1]               [LeshnerHayes2019].

    >>> utilisation(20.0, 80.0, 0.0)
    0.8
    """
    owned = cash + debt - reserves
    if debt > 0.0 and owned > 0.0:
        return min(1.0, debt / owned)
    return 1.0 if debt > 0.0 else 0.0


def supply_rate(borrow_rate: float, utilisation: float, reserve_factor: float) -> float:
    """What depositors earn of what borrowers pay: r U (1 - RF) [1/year].

    >>> round(supply_rate(0.10, 0.80, 0.20), 12)
    0.064
    """
    return borrow_rate * utilisation * (1.0 - reserve_factor)


def health_factor(collateral_value: float, debt: float, threshold: float) -> float:
    """Worth of the collateral at the liquidation threshold over the debt; below 1 anybody may liquidate.

    >>> health_factor(9_000.0, 7_500.0, 0.825)
    0.99
    """
    return collateral_value * threshold / debt if debt > 0.0 else float("inf")


def part_to_close(health: float, close_factor: float = 0.5, full_below: float = 0.95) -> float:
    """Part of a debt that one liquidation may repay: the close factor, or all where health is below `full_below`."""
    return 1.0 if health < full_below else close_factor


def is_toxic(collateral_value: float, debt: float, bonus: float) -> bool:
    """Whether a partial liquidation lowers the health factor: collateral is worth no more than (1 + bonus) of the debt.

    >>> is_toxic(1_040.0, 1_000.0, 0.05), is_toxic(1_060.0, 1_000.0, 0.05)
    (True, False)
    """
    return collateral_value <= debt * (1.0 + bonus)


def liquidation_outcome(
    collateral: float,
    price: float,
    debt: float,
    threshold: float,
    bonus: float,
    close_factor: float = 0.5,
    full_below: float = 0.95,
) -> tuple[float, float, float]:
    """One liquidation at its largest: what is repaid, the collateral seized for it, and the debt that has none left.

    seized = repaid (1 + bonus) / price, at most all; bad debt is what is left to repay when all is seized.

    Args:
        collateral: pledged [pieces]
        price: of a piece [USD]
        debt: owed [USD]
        threshold: part of the collateral's worth at which health is 1 [1]
        bonus: of the liquidator [1]
        close_factor: part of the debt that may be repaid at once [1]
        full_below: health below which all may be [1]

    Returns:
        repaid [USD], seized [pieces], bad debt [USD]; zeros while health is 1 or more

    >>> liquidation_outcome(10.0, 900.0, 7_500.0, 0.825, 0.05)
    (3750.0, 4.375, 0.0)
    """
    worth = collateral * price
    health = health_factor(worth, debt, threshold)
    if health >= 1.0:
        return 0.0, 0.0, 0.0
    repaid = debt * part_to_close(health, close_factor, full_below)
    if repaid * (1.0 + bonus) < worth:
        return repaid, repaid * (1.0 + bonus) / price, 0.0
    repaid = min(repaid, worth / (1.0 + bonus))
    return repaid, collateral, debt - repaid


@helper("float64(float64, float64)")
def collateral_cap(fee: Any, bonus: Any) -> Any:
    """Largest part of a pool's fractions whose sale still pays a liquidator: x / R <= ((1 - f)(1 + b) - 1) / (1 - f).

    A seizure of x fractions for x / (1 + b) of their price is sold into a constant product of R fractions, which pays
    (1 - f) R / (R + (1 - f) x) of the price for each; the cap is where both are equal.

    >>> round(collateral_cap(0.01, 0.12), 3), round(collateral_cap(0.003, 0.12), 3)
    (0.11, 0.117)
    """
    kept = 1.0 - fee
    return max(0.0, (kept * (1.0 + bonus) - 1.0) / kept) if kept > 0.0 else 0.0


def feigned_cap(fee: float, batches: int, ltv: float) -> float:
    """Largest part of what batches trade on which a loan is worth no more than the fees of feigning that trade: n f / LTV.

    Who trades V with a second account of his own in each of n batches loses n f V; a loan on a part x of it brings LTV x V.

    >>> round(feigned_cap(0.005, 3, 0.38), 4)
    0.0395
    """
    return batches * fee / ltv


# in base units


@helper("int64(int64, float64, float64)")
def grown(index: Any, rate: Any, days: Any) -> Any:
    """An index after a tick: index (1 + rate days / 365), rounded down; compounding is from tick to tick.

    >>> grown(10**12, 0.365, 1.0)
    1001000000000
    """
    growth = max(0, int(rate * (days / DAYS_PER_YEAR) * RATE))
    more = min(LARGEST_INDEX, muldiv(index, growth, RATE))
    return min(LARGEST_INDEX, index + more) if index < LARGEST_INDEX else index


def owed(scaled: int, index: int) -> int:
    """What scaled debt comes to [USD base units], rounded up: the debtor's rounding is the pool's gain.

    >>> owed(3, 1_500_000_000_000)
    5
    """
    return -(-scaled * index // INDEX)


def claimed(shares: int, index: int) -> int:
    """What deposit shares are worth [USD base units], rounded down."""
    return shares * index // INDEX


def dust_bound(shares: int, index_debt: int, index_deposit: int, rounded: int) -> int:
    """Most base units of USD that roundings may leave with the pool until the next accrual shares them out.

    An accrual leaves less than one step of the deposit index on all shares; each of the `rounded` transactions since
    then leaves less than one scaled unit of debt or deposit and two roundings.
    """
    return shares // INDEX + 2 + rounded * (2 + index_debt // INDEX + 1 + index_deposit // INDEX + 1)
