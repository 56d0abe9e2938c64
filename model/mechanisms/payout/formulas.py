"""What a member's shares earn under each scheme, and what it takes to survive paying by work [Rosenfeld2011].

A share is the work that one hash in 2^32 proves; a share finds a block with probability p = 1/D. Rewards and payments
are in one unit of your choice.
"""

import math
from typing import Literal, NamedTuple

By = Literal["work", "window", "round", "finder", "kept"]


class Scheme(NamedTuple):
    """How a pool passes on each part of a reward.

    work: its expected value at once, whatever the luck; window: a found block's over the last shares; round: a found
    block's over the shares since the last one; finder: to the member who found it; kept: not at all.
    """

    subsidy: By
    fees: By


SCHEMES: dict[str, Scheme] = {
    "fpps": Scheme("work", "work"),
    "pps": Scheme("work", "kept"),
    "pps_plus": Scheme("work", "window"),
    "pplns": Scheme("window", "window"),
    "proportional": Scheme("round", "round"),
    "solo": Scheme("finder", "finder"),
}


def pps(block_reward: float, difficulty: float, shares: float, fee: float) -> float:
    """Pay per share: (1 - f) B n / D.

    >>> round(pps(6.25, 1000, 300, 0.02), 6)
    1.8375
    """
    return (1 - fee) * block_reward * shares / difficulty


def fpps(block_reward: float, fees: float, difficulty: float, shares: float, fee: float) -> float:
    """Full pay per share: (1 - f)(B + F) n / D; `fees` F of one block, `fee` f of the pool.

    >>> round(fpps(6.25, 0.25, 1000, 300, 0.02), 6)
    1.911
    """
    return pps(block_reward + fees, difficulty, shares, fee)


def pplns(block_reward: float, difficulty: float, window: float, shares: float, fee: float) -> float:
    """Pay per last N shares, of one block: (1 - f) B n / N, N = X D.

    Args:
        block_reward: B of the block, with its fees
        difficulty: D
        window: X
        shares: n, a member's among the last N
        fee: f of the pool

    >>> round(pplns(6.25, 1000, 2, 300, 0.02), 6)
    0.91875
    """
    return (1 - fee) * block_reward * shares / (window * difficulty)


def proportional(block_reward: float, round_shares: float, shares: float, fee: float) -> float:
    """Proportional, of one block: (1 - f) B n / N, N the shares since the last block.

    >>> round(proportional(6.25, 800, 300, 0.02), 6)
    2.296875
    """
    return (1 - fee) * block_reward * shares / round_shares


def pps_plus(
    block_reward: float, fees: float, difficulty: float, window: float, shares: float, recent: float, fee: float
) -> float:
    """PPS of the subsidy for `shares`, and PPLNS of one block's fees for `recent` of the last N shares.

    >>> round(pps_plus(6.25, 0.25, 1000, 2, 300, 300, 0.02), 6)
    1.87425
    """
    return pps(block_reward, difficulty, shares, fee) + pplns(fees, difficulty, window, recent, fee)


def solo(block_reward: float, blocks: float, fee: float) -> float:
    """Solo: (1 - f) B for each of the member's own blocks; f = 0 for those who mine alone.

    >>> solo(6.25, 1, 0.02)
    6.125
    """
    return (1 - fee) * block_reward * blocks


def size_fee(low: float, high: float, share: float, full: float) -> float:
    """Fee that an operator aims at: low + (high - low) min(1, share/full) [CongHeLi2021].

    Larger pools have more members who stay and charge them more; so they grow more slowly.

    Args:
        low, high: fees of the smallest and of a full-sized pool
        share: of the pool in the network's hash rate
        full: share from which on the fee is the highest

    >>> round(size_fee(0.025, 0.04, 0.1, 0.25), 6)
    0.031
    """
    return low + (high - low) * min(1.0, share / full)


def pps_reserve(block_reward: float, fee: float, delta: float) -> float:
    """Reserve with which a PPS operator is ruined with probability delta: B ln(1/delta) / (2 f).

    >>> round(pps_reserve(1, 0.02, 1e-3), 1)
    172.7
    """
    return block_reward * math.log(1 / delta) / (2 * fee)
