"""Buy-outs as plain functions: prices and deposits by design, weighted reserves, and the odds of a sleeping crowd.

Amounts are any unit the caller likes, whole numbers or floats, unless a function says base units.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Any

from model.jit import helper
from model.units import BPS, TOKEN


def shotgun_price(supply: float, own: float, offer: float) -> float:
    """Price of a fraction in a shotgun: offer / (supply - own)                                        [NIFTEX v1].

    >>> round(shotgun_price(10_000, 1_000, 9), 6), round(shotgun_price(10_000, 100, 9.9), 6)
    (0.001, 0.001)
    """
    return offer / (supply - own)


def shotgun_counter(supply: float, own: float, offer: float) -> float:
    """What blocks a shotgun: the proposer's own fractions at his own price, price x own               [NIFTEX v1].

    >>> round(shotgun_counter(10_000, 1_000, 9), 6), round(shotgun_counter(10_000, 100, 9.9), 6)
    (1.0, 0.1)
    """
    return shotgun_price(supply, own, offer) * own


def shotgun_deposit(supply: float, own: float, price: float) -> float:
    """What a proposer must deposit for everybody else's fractions: (supply - own) price                [NIFTEX v2].

    >>> round(shotgun_deposit(10, 2, 0.001), 6)
    0.008
    """
    return (supply - own) * price


def weighted_reserve(balances: Sequence[float], prices: Sequence[float]) -> float:
    """Mean of voters' prices for the whole NFT, weighted by their fractions; 0 without voters     [fractional.art].

    >>> weighted_reserve([50, 50], [1, 2])
    1.5
    """
    held = sum(balances)
    return sum(b * p for b, p in zip(balances, prices, strict=True)) / held if held > 0 else 0.0


def vote_in_range(price: float, others: float, low: float, high: float) -> bool:
    """Whether a vote keeps to [low, high] x the mean of the others' votes; any price while nobody else votes.

    >>> vote_in_range(20, 100, 0.2, 5.0), vote_in_range(19, 100, 0.2, 5.0), vote_in_range(7, 0, 0.2, 5.0)
    (True, False, True)
    """
    return others <= 0 or low * others <= price <= high * others


@helper("float64(float64, float64)")
def wake_probability(attention, days):
    """Chance to look at least once while a buy-out is open: 1 - (1 - a)^days.

    >>> round(wake_probability(0.02, 14), 4)
    0.2464
    """
    return -math.expm1(days * math.log1p(-attention)) if attention < 1.0 else 1.0


def attention_for(probability: float, days: float) -> float:
    """Daily attention at which a holder looks with a given chance within some days; inverse of `wake_probability`.

    >>> round(wake_probability(attention_for(0.02, 14), 14), 12)
    0.02
    """
    return -math.expm1(math.log1p(-probability) / days) if probability < 1.0 else 1.0


def block_probability(p: Iterable[float]) -> float:
    """Chance that at least one holder blocks, from each holder's own chance: 1 - prod(1 - p_i).

    A holder blocks if he looks and has the money: p_i = (1 - (1 - a_i)^days) P(cash >= own price).

    >>> [round(block_probability([p] * 257), 4) for p in (0.001, 0.005, 0.02)]
    [0.2267, 0.7242, 0.9944]
    """
    chances = list(p)
    if any(x >= 1.0 for x in chances):
        return 1.0
    return -math.expm1(math.fsum(math.log1p(-x) for x in chances))


def success_probability(p: Iterable[float]) -> float:
    """Chance that nobody blocks: prod(1 - p_i).

    >>> round(success_probability([0.001] * 257), 3)
    0.773
    """
    return 1.0 - block_probability(p)


# -- base units


def price_of(usd: int, fractions: int) -> int:
    """USD base units per whole fraction that an amount pays for base units of fractions, rounded down.

    >>> price_of(9_000_000, 9_000 * TOKEN)
    1000
    """
    return usd * TOKEN // fractions if fractions > 0 else 0


def cost_of(fractions: int, price: int) -> int:
    """USD base units that fractions [base units] cost at a price per whole fraction, rounded up.

    >>> cost_of(1, 1_000), cost_of(2_000_000, 1_000)
    (1, 2000)
    """
    return -(-fractions * price // TOKEN)


def bought_with(usd: int, price: int) -> int:
    """Base units of fractions that an amount buys at a price per whole fraction, rounded down.

    >>> bought_with(2_500, 1_000)
    2500000
    """
    return usd * TOKEN // price


def counter_of(own: int, offer: int, rest: int) -> int:
    """USD base units for the proposer's own fractions at the price of his offer for the rest, rounded up.

    >>> counter_of(1_000 * TOKEN, 9_000_000, 9_000 * TOKEN), counter_of(100 * TOKEN, 9_900_000, 9_900 * TOKEN)
    (1000000, 100000)
    """
    return -(-offer * own // rest)


def least_raise(bid: int, step_bps: int) -> int:
    """Lowest bid that beats another: more by a step in 1e-4, by one unit at least.

    >>> least_raise(100, 500), least_raise(3, 500), least_raise(7, 0)
    (105, 4, 8)
    """
    return bid + max(1, -(-bid * step_bps // BPS))


def parts(amount: int, weights: Sequence[Any]) -> list[int]:
    """An amount in proportion to weights, rounded so that the parts add up.

    >>> parts(10, [1, 1, 1])
    [3, 3, 4]
    """
    whole, before, paid, found = sum(int(w) for w in weights), 0, 0, []
    for weight in weights:
        before += int(weight)
        share = amount * before // whole - paid
        paid += share
        found.append(share)
    return found
