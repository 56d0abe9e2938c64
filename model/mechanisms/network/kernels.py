"""The loop that finds blocks, and the daily step of fees."""

import math
from typing import Any

from model.draws import exponential, student
from model.jit import kernel
from model.mechanisms.network.formulas import (
    BLOCKS_PER_EPOCH,
    BLOCKS_PER_HALVING,
    FIRST_SUBSIDY,
    HALVINGS,
    HASHES_PER_DIFFICULTY,
    MOST_STEP,
    TARGET_SECONDS,
)
from model.streams import normal
from model.units import GIGAHASH

DIFFICULTY, WORK, NOW, FIRST, LOW_STEP, HIGH_STEP = range(6)  # places of `chain`
BLOCKS, SUBSIDY, FEES, AT_DIFFICULTY, SECONDS = range(5)  # columns of `segments`
_HASHES, _SHORTEST, _LONGEST = (
    float(HASHES_PER_DIFFICULTY),
    TARGET_SECONDS / MOST_STEP,
    TARGET_SECONDS * float(MOST_STEP),
)
_TARGET = float(TARGET_SECONDS)


@kernel
def mine(
    key: Any,
    by_chance: bool,
    held: int,
    delivered: Any,
    rest: float,
    seconds: float,
    height: Any,
    chain: Any,
    segments: Any,
) -> tuple[int, float]:
    """Find the blocks of a stretch of time; a retarget or halving ends a segment.

    A block takes a given amount of work, in units of what finds one block on average: 1 if blocks come as expected,
    an exponential draw keyed by its height if by chance. Work that is left over at the end is carried on, so ticks of
    any length find the same blocks. An epoch's time runs from its first block to its last, 2015 gaps.

    Args:
        key: stream key of blocks
        by_chance: whether work is drawn
        held: subsidy of every block [satoshi]; negative if it halves by the protocol
        delivered: hash rates by account [GH/s], added up in order; rest: of all others [hash/s]
        seconds: length of the stretch
        height: int64[1], height of the last block, in place
        chain: float64[6], in place: difficulty; work done on the next block; time; time of the epoch's first block;
            smallest and largest step of difficulty in this stretch
        segments: float64[n, 5], out: blocks, subsidy [satoshi], fees (not set here), difficulty, seconds

    Returns:
        number of segments, and what accounts deliver [hash/s]
    """
    total = 0.0
    for i in range(delivered.size):
        total += delivered[i]
    total *= GIGAHASH
    hashrate = total + rest
    chain[LOW_STEP] = chain[HIGH_STEP] = 1.0
    end = chain[NOW] + seconds
    left, began, n = seconds, 0.0, 0
    found, used = 0, 0.0
    while True:
        block = height[0] + 1
        rate = hashrate / (_HASHES * chain[DIFFICULTY])
        subsidy = FIRST_SUBSIDY >> (block // BLOCKS_PER_HALVING) if block // BLOCKS_PER_HALVING < HALVINGS else 0
        if held >= 0:
            subsidy = held
        segments[n, SUBSIDY], segments[n, AT_DIFFICULTY] = subsidy, chain[DIFFICULTY]
        work = exponential(key, block, 0) if by_chance else 1.0
        wait = max(0.0, work - chain[WORK]) / rate if rate > 0.0 else math.inf
        if wait > left:
            chain[WORK] += rate * left
            segments[n, BLOCKS], segments[n, SECONDS] = found, used + left
            break
        left -= wait
        used += wait
        found += 1
        height[0] = block
        chain[WORK] = 0.0
        began = end - left
        if block % BLOCKS_PER_EPOCH == 0:
            chain[FIRST] = began
        last_of_epoch = (block + 1) % BLOCKS_PER_EPOCH == 0
        if last_of_epoch or (block + 1) % BLOCKS_PER_HALVING == 0:
            segments[n, BLOCKS], segments[n, SECONDS] = found, used
            n, found, used = n + 1, 0, 0.0
        if last_of_epoch:
            before = chain[DIFFICULTY]
            actual = min(max(began - chain[FIRST], _SHORTEST), _LONGEST)
            chain[DIFFICULTY] = max(1.0, before * _TARGET / actual)
            chain[LOW_STEP] = min(chain[LOW_STEP], chain[DIFFICULTY] / before)
            chain[HIGH_STEP] = max(chain[HIGH_STEP], chain[DIFFICULTY] / before)
    chain[NOW] = end
    return n + 1, total


@kernel
def fee_day(
    key: Any,
    slow: float,
    fast: float,
    slow_persistence: float,
    slow_sd: float,
    fast_persistence: float,
    fast_sd: float,
    nu: float,
) -> tuple[float, float]:
    """A day of the fee process: both parts of ln(fees/subsidy) around its mean.

    slow' = a slow + slow_sd sqrt(1 - a^2) N,  fast' = b fast + fast_sd t(nu), t of variance 1
    """
    shock = slow_sd * math.sqrt(1.0 - slow_persistence * slow_persistence) * normal(key, 0, 0)
    return slow_persistence * slow + shock, fast_persistence * fast + fast_sd * student(key, 0, 1, nu)
