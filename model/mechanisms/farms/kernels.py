"""Compiled: stakes taken and given back, rewards credited, points made, and what waits for an account."""

from typing import Any

from numba import types

from model.actions import Status
from model.books import BOOKS, Books, collect, move, pay, raise_index
from model.flows import Flow
from model.jit import helper, kernel
from model.mechanisms.farms.params import INDEX_LIMIT
from model.units import INDEX, LARGEST_POSTING, muldiv

DONE, FUNDS, CLOSED, AMOUNT, UNKNOWN = (
    int(s) for s in (Status.DONE, Status.FUNDS, Status.CLOSED, Status.AMOUNT, Status.UNKNOWN)
)
STAKE, MINT, BURN, EMISSION = int(Flow.STAKE), int(Flow.MINT), int(Flow.BURN), int(Flow.EMISSION)
_i = types.int64
_seen_lines = types.Array(_i, 1, "C", readonly=True)
_seen_settled = types.Array(_i, 2, "C", readonly=True)


@kernel
def settle_stakes(books: Books, slots: Any, staking: bool, rows: Any, order: Any, stakes: Any, known: Any) -> None:
    """Stake up to an amount for as many claims (`staking`), or give up to as many claims back; income is settled first.

    Where only staked fractions earn at their vault, the farm stakes them there: fractions go to the account of the
    vault's stakes (`via`), and the farm keeps the vault's claim on them.

    Args:
        stakes: farms in which each account has a stake; brought up to date
        known: whether that number holds: not after a bundle, which may be taken back
    """
    if books.logging[0] != 0:
        known[0] = 0
    for j in range(order.size):
        i = order[j]
        f, amount, holder = rows[i]["farm"], rows[i]["amount"], rows[i]["account"]
        if f < 0 or f >= slots.account.size or slots.account[f] < 0:
            rows[i]["status"] = UNKNOWN
            continue
        if amount <= 0:
            rows[i]["status"] = AMOUNT
            continue
        if staking and slots.open[f] == 0:
            rows[i]["status"] = CLOSED
            continue
        asset, kept, share, account, via = slots.asset[f], slots.kept[f], slots.share[f], slots.account[f], slots.via[f]
        amount = min(amount, books.balances[asset if staking else share, holder])
        if amount <= 0 or holder == account:
            rows[i]["status"] = FUNDS
            continue
        if amount >= LARGEST_POSTING:
            rows[i]["status"] = AMOUNT
            continue
        if staking:
            move(books, asset, holder, account if via < 0 else via, amount, STAKE)
            if via >= 0:
                move(books, kept, via, account, amount, MINT)
            move(books, share, account, holder, amount, MINT)
            stakes[holder] += books.balances[share, holder] == amount
        else:
            move(books, share, holder, account, amount, BURN)
            stakes[holder] -= books.balances[share, holder] == 0
            if via >= 0:
                move(books, kept, account, via, amount, BURN)
            move(books, asset, account if via < 0 else via, holder, amount, STAKE)
        rows[i]["status"], rows[i]["filled"] = DONE, amount


@kernel
def settle_harvests(books: Books, slots: Any, line: Any, rows: Any, order: Any) -> None:
    """Pay all that is due on a stake: reward, coins and dollars; `filled` is the reward, or the dollars without one."""
    for j in range(order.size):
        i = order[j]
        f, holder = rows[i]["farm"], rows[i]["account"]
        if f < 0 or f >= slots.account.size or slots.account[f] < 0:
            rows[i]["status"] = UNKNOWN
            continue
        share = slots.share[f]
        if books.balances[share, holder] <= 0:
            rows[i]["status"] = FUNDS
            continue
        paid = books.line_paid[line[f]] if line[f] >= 0 else 0
        before = books.balances[paid, holder]
        collect(books, share, holder)
        rows[i]["status"], rows[i]["filled"] = DONE, books.balances[paid, holder] - before


@kernel
def credit(books: Books, table: Any, f: int) -> None:
    """Credit the tokens that wait in a farm's pot to its stakers, if enough is staked."""
    staked = -books.balances[table.share[f], table.account[f]]
    if table.waiting[f] > 0 and staked >= table.least[f]:
        table.waiting[f] -= raise_index(books, table.line[f], table.waiting[f], staked)


@kernel
def emit_to(
    books: Books, table: Any, farms: Any, token: int, issuer: int, each: int, most: int, per_day: float
) -> int:  # fmt: skip
    """Make `each` tokens for every one of some farms with stakes, and credit them; how many were made, at most `most`.

    `per_day` is what each emits a day.
    """
    made = 0
    for f in farms:
        table.per_day[f] = per_day
        staked = -books.balances[table.share[f], table.account[f]]
        if staked > 0 and each > 0 and made + each <= most:
            pay(books, token, issuer, table.pot[f], each, EMISSION)
            table.waiting[f] += each
            made += each
        if table.waiting[f] > 0 and staked >= table.least[f]:
            table.waiting[f] -= raise_index(books, table.line[f], table.waiting[f], staked)
    return made


@helper(types.boolean(BOOKS, _i, _i, _i), from_python=False)
def make_points(books, points, pot, amount):
    """Make points for those who have not claimed them yet; whether the books can hold as many."""
    issuer = books.issuer[points, 0]
    if amount >= LARGEST_POSTING or amount >= INDEX_LIMIT + books.balances[points, issuer]:
        return False
    return pay(books, points, issuer, pot, amount, EMISSION)


@kernel
def add_points(books: Books, table: Any, first: int, end: int, pot: int, step: int) -> None:
    """Raise the points of each staked unit by `step` [1e-12], and make what that owes; nothing that the books cannot hold."""
    for f in range(first, end):
        if table.account[f] < 0 or step >= INDEX_LIMIT - books.line_index[table.line[f]]:
            continue
        line, account = table.line[f], table.account[f]
        staked = -books.balances[table.share[f], account]
        owed = muldiv(max(staked, 0), step, INDEX)
        if owed < LARGEST_POSTING and make_points(books, books.line_paid[line], pot, owed + (staked > 0)):
            books.line_index[line] += step


@kernel
def restate(books: Books, table: Any, first: int, end: int, pot: int, accounts: int, old: int, new: int) -> None:
    """Multiply what every staker has not yet claimed by old / new, and make or destroy the difference of points.

    A claim that would be more than the books can hold stays what it was.
    """
    for f in range(first, end):
        if table.account[f] < 0:
            continue
        line, share = table.line[f], table.share[f]
        points, index = books.line_paid[line], books.line_index[line]
        issuer = books.issuer[points, 0]
        for account in range(accounts):
            balance = books.balances[share, account]
            if balance <= 0:
                continue
            gap = index - books.settled[line, account]
            after = min(muldiv(gap, old, new), INDEX_LIMIT - 1)
            owed = muldiv(balance, after, INDEX)
            if owed >= LARGEST_POSTING:
                continue
            more = owed + 1 - muldiv(balance, gap, INDEX)
            if more > 0 and not make_points(books, points, pot, more):
                continue
            books.settled[line, account] = index - after
            if more < -1:
                pay(books, points, pot, issuer, -more - 1, BURN)


@helper(_i(_seen_lines, _seen_settled, _i, _i, _i))
def waits_for(index, settled, line, account, staked):
    """Reward that waits for an account with so much staked, whole base units; the columns of the view."""
    if line < 0 or staked <= 0:
        return 0
    gap = index[line] - settled[line, account]
    return muldiv(staked, gap, INDEX) if gap > 0 else 0


@kernel
def pending_rewards(balances: Any, claim: Any, line: Any, index: Any, settled: Any, accounts: Any, out: Any) -> None:
    """Reward that waits for each account at each farm, whole base units, int64[farm, account]; the columns of the view."""
    for f in range(claim.size):
        if claim[f] < 0 or line[f] < 0:
            continue
        for k in range(accounts.size):
            out[f, k] = waits_for(index, settled, line[f], accounts[k], balances[claim[f], accounts[k]])
