"""Compiled looks of the lending pool: prices of the morning, everybody's health, and whether the laws hold."""

from typing import Any

import numpy as np

from model.books import Books
from model.jit import kernel
from model.ledger import USD_ASSET
from model.mechanisms.lending.formulas import PRICE
from model.mechanisms.lending.kernels import bring, up, worth
from model.mechanisms.lending.table import FEES, FLASH, INDEX_DEBT, INDEX_DEPOSIT, ROUNDED, Desk
from model.prefetch import AHEAD
from model.units import INDEX, LARGEST_POSTING, TOKEN, USD, muldiv
from model.vault_status import ENDED

PER_UNIT = USD / TOKEN * PRICE  # whole price of a base unit of fractions, for a USD a fraction
HIGHEST, MOST = float(1 << 62), float(LARGEST_POSTING)


@kernel
def take_prices(balances: Any, desk: Desk, reported: Any, ceiling: Any, stale: Any, live: Any, fresh: Any) -> Any:
    """Value collateral at reported prices [USD per whole fraction], as far as they are known, and what new loans count of it.

    A new loan counts a fraction at no more than a standing offer for it, and all pledges together as no more than the cap.

    Args:
        balances: of the ledger
        ceiling: standing offers, stale: whether a report is too old, live: whether fractions trade; by vault
        fresh: out, whether fractions may be pledged and borrowed against

    Returns:
        for how many vaults that has changed, how many of those where they may have no asset of pledges yet, and for how many
        new loans count less than the price
    """
    changed = unopened = bound = 0
    for v in range(desk.price.size):
        fresh[v], desk.priced[v] = 0, 0
        if reported[v] > 0.0:
            desk.price[v] = int(min(reported[v] * PER_UNIT, HIGHEST))
            desk.priced[v] = 1 if live[v] else 0
            fresh[v] = 1 if live[v] and not stale[v] else 0
        desk.lent_at[v] = min(desk.price[v], int(min(ceiling[v] * PER_UNIT, HIGHEST)))
        pledged = -balances[desk.pledge[v], desk.parked[v]] if desk.pledge[v] >= 0 else 0
        if pledged > desk.cap[v]:
            desk.lent_at[v] = muldiv(desk.lent_at[v], desk.cap[v], pledged)
        bound += desk.lent_at[v] < desk.price[v]
        changed += fresh[v] != desk.fresh[v]
        unopened += fresh[v] == 1 and desk.pledge[v] < 0
    return changed, unopened, bound


@kernel
def measure(
    books: Books, desk: Desk, threshold: float, rest: float, everybody: bool, bound: bool, accounts: Any,
    collateral: Any, backing: Any, debt: Any, health: Any,
) -> Any:  # fmt: skip
    """Worth of the pledges, what new loans count of it, debt [USD] and health of all who ever pledged, or who have moved.

    Args:
        bound: whether new loans count any vault's fractions at less than the price
        rest: collateral that nobody troubles to liquidate [USD]
        accounts: work space for a number of each account

    Returns:
        how many of all debts have a health below 1, and how many are to be written off
    """
    unit, n, below, bad = 1e-6, 0, 0, 0
    for account in range(desk.known.size):
        if desk.known[account] != 0:
            if everybody or desk.moved[account] != 0:
                accounts[n] = account
                n += 1
            else:
                below += health[account] < 1.0
                bad += collateral[account] <= rest and debt[account] > threshold * collateral[account]
        desk.moved[account] = 0
    for i in range(n):
        if i + AHEAD < n:
            bring(books, desk.pledge, desk.known[accounts[i + AHEAD]], accounts[i + AHEAD])
        account = accounts[i]
        value, _ = worth(books, desk.pledge, desk.price, desk.fresh, desk.known[account], account)
        scaled = books.balances[desk.debt, account]
        due = up(scaled, desk.sums[INDEX_DEBT], INDEX) if scaled > 0 else 0
        collateral[account], debt[account] = value * unit, due * unit
        if bound:
            value_lent, _ = worth(books, desk.pledge, desk.lent_at, desk.fresh, desk.known[account], account)
            backing[account] = value_lent * unit
        else:
            backing[account] = collateral[account]
        health[account] = value * threshold / due if due > 0 else np.inf
        below += health[account] < 1.0
        bad += collateral[account] <= rest and debt[account] > threshold * collateral[account]
    return below, bad


@kernel
def mark(value: Any, desk: Desk, fraction: Any) -> bool:
    """Let a pledged fraction be worth a fraction; whether anybody may have moved since he was measured."""
    some = 0
    for v in range(desk.pledge.size):
        if desk.pledge[v] >= 0:
            value[desk.pledge[v]] = value[fraction[v]]
    for moved in desk.moved:
        some |= moved
    return some != 0


@kernel
def least_depth(memory: Any, cap: Any) -> None:
    """Move what venues could bear by one tick, note today's cap, and let the least of all these ticks be the cap.

    Args:
        memory: caps by tick and vault, the oldest first; written [base units]
        cap: today's, by vault; out: the least of the window [base units]
    """
    last = memory.shape[0] - 1
    for v in range(cap.size):
        least = cap[v]
        for row in range(last):
            memory[row, v] = memory[row + 1, v]
            least = min(least, memory[row, v])
        memory[last, v], cap[v] = cap[v], least


@kernel
def add_cap(cap: Any, depth: Any, share: float) -> None:
    """Let more be pledged of each vault: a share of the fractions in its pool or in its last batch [base units]."""
    for v in range(cap.size):
        cap[v] += int(max(min(depth[v] * share, MOST), 0.0))


@kernel
def ended_pledges(books: Books, desk: Desk, status: Any) -> int:
    """First vault that has ended while fractions of it are pledged; -1 for none."""
    for v in range(desk.pledge.size):
        if status[v] == ENDED and desk.pledge[v] >= 0 and books.balances[desk.pledge[v], desk.parked[v]] < 0:
            return v
    return -1


@kernel
def caps(balances: Any, desk: Desk, pledged: Any, left: Any, fresh: Any, priced: Any) -> bool:
    """Fill fractions pledged, and that may still be [base units], and whether vaults are fresh or priced; whether any is fresh."""
    some = False
    for v in range(desk.pledge.size):
        pledge = desk.pledge[v]
        pledged[v] = -balances[pledge, desk.parked[v]] if pledge >= 0 else 0
        left[v] = max(desk.cap[v] - pledged[v], 0)
        fresh[v], priced[v] = desk.fresh[v] != 0, desk.priced[v] != 0
        some |= fresh[v]
    return some


@kernel
def add_up(books: Books, asset: int, index: int, accounts: int) -> Any:
    """Debts of all accounts, each rounded up [USD base units], and how many accounts owe.

    Args:
        asset: of scaled debts
        index: of debts
        accounts: how many there are
    """
    total = found = 0
    for account in range(accounts):
        scaled = books.balances[asset, account]
        if scaled > 0:
            total += up(scaled, index, INDEX)
            found += 1
    return total, found


@kernel
def sound(
    books: Books, desk: Desk, claim: int, accounts: int, fraction: Any, usd_line: Any, seen_debt: int, seen_deposit: int
) -> bool:
    """Whether all laws hold, see `laws`; in int64, so that a doubt is to be looked into there.

    Args:
        claim: asset of the reserve's claims; accounts: how many there are
        fraction, usd_line: asset, and line that pays dollars, by vault
        seen_debt, seen_deposit: indices at the last check
    """
    sums, index, shares = desk.sums, desk.sums[INDEX_DEBT], -books.balances[desk.deposit, desk.pool]
    if index < seen_debt or sums[INDEX_DEPOSIT] < seen_deposit or sums[FLASH] != 0:
        return False
    debt = up(-books.balances[desk.debt, desk.pool], index, INDEX)
    dust = books.balances[USD_ASSET, desk.pool] + debt + books.balances[claim, desk.pool] - sums[FEES]
    dust -= muldiv(shares, sums[INDEX_DEPOSIT], INDEX)
    each = 2 + index // INDEX + 1 + sums[INDEX_DEPOSIT] // INDEX + 1
    if dust < 0 or dust > shares // INDEX + 2 + sums[ROUNDED] * each:
        return False
    debts, debtors = add_up(books, desk.debt, index, accounts)
    if debts < debt or debts - debt > debtors:
        return False
    for v in range(desk.pledge.size):
        if desk.pledge[v] < 0:
            continue
        parked = desk.parked[v]
        there = books.balances[fraction[v], parked]
        if there != -books.balances[desk.pledge[v], parked]:
            return False
        if usd_line[v] >= 0:
            gap = books.line_index[usd_line[v]] - books.settled[usd_line[v], parked]
            if gap > 0 and muldiv(there, gap, INDEX) > 0:
                return False
    return True
