"""What creators make: works of a kind, and how many of them by chance."""

import math
from typing import NamedTuple

from model.nft_kind import NftKind


def works_made(mean: float, draw: float, most: int) -> int:
    """How many works are made by chance, by inversion of the Poisson distribution; at most so many.

    Args:
        mean: works expected
        draw: uniform in [0, 1); below 1 - exp(-mean) there is a work
        most: works that there is room for

    >>> [works_made(0.5, draw, 10) for draw in (0.5, 0.3, 0.05, 0.01)], works_made(100.0, 0.5, 10)
    ([0, 1, 2, 3], 10)
    """
    count, chance = 0, math.exp(-mean)
    less = chance  # chance of no more works than `count`
    while count < most and draw < 1.0 - less:
        count += 1
        chance *= mean / count
        less += chance
    return count


class Work(NamedTuple):
    """What a strategy makes: the kind, and the traits that hold its rate [1/year] and its usual value [USD]."""

    kind: NftKind
    rate: str
    value: str
