"""What a raider expects of an offer: the odds that holders sleep through it, and the offer that pays best.

Holders are taken to be alike: each looks once with chance w = 1 - (1 - a)^days, and his own value of a fraction is
log-normal around what all can see, with a spread. An offer of the part s of value is then too low for him with chance
F(-ln s / spread), F the normal distribution.
"""

import math
from typing import NamedTuple

from numba import types

from model.jit import helper
from model.mechanisms.buyouts import wake_probability

STEPS = 25  # offers compared
LEAST_SPREAD = 0.01
_f, _i = types.float64, types.int64


class Crowd(NamedTuple):
    """What a raider believes of holders: daily attention, how many they are, and the spread of their values [log]."""

    attention: float
    holders: int
    spread: float


CROWD = types.NamedTuple((_f, _i, _f), Crowd)


@helper(_f(_f))
def normal_share(z):
    """Normal distribution function.

    >>> normal_share(0.0)
    0.5
    """
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


@helper(_f(_f, _f))
def too_low(share, spread):
    """Part of holders for whom an offer of a share of value is too low.

    >>> too_low(1.0, 0.2), round(too_low(0.5, 0.2), 4)
    (0.5, 0.9997)
    """
    return normal_share(-math.log(share) / max(spread, LEAST_SPREAD))


@helper(_f(_f, CROWD, _f))
def unblocked(share, crowd, days):
    """Chance that nobody who finds the offer too low looks in time: (1 - w F)^holders.

    >>> round(unblocked(0.02, Crowd(0.001, 257, 0.2), 1.0), 3)
    0.773
    """
    p = wake_probability(crowd.attention, days) * too_low(share, crowd.spread)
    return math.exp(crowd.holders * math.log1p(-p)) if p < 1.0 else 0.0


@helper(_f(_f, _f, _f, CROWD, _f))
def carried(share, own, threshold, crowd, days):
    """Chance that those who look and find the offer good enough bring the threshold of supply together.

    Their number is binomial, taken as normal; each holds the same part of what is not the raider's own.
    """
    p = wake_probability(crowd.attention, days) * (1.0 - too_low(share, crowd.spread))
    mean, n = own + (1.0 - own) * p, max(1, crowd.holders)
    spread = (1.0 - own) * math.sqrt(p * (1.0 - p) / n)
    if spread == 0.0:
        return 1.0 if mean > threshold else 0.0
    return normal_share((mean - threshold) / spread)


class Plan(NamedTuple):
    """An offer: part of value, chance to win, and gain expected over the value of the whole."""

    share: float
    chance: float
    gain: float


@helper(types.NamedUniTuple(_f, 3, Plan)(types.boolean, _f, _f, _f, CROWD, _f, _f, _f))
def best_plan(shotgun, own, threshold, days, crowd, low, high, resale):
    """The offer between two parts of value that pays best.

    Gain over the whole value: chance (1 - own) (resale - s), less, where the raider can be bought out at his own price,
    (1 - chance) own max(0, resale - s).

    Args:
        shotgun: whether one holder who pays stops it; otherwise they tender or vote
        own: part of supply that he locks
        threshold: part of supply that must be tendered or vote
        days: in which holders can act
        crowd: what he believes of holders
        low, high: least and largest part of value to offer
        resale: part of value that he gets for what he wins
    """
    best = Plan(low, 0.0, -math.inf)
    for k in range(STEPS):
        share = low * (high / low) ** (k / (STEPS - 1))
        chance = unblocked(share, crowd, days) if shotgun else carried(share, own, threshold, crowd, days)
        gain = chance * (1.0 - own) * (resale - share)
        if shotgun:
            gain -= (1.0 - chance) * own * max(0.0, resale - share)
        if gain > best.gain:
            best = Plan(share, chance, gain)
    return best
