"""The weighted-pool rule of Balancer as pure functions [MartinelliMushegian2019].

A pool keeps the value function V = B_usd^w_usd B_fraction^w_fraction constant but for fees, so each asset makes up its
weight of the pool's worth at the pool's price. Powers are taken through log1p and expm1: their results are within two
units in the last place, and relative to the change, not to the balance. All roundings are for the pool.
"""

import math

from model.pool_shares import LOCKED_SHARES
from model.units import BPS

ERROR = (
    2.0**-49
)  # bound on the relative rounding of both logarithms with their weights and quotients, of which each has < 2**-50


def weighted_out(
    amount_in: float, balance_in: float, weight_in: float, balance_out: float, weight_out: float, fee: float = 0.003
) -> float:
    """Amount bought: B_o (1 - (B_i / (B_i + a (1 - f)))^(w_i / w_o))               [MartinelliMushegian2019, eq. 15].

    Args:
        amount_in: amount paid in, a [any unit]
        balance_in: pool balance of the asset sold, B_i [the same]
        weight_in: its weight, w_i [1]
        balance_out: pool balance of the asset bought, B_o [any unit]
        weight_out: its weight, w_o [1]
        fee: part of the input kept by the pool, f [1]

    >>> round(weighted_out(1.0, 100.0, 0.2, 1000.0, 0.8), 10)
    2.4770838125
    """
    net = amount_in * (1.0 - fee)
    return -balance_out * math.expm1(-weight_in / weight_out * math.log1p(net / balance_in))


def whole_out(
    paid: int, balance_in: int, balance_out: int, weight_in: float, weight_out: float, fee_bps: int = 30
) -> int:
    """`weighted_out` in base units, never more than the exact rule gives.

    The fee is rounded up and the result down; then it falls, by a unit up to 2**49, while the value function, without
    the fee, might have fallen: w_o log(1 + out / (B_o - out)) > (1 - ERROR) w_i log(1 + net / B_i).

    Args:
        paid: amount paid in [base units]
        balance_in: pool balance of the asset sold [base units]
        balance_out: pool balance of the asset bought [base units]
        weight_in: weight of the asset sold [1]
        weight_out: weight of the asset bought [1]
        fee_bps: part of the input kept by the pool [1e-4]

    >>> whole_out(1_000_000, 100_000_000, 1_000_000_000, 0.2, 0.8)
    2477083
    """
    net = paid * (BPS - fee_bps) // BPS
    gained = weight_in * math.log1p(net / balance_in)
    out = min(int(-balance_out * math.expm1(-gained / weight_out)), balance_out - 1)
    while out > 0 and weight_out * math.log1p(out / (balance_out - out)) > gained * (1.0 - ERROR):
        out -= 1 + int(out * ERROR)
    return out


def value_function(usd: float, fractions: float, weight: float = 0.8) -> float:
    """V = B_usd^(1 - w) B_fraction^w                                                [MartinelliMushegian2019, eq. 1].

    Args:
        usd: dollars in the pool [any unit]
        fractions: fractions in the pool [any unit]
        weight: weight of the fractions, w [1]

    >>> round(value_function(16.0, 81.0, 0.5), 9)
    36.0
    """
    return math.exp((1.0 - weight) * math.log(usd) + weight * math.log(fractions))


def spot_price(usd: float, fractions: float, weight: float = 0.8) -> float:
    """Dollars for a fraction at the margin, without fee: (B_usd / w_usd) / (B_fraction / w)     [the same, eq. 2].

    >>> round(spot_price(200.0, 800.0, 0.8), 9)
    1.0
    """
    return usd * weight / (fractions * (1.0 - weight))


def effective_reserves(usd: float, fractions: float, weight: float = 0.8) -> tuple[float, float]:
    """Balances of the constant product that has the same price and, to second order, the same depth.

    U = 2 w B_usd, F = 2 (1 - w) B_fraction: both rules give B_o (w_i/w_o) d - B_o (w_i/w_o) d^2 / (2 w_o), d = in / B_i.

    >>> tuple(round(r, 9) for r in effective_reserves(200.0, 800.0, 0.8))
    (320.0, 320.0)
    """
    return 2.0 * weight * usd, 2.0 * (1.0 - weight) * fractions


def opening_balances(usd: int, fractions: int, weight: float = 0.8) -> tuple[int, int]:
    """The most of a seed with which a pool opens at the price usd / fractions: all of the heavier asset.

    Args:
        usd: dollars offered [base units]
        fractions: fractions offered [base units]
        weight: weight of the fractions, w [1]

    >>> opening_balances(1_000_000, 500_000, 0.8), opening_balances(1_000_000, 500_000, 0.5)
    ((250000, 500000), (1000000, 500000))
    """
    ratio = (1.0 - weight) / weight
    return round(usd * min(1.0, ratio)), round(fractions * min(1.0, 1.0 / ratio))


def first_shares(usd: int, fractions: int, weight: float = 0.8) -> int:
    """Shares of the first provider: V - 1000, down; the 1000 are locked for ever. Not positive if too little.

    >>> first_shares(10**8, 10**8)
    99999000
    """
    if usd <= 0 or fractions <= 0:
        return 0
    return round(value_function(float(usd), float(fractions), weight)) - LOCKED_SHARES
