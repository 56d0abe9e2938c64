"""What it costs to make an oracle lie, and what a borrower can take by it; derivations: explanation/oracle_manipulation.

Amounts are parts of a constant product's dollars R, collateral x is a part of its fractions, prices are multiples of the
price before. Somebody who owns x pumps the pool by m, borrows l g x against a report of g, sells what the pump bought,
and leaves collateral and debt behind:

profit / R = x (l g - 1) - C(m) [AngerisChitra2020; MackingaNadahalliWattenhofer2022]
"""

import math

from model.mechanisms.amm import price_move_cost, twap_spot_move
from model.units import BPS

STEPS = 200
LARGEST = 1e9  # multiples beyond are called infinite


def pump_cost(multiple: float, fee_bps: int = 100, taken: float = 0.0) -> float:
    """Cost of a pump and its undoing, C(m): dollars paid in less those got back, over the pool's dollars.

    d = sqrt(m) - 1 is paid, b = 1 - 1/sqrt(m) bought. Then others sell taken b, and the b are sold:

    C = d - [1 / (1 - b + taken b) - 1 / (1 + taken b)]                 without a fee

    which is 0 if nobody comes between, and 2 d^2 / (2 d + 1) if others bring the price back. The code has the fee.

    Args:
        multiple: of the price, m >= 1 [1]
        fee_bps: part of each input that the pool keeps [1e-4]
        taken: what others sell before the pumped fractions are sold, over these [1]

    >>> pump_cost(4.0, 0), round(pump_cost(4.0, 0, 1.0), 4), round(pump_cost(4.0, 100), 4)
    (0.0, 0.6667, 0.0101)
    """
    kept = 1.0 - fee_bps / BPS
    paid = price_move_cost(1.0, multiple, fee_bps)
    bought = kept * paid / (1.0 + kept * paid)
    usd, fractions = 1.0 + paid, 1.0 - bought
    others = taken * bought
    usd *= fractions / (fractions + kept * others)
    fractions += others
    return paid - usd * kept * bought / (fractions + kept * bought)


def multiple_for(paid: float, fee_bps: int = 100) -> float:
    """Multiple of the price that dollars over the pool's buy: m = (1 + d) (1 + (1 - f) d), inverse of the cost to move.

    >>> multiple_for(1.0, 0)
    4.0
    """
    return (1.0 + paid) * (1.0 + (1.0 - fee_bps / BPS) * paid)


def attack_profit(
    collateral: float,
    reported: float,
    multiple: float,
    ltv: float = 0.38,
    fee_bps: int = 100,
    flash_fee: float = 0.0,
    taken: float = 0.0,
) -> float:
    """Profit over the pool's dollars: x (l g - 1) - C(m) - flash fee x d.

    Args:
        collateral: fractions pledged, over the pool's, x [1]
        reported: what the loan sees, over the price before, g [1]
        multiple: of the pool's price, m [1]
        ltv: loan to value, l [1]
        fee_bps: of the pool [1e-4]
        flash_fee: of borrowing what is paid in, 0 for own money [1]
        taken: as in `pump_cost`

    >>> round(attack_profit(0.25, 4.0, 4.0, fee_bps=0), 3)
    0.13
    """
    lent = flash_fee * price_move_cost(1.0, multiple, fee_bps)
    return collateral * (ltv * reported - 1.0) - pump_cost(multiple, fee_bps, taken) - lent


def break_even_multiple(
    collateral: float, ltv: float = 0.38, fee_bps: int = 100, flash_fee: float = 0.0, taken: float = 0.0
) -> float:
    """Multiple from which an attack on the spot price pays: m = (1 + (C(m) + fee) / x) / l, solved by halving.

    Without costs 1 / l. Profit falls short at m = 1 and bends upwards, so it crosses 0 once.

    >>> round(break_even_multiple(0.25, fee_bps=0), 6), round(break_even_multiple(0.25, flash_fee=0.0009), 2)
    (2.631579, 2.72)
    """

    def profit(m: float) -> float:
        return attack_profit(collateral, m, m, ltv, fee_bps, flash_fee, taken)

    low, high = 1.0, 2.0
    while profit(high) < 0.0:
        low, high = high, 2.0 * high
        if high > LARGEST:
            return math.inf
    for _ in range(STEPS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if profit(middle) < 0.0 else (low, middle)
    return high


def paying_window(
    collateral: float, multiple: float, ltv: float = 0.38, fee_bps: int = 100, taken: float = 0.0
) -> float:
    """Window of a mean, over the time that the spot is held, up to which a pump by m pays.

    With g = 1 + (m - 1) tau / T in the profit:  T / tau = x l (m - 1) / (x (1 - l) + C(m))

    >>> round(paying_window(0.25, 16.0, fee_bps=0), 3), round(paying_window(0.25, 16.0, fee_bps=0, taken=1.0), 3)
    (9.194, 0.523)
    """
    return collateral * ltv * (multiple - 1.0) / (collateral * (1.0 - ltv) + pump_cost(multiple, fee_bps, taken))


def longest_window(
    collateral: float, capital: float, ltv: float = 0.38, fee_bps: int = 100, taken: float = 0.0
) -> float:
    """Window, over the time that the spot is held, above which no pump pays that own money can buy.

    A mean takes a pump that outlives a bundle, so its money is not lent by flash.

    Args:
        collateral: fractions pledged, over the pool's [1]
        capital: own money, over the pool's dollars [1]
        ltv, fee_bps, taken: as in `attack_profit`

    >>> round(longest_window(0.25, 3.0, fee_bps=0), 3)
    9.194
    """
    largest = multiple_for(capital, fee_bps)
    places = (1.0 + (largest - 1.0) * k / STEPS for k in range(1, STEPS + 1))
    return max(paying_window(collateral, m, ltv, fee_bps, taken) for m in places)


def spot_for(reported: float, window: float, held: float = 1.0) -> float:
    """Multiple of the spot, held for `held` of a window, that moves its mean by `reported`; 1 + (g - 1) T / tau."""
    return twap_spot_move(reported, window, held)
