"""Members come and go: a pool's shares stay where they were worked, and its booked reserve follows its members."""

from typing import Any

from model.actions import Action, Status
from model.books import Books, pay
from model.flows import Flow
from model.jit import kernel
from model.ledger import BTC_ASSET
from model.mechanisms.payout.table import BY_WORK, Table

ACCOUNT, POOL, STATUS, FILLED = range(4)  # columns of a row
DONE, UNKNOWN, CLOSED, NOT_ALLOWED = (
    int(status) for status in (Status.DONE, Status.UNKNOWN, Status.CLOSED, Status.NOT_ALLOWED)
)
ENDOWMENT = int(Flow.ENDOWMENT)


class JoinPool(Action):
    """Work for another `pool` from the next tick on; the number of pools stands for mining alone.

    Shares of the last window or round that were worked for the old pool still earn there. Its fee is that of the day
    on which a block is found.
    """

    fields = ("pool",)
    phase = "pool_choice"


@kernel
def settle_joining(books: Books, t: Table, rows: Any, order: Any, delivered: Any, assigned: int, world: int) -> Any:
    """Let accounts join other pools, or mine alone.

    The market books the members' part of a pool. Where they take the place of outside members, the same part more of
    the operator's reserve is theirs; a pool without outsiders keeps its reserve whatever its size.

    Args:
        rows: int64[row, 4], filled in place; `FILLED` is 1 for those who moved
        delivered: GH/s by account
        assigned: accounts from here on are of today, and have no pool yet
        world: account that endows reserves

    Returns:
        how many moved, and the pool that could not give a part of its reserve back, -1 for none
    """
    alone, moved = t.operator.size, 0
    for j in range(order.size):
        row = rows[order[j]]
        account, pool, row[STATUS] = row[ACCOUNT], row[POOL], DONE
        if pool < 0 or pool > alone:
            row[STATUS] = UNKNOWN
        elif account >= assigned or t.pool_of[account] > alone:
            row[STATUS] = NOT_ALLOWED  # the rest of the network stays outside
        elif pool < alone and not t.alive[pool]:
            row[STATUS] = CLOSED
        if row[STATUS] != DONE or t.pool_of[account] == pool:
            continue
        ghs = delivered[account] if account < delivered.size else 0.0
        for side in range(2):
            k = t.pool_of[account] if side == 0 else pool
            before = t.members[k]
            after = max(0.0, before + (ghs if side == 1 else -ghs))
            t.members[k] = after
            if k >= alone:
                continue
            whole = t.hashrate[k]
            outside = whole > before * (1.0 + 1e-9)
            grown = max(whole, after) if outside else after
            t.hashrate[k] = grown
            booked = t.rules[k, 0] == BY_WORK and t.endowed[k] and t.alive[k]
            if outside and booked and before > 0.0 and after > 0.0:
                operator = t.operator[k]
                gain = int(books.balances[BTC_ASSET, operator] * (after / grown * whole / before - 1.0))
                payer, payee = (world, operator) if gain > 0 else (operator, world)
                if gain != 0 and not pay(books, BTC_ASSET, payer, payee, abs(gain), ENDOWMENT):
                    return moved, k
        t.pool_of[account] = pool
        row[FILLED] = 1
        moved += 1
    return moved, -1
