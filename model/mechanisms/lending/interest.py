"""Compiled: what the lending pool has and owes, and the interest of a tick."""

from typing import Any

from model.books import Books, pay
from model.flows import Flow
from model.jit import kernel
from model.ledger import USD_ASSET
from model.mechanisms.lending.formulas import LARGEST_INDEX, grown, utilisation
from model.mechanisms.lending.kernels import up
from model.mechanisms.lending.table import FEES, INDEX_DEBT, INDEX_DEPOSIT, LOST_RESERVE, ROUNDED, SUPPLIED, Desk
from model.rates import jump_rate, kinked_rate
from model.units import INDEX, TOKEN, muldiv

INTEREST = int(Flow.INTEREST)
LEAST_SHARES = TOKEN  # deposits that must be there to earn: over a few base units interest would exhaust the index


@kernel
def stand(books: Books, desk: Desk, claim: int) -> tuple[int, int, int, int]:
    """Cash, debt, deposits and reserves of the pool [USD base units]; `claim` is the asset of the reserve's claims."""
    sums, pool = desk.sums, desk.pool
    debt = up(-books.balances[desk.debt, pool], sums[INDEX_DEBT], INDEX)
    deposits = muldiv(-books.balances[desk.deposit, pool], sums[INDEX_DEPOSIT], INDEX)
    return books.balances[USD_ASSET, pool], debt, deposits, -books.balances[claim, pool]


@kernel
def accrue(
    books: Books, desk: Desk, claim: int, reserve: int, yesterday: Any, kinked: bool, base: float, slope: float,
    steep: float, kink: float, reserve_factor: float, days: float,
) -> bool:  # fmt: skip
    """Debts grow by the tick's interest; the reserve takes its part of it and depositors the rest. A new day is counted.

    Args:
        claim, reserve: asset of the reserve's claims, and its account
        yesterday: out, sums of the day that ends
        kinked: whether rates are by `kinked_rate`, otherwise by `jump_rate`; then their parameters
        reserve_factor: part of the interest that the reserve keeps
        days: length of the tick

    Returns:
        whether the pool has what it owes
    """
    sums, pool = desk.sums, desk.pool
    for place in range(sums.size):
        yesterday[place] = sums[place]
        if SUPPLIED <= place < LOST_RESERVE:
            sums[place] = 0
    scaled, shares = -books.balances[desk.debt, pool], -books.balances[desk.deposit, pool]
    cash, debt, deposits, reserves = stand(books, desk, claim)
    used = utilisation(float(cash), float(debt), float(reserves))
    rate = kinked_rate(used, base, slope, steep, kink) if kinked else jump_rate(used, base, slope, steep, kink)
    sums[INDEX_DEBT] = grown(sums[INDEX_DEBT], rate, days)
    surplus = cash + up(scaled, sums[INDEX_DEBT], INDEX) - deposits - reserves
    part = int(surplus * reserve_factor) if shares >= LEAST_SHARES else surplus
    if surplus < 0 or not pay(books, claim, pool, reserve, part, INTEREST):
        return False
    if shares >= LEAST_SHARES:
        step = min(LARGEST_INDEX, muldiv(surplus - part, INDEX, shares))
        sums[INDEX_DEPOSIT] = min(LARGEST_INDEX, sums[INDEX_DEPOSIT] + step)
    sums[ROUNDED] = sums[FEES] = 0
    return True
