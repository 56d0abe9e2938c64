"""Who finds the tick's blocks, and what that means for pools: received, path of the reserve, weights of the window.

Every block of the network has one finder, drawn by a uniform keyed by its height over hash rates: pool after pool,
then those who mine alone, then the rest. Outside members of a pool share its luck; only the part of the members in
the market is booked.
"""

import math
from typing import Any

from model.jit import helper, kernel
from model.ledger import BTC_ASSET
from model.mechanisms.payout.table import (
    BY_FINDER,
    BY_ROUND,
    BY_WINDOW,
    BY_WORK,
    COST,
    DEPTH,
    FEE,
    FEES,
    FILLED,
    HEAD,
    HITS,
    LOW,
    NET,
    NETWORK_SHARE,
    RUIN,
    SUBSIDY,
    WINDOW,
)
from model.streams import u01

GIGAHASHES_PER_SHARE = 4.294967296  # 2^32 hashes
DEEPEST = 1e6  # ticks


@helper(
    "float64(float64[:,::1], float64[:,::1], float64[:,:,::1], int64, int64, int64, float64, float64, float64, float64, "
    "float64)"
)
def spread(weight, shares, strength, k, head, filled, here, length, hash_now, part_now, reward):
    """Give a block's reward to the last `length` shares of pool k: raises `weight`, returns the members' part.

    Args:
        weight, shares, strength: columns of the table
        k: the pool
        head, filled: place of the last tick, and number of ticks kept
        here: pool shares in this tick up to the block
        length: shares in the window; shorter where the pool has not worked so long
        hash_now, part_now: hash rate of the pool in this tick and the members' part of it
        reward: to give
    """
    depth = shares.shape[1]
    known, a = here, 0
    while known < length and a < filled:
        known += shares[k, (head - a) % depth]
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
        q = min(shares[k, place], total - used)
        if strength[k, place, 0] > 0.0:
            weight[k, a + 1] += reward * q / total / strength[k, place, 0]
            received += reward * q / total * strength[k, place, 1]
        used += q
        a += 1
    return received


@helper("float64(float64[:,::1], int64, int64, int64, float64, float64)")
def ticks_back(shares, k, head, filled, work, longest):
    """Ticks, this one included, that pool k's last `longest` shares took; beyond those kept, at this tick's `work`."""
    depth, now = shares.shape[1], work / GIGAHASHES_PER_SHARE
    known = last = now
    a = 0
    while known < longest and a < filled:
        last = shares[k, (head - a) % depth]
        known += last
        a += 1
    return 1.0 + a - (known - longest) / (last if known > longest else now)


@helper("void(float64[::1], float64[::1], float64[:,::1], boolean[::1], float64)")
def weigh_pools(members, hashrate, terms, alive, network):
    """Hash rate of whole pools: members, and outsiders up to the pool's part of the network, as far as there are any.

    All in GH/s: `members` by pool, then alone and direct; `hashrate` of whole pools, out; `network` of everybody.
    """
    n = hashrate.size
    there, wanted = network - members[n], 0.0
    for k in range(n):
        there -= members[k]
        hashrate[k] = max(0.0, terms[k, NETWORK_SHARE] * network - members[k]) if alive[k] else 0.0
        wanted += hashrate[k]
    scale = max(0.0, min(1.0, there / wanted)) if wanted > 0.0 else 0.0
    for k in range(n):
        hashrate[k] = members[k] + hashrate[k] * scale


@helper("float64(uint64, int64, int64, boolean)")
def waits(key, height, blocks, beyond):
    """Sum of the exponential waits for so many blocks from a height on, and for what is left of the tick `beyond` them."""
    total = 0.0
    for j in range(blocks):
        total -= math.log1p(-u01(key, height + j, 1))
    return total - math.log1p(-u01(key, height + blocks, 2)) if beyond else total


@kernel
def draw_luck(
    books: Any,
    t: Any,
    key: Any,
    drawn: bool,
    height: int,
    segments: Any,
    network: float,
    seconds: float,
    delivered: Any,
) -> None:
    """Sum up members, weigh pools, endow new operators (in `before`), and find the finders of a tick's blocks.

    Args:
        books: the ledger's
        t: the pools' `Table`
        key: stream key of finders
        drawn: whether luck is drawn; else each pool finds its share of every block
        height: of the tick's first block
        segments: float64[n, 5]: blocks, subsidy, fees of a block [satoshi], difficulty, seconds
        network: whole hash rate [GH/s]
        seconds: length of the tick
        delivered: GH/s by account
    """
    n = t.operator.size
    t.members[:] = 0.0
    for i in range(delivered.size):
        if delivered[i] > 0:
            t.members[t.pool_of[i]] += delivered[i]
    weigh_pools(t.members, t.hashrate, t.terms, t.alive, network)
    t.result[:] = 0.0
    t.weight[:] = 0.0
    for k in range(n):
        t.result[k, LOW] = math.inf
        t.before[k] = books.balances[BTC_ASSET, t.operator[k]]
        if not t.endowed[k] and t.members[k] > 0.0:
            whole = segments[0, 1] + (segments[0, 2] if t.rules[k, 1] == BY_WORK else 0.0)
            reserve = whole * -math.log(t.terms[k, RUIN]) / (2.0 * t.terms[k, FEE])  # pps_reserve
            t.before[k] += int(reserve * t.members[k] / t.hashrate[k])
    head, filled = t.marks[HEAD], t.marks[FILLED]
    hit, before, depth = 0, 0.0, 0.0
    for s in range(segments.shape[0]):
        subsidy, fees, difficulty, length = segments[s, 1], segments[s, 2], segments[s, 3], segments[s, 4]
        last = s == segments.shape[0] - 1
        blocks = int(segments[s, 0])
        done = came = 0.0
        total = waits(key, height, blocks, last) if drawn else 0.0
        for j in range(blocks + 1):
            # blocks are evenly spread; a segment that ends before the tick ends with its last block
            at = 1.0 if j == blocks else ((j + 0.5) / blocks if last else (j + 1.0) / blocks)
            step, done, late = (at - done) * length, at, 0.0
            if drawn and j < blocks:  # but the reserve has to last until they really come
                came -= math.log1p(-u01(key, height, 1)) / total
                late = (came - at) * length / step
            luck = u01(key, height, 0) * network if drawn else 0.0
            for k in range(n):
                hashrate, members = t.hashrate[k], t.members[k]
                if hashrate <= 0.0:
                    continue
                t.since[k] += hashrate * step / GIGAHASHES_PER_SHARE
                each = members * step / GIGAHASHES_PER_SHARE / difficulty * (1.0 - t.terms[k, FEE])
                cost = each * subsidy if t.rules[k, 0] == BY_WORK else 0.0
                cost += each * fees if t.rules[k, 1] == BY_WORK else 0.0
                t.result[k, COST] += cost
                t.result[k, NET] -= cost
                t.result[k, LOW] = min(t.result[k, LOW], t.before[k] + t.result[k, NET] - cost * late)
                if j == blocks:
                    continue
                won = hashrate / network
                if drawn:
                    won = 1.0 if 0.0 <= luck < hashrate else 0.0
                    if won > 0.0 and t.rules[k, 0] == BY_FINDER and luck < members and hit < t.hits.shape[0]:
                        t.hits[hit, 0], t.hits[hit, 1], t.hits[hit, 2], t.hits[hit, 3] = luck, subsidy, fees, k
                        t.result[k, SUBSIDY] += subsidy
                        t.result[k, FEES] += fees
                        hit += 1
                    luck -= hashrate
                here = (before + at * length) * hashrate / GIGAHASHES_PER_SHARE
                for part in range(2 if won > 0.0 else 0):
                    reward = won * (subsidy if part == 0 else fees)
                    rule = t.rules[k, part]
                    if rule in (BY_WINDOW, BY_ROUND):  # members who have left own earlier shares of it
                        window = t.since[k] if rule == BY_ROUND else t.terms[k, WINDOW] * difficulty
                        inside = min(here, window)
                        t.result[k, part] += spread(
                            t.weight, t.shares, t.strength, k, head, filled, inside, window, hashrate,
                            members / hashrate, reward,
                        )  # fmt: skip
                    elif rule != BY_FINDER or not drawn:
                        t.result[k, part] += reward * members / hashrate
                        t.result[k, NET] += reward * members / hashrate
                t.since[k] *= 1.0 - won
            if j == blocks:
                continue
            height += 1
            if drawn and 0.0 <= luck < t.members[n] and hit < t.hits.shape[0]:
                t.hits[hit, 0], t.hits[hit, 1], t.hits[hit, 2], t.hits[hit, 3] = luck, subsidy, fees, n
                hit += 1
        before += length
        for k in range(n):
            if t.window_of[k] >= 0 and t.hashrate[k] > 0.0:
                longest = t.terms[k, WINDOW] * difficulty
                if t.rules[k, 0] == BY_ROUND:
                    longest = t.since[k]
                depth = max(depth, ticks_back(t.shares, k, head, filled, t.hashrate[k] * seconds, longest))
    t.marks[HITS] = hit
    t.marks[DEPTH] = int(min(depth, DEEPEST)) + 2
