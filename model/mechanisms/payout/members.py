"""Members come and go: a pool's shares stay where they were worked, and its booked reserve follows its members."""

from typing import Any

from model.actions import Action, Status
from model.ledger import BTC_ASSET
from model.mechanisms.payout.table import BY_WORK


class JoinPool(Action):
    """Work for another `pool` from the next tick on; the number of pools stands for mining alone.

    Shares of the last window or round that were worked for the old pool still earn there. Its fee is that of the day
    on which a block is found.
    """

    fields = ("pool",)
    phase = "pool_choice"


def refusal(t: Any, account: int, pool: int, assigned: int) -> Status:
    """Why an account may not join a pool; DONE if it may. Accounts from `assigned` on are of today, and have none yet."""
    alone = t.operator.size
    if not 0 <= pool <= alone:
        return Status.UNKNOWN
    if account >= assigned or t.pool_of[account] > alone:
        return Status.NOT_ALLOWED  # the rest of the network stays outside
    if pool < alone and not t.alive[pool]:
        return Status.CLOSED
    return Status.DONE


def shift(t: Any, coins: Any, pool: int, ghs: float) -> int:
    """Let members' hash rate of a pool change by `ghs` between two ticks; coins [satoshi] its booked reserve gains.

    The market books the members' part of a pool. Where they take the place of outside members, the same part more of
    the operator's reserve is theirs; a pool without outsiders keeps its reserve whatever its size.

    Args:
        t: the pools' `Table`
        coins: balances, int64[asset, account]
        pool: number, or that of pools for those alone
        ghs: GH/s delivered by who comes, negative of who goes
    """
    before = t.members[pool]
    after = t.members[pool] = max(0.0, before + ghs)
    if pool >= t.operator.size:
        return 0
    whole = t.hashrate[pool]
    outside = whole > before * (1.0 + 1e-9)
    t.hashrate[pool] = grown = max(whole, after) if outside else after
    booked = t.rules[pool, 0] == BY_WORK and t.endowed[pool] and t.alive[pool]
    if not (outside and booked and before > 0.0 and after > 0.0):
        return 0
    return int(coins[BTC_ASSET, t.operator[pool]] * (after / grown * whole / before - 1.0))
