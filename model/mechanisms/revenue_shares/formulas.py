"""What a revenue share pays, for how long, and what it is worth.

A company that raised M pays a share s of its revenue R a day until c M is paid in all, or T days are over.
"""

import math

from model.units import DAYS_PER_YEAR, PPM, mul_div


def due(revenue: int, share_ppm: int, left: int) -> int:
    """Payment for a revenue: floor(R s), at most what is left of the cap [base units].

    >>> due(20_000_000_000, 100_000, 150_000_000_000), due(20_000_000_000, 100_000, 700_000_000)
    (2000000000, 700000000)
    """
    return min(mul_div(max(0, revenue), share_ppm, PPM), left)


def days_to_repay(raised: float, multiple: float, share: float, revenue: float, fall: float = 0.0) -> float:
    """Days until the cap is paid: c M = s R (1 - e^(-g t)) / g; infinite where revenue falls too fast.

    Args:
        raised: M [USD]; multiple: c [1]
        share: s [1]; revenue: R [USD a day]
        fall: g, expected fall of revenue [1/year]

    >>> days_to_repay(100_000, 1.5, 0.10, 20_000)
    75.0
    >>> round(days_to_repay(100_000, 1.5, 0.10, 20_000, fall=0.5), 3)
    79.139
    """
    daily, cap = share * revenue, multiple * raised
    if daily <= 0.0:
        return math.inf
    rate = fall / DAYS_PER_YEAR
    if rate == 0.0:
        return cap / daily
    left = 1.0 - rate * cap / daily
    return -math.log(left) / rate if left > 0.0 else math.inf


def present_value(daily: float, left: float, days: float, rate: float, fall: float = 0.0) -> float:
    """Worth of what a share still pays: s R (1 - e^(-(r+g) t)) / (r+g), t the shorter of the term and of the way to the cap.

    Args:
        daily: s R, paid in a day now [USD]
        left: of the cap [USD]
        days: of the term that are left
        rate: r, required return and chance of default [1/year]
        fall: g, expected fall of revenue [1/year]

    >>> present_value(2_000.0, 150_000.0, 365.0, 0.0), present_value(2_000.0, 150_000.0, 30.0, 0.0)
    (150000.0, 60000.0)
    >>> round(present_value(2_000.0, 150_000.0, 365.0, 0.2), 2)
    146959.6
    """
    if daily <= 0.0 or left <= 0.0 or days <= 0.0:
        return 0.0
    term = min(days, days_to_repay(left, 1.0, 1.0, daily, fall))
    together = (rate + fall) / DAYS_PER_YEAR
    return daily * (term if together == 0.0 else -math.expm1(-together * term) / together)


def share_for(raised: float, multiple: float, days: float, revenue: float) -> float:
    """Share that repays the cap in so many days at today's revenue: s = c M / (R T).

    >>> share_for(100_000, 1.5, 75, 20_000)
    0.1
    """
    return multiple * raised / (revenue * days) if revenue > 0.0 and days > 0.0 else math.inf
