"""The constant-product rule as pure functions: integers of any size, `//` is floor, every rounding is for the pool.

Letters: x, y the pool's balances, f the fee, S the shares in circulation, k = x y. The rule and its roundings are
those of Uniswap v2 [AdamsEtAl2020]; theory in [AngerisChitra2020].
"""

import math

from model.pool_shares import LOCKED_SHARES
from model.units import BPS


def amount_out(amount_in: int, reserve_in: int, reserve_out: int, fee_bps: int = 30) -> int:
    """Amount bought from a constant-product pool, rounded down.

    (x + (1 - f) dx) (y - dy) = x y                                                       [AdamsEtAl2020]

    Args:
        amount_in: amount paid in, dx [base units of the asset sold]
        reserve_in: pool balance of the asset sold, x [base units]
        reserve_out: pool balance of the asset bought, y [base units]
        fee_bps: part of the input kept by the pool, f [1e-4]

    >>> amount_out(10**18, 5 * 10**18, 10 * 10**18)
    1662497915624478906
    >>> amount_out(1_000, 10_000, 10_000, fee_bps=0)
    909
    """
    net = amount_in * (BPS - fee_bps)
    return net * reserve_out // (reserve_in * BPS + net)


def amount_in(amount_out: int, reserve_in: int, reserve_out: int, fee_bps: int = 30) -> int:
    """Amount that must be paid in to buy a given amount, rounded up.

    dx = x dy / ((y - dy) (1 - f)), floor, plus 1                                         [AdamsEtAl2020]

    Args:
        amount_out: amount to buy, dy < y [base units]
        reserve_in: pool balance of the asset sold, x [base units]
        reserve_out: pool balance of the asset bought, y [base units]
        fee_bps: part of the input kept by the pool, f [1e-4]

    Raises:
        ValueError: the pool does not hold that much

    >>> amount_in(1662497915624478906, 5 * 10**18, 10 * 10**18)
    1000000000000000000
    """
    if amount_out >= reserve_out:
        raise ValueError(f"amount_out = {amount_out}: the pool holds {reserve_out}; ask for less")
    return reserve_in * amount_out * BPS // ((reserve_out - amount_out) * (BPS - fee_bps)) + 1


def first_shares(amount_a: int, amount_b: int) -> int:
    """Shares of the first provider: isqrt(a b) - 1000; the 1000 are locked for ever. Not positive if too little.

    Args:
        amount_a: deposit of one asset [base units]
        amount_b: deposit of the other [base units]

    >>> first_shares(4 * 10**18, 10**18)
    1999999999999999000
    """
    return math.isqrt(amount_a * amount_b) - LOCKED_SHARES


def matching_amount(amount_a: int, reserve_a: int, reserve_b: int) -> int:
    """Amount of the second asset that goes with a deposit of the first at the pool's price: a y // x.

    >>> matching_amount(10, 100, 200)
    20
    """
    return amount_a * reserve_b // reserve_a


def protocol_fee_shares(shares: int, k: int, k_last: int) -> int:
    """Shares made for the platform so that it gets one sixth of the growth of sqrt(k) since the last deposit.

    S (sqrt(k) - sqrt(k_last)) // (5 sqrt(k) + sqrt(k_last)), integer roots               [AdamsEtAl2020, 2.4]

    Args:
        shares: shares in circulation, S [base units]
        k: product of the balances now
        k_last: product right after the last deposit or withdrawal, 0 if the fee was off then

    >>> protocol_fee_shares(1_000_000, 1_210_000, 1_000_000)
    15384
    """
    root, last = math.isqrt(k), math.isqrt(k_last)
    if last == 0 or root <= last:
        return 0
    return shares * (root - last) // (5 * root + last)


def impermanent_loss(price_ratio: float, weight: float = 0.5) -> float:
    """Value of a pool share over that of holding the deposit, minus 1, without fees; never positive.

    r^w / (w r + 1 - w) - 1                                                  [Pintail2019; MartinelliMushegian2019]

    Args:
        price_ratio: price of the risky asset now over then, r [1]
        weight: its weight in the pool, w [1]

    >>> round(impermanent_loss(2.0), 6), round(impermanent_loss(4.0), 2)
    (-0.057191, -0.2)
    """
    return math.pow(price_ratio, weight) / (weight * price_ratio + 1.0 - weight) - 1.0


def price_move_cost(reserve: float, price_ratio: float, fee_bps: int = 0) -> float:
    """Amount to pay in that multiplies the price of the other asset by m >= 1; R (sqrt(m) - 1) without a fee.

    (x + dx) (x + (1 - f) dx) = m x^2                                                     [AngerisChitra2020]

    Args:
        reserve: pool balance of the asset paid in, x [any unit]
        price_ratio: m [1]; to lower a price, pay in the other asset with the inverse ratio
        fee_bps: part of the input kept by the pool, f [1e-4]

    >>> round(price_move_cost(100.0, 1.44), 9)
    20.0
    >>> round(price_move_cost(100.0, 1.44, 100), 4)
    20.1005
    """
    kept = 1.0 - fee_bps / BPS
    linear = 1.0 + kept
    return reserve * (math.sqrt(linear * linear + 4.0 * kept * (price_ratio - 1.0)) - linear) / (2.0 * kept)


def twap_spot_move(twap_ratio: float, window: float, held: float) -> float:
    """By what the spot price must be multiplied, and held, to move a time-weighted mean: 1 + (g - 1) T / tau.

    Args:
        twap_ratio: wanted factor on the mean, g [1]
        window: window of the mean, T [hours]
        held: how long the spot price is held there, tau <= T [hours]

    >>> twap_spot_move(1.5, 72.0, 24.0)
    2.5
    """
    return 1.0 + (twap_ratio - 1.0) * window / held


def loss_versus_rebalancing(volatility: float) -> float:
    """Part of the pool's value that arbitrageurs take in a year without fees: sigma^2 / 8  [MilionisEtAl2022].

    >>> loss_versus_rebalancing(0.5)
    0.03125
    """
    return volatility * volatility / 8.0
