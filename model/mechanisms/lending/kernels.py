"""Compiled settlement of deposits, pledges and debts: the formulas beside it on int64, row after row.

Rows come as their int64 columns: account, the action's own fields, status, filled.
"""

from typing import Any

from numba import types

from model.actions import Status
from model.bits import first_bit
from model.books import BOOKS, Books, move, pay
from model.flows import Flow
from model.jit import helper, kernel
from model.ledger import USD_ASSET
from model.mechanisms.lending.formulas import PRICE
from model.mechanisms.lending.table import (
    BORROWED,
    FEES,
    FLASH,
    INDEX_DEBT,
    INDEX_DEPOSIT,
    QUEUE,
    REPAID,
    REST,
    ROUNDED,
    SUPPLIED,
    WITHDRAWN,
    Desk,
)
from model.prefetch import prefetch
from model.units import BPS, INDEX, LARGEST_POSTING, muldiv, product_gap

DONE, FUNDS, CLOSED, DEPTH, AMOUNT, NOT_ALLOWED, UNKNOWN = (
    int(s)
    for s in (
        Status.DONE,
        Status.FUNDS,
        Status.CLOSED,
        Status.DEPTH,
        Status.AMOUNT,
        Status.NOT_ALLOWED,
        Status.UNKNOWN,
    )
)
DEPOSIT, LOAN, REPAYMENT, INTEREST = int(Flow.DEPOSIT), int(Flow.LOAN), int(Flow.REPAYMENT), int(Flow.INTEREST)
MINT, BURN, TRANSFER = int(Flow.MINT), int(Flow.BURN), int(Flow.TRANSFER)
WORTHLESS = INDEX // 1_000_000  # deposit index below which the pool has failed and takes no deposits
_i = types.int64
_1 = types.Array(types.int64, 1, "C")


@helper(_i(_i, _i, _i))
def up(a, b, c):
    """ceil(a b / c) for non-negative a, b and positive c."""
    down = muldiv(a, b, c)
    return down + (1 if product_gap(a, b, down, c) > 0 else 0)


@helper(types.UniTuple(_i, 2)(BOOKS, _1, _1, _1, _i, _i), from_python=False)
def worth(books, pledge, price, fresh, known, account):
    """What an account has pledged at the oracle's prices [USD base units], and in how many vaults without a fresh one.

    Args:
        known: bits of the vaults of which it ever pledged
    """
    value, blind = 0, 0
    while known != 0:
        v = first_bit(known)
        known &= known - 1
        for vault in range(v, v + 1 if v < REST else pledge.size):
            amount = books.balances[pledge[vault], account] if pledge[vault] >= 0 else 0
            if amount > 0:
                value += muldiv(amount, price[vault], PRICE)
                blind += 1 - fresh[vault]
    return value, blind


@helper(types.void(BOOKS, _1, _i, _i))
def bring(books, pledge, known, account):
    """Bring near what an account has pledged."""
    while known != 0:
        v = first_bit(known)
        known &= known - 1
        prefetch(books.balances, (pledge[v], account))


@helper(_i(BOOKS, _i, _i, _1, _1, _i, _i, _i), from_python=False)
def repay(books, pool, debt, sums, principal, payer, debtor, most):
    """Let a payer who has the money repay up to `most` of an account's debt, interest first; what was paid."""
    scaled, index = books.balances[debt, debtor], sums[INDEX_DEBT]
    due = up(scaled, index, INDEX)
    paid = min(due, most)
    burnt = scaled if paid == due else muldiv(paid, INDEX, index)
    interest = min(paid, max(0, due - principal[debtor]))
    pay(books, USD_ASSET, payer, pool, interest, INTEREST)
    pay(books, USD_ASSET, payer, pool, paid - interest, REPAYMENT)
    pay(books, debt, debtor, pool, burnt, REPAYMENT)
    principal[debtor] -= paid - interest
    sums[REPAID] += paid
    sums[ROUNDED] += 1
    return paid


@kernel
def settle_deposits(books: Books, desk: Desk, supplying: bool, rows: Any, order: Any) -> None:
    """Dollars against deposit shares (`supplying`), or shares against dollars as far as the cash goes."""
    index = desk.sums[INDEX_DEPOSIT]
    for j in range(order.size):
        i = order[j]
        account, asked = rows[i, 0], rows[i, 1]
        if asked <= 0 or asked >= LARGEST_POSTING:
            rows[i, 2] = AMOUNT
        elif supplying:
            shares = muldiv(asked, INDEX, index)
            if index < WORTHLESS:
                rows[i, 2] = CLOSED
            elif shares <= 0 or shares >= LARGEST_POSTING:
                rows[i, 2] = AMOUNT
            elif books.balances[USD_ASSET, account] < asked:
                rows[i, 2] = FUNDS
            else:
                pay(books, USD_ASSET, account, desk.pool, asked, DEPOSIT)
                move(books, desk.deposit, desk.pool, account, shares, MINT)
                desk.sums[SUPPLIED] += asked
                desk.sums[ROUNDED] += 1
                rows[i, 2], rows[i, 3] = DONE, shares
        elif books.balances[desk.deposit, account] < asked:
            rows[i, 2] = FUNDS
        else:
            cash, due = books.balances[USD_ASSET, desk.pool], muldiv(asked, index, INDEX)
            paid, burnt = due, asked
            if due > cash:
                paid, burnt = cash, min(asked, up(cash, INDEX, index))
                desk.sums[QUEUE] += due - cash
            if paid <= 0:
                rows[i, 2] = DEPTH if due > 0 else AMOUNT
            else:
                move(books, desk.deposit, account, desk.pool, burnt, BURN)
                pay(books, USD_ASSET, desk.pool, account, paid, DEPOSIT)
                desk.sums[WITHDRAWN] += paid
                desk.sums[ROUNDED] += 1
                rows[i, 2], rows[i, 3] = DONE, paid


@kernel
def settle_debts(books: Books, desk: Desk, borrowing: bool, ltv: float, rows: Any, order: Any) -> None:
    """Loans against what an account has pledged (`borrowing`), or repayments of its own debt."""
    index = desk.sums[INDEX_DEBT]
    for j in range(order.size):
        i = order[j]
        account, asked = rows[i, 0], rows[i, 1]
        scaled, desk.moved[account] = books.balances[desk.debt, account], 1
        if asked <= 0 or asked >= LARGEST_POSTING:
            rows[i, 2] = AMOUNT
        elif borrowing:
            value, blind = worth(books, desk.pledge, desk.lent_at, desk.fresh, desk.known[account], account)
            more = up(asked, INDEX, index)
            if blind > 0:
                rows[i, 2] = CLOSED
            elif up(scaled + more, index, INDEX) > ltv * value:
                rows[i, 2] = NOT_ALLOWED
            elif books.balances[USD_ASSET, desk.pool] < asked:
                rows[i, 2] = DEPTH
            else:
                pay(books, desk.debt, desk.pool, account, more, LOAN)
                pay(books, USD_ASSET, desk.pool, account, asked, LOAN)
                desk.principal[account] += asked
                desk.sums[BORROWED] += asked
                desk.sums[ROUNDED] += 1
                rows[i, 2], rows[i, 3] = DONE, asked
        elif scaled == 0:
            rows[i, 2] = UNKNOWN
        elif books.balances[USD_ASSET, account] < min(asked, up(scaled, index, INDEX)):
            rows[i, 2] = FUNDS
        else:
            paid = repay(books, desk.pool, desk.debt, desk.sums, desk.principal, account, account, asked)
            rows[i, 2], rows[i, 3] = DONE, paid


@kernel
def settle_pledges(books: Books, desk: Desk, fraction: Any, pledging: bool, ltv: float, rows: Any, order: Any) -> None:
    """Fractions against pledges (`pledging`), or pledges against fractions where the rest carries the debt.

    While a price is stale only who has a debt may pledge, and only who has none gets pledges back.
    """
    for j in range(order.size):
        i = order[j]
        account, v, amount = rows[i, 0], rows[i, 1], rows[i, 2]
        desk.moved[account] = 1
        if v < 0 or v >= desk.pledge.size or desk.pledge[v] < 0:
            rows[i, 3] = UNKNOWN
            continue
        parked, pledge = desk.parked[v], desk.pledge[v]
        if amount <= 0 or amount >= LARGEST_POSTING:
            rows[i, 3] = AMOUNT
        elif books.balances[fraction[v] if pledging else pledge, account] < amount:
            rows[i, 3] = FUNDS
        elif pledging:
            if desk.fresh[v] == 0 and (desk.priced[v] == 0 or books.balances[desk.debt, account] == 0):
                rows[i, 3] = CLOSED  # a stale price stops new loans, not who secures his own better
            elif amount - books.balances[pledge, parked] > desk.cap[v]:
                rows[i, 3] = DEPTH
            else:
                move(books, fraction[v], account, parked, amount, TRANSFER)
                move(books, pledge, parked, account, amount, MINT)
                desk.known[account] |= 1 << min(v, REST)
                rows[i, 3], rows[i, 4] = DONE, amount
        else:
            due = up(books.balances[desk.debt, account], desk.sums[INDEX_DEBT], INDEX)
            if due > 0:
                value, blind = worth(books, desk.pledge, desk.lent_at, desk.fresh, desk.known[account], account)
                less = up(amount, desk.lent_at[v], PRICE)
                if blind > 0:
                    rows[i, 3] = CLOSED
                    continue
                if due > ltv * (value - less):
                    rows[i, 3] = NOT_ALLOWED
                    continue
            move(books, pledge, account, parked, amount, BURN)
            move(books, fraction[v], parked, account, amount, TRANSFER)
            rows[i, 3], rows[i, 4] = DONE, amount


@kernel
def settle_flash(books: Books, desk: Desk, borrowing: bool, flash_bps: int, rows: Any, order: Any) -> None:
    """Loans for the rest of a bundle (`borrowing`), or such loans paid back with their fee, rounded up."""
    for j in range(order.size):
        i = order[j]
        account, amount = rows[i, 0], rows[i, 1]
        if borrowing:
            if books.logging[0] == 0:
                rows[i, 2] = NOT_ALLOWED
            elif amount <= 0:
                rows[i, 2] = AMOUNT
            elif amount > books.balances[USD_ASSET, desk.pool]:
                rows[i, 2] = DEPTH
            else:
                pay(books, USD_ASSET, desk.pool, account, amount, LOAN)
                desk.sums[FLASH] += amount
                rows[i, 2], rows[i, 3] = DONE, amount
            continue
        if amount <= 0 or amount > desk.sums[FLASH]:
            rows[i, 2] = AMOUNT
            continue
        fee = up(amount, flash_bps, BPS)
        if books.balances[USD_ASSET, account] < amount + fee:
            rows[i, 2] = FUNDS
            continue
        pay(books, USD_ASSET, account, desk.pool, amount, REPAYMENT)
        pay(books, USD_ASSET, account, desk.pool, fee, INTEREST)
        desk.sums[FLASH] -= amount
        desk.sums[FEES] += fee
        rows[i, 2], rows[i, 3] = DONE, amount + fee


@kernel
def repay_for(books: Books, desk: Desk, payer: int, debtor: int, most: int) -> int:
    """`repay`, called from Python."""
    desk.moved[debtor] = 1
    return repay(books, desk.pool, desk.debt, desk.sums, desk.principal, payer, debtor, most)
