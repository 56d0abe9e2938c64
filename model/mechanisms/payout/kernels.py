"""Coins from the network to pools, and from pools to members; from the network to those without a pool."""

from typing import Any

from model.books import move
from model.flows import Flow
from model.jit import kernel
from model.ledger import BTC_ASSET

SUBSIDY, NETWORK_FEES, PAYOUT = int(Flow.SUBSIDY), int(Flow.NETWORK_FEES), int(Flow.PAYOUT)


@kernel
def sum_members(delivered: Any, pool_of: Any, out: Any) -> float:
    """Hash rate by pool [GH/s]; the last two places are those alone and the direct ones. Returns all but the direct."""
    out[:] = 0.0
    for i in range(delivered.size):
        if delivered[i] > 0:
            out[pool_of[i]] += delivered[i]
    total = 0.0
    for k in range(out.size - 1):
        total += out[k]
    return total


@kernel
def receive(books: Any, protocol: int, world: int, operator: Any, subsidy: Any, fees: Any) -> None:
    """Members' part of the pools' blocks comes to the operators [satoshi by pool]."""
    for k in range(operator.size):
        move(books, BTC_ASSET, protocol, operator[k], subsidy[k], SUBSIDY)
        move(books, BTC_ASSET, world, operator[k], fees[k], NETWORK_FEES)


@kernel
def pay_by_work(
    books: Any,
    protocol: int,
    world: int,
    operator: Any,
    pool_of: Any,
    delivered: Any,
    rate: Any,
    fee_rate: Any,
    budget: Any,
    paid: Any,
    gross: Any,
) -> None:
    """Pay each account its hash rate times the rate of its pool, rounded down; in order, never beyond the budget.

    Args:
        operator: accounts of the pools
        pool_of: pool of each account; number of pools = mines alone, one more = gets its share of blocks directly
        delivered: GH/s by account
        rate: satoshi per GH/s by pool; of those without a pool, of subsidy
        fee_rate: satoshi per GH/s of fees, of those without a pool
        budget: satoshi by pool, in place
        paid: satoshi paid by pool, in place
        gross: satoshi paid by account, in place
    """
    pools = operator.size
    for i in range(delivered.size):
        if delivered[i] <= 0:
            continue
        k = pool_of[i]
        if rate[k] <= 0.0 and fee_rate[k] <= 0.0:
            continue
        amount = int(rate[k] * delivered[i])
        if k < pools:
            amount = min(amount, budget[k])
            move(books, BTC_ASSET, operator[k], i, amount, PAYOUT)
            budget[k] -= amount
        else:
            move(books, BTC_ASSET, protocol, i, amount, SUBSIDY)
            more = int(fee_rate[k] * delivered[i])
            move(books, BTC_ASSET, world, i, more, NETWORK_FEES)
            amount += more
        gross[i] += amount
        paid[k] += amount


@kernel
def pay_by_window(
    books: Any,
    operator: int,
    k: int,
    pool_of: Any,
    delivered: Any,
    weight: Any,
    past: Any,
    head: int,
    filled: int,
    budget: Any,
    paid: Any,
    gross: Any,
) -> None:
    """Pay the members of pool k by their shares in the window, rounded down, and keep this tick's hash rates.

    Args:
        weight: satoshi per GH/s delivered, in this tick and in each earlier one
        past: float64[tick, account], GH/s delivered to this pool in earlier ticks; a ring whose last place is `head`
        filled: number of ticks kept
    """
    depth = past.shape[0]
    place = (head + 1) % depth
    for i in range(pool_of.size):
        points = 0.0
        for a in range(filled):
            if weight[k, a + 1] > 0.0:
                points += weight[k, a + 1] * past[(head - a) % depth, i]
        now = 0.0
        if i < delivered.size and pool_of[i] == k and delivered[i] > 0:
            now = float(delivered[i])
        past[place, i] = now
        amount = min(int(points + weight[k, 0] * now), budget[k])
        if amount > 0:
            move(books, BTC_ASSET, operator, i, amount, PAYOUT)
            budget[k] -= amount
            paid[k] += amount
            gross[i] += amount


@kernel
def pay_hits(
    books: Any, protocol: int, world: int, pool: int, pool_of: Any, delivered: Any, hits: Any, paid: Any, gross: Any
) -> None:
    """A block of those who mine alone goes whole to its finder; `hits` as in `draw_luck`, `pool` their number."""
    for h in range(hits.shape[0]):
        left = hits[h, 0]
        for i in range(delivered.size):
            if pool_of[i] != pool or delivered[i] <= 0:
                continue
            left -= delivered[i]
            if left < 0.0:
                subsidy, fees = int(hits[h, 1]), int(hits[h, 2])
                move(books, BTC_ASSET, protocol, i, subsidy, SUBSIDY)
                move(books, BTC_ASSET, world, i, fees, NETWORK_FEES)
                gross[i] += subsidy + fees
                paid[pool] += subsidy + fees
                break


@kernel
def assign(draws: Any, cumulative: Any, first: int, pool_of: Any) -> None:
    """Pools of new accounts by weight: the first whose cumulative weight exceeds the draw."""
    for j in range(draws.size):
        k = 0
        while k < cumulative.size - 1 and draws[j] >= cumulative[k]:
            k += 1
        pool_of[first + j] = k
