"""Who finds the tick's blocks, and what that means for pools: received, path of the reserve, weights of the window.

Every block of the network has one finder, drawn by a uniform keyed by its height over hash rates: pool after pool,
then those who mine alone, then the rest. Outside members of a pool share its luck; only the part of the members in
the market is booked.
"""

import math
from typing import Any

from model.jit import helper, kernel
from model.streams import u01

GIGAHASHES_PER_SHARE = 4.294967296  # 2^32 hashes
BY_WORK, BY_WINDOW, BY_ROUND, KEPT = range(4)
RULES = {"work": BY_WORK, "window": BY_WINDOW, "round": BY_ROUND, "kept": KEPT}
SUBSIDY, FEES, COST, LOW, NET = range(5)  # columns of `result`


@helper(
    "float64(float64[:,::1], float64[:,::1], float64[:,::1], int64, int64, int64, float64, float64, float64, float64, float64)"
)
def spread(weight, past, past_hash, k, head, filled, here, length, hash_now, part_now, reward):
    """Give a block's reward to the last `length` shares of pool k: raises `weight`, returns the members' part.

    Args:
        weight: reward for each GH/s delivered in this tick (place 0) and in earlier ones, by pool, in place
        past: pool shares in earlier ticks; past_hash: hash rate of the pool [GH/s], then part of members, alternately
        head, filled: place of the last tick in `past`, and number of ticks kept
        here: pool shares in this tick up to the block
        length: shares in the window; shorter where the pool has not worked so long
        hash_now, part_now: hash rate of the pool in this tick and the members' part of it
        reward: to give
    """
    depth = past.shape[1]
    known, a = here, 0
    while known < length and a < filled:
        known += past[k, (head - a) % depth]
        a += 1
    total = min(known, length)
    if total <= 0.0:
        weight[k, 0] += reward / hash_now
        return reward * part_now
    used = min(here, total)
    weight[k, 0] += reward * used / total / hash_now
    received = reward * used / total * part_now
    a = 0
    while used < total and a < filled:
        place = (head - a) % depth
        q = min(past[k, place], total - used)
        if past_hash[k, 2 * place] > 0.0:
            weight[k, a + 1] += reward * q / total / past_hash[k, 2 * place]
            received += reward * q / total * past_hash[k, 2 * place + 1]
        used += q
        a += 1
    return received


@kernel
def draw_luck(
    key: Any,
    drawn: bool,
    height: int,
    segments: Any,
    network: float,
    alone: float,
    pools: Any,
    rules: Any,
    since: Any,
    weight: Any,
    past: Any,
    past_hash: Any,
    head: int,
    filled: int,
    result: Any,
    hits: Any,
) -> int:
    """Find the finders of a tick's blocks.

    Args:
        key: stream key of finders
        drawn: whether luck is drawn; else each pool finds its share of every block
        height: of the tick's first block
        segments: float64[n, 5]: blocks, subsidy, fees of a block [satoshi], difficulty, seconds
        network: whole hash rate [GH/s]
        alone: hash rate of those who mine alone [GH/s]
        pools: float64[pool, 5]: hash rate, that of members [GH/s], fee, window X, reserve [satoshi]
        rules: int64[pool, 2]: how subsidy and fees are passed on
        since: float64[pool], shares since the pool's last block, in place
        weight, past, past_hash, head, filled: as in `spread`
        result: float64[pool, 5], out: subsidy and fees received for members, owed to them for work after the pool's
            fee, lowest point of the reserve on the tick's path, change of the reserve [satoshi]
        hits: float64[n, 3], out: blocks of those who mine alone: where in their hash rate, subsidy, fees

    Returns:
        number of hits
    """
    result[:] = 0.0
    weight[:] = 0.0
    for k in range(pools.shape[0]):
        result[k, LOW] = math.inf
    hit, before = 0, 0.0
    for s in range(segments.shape[0]):
        subsidy, fees, difficulty, seconds = segments[s, 1], segments[s, 2], segments[s, 3], segments[s, 4]
        last = s == segments.shape[0] - 1
        n = int(segments[s, 0])
        done = 0.0
        for j in range(n + 1):
            # time of a block: evenly spread; a segment that ends before the tick ends with its last block
            at = 1.0 if j == n else ((j + 0.5) / n if last else (j + 1.0) / n)
            step, done = (at - done) * seconds, at
            luck = u01(key, height, 0) * network if drawn else 0.0
            for k in range(pools.shape[0]):
                hashrate, members, fee = pools[k, 0], pools[k, 1], pools[k, 2]
                if hashrate <= 0.0:
                    continue
                since[k] += hashrate * step / GIGAHASHES_PER_SHARE
                each = members * step / GIGAHASHES_PER_SHARE / difficulty
                cost = each * subsidy * (1.0 - fee) if rules[k, 0] == BY_WORK else 0.0
                cost += each * fees * (1.0 - fee) if rules[k, 1] == BY_WORK else 0.0
                result[k, COST] += cost
                result[k, NET] -= cost
                result[k, LOW] = min(result[k, LOW], pools[k, 4] + result[k, NET])
                if j == n:
                    continue
                if drawn:
                    won = 1.0 if 0.0 <= luck < hashrate else 0.0
                    luck -= hashrate
                else:
                    won = hashrate / network
                here = (before + at * seconds) * hashrate / GIGAHASHES_PER_SHARE
                for part in range(2 if won > 0.0 and members > 0.0 else 0):
                    reward = won * (subsidy if part == 0 else fees)
                    rule = rules[k, part]
                    if rule in (BY_WINDOW, BY_ROUND):
                        length = since[k] if rule == BY_ROUND else pools[k, 3] * difficulty
                        result[k, part] += spread(
                            weight, past, past_hash, k, head, filled, min(here, length), length,
                            hashrate, members / hashrate, reward,
                        )  # fmt: skip
                    else:
                        result[k, part] += reward * members / hashrate
                        result[k, NET] += reward * members / hashrate
                since[k] *= 1.0 - won
            if j == n:
                continue
            height += 1
            if drawn and 0.0 <= luck < alone and hit < hits.shape[0]:
                hits[hit, 0], hits[hit, 1], hits[hit, 2] = luck, subsidy, fees
                hit += 1
        before += seconds
    return hit
