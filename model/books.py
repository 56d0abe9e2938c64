"""The arrays of the ledger as one sheaf, and the four helpers through which every kernel writes balances.

`move` settles the income lines of both sides, then posts; it does nothing at all when the source cannot pay. A row
of a batch that needs several postings tests everything first: check, then move; the moves of a row cannot fail.
"""

from typing import Any

from numba import types

from model.flows import Flow
from model.jit import helper, kernel, rare
from model.sheaf import Sheaf
from model.units import INDEX, LARGEST_POSTING, muldiv, product_gap

LINES_PER_ASSET = 3  # coins, dollars, and a reward
BLOCK = 32  # accounts, which a survey counts together
KNOWN, TOUCHED = 1, 2  # a block that was counted since its last posting, and one that was not
LOG_WIDTH = 6  # what | asset or line | from | to | amount | kind
INCOME = int(Flow.INCOME)
_POSTED, _SETTLED = 0, 1


class Books(Sheaf):
    """All state of the ledger, int64 base units; the first argument of every kernel that moves value."""

    balances: Any  # [asset, account]
    sector: Any  # [account]
    group: Any  # [asset]
    issuer: Any  # [asset, 2] accounts that may go negative in it, -1 for none
    line: Any  # [asset, 3] income lines of the asset, -1 for none
    line_paid: Any  # [line] asset paid
    line_payer: Any  # [line] account that pays
    line_index: Any  # [line] income so far per base unit, times 1e12
    settled: Any  # [line, account] index up to which the account was paid
    flows: Any  # [kind, group, from sector, to sector] since the last drain
    touched: Any  # [n] flat cells of flows in use, after their count at position 0
    log: Any  # [capacity, 6] undo log of the running bundle
    logging: Any  # [2] whether the log is on, and its length
    reached: Any  # [asset, block] 0 where no posting of the asset ever reached a block, KNOWN or TOUCHED, uint8


_1, _2, _4 = (types.Array(types.int64, d, "C") for d in (1, 2, 4))
_bytes = types.Array(types.uint8, 2, "C")
BOOKS = Books.typed(
    balances=_2, sector=_1, group=_1, issuer=_2, line=_2, line_paid=_1, line_payer=_1, line_index=_1, settled=_2, flows=_4,
    touched=_1, log=_2, logging=_1, reached=_bytes,
)  # fmt: skip
_i = types.int64


@rare(types.void(types.Array(types.int64, 2, "C"), types.Array(types.int64, 1, "C"), _i, _i, _i, _i, _i, _i))
def _note(log, logging, what, row, source, target, amount, kind):
    """Write one line of the undo log; the log is wide enough for any bundle that the scenario allows."""
    n = logging[1]
    if n < log.shape[0]:
        log[n, 0] = what
        log[n, 1] = row
        log[n, 2] = source
        log[n, 3] = target
        log[n, 4] = amount
        log[n, 5] = kind
    logging[1] = n + 1


@helper(types.void(BOOKS, _i, _i, _i, _i, _i), from_python=False)
def post(books, asset, source, target, amount, kind):
    """Book an amount from source to target without any test: double entry and flow."""
    if amount == 0:
        return
    books.balances[asset, source] -= amount
    books.balances[asset, target] += amount
    books.reached[asset, source // BLOCK] = TOUCHED
    books.reached[asset, target // BLOCK] = TOUCHED
    group, giver, taker = books.group[asset], books.sector[source], books.sector[target]
    if books.flows[kind, group, giver, taker] == 0:
        shape = books.flows.shape
        n = books.touched[0] + 1
        books.touched[n] = ((kind * shape[1] + group) * shape[2] + giver) * shape[3] + taker
        books.touched[0] = n
    books.flows[kind, group, giver, taker] += amount
    if books.logging[0] != 0:
        _note(books.log, books.logging, _POSTED, asset, source, target, amount, kind)


@helper(types.void(BOOKS, _i, _i))
def collect(books, asset, account):
    """Pay an account the whole units of income due on its holding; the fraction of a unit stays its claim."""
    for k in range(LINES_PER_ASSET):
        line = books.line[asset, k]
        if line < 0:
            break
        index = books.line_index[line]
        gap = index - books.settled[line, account]
        if gap == 0:
            continue
        if books.logging[0] != 0:
            _note(books.log, books.logging, _SETTLED, line, account, 0, books.settled[line, account], 0)
        balance = books.balances[asset, account]
        if balance <= 0:
            books.settled[line, account] = index
            continue
        due = muldiv(balance, gap, INDEX)
        if due > 0:
            post(books, books.line_paid[line], books.line_payer[line], account, due, INCOME)
        rest = product_gap(balance, gap, due, INDEX)
        books.settled[line, account] = index - rest // balance


@helper(types.void(BOOKS, _i, _i, _i), from_python=False)
def _rescale(books, asset, account, before):
    """Keep the claim on a fraction of a unit the same size after a holding has changed."""
    after = books.balances[asset, account]
    for k in range(LINES_PER_ASSET):
        line = books.line[asset, k]
        if line < 0:
            break
        index = books.line_index[line]
        gap = index - books.settled[line, account]
        if gap != 0:
            if books.logging[0] != 0:
                _note(books.log, books.logging, _SETTLED, line, account, 0, books.settled[line, account], 0)
            books.settled[line, account] = index - (gap * before // after if before > 0 and after > 0 else 0)


@helper(types.boolean(BOOKS, _i, _i, _i), from_python=False)
def can_pay(books, asset, account, amount):
    """Whether an account may part with an amount: it has it, or issues the asset."""
    if amount < 0 or amount >= LARGEST_POSTING:
        return False
    if books.balances[asset, account] >= amount:
        return True
    return books.issuer[asset, 0] == account or books.issuer[asset, 1] == account


@helper(types.boolean(BOOKS, _i, _i, _i, _i, _i), from_python=False)
def pay(books, asset, source, target, amount, kind):
    """Move an amount of an asset that carries no income line, such as USD or BTC; True if it moved."""
    if not can_pay(books, asset, source, amount):
        return False
    if source != target:
        post(books, asset, source, target, amount, kind)
    return True


@helper(types.boolean(BOOKS, _i, _i, _i, _i, _i), from_python=False)
def move(books, asset, source, target, amount, kind):
    """Move an amount whole or not at all; True if it moved. Income of both sides is settled first."""
    if not can_pay(books, asset, source, amount):
        return False
    if source == target:
        return True
    if books.line[asset, 0] < 0:
        post(books, asset, source, target, amount, kind)
        return True
    collect(books, asset, source)
    collect(books, asset, target)
    had, got = books.balances[asset, source], books.balances[asset, target]
    post(books, asset, source, target, amount, kind)
    _rescale(books, asset, source, had)
    _rescale(books, asset, target, got)
    return True


@helper(_i(BOOKS, _i, _i, _i), from_python=False)
def raise_index(books, line, amount, outstanding):
    """Credit an amount that the payer already holds to all holders; the amount really owed, 0 if it cannot be shared.

    index += floor(amount 1e12 / outstanding). What is owed is rounded up: holders' claims include fractions of a
    unit, so a remainder that a caller credits again later is never owed twice.
    """
    if amount <= 0 or outstanding <= 0:
        return 0
    step = muldiv(amount, INDEX, outstanding)
    if step <= 0 or step >= (1 << 62) - books.line_index[line]:
        return 0
    books.line_index[line] += step
    return min(amount, muldiv(step, outstanding, INDEX) + 1)


@helper(types.boolean(BOOKS, _i, _i, _i))
def owes(books, line, account, held):
    """Whether a line owes an account with such a holding at least a unit of income."""
    gap = books.line_index[line] - books.settled[line, account]
    return gap > 0 and muldiv(held, gap, INDEX) > 0


@kernel
def undo(books: Books, start: int) -> None:
    """Take back everything in the undo log from `start` on, last first."""
    logging = books.logging[0]
    books.logging[0] = 0
    for n in range(books.logging[1] - 1, start - 1, -1):
        entry = books.log[n]
        if entry[0] == _POSTED:
            books.balances[entry[1], entry[2]] += entry[4]
            books.balances[entry[1], entry[3]] -= entry[4]
            books.reached[entry[1], entry[2] // BLOCK] = TOUCHED
            books.reached[entry[1], entry[3] // BLOCK] = TOUCHED
            books.flows[entry[5], books.group[entry[1]], books.sector[entry[2]], books.sector[entry[3]]] -= entry[4]
        else:
            books.settled[entry[1], entry[2]] = entry[4]
    books.logging[1] = start
    books.logging[0] = logging


@kernel
def move_one(books: Books, asset: int, source: int, target: int, amount: int, kind: int) -> bool:
    """`move`, called from Python."""
    return move(books, asset, source, target, amount, kind)


@kernel
def move_many(books: Books, asset: int, source: Any, target: Any, amount: Any, kind: int) -> int:
    """Move a column of amounts in order; the number that moved."""
    moved = 0
    for i in range(amount.size):
        if amount[i] > 0 and move(books, asset, source[i], target[i], amount[i], kind):
            moved += 1
    return moved


@kernel
def collect_many(books: Books, asset: int, accounts: Any) -> None:
    """Pay many accounts the income due on one asset."""
    for i in range(accounts.size):
        collect(books, asset, accounts[i])


@kernel
def share_income(books: Books, line: int, amount: int, outstanding: int) -> int:
    """`raise_index`, called from Python."""
    return raise_index(books, line, amount, outstanding)
