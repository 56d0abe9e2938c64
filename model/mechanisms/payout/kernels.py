"""Coins from the network to pools, and from pools to members; from the network to those without a pool.

Coins pay no income themselves and every amount is within a budget, so payments are posted without further tests.
"""

from typing import Any

from model.books import post
from model.flows import Flow
from model.jit import kernel
from model.ledger import BTC_ASSET
from model.mechanisms.payout.luck import GIGAHASHES_PER_SHARE, draw_luck
from model.mechanisms.payout.table import (
    BROKE,
    BY_FINDER,
    BY_ROUND,
    BY_WINDOW,
    BY_WORK,
    COST,
    FEE,
    FILLED,
    HEAD,
    HITS,
    LOW,
)
from model.streams import u01
from model.units import GIGAHASH, HASHES_PER_SHARE

SUBSIDY, NETWORK_FEES, PAYOUT = int(Flow.SUBSIDY), int(Flow.NETWORK_FEES), int(Flow.PAYOUT)
ENDOWMENT = int(Flow.ENDOWMENT)


@kernel
def receive(books: Any, t: Any, protocol: int, world: int, drawn: bool) -> None:
    """Reserves of new operators, and members' part of the pools' blocks; what pools may pay by work and by windows."""
    t.marks[BROKE] = 0
    for k in range(t.operator.size):
        operator, keeps = t.operator[k], 1.0 - t.terms[k, FEE]
        if not t.endowed[k] and t.members[k] > 0.0:
            gift = t.before[k] - books.balances[BTC_ASSET, operator]
            post(books, BTC_ASSET, world, operator, gift, ENDOWMENT)
            t.endowed[k] = True
        subsidy, fees = int(t.result[k, 0]), int(t.result[k, 1])
        post(books, BTC_ASSET, protocol, operator, subsidy, SUBSIDY)
        post(books, BTC_ASSET, world, operator, fees, NETWORK_FEES)
        t.received[k] = subsidy + fees
        lucky = 0
        if t.rules[k, 0] in (BY_WINDOW, BY_ROUND):
            lucky += subsidy
        if t.rules[k, 1] in (BY_WINDOW, BY_ROUND):
            lucky += fees
        t.budget[k, 1] = int(lucky * keeps)
        t.budget[k, 0], t.rate[k, 0] = 0, 0.0
        owed, have = t.result[k, COST], t.before[k] + t.received[k] - t.budget[k, 1]
        if t.alive[k] and t.rules[k, 0] == BY_WORK and t.members[k] > 0.0 and owed > 0.0:
            short = owed > have
            t.budget[k, 0] = have if short else int(owed)
            t.rate[k, 0] = (have if short else owed) / t.members[k]
            if short or t.result[k, LOW] < 0.0:
                t.marks[BROKE] += 1
                t.alive[k] = False
        if t.rules[k, 0] == BY_FINDER:
            t.budget[k, 0] = int((subsidy + fees) * keeps)
            if not drawn and t.members[k] > 0.0:
                t.rate[k, 0] = t.budget[k, 0] / t.members[k]


@kernel
def rate_others(t: Any, drawn: bool, segments: Any, network: float) -> None:
    """Satoshi per GH/s for those alone (where luck is not drawn) and for the direct ones, who get what blocks are left.

    The direct ones' part of the blocks that no pool member and nobody alone found is their part of the hash rate that
    is left; where they are all of it, every coin of the network is somebody's.
    """
    n = t.operator.size
    alone, direct, outside = t.members[n], t.members[n + 1], network - t.members[n]
    for k in range(n):
        outside -= t.members[k]
    outside = max(direct, outside)
    for part in range(2):
        coins, left = 0.0, 0.0
        for s in range(segments.shape[0]):
            coins += segments[s, 0] * segments[s, 1 + part]
        left = coins
        for k in range(n):
            left -= int(t.result[k, part])
        for h in range(t.marks[HITS]):
            if t.hits[h, 3] == n:
                left -= t.hits[h, 1 + part]
        t.rate[n, part] = coins / network if not drawn and network > 0.0 else 0.0
        left -= t.rate[n, part] * alone
        t.rate[n + 1, part] = max(0.0, left) / outside if direct > 0.0 else 0.0


@kernel
def pay_members(books: Any, t: Any, protocol: int, world: int, delivered: Any, seconds: float) -> None:
    """Pay each account by its work, its part of a window, or its own luck, rounded down, within the pools' budgets."""
    n = t.operator.size
    operator, pool_of, rate, budget, paid, gross = t.operator, t.pool_of, t.rate, t.budget, t.paid, t.gross
    paid[:] = 0
    gross[:] = 0
    for i in range(delivered.size):
        if delivered[i] <= 0:
            continue
        k = pool_of[i]
        amount = int(rate[k, 0] * delivered[i])
        if k < n:
            amount = min(amount, budget[k, 0])
            post(books, BTC_ASSET, operator[k], i, amount, PAYOUT)
            budget[k, 0] -= amount
        else:
            fees = int(rate[k, 1] * delivered[i])
            if amount + fees > 0:
                post(books, BTC_ASSET, protocol, i, amount, SUBSIDY)
                post(books, BTC_ASSET, world, i, fees, NETWORK_FEES)
            amount += fees
        gross[i] += amount
        paid[k] += amount
    hits = t.hits
    for h in range(t.marks[HITS]):
        left, k = hits[h, 0], int(hits[h, 3])
        for i in range(delivered.size):
            if pool_of[i] != k or delivered[i] <= 0:
                continue
            left -= delivered[i]
            if left < 0.0:
                subsidy, fees = int(hits[h, 1]), int(hits[h, 2])
                amount = subsidy + fees
                if k < n:
                    amount = min(int(amount * (1.0 - t.terms[k, FEE])), budget[k, 0])
                    post(books, BTC_ASSET, operator[k], i, amount, PAYOUT)
                    budget[k, 0] -= amount
                else:
                    post(books, BTC_ASSET, protocol, i, subsidy, SUBSIDY)
                    post(books, BTC_ASSET, world, i, fees, NETWORK_FEES)
                gross[i] += amount
                paid[k] += amount
                break
    weight, past, points = t.weight, t.past, t.points
    head, filled, depth = t.marks[HEAD], t.marks[FILLED], t.shares.shape[1]
    place = (head + 1) % depth
    for k in range(n):
        w, payer, keeps = t.window_of[k], operator[k], 1.0 - t.terms[k, FEE]
        reach = 0  # ticks back that any block of this tick reaches
        for a in range(filled):
            if weight[k, a + 1] > 0.0:
                reach = a + 1
        if w >= 0:
            points[:] = 0.0
            for a in range(reach):
                row, share = past[w, (head - a) % depth], weight[k, a + 1]
                for i in range(points.size):
                    points[i] += share * row[i]
            now, share = past[w, place], weight[k, 0]
            for i in range(points.size):
                mine = pool_of[i] == k and i < delivered.size
                now[i] = float(delivered[i]) if mine else 0.0
                points[i] += share * now[i]
            for i in range(points.size):
                if points[i] > 0.0:
                    amount = min(int(points[i] * keeps), budget[k, 1])
                    post(books, BTC_ASSET, payer, i, amount, PAYOUT)
                    budget[k, 1] -= amount
                    paid[k] += amount
                    gross[i] += amount
        t.shares[k, place] = t.hashrate[k] * seconds / GIGAHASHES_PER_SHARE
        t.strength[k, place, 0] = t.hashrate[k]
        t.strength[k, place, 1] = t.members[k] / t.hashrate[k] if t.hashrate[k] > 0.0 else 0.0
        t.retained[k] = books.balances[BTC_ASSET, payer] - t.before[k]
    t.marks[HEAD], t.marks[FILLED] = place, min(filled + 1, depth)


@kernel
def settle(
    books: Any, t: Any, protocol: int, world: int, key: Any, drawn: bool, height: int, segments: Any, network: float, seconds: float,
    delivered: Any, earned: Any, worked: Any,
) -> int:  # fmt: skip
    """A tick: finders of its blocks, their coins to pools, then to all who mine; the number of pools that broke.

    Args:
        books, t, key, drawn, height, segments, network, seconds, delivered: as in `draw_luck`
        earned: satoshi paid so far, by pool and to those alone; raised
        worked: what their members' work was worth at the chance of finding blocks, before fees [satoshi]; raised
    """
    draw_luck(books, t, key, drawn, height, segments, network, seconds, delivered)
    receive(books, t, protocol, world, drawn)
    rate_others(t, drawn, segments, network)
    pay_members(books, t, protocol, world, delivered, seconds)
    for k in range(earned.size):
        earned[k] += t.paid[k]
    for s in range(segments.shape[0]):
        worth = segments[s, 4] * GIGAHASH / HASHES_PER_SHARE / segments[s, 3] * (segments[s, 1] + segments[s, 2])
        for k in range(worked.size):
            worked[k] += t.members[k] * worth
    return t.marks[BROKE]


@kernel
def admit(
    key: Any, uid: Any, sector: Any, outside: int, first: int, last: int, weights: Any, alive: Any, pool_of: Any
) -> None:
    """Pools of new accounts by weight: the first whose cumulative weight exceeds the draw, if it is open.

    Args:
        key: of the draws by `uid`
        sector: by account; outside: that of the rest of the network, which has no pool
        first, last: accounts from and up to which
        weights: cumulative, by pool
        alive: which pools are open
        pool_of: out, by account
    """
    alone, direct = alive.size, alive.size + 1
    for account in range(first, last):
        k, draw = 0, u01(key, uid[account], 0)
        while k < weights.size - 1 and draw >= weights[k]:
            k += 1
        pool_of[account] = direct if sector[account] == outside else k if alive[k] else alone
