"""Appraisals and incomes of NFTs: pure functions of plain numbers, shared by the mechanism and by those who value.

Letters: T a time constant or term, t elapsed time, both in days; rates a year.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from model.jit import helper
from model.units import DAYS_PER_WEEK, DAYS_PER_YEAR, LOG_2

HOURS = 24.0


@helper("float64(float64, float64)")
def reverted(days: Any, half_life: Any) -> Any:
    """Part of a log gap that is left after some days: 2^(-t/T).

    >>> reverted(21.0, 21.0)
    0.5
    """
    return math.exp(-LOG_2 * days / half_life)


@helper("float64(float64, float64, float64)")
def gap_sd(weekly_sd: Any, anchor_sd: Any, half_life: Any) -> Any:
    """Standard deviation of the log gap to comparable sales, such that weekly log changes have the given one.

    weekly_sd^2 = anchor_sd^2 + 2 gap_sd^2 (1 - 2^(-7/T)): the gap reverts, its anchor is a random walk.

    Args:
        weekly_sd: of weekly log changes of the appraisal, in the long run
        anchor_sd: of weekly log changes of comparable sales, at most as large
        half_life: T of the gap [days]

    >>> round(gap_sd(0.24, 0.15, 21.0), 4)
    0.2917
    """
    return math.sqrt(max(0.0, weekly_sd**2 - anchor_sd**2) / (2.0 * (1.0 - reverted(DAYS_PER_WEEK, half_life))))


@helper("float64(float64, float64, float64, float64, float64)")
def gap_step(gap: Any, days: Any, half_life: Any, sd: Any, draw: Any) -> Any:
    """Log gap to comparable sales after some days: u' = a u + sd sqrt(1 - a^2) N, a = 2^(-t/T); exact for any t.

    >>> gap_step(0.4, 21.0, 21.0, 0.0, 1.0)
    0.2
    """
    kept = reverted(days, half_life)
    return kept * gap + sd * math.sqrt(1.0 - kept * kept) * draw


@helper("float64(float64, float64, float64, float64, float64)")
def index_step(level: Any, days: Any, drift: Any, weekly_sd: Any, draw: Any) -> Any:
    """Log level of comparable sales, or of usage, after some days: i' = i + drift t/365 + sd sqrt(t/7) N."""
    return level + drift * days / DAYS_PER_YEAR + weekly_sd * math.sqrt(days / DAYS_PER_WEEK) * draw


@helper("float64(float64, float64)")
def licence_income(appraisal: Any, rate: Any) -> Any:
    """Exhibition and licence fees of a work: a share of its appraisal a year [USD/day].

    >>> licence_income(36_500.0, 0.02)
    2.0
    """
    return appraisal * rate / DAYS_PER_YEAR


@helper("float64(float64, float64)")
def land_value(rent: Any, yield_: Any) -> Any:
    """Rent capitalised for ever: 365 rent / yield [USD], rent in USD a day.

    >>> land_value(2.0, 0.073)
    10000.0
    """
    return rent * DAYS_PER_YEAR / yield_


@helper("float64(float64, float64, float64)")
def fading_value(fees: Any, decay: Any, discount: Any) -> Any:
    """Usage times decay: 365 fees / (decay + discount) [USD], fees in USD a day that fall at `decay` a year.

    >>> fading_value(1.0, 0.58, 0.15)
    500.0
    """
    return fees * DAYS_PER_YEAR / (decay + discount)


@helper("float64(float64, float64, float64)")
def term_value(income: Any, days: Any, discount: Any) -> Any:
    """Income over a term: income (1 - e^(-r t)) / r [USD], income in USD a day, r = discount/365; 0 if it is negative.

    >>> round(term_value(1.0, 365.0, 0.10), 4)
    347.3434
    """
    if days <= 0.0 or income <= 0.0:
        return 0.0
    rate = discount / DAYS_PER_YEAR
    return income * (days if rate == 0.0 else -math.expm1(-rate * days) / rate)


@helper("float64(float64, float64)")
def break_even(hashprice: Any, efficiency: Any) -> Any:
    """Power price that takes all revenue of a rig [USD/kWh]; 1 PH/s draws as many kW as the rig has J/TH.

    Args:
        hashprice: USD per PH/s and day
        efficiency: J/TH

    >>> round(break_even(48.972, 35.0), 4)
    0.0583
    """
    return hashprice / (HOURS * efficiency)


@helper("float64(float64, float64, float64, float64, float64)")
def right_income(kilowatts: Any, power_price: Any, contract: Any, let_share: Any, take_or_pay: Any) -> Any:
    """What a site's power contract earns, let to miners [USD/day], negative where its power must be paid all the same.

    24 kW (let max(0, b - c) - take_or_pay min(c, max(0, c - b)))

    Args:
        kilowatts: power of the site [kW]
        power_price: `break_even` of rigs now shipping, b [USD/kWh]
        contract: power price of the contract, c [USD/kWh]
        let_share: part of the spread that miners pay as rent
        take_or_pay: part of the power that must be taken and is resold at b

    >>> round(right_income(100.0, 0.085, 0.045, 0.5, 0.0), 9), round(right_income(100.0, 0.035, 0.045, 0.5, 0.5), 9)
    (48.0, -12.0)
    """
    spread = power_price - contract
    return kilowatts * HOURS * (let_share * max(0.0, spread) - take_or_pay * min(contract, max(0.0, -spread)))


def level_at(path: Sequence[tuple[float, float]], day: float) -> float:
    """Level of a script on a day: straight lines between its rows, level before the first and after the last; 1 without rows.

    >>> level_at([(0.0, 1.0), (10.0, 0.5)], 4.0)
    0.8
    """
    for (start, low), (end, high) in pairwise(path):
        if start <= day < end:
            return low + (high - low) * (day - start) / (end - start)
    return (path[0] if day < path[0][0] else path[-1])[1] if path else 1.0


def royalty_of(price: int, bps: int) -> int:
    """The artist's part of a sale, rounded down [base units].

    >>> royalty_of(850_000_000, 750)
    63750000
    """
    return price * bps // 10_000
