"""What must hold for farms after every tick."""

from typing import TYPE_CHECKING

import numpy as np

from model.ledger import NONE, USD_ASSET
from model.mechanisms.farms import kernels
from model.mechanisms.farms.table import EMITTED, Table
from model.pass_through import none_waits

if TYPE_CHECKING:
    from model.mechanisms.farms.rules import Farms


class Seen:
    """Indices at the last check."""

    def __init__(self, table: Table) -> None:
        self.index = np.zeros(table.account.size, np.int64)


def broken(farms: "Farms") -> str:
    """The first law that does not hold, in a sentence; empty if all do."""
    t, ledger = farms.table, farms.ledger
    f = int(kernels.first_unbacked(ledger.books, t))
    if f != NONE:
        return f"farm {f} does not hold one unit for each of {farms.staked(f)} claims on stakes"
    return _emission(farms) or _indices(farms) or _dollars(farms)


def _emission(farms: "Farms") -> str:
    """Tokens in pots are part of what was emitted, and those not yet credited are part of what is in the pot."""
    t, ledger = farms.table, farms.ledger
    there = np.flatnonzero(t.account >= 0)
    pots = ledger.books.balances[farms.token, t.pot[there]]
    short = np.flatnonzero((t.waiting[there] < 0) | (t.waiting[there] > pots))
    if short.size:
        f = int(there[short[0]])
        return f"farm {f} counts {t.waiting[f]} tokens as not yet credited, more than its pot holds"
    held = sum(ledger.balance(farms.token, row.pot) for row in farms.rows) + int(pots.sum())
    emitted = sum(int(row.state[EMITTED]) for row in farms.rows)
    return f"{held} tokens wait to be paid and {emitted} were ever emitted" if held > emitted else ""


def _indices(farms: "Farms") -> str:
    """What a staked unit has earned so far never falls."""
    t, seen = farms.table, farms.seen
    there = np.flatnonzero(t.line >= 0)
    index = farms.ledger.books.line_index[t.line[there]]
    fallen = np.flatnonzero(index < seen.index[there])
    if fallen.size:
        return f"the index of farm {int(there[fallen[0]])} has fallen"
    seen.index[there] = index
    return ""


def _dollars(farms: "Farms") -> str:
    """No dollars of income wait to be collected by an account of stakes with its next move."""
    t, books = farms.table, farms.ledger.books
    lines = books.line[t.kept]
    usd = (lines >= 0) & (books.line_paid[lines] == USD_ASSET) & (t.account >= 0)[:, None]
    line = np.where(usd.any(axis=1), lines[np.arange(t.kept.size), usd.argmax(axis=1)], NONE)
    f = none_waits(farms.ledger, farms.passing, t.kept, line)
    return f"dollars are owed to the account of stakes of farm {f}" if f != NONE else ""
