"""Borrowing rates of a pool by its utilisation; per year, shares are of one."""

from typing import Any

from model.jit import helper


@helper("float64(float64, float64, float64, float64, float64)")
def kinked_rate(utilisation: Any, base: Any, slope1: Any, slope2: Any, kink: Any) -> Any:
    """Borrowing rate that turns steep above a kink, slopes being what each part adds as a whole            [Aave2020].

    r = b + s1 U / U*                             up to the kink U*
    r = b + s1 + s2 (U - U*) / (1 - U*)           above it

    Args:
        utilisation: U [1]
        base: rate of an idle pool, b [1/year]
        slope1, slope2: added from 0 to the kink, and from the kink to 1 [1/year]
        kink: U*, above 0 and below 1 [1]

    >>> kinked_rate(0.325, 0.0, 0.08, 1.0, 0.65), round(kinked_rate(0.8, 0.0, 0.08, 1.0, 0.65), 5)
    (0.04, 0.50857)
    """
    if utilisation <= kink:
        return base + slope1 * (utilisation / kink)
    return base + slope1 + slope2 * ((utilisation - kink) / (1.0 - kink))


@helper("float64(float64, float64, float64, float64, float64)")
def jump_rate(utilisation: Any, base: Any, multiplier: Any, jump: Any, kink: Any) -> Any:
    """Borrowing rate whose slopes are per unit of utilisation, not divided by the kink      [LeshnerHayes2019].

    r = b + m U                       up to the kink U*
    r = b + m U* + j (U - U*)         above it

    >>> [round(jump_rate(u, 0.1, 0.2, 1.0, 0.9), 12) for u in (0.0, 0.1, 0.9, 1.0)]
    [0.1, 0.12, 0.28, 0.38]
    """
    return base + multiplier * min(utilisation, kink) + jump * max(0.0, utilisation - kink)
