"""Compiled loops of invoices: posted as payables, paid from cash, the tax passed on to the state."""

from typing import Any

from model.books import Books, post
from model.flows import Flow
from model.jit import kernel
from model.ledger import PAYABLE_ASSET, USD_ASSET
from model.units import LARGEST_POSTING, muldiv

POWER, POWER_TAX = int(Flow.POWER), int(Flow.POWER_TAX)
CASH, PAYABLE = USD_ASSET, PAYABLE_ASSET


@kernel
def post_invoices(books: Books, bill: Any, accounts: int, utilities: int) -> int:
    """Post the tick's power [base units by account] as a payable of each account to the utilities.

    Returns:
        an account whose bill no posting holds, -1 for none
    """
    for account in range(accounts):
        if bill[account] > 0:
            if bill[account] >= LARGEST_POSTING:
                return account
            post(books, PAYABLE, utilities, account, bill[account], POWER)
    return -1


@kernel
def settle_invoices(
    books: Books, accounts: int, utilities: int, state: int, taxes: Any, short: Any, missing: Any
) -> tuple[int, int]:
    """Pay what is due from cash, as far as it goes; the tax in a bill is paid in proportion, to the state.

    Args:
        state: account of the state
        taxes: part of what is due that is tax [base units by account], in place
        short, missing: out, accounts that still owe and how much [base units]

    Returns:
        how many still owe, and the tax paid [base units]
    """
    n, raised = 0, 0
    for account in range(accounts):
        due = books.balances[PAYABLE, account]
        if due <= 0:
            taxes[account] = 0
            continue
        paid = min(due, max(0, books.balances[CASH, account]))
        if paid > 0:
            tax = min(muldiv(taxes[account], paid, due), paid)
            post(books, CASH, account, utilities, paid - tax, POWER)
            post(books, CASH, account, state, tax, POWER_TAX)
            post(books, PAYABLE, account, utilities, paid, POWER)
            taxes[account] -= tax
            raised += tax
        if due > paid:
            short[n], missing[n] = account, due - paid
            n += 1
    return n, raised


@kernel
def any_negative(one: Any, other: Any) -> bool:
    """Whether a number of either column, both of a length, is below zero."""
    signs = 0
    for i in range(one.size):
        signs |= one[i] | other[i]
    return signs < 0
