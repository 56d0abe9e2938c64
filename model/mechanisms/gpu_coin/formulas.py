"""Difficulty of a coin that adjusts at every block, what its hash rate earns, and what cards fetch afterwards.

Difficulty D is the number of hashes that a block takes on average, so that H hashes a second find one in D/H seconds.
"""

import math

from model.units import SECONDS_PER_DAY

LEAST_DIFFICULTY = 131_072  # Ethereum, Yellow Paper, D_0
LARGEST_DIFFICULTY = (
    1 << 62
)  # that compiled chains reach: 64 bits bear a step up from it; 300 times the largest of Ethereum
PARTS = 2_048
SLOT = 9  # seconds
LARGEST_FALL = -99
GIGA, MEGA = 1e9, 1e6
KWH_PER_JOULE_PER_MEGAHASH = 0.024  # kWh a day of 1 MH/s, for each J/MH


def next_difficulty(difficulty: int, seconds: int, uncles: bool = False) -> int:
    """Difficulty of the next block: D + D//2048 max(y - t//9, -99), at least 131,072    [EIP-100, without the bomb].

    Args:
        difficulty: D of the last block [hashes]
        seconds: t between its time stamp and the next one's
        uncles: whether the last block has uncles; y is 2 with them, 1 without

    >>> next_difficulty(2_048_000, 8), next_difficulty(2_048_000, 9), next_difficulty(2_048_000, 27)
    (2049000, 2048000, 2046000)
    """
    step = max((2 if uncles else 1) - seconds // SLOT, LARGEST_FALL)
    return max(LEAST_DIFFICULTY, difficulty + difficulty // PARTS * step)


def mean_block_seconds() -> float:
    """Mean time m between blocks at which difficulty stays: m (e^(1/m) - 1) = e^(9/m) - 1 [s].

    Times between blocks are exponential and time stamps whole seconds, so the mean of t//9 is the left side over the
    right one; it must be 1. Solved by bisection.

    >>> round(mean_block_seconds(), 2)
    12.62
    """
    low, high = 1.0, 60.0
    for _ in range(80):
        m = 0.5 * (low + high)
        slots = m * math.expm1(1.0 / m) / math.expm1(SLOT / m)
        low, high = (m, high) if slots < 1.0 else (low, m)
    return 0.5 * (low + high)


def gpu_hashprice(difficulty: float, reward: float, fees: float, price: float = 1.0) -> float:
    """What 1 GH/s earns in a day: 86400 10^9 (R + F) P / D [USD per GH/s and day].

    Args:
        difficulty: D [hashes]
        reward, fees: R and F of a block [coins]
        price: P [USD]; 1 gives coins

    >>> round(gpu_hashprice(11.7e15, 2.0, 0.1, 1_600.0), 2)
    24.81
    """
    return SECONDS_PER_DAY * GIGA * (reward + fees) * price / difficulty


def breakeven_card_power_price(hashprice: float, joules_per_megahash: float) -> float:
    """Power price at which a card earns nothing: h / (1000 · .024 e) [USD/kWh].

    Args:
        hashprice: h [USD per GH/s and day]
        joules_per_megahash: e of the card

    >>> round(breakeven_card_power_price(24.81, 2.3), 3)
    0.449
    """
    return hashprice / (GIGA / MEGA * KWH_PER_JOULE_PER_MEGAHASH * joules_per_megahash)


def resale_after(resale: float, glut: float, days: float, glut_days: float) -> float:
    """Price of used cards so long after mining ended: P (1 - g min(1, t/T)) [USD per MH/s].

    Args:
        resale: P while the coin is mined
        glut: g, part lost in the end
        days: t since the end; before it 0 or less
        glut_days: T until all of it is lost

    >>> resale_after(6.0, 0.5, 15.0, 30.0), resale_after(6.0, 0.5, 90.0, 30.0), resale_after(6.0, 0.5, -1.0, 30.0)
    (4.5, 3.0, 6.0)
    """
    return resale * (1.0 - glut * min(1.0, max(0.0, days) / glut_days))
