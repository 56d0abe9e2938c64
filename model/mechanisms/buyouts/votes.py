"""Votes on the reserve of a whole NFT, in the order in which they were first cast, and found by who cast them.

Votes of one account hang together as a chain, so that a vote is looked up in as many steps as the account has votes. Sums
of fractions times prices need 106 bits: they are kept in two parts, worth = high 2^53 + low.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numba import types
from numpy.typing import NDArray

from model.actions import Status
from model.bits import wide_add
from model.jit import helper, kernel
from model.units import BPS, LARGEST_POSTING, muldiv, product_gap
from model.view import frozen

VAULT, ACCOUNT, PRICE = range(3)  # columns of a vote
HELD, HIGH, LOW, SUMS = range(4)  # rows of what is added up by vault
DONE, FUNDS, LIMIT, CLOSED = (int(s) for s in (Status.DONE, Status.FUNDS, Status.LIMIT, Status.CLOSED))
PART = LARGEST_POSTING  # amounts are below it
BITS = 53  # of a part
_i, _f = types.int64, types.float64
_row, _table = (types.Array(_i, d, "C", readonly=True) for d in (1, 2))


@helper(_i(_table, _row, _row, _i, _i))
def find_vote(votes, newest, before, v, account):
    """Row of an account's vote on a vault, -1 for none."""
    row = newest[account] if account < newest.size else -1
    while row >= 0 and (votes[row, VAULT] != v or votes[row, PRICE] == 0):
        row = before[row]
    return row


@helper(_f(_i, _i, _i))
def exact_mean(high, low, held):
    """(high 2^53 + low) / held, rounded once to the nearest float, as Python divides ints; the quotient is below 2^53."""
    if high == 0:
        return float(low) / float(held)
    whole = muldiv(high, PART, held)
    rest = product_gap(high, PART, whole, held) + low
    whole, rest = whole + rest // held, rest % held
    scale = 1
    while whole * scale < PART // 2:
        scale *= 2
    part = muldiv(rest, scale, held)
    left = product_gap(rest, scale, part, held)
    mantissa = whole * scale + part
    if 2 * left > held or (2 * left == held and mantissa % 2 == 1):
        mantissa += 1
    return float(mantissa) / float(scale)


@helper(types.void(types.Array(_i, 2, "C"), _i, _i, _i))
def _add(sums, v, held, price):
    """Add held x price to the sums of a vault, in two words of 64 bits."""
    sums[HELD, v] += held
    sums[HIGH, v], sums[LOW, v] = wide_add(sums[HIGH, v], sums[LOW, v], held, price)


@helper(types.UniTuple(_i, 2)(_i, _i))
def _parts(high, low):
    """The parts high 2^53 + low of a sum in two words."""
    return (high << (64 - BITS)) | ((low >> BITS) & ((1 << (64 - BITS)) - 1)), low & (PART - 1)


@kernel
def add_up(balances: Any, fraction: Any, votes: Any, n: int, sums: Any) -> None:
    """By vault: fractions that voters hold, and the sum of these times their prices in two parts."""
    for row in range(n):
        v = votes[row, VAULT]
        _add(sums, v, balances[fraction[v], votes[row, ACCOUNT]], votes[row, PRICE])
    for v in range(sums.shape[1]):
        sums[HIGH, v], sums[LOW, v] = _parts(sums[HIGH, v], sums[LOW, v])


@kernel
def standing(sums: Any, vaults: Any, supply: Any, quorum: int, voted: Any, least: Any) -> None:
    """How votes stand.

    Args:
        sums: see `add_up`
        vaults: which; supply: base units by vault
        quorum: part of the supply that must have voted [1e-4]
        voted: out, by vault, part of the supply that voters hold
        least: out, by vault, mean of their prices weighted by fractions, rounded up; 0 without a quorum
    """
    for v in vaults:
        held = sums[HELD, v]
        voted[v] = float(held) / float(supply[v]) if supply[v] > 0 else 0.0
        if held > 0 and (quorum == 0 or muldiv(held, BPS, quorum) >= supply[v]):
            least[v] = max(1, math.ceil(exact_mean(sums[HIGH, v], sums[LOW, v], held)))
        else:
            least[v] = 0


@kernel
def link(votes: Any, n: int, newest: Any, before: Any, count: Any) -> None:
    """Make the chains anew."""
    newest[:] = -1
    count[:] = 0
    for row in range(n):
        account = votes[row, ACCOUNT]
        before[row], newest[account] = newest[account], row
        count[votes[row, VAULT]] += 1


@kernel
def take_votes(
    balances: Any,
    fraction: Any,
    phase: Any,
    votes: Any,
    n: int,
    newest: Any,
    before: Any,
    count: Any,
    named: Any,
    sums: Any,
    least: float,
    most: float,
    rows: Any,
    order: Any,
) -> Any:
    """Write votes down in place of older ones, a price of 0 takes one back.

    Args:
        balances: holdings by asset and account; they do not move meanwhile
        fraction, phase, count: asset, phase of the buy-out and number of votes by vault
        votes, newest, before: see `Votes`; there is room for all of `rows`
        n: rows of `votes` in use
        named, sums: work space, all 0: vaults that are named, and the sums of their votes, see `add_up`
        least, most: lowest and highest price over the mean of the others'
        rows: structured batch
        order: in which its rows are settled

    Returns:
        rows that are then in use, and votes that count
    """
    for i in order:
        named[rows[i]["vault"]] = True
    for row in range(n):
        v = votes[row, VAULT]
        if named[v]:
            _add(sums, v, balances[fraction[v], votes[row, ACCOUNT]], votes[row, PRICE])
    for j in range(order.size):
        i = order[j]
        v, account, price = rows[i]["vault"], rows[i]["account"], rows[i]["amount"]
        if phase[v] != 0:
            rows[i]["status"] = CLOSED
            continue
        held = balances[fraction[v], account]
        if price > 0 and held <= 0:
            rows[i]["status"] = FUNDS
            continue
        old = find_vote(votes, newest, before, v, account)
        if old >= 0:
            _add(sums, v, -held, votes[old, PRICE])
        if price > 0:
            high, low = _parts(sums[HIGH, v], sums[LOW, v])
            others = exact_mean(high, low, sums[HELD, v]) if sums[HELD, v] > 0 else 0.0
            if others > 0.0 and not least * others <= price <= most * others:
                if old >= 0:
                    _add(sums, v, held, votes[old, PRICE])
                rows[i]["status"] = LIMIT
                continue
            _add(sums, v, held, price)
        if old >= 0:
            votes[old, PRICE] = price
            if price == 0:
                count[v] -= 1
        elif price > 0:
            votes[n, VAULT], votes[n, ACCOUNT], votes[n, PRICE] = v, account, price
            before[n], newest[account] = newest[account], n
            count[v] += 1
            n += 1
        rows[i]["status"], rows[i]["filled"] = DONE, price
    return n, count.sum()


class Chains(NamedTuple):
    """Votes as kernels look them up with `find_vote`: rows (vault, account, price), newest by account, and the one before."""

    votes: NDArray[np.int64]
    newest: NDArray[np.int64]
    before: NDArray[np.int64]


class Votes:
    """Everybody's votes.

    Attributes:
        count: votes by vault

    Args:
        vaults: how many there may be
    """

    def __init__(self, vaults: int) -> None:
        self.count = np.zeros(vaults, np.int64)
        self._votes = np.zeros((0, 3), np.int64)
        self._n = 0
        self._newest, self._before = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self._shown: tuple[NDArray[np.int64], Chains | None] = self._votes, None

    @property
    def rows(self) -> NDArray[np.int64]:
        """Rows (vault, account, price of the whole NFT in USD base units), oldest first."""
        return self._votes[: self._n]

    def shown(self) -> tuple[NDArray[np.int64], Chains]:
        """Read-only aliases of both, which stay until there is more room or another number of votes."""
        if self._shown[0].shape[0] != self._n or self._shown[1] is None:
            chains = self._shown[1] or Chains(*(frozen(column) for column in self.chains))
            self._shown = frozen(self.rows), chains
        rows, seen = self._shown
        assert seen is not None
        return rows, seen

    @property
    def chains(self) -> Chains:
        """Where kernels find a vote."""
        return Chains(self._votes, self._newest, self._before)

    def sums(self, balances: NDArray[np.int64], fraction: NDArray[np.int64]) -> NDArray[np.int64]:
        """What voters hold and have voted for now, int64[SUMS, vaults]; see `add_up`."""
        sums = np.zeros((SUMS, self.count.size), np.int64)
        if self._n:
            add_up(balances, fraction, self._votes, self._n, sums)
        return sums

    def take(
        self,
        balances: NDArray[np.int64],
        fraction: NDArray[np.int64],
        phase: NDArray[np.int64],
        within: tuple[float, float],
        rows: NDArray[Any],
        order: NDArray[np.int64],
    ) -> None:
        """Settle rows of votes; see `take_votes`."""
        self._reserve(balances.shape[1], self._n + order.size)
        named, sums = np.zeros(self.count.size, np.bool_), np.zeros((SUMS, self.count.size), np.int64)
        self._n, counting = take_votes(balances, fraction, phase, self._votes, self._n, self._newest, self._before, self.count,
            named, sums, *within, rows, order)  # fmt: skip
        if self._n > counting:
            self._keep(self.rows[:, PRICE] > 0)

    def forget(self, over: NDArray[np.bool_]) -> None:
        """Votes on vaults that are over count no more."""
        if (self.count[over] > 0).any():
            self._keep(~over[self.rows[:, VAULT]])

    def _keep(self, which: NDArray[np.bool_]) -> None:
        left = self.rows[which]
        self._n = left.shape[0]
        self._votes[: self._n] = left
        link(self._votes, self._n, self._newest, self._before, self.count)

    def _reserve(self, accounts: int, votes: int) -> None:
        if accounts > self._newest.size or votes > self._before.size:
            self._shown = self._votes[:0], None
        if accounts > self._newest.size:
            self._newest = np.concatenate([self._newest, np.full(accounts - self._newest.size, -1)])
        if votes > self._before.size:
            more = max(votes, 2 * self._before.size) - self._before.size
            self._votes = np.concatenate([self._votes, np.zeros((more, 3), np.int64)])
            self._before = np.concatenate([self._before, np.full(more, -1)])
