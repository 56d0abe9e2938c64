"""Rounds of a proportional pool: what a share is worth by the age of the round, and what hopping gains [Rosenfeld2011].

The age x of a round is its shares so far over difficulty. A round ends with each share by chance 1/D, so its length is
exponential with mean 1 in these units, and early shares divide the block among few.
"""

import math

EULER = 0.5772156649015329
TERMS = 60


def exponential_integral(x: float) -> float:
    """E1(x), the integral of e^-u / u from x > 0 on: power series to 1, continued fraction beyond.

    >>> round(exponential_integral(1.0), 6)
    0.219384
    """
    if x <= 1.0:
        total, term = -EULER - math.log(x), -1.0
        for k in range(1, TERMS):
            term *= -x / k
            total += term / k
        return total
    tail = 0.0
    for k in range(TERMS, 0, -1):
        tail = k / (1.0 + k / (x + tail))
    return math.exp(-x) / (x + tail)


def round_worth(x: float) -> float:
    """Expected pay of a share handed in at age x, over its fair value B/D and before the fee: e^x E1(x).

    >>> round(round_worth(0.4348), 3)
    1.0
    """
    return math.exp(x) * exponential_integral(x)


def hop_point(fee: float = 0.0) -> float:
    """Age at which a share is worth as much as in a fair pool: (1 - f) e^x E1(x) = 1, by bisection.

    >>> round(hop_point(), 4)
    0.4348
    """
    low, high = 1e-9, 10.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if (1 - fee) * round_worth(middle) > 1 else (low, middle)
    return low


def hopping_gain(x: float, fee: float = 0.0) -> float:
    """What a small member gains over fair pay who leaves each round at age x for a fair pool.

    Of a round's D shares on average he hands in the first min(X, x): pay (1 - f)(x E1(x) + 1 - e^-x) for work 1 - e^-x.

    >>> round(hopping_gain(hop_point()), 3)
    0.281
    """
    work = -math.expm1(-x)
    return (1 - fee) * (x * exponential_integral(x) + work) - work
