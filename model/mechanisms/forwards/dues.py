"""What losing sides owe: paid as far as their margin goes, to all whom one owes in proportion."""

from numba import types

from model.books import BOOKS, pay
from model.jit import helper, rare
from model.mechanisms.forwards.table import COIN, LONG, SHORT, STRIKE
from model.units import muldiv

MOST_ROUNDS = 1_000  # as long a chain of debtors, or as often round a circle of those who have next to nothing
_i = types.int64
_1, _2 = (types.Array(_i, d, "C") for d in (1, 2))


@helper(_i(_1, _1), from_python=False)
def _loser(row, index):
    """Account that loses by a contract at the index."""
    return row[LONG] if index[row[COIN]] < row[STRIKE] else row[SHORT]


@rare(types.boolean(BOOKS, _2, _1, _1, _1, _2, _2, _2, _i))
def _pay_round(books, contracts, index, dues, receipts, owed, means, won, kind):
    """Share what each loser has now among those whom he owes; whether that moved anything and left anything owed."""
    for c in range(contracts.shape[0]):
        owed[contracts[c, COIN], _loser(contracts[c], index)] = 0
    for c in range(contracts.shape[0]):
        owed[contracts[c, COIN], _loser(contracts[c], index)] += dues[c]
    for c in range(contracts.shape[0]):
        currency, loser = contracts[c, COIN], _loser(contracts[c], index)
        means[currency, loser] = min(owed[currency, loser], books.balances[receipts[currency], loser])
    moved = left = False
    for c in range(contracts.shape[0]):
        row, due = contracts[c], dues[c]
        currency, loser = row[COIN], _loser(row, index)
        if due > 0 and means[currency, loser] > 0:
            winner = row[LONG] + row[SHORT] - loser  # he gets his part of what is left for those who still wait
            paid = muldiv(means[currency, loser], due, owed[currency, loser])
            pay(books, receipts[currency], loser, winner, paid, kind)
            means[currency, loser] -= paid
            won[currency, loser] -= paid
            won[currency, winner] += paid
            dues[c] -= paid
            moved |= paid > 0
        owed[currency, loser] -= due
        left |= dues[c] > 0
    return moved and left


@rare(types.void(BOOKS, _2, _1, _1, _1, _2, _2, _2, _i))
def pay_dues(books, contracts, index, dues, receipts, owed, means, won, kind):
    """Pay what losers owe out of margin, in rounds: who was paid pays on, and the order of contracts decides nothing.

    Args:
        index: base units per PH/s and day, by currency
        dues: base units owed by the losing side of each contract; what is left unpaid afterwards
        receipts: assets of margin accounts, by currency
        owed, means: work space, by currency and account
        won: base units by currency and account, raised by what each gets and lowered by what he pays
        kind: of the flow
    """
    for _ in range(MOST_ROUNDS):
        if not _pay_round(books, contracts, index, dues, receipts, owed, means, won, kind):
            break
