"""Compiled figures of all loans of a tick: how they are covered, how healthy they are, on how few accounts they rest."""

import math
from typing import Any

from model.jit import helper, kernel

# places among the figures of a tick
UNCOVERED, WORTH, PLEDGED, BORROWERS, LEAST, TENTH, MEDIAN, RISK_10, RISK_20, RISK_30 = range(10)
LARGEST_DEBT, LARGEST_DEPOSIT, BOTH_SIDES = range(10, 13)
FIGURES = 13
FALLS = (0.10, 0.20, 0.30)
SHARES = (0.10, 0.50)


@helper("float64(float64[::1], float64[::1], int64, float64)", from_python=False)
def reached(value, weight, n, target):
    """Least of the first n values at which the weights of all up to it come to the target; both are put in another order."""
    low, high, before = 0, n - 1, 0.0
    while low < high:
        middle = value[(low + high) // 2]
        below, i, above, less, equal = low, low, high, 0.0, 0.0
        while i <= above:  # those below it, those like it, those above it
            x, w = value[i], weight[i]
            if x < middle:
                value[i], weight[i], value[below], weight[below] = value[below], weight[below], x, w
                less, below, i = less + w, below + 1, i + 1
            elif x > middle:
                value[i], weight[i], value[above], weight[above] = value[above], weight[above], x, w
                above -= 1
            else:
                equal, i = equal + w, i + 1
        if below > low and before + less >= target:
            high = below - 1
        elif before + less + equal >= target or above == high:
            return middle
        else:
            before, low = before + less + equal, above + 1
    return value[low]


@kernel
def figures_of(
    balances: Any, desk: Any, debt: Any, health: Any, collateral: Any, accounts: int, live: Any, fraction: Any,
    supply: Any, value: Any, work: Any, weight: Any, out: Any,
) -> None:  # fmt: skip
    """Fill the figures of a tick.

    Args:
        balances: of the ledger; desk: of the lending pool
        debt, health, collateral: by account [USD, 1, USD]; accounts: how many there are
        live, fraction, supply: by vault
        value: USD per base unit, by asset
        work, weight: space for a number of each account
        out: UNCOVERED: owed above the worth of the collateral [USD]; WORTH, PLEDGED: market value of all fractions in
            circulation, and of those pledged [USD]; BORROWERS; LEAST, TENTH, MEDIAN: health below which these shares of
            debt lie, NaN without; RISK_10, RISK_20, RISK_30: share of debt below health 1 after such a fall; the largest debt and
            deposit over all; BOTH_SIDES: share of deposits whose owners owe
    """
    out[:] = 0.0
    for v in range(live.size):
        if live[v]:
            out[WORTH] += supply[v] * value[fraction[v]]
            if desk.pledge[v] >= 0:
                out[PLEDGED] -= balances[desk.pledge[v], desk.parked[v]] * value[fraction[v]]
    whole = most = 0.0
    least, owing, lent, largest, both = math.inf, 0, 0, 0, 0
    for account in range(accounts):
        deposit, due = balances[desk.deposit, account], debt[account]
        if due > 0.0:
            whole += due
            most, least = max(most, due), min(least, health[account])
            out[UNCOVERED] += max(0.0, due - collateral[account])
            work[owing], weight[owing] = health[account], due
            owing += 1
            for k in range(len(FALLS)):
                if health[account] < 1.0 / (1.0 - FALLS[k]):
                    out[RISK_10 + k] += due
        if deposit > 0:
            lent, largest = lent + deposit, max(largest, deposit)
            both += deposit if due > 0.0 else 0
    out[LEAST] = out[TENTH] = out[MEDIAN] = math.nan
    if owing > 0:
        out[LEAST], out[LARGEST_DEBT] = least, most / whole
        for k in range(len(SHARES)):
            out[TENTH + k] = reached(work, weight, owing, SHARES[k] * whole)
        for k in range(len(FALLS)):
            out[RISK_10 + k] /= whole
    out[BORROWERS] = owing
    if lent > 0:
        out[LARGEST_DEPOSIT], out[BOTH_SIDES] = largest / lent, both / lent


@kernel
def over_value(balances: Any, desk: Any, price: Any, value: Any) -> float:
    """Worth of all pledged fractions at one price over that at another, of the vaults for which both are known; NaN without.

    Args:
        desk: the pool's columns, see `table.Desk`
        price, value: by vault [USD per whole fraction]
    """
    at_price = at_value = 0.0
    for v in range(min(desk.pledge.size, price.size, value.size)):
        if desk.pledge[v] >= 0 and price[v] > 0.0 and value[v] > 0.0:
            pledged = -balances[desk.pledge[v], desk.parked[v]]
            at_price += pledged * price[v]
            at_value += pledged * value[v]
    return at_price / at_value if at_value > 0.0 else math.nan
