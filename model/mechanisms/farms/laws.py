"""What must hold for farms after every tick."""

from typing import TYPE_CHECKING, Any

import numpy as np

from model.books import LINES_PER_ASSET, Books, owes
from model.jit import kernel
from model.ledger import USD_ASSET
from model.mechanisms.farms.table import EMITTED, Table
from model.sheaf import Sheaf, part_of

if TYPE_CHECKING:
    from model.mechanisms.farms.mechanism import Farms


_UNBACKED, _OVERDRAWN, _FALLEN, _OWED = range(1, 5)


class Judged(Sheaf):
    """Columns that laws are about."""

    account: Any
    kept: Any
    share: Any
    pot: Any
    waiting: Any
    line: Any


class Seen:
    """Indices at the last check, and the columns to look at."""

    def __init__(self, table: Table) -> None:
        self.index = np.zeros(table.account.size, np.int64)
        self.table = part_of(table, Judged)


@kernel
def _faults(books: Books, table: Judged, token: int, seen: Any) -> Any:
    """The first law that a farm breaks (0 for none) and its number; and what all pots hold.

    Args:
        token: asset of the reward
        seen: indices at the last check, by farm; brought up to date
    """
    pots = 0
    for f in range(table.account.size):
        account = table.account[f]
        if account < 0:
            continue
        kept = table.kept[f]
        held = books.balances[kept, account]
        if held != -books.balances[table.share[f], account]:
            return _UNBACKED, f, pots
        pot = books.balances[token, table.pot[f]]
        pots += pot
        if table.waiting[f] < 0 or table.waiting[f] > pot:
            return _OVERDRAWN, f, pots
        line = table.line[f]
        if line >= 0:
            if books.line_index[line] < seen[f]:
                return _FALLEN, f, pots
            seen[f] = books.line_index[line]
        for k in range(LINES_PER_ASSET):
            line = books.line[kept, k]
            if line < 0:
                break
            if books.line_paid[line] == USD_ASSET and owes(books, line, account, held):
                return _OWED, f, pots
    return 0, 0, pots


def broken(farms: "Farms") -> str:
    """The first law that does not hold, in a sentence; empty if all do.

    A farm holds one unit for each claim. Tokens in pots are part of what was emitted, and those not yet credited are part
    of what is in the pot. What a staked unit has earned so far never falls. No dollars of income wait to be collected by
    an account of stakes with its next move.
    """
    ledger = farms.ledger
    law, f, pots = _faults(ledger.books, farms.seen.table, farms.token, farms.seen.index)
    if law == _UNBACKED:
        return f"farm {f} does not hold one unit for each of {farms.staked(f)} claims on stakes"
    if law == _OVERDRAWN:
        return f"farm {f} counts {farms.table.waiting[f]} tokens as not yet credited, more than its pot holds"
    if law == _FALLEN:
        return f"the index of farm {f} has fallen"
    if law == _OWED:
        return f"dollars are owed to the account of stakes of farm {f}"
    held = sum(ledger.balance(farms.token, row.pot) for row in farms.rows) + pots
    emitted = sum(int(row.state[EMITTED]) for row in farms.rows)
    return f"{held} tokens wait to be paid and {emitted} were ever emitted" if held > emitted else ""
