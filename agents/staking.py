"""Staking: fractions earn only when staked under some vaults' rules, so holders stake what they keep.

Unstaking is settled before swaps and staking after them, so whoever sells unstakes on the same day what he lacks.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import SELL, Action
from model.jit import kernel
from model.mechanisms.vaults import Stake, Unstake

ACCOUNT, VAULT, SIDE, AMOUNT = range(4)
EVERYBODY = "all_holders"


@kernel
def _lacking(rows: Any, n: int, place: int, fraction: Any, stake: Any, balances: Any, out: Any, found: int) -> int:
    """Rows (account, vault, amount, ...) of stakes needed to bring what rows hand over; `place` is their amount."""
    for i in range(n):
        who, v = rows[i, ACCOUNT], rows[i, VAULT]
        if stake[v] < 0 or (place == AMOUNT and rows[i, SIDE] != SELL):
            continue
        lack = min(rows[i, place] - balances[fraction[v], who], balances[stake[v], who])
        if lack > 0:
            out[found, ACCOUNT], out[found, VAULT], out[found, 2] = who, v, lack
            found += 1
    return found


@kernel
def _kept(account: Any, fraction: Any, live: Any, balances: Any, rows: Any, n_rows: int, out: Any) -> int:
    """Rows of fractions at hand that accounts do not sell today; sales are in the order of the accounts."""
    n = sale = 0
    for who in account:
        first = sale
        while sale < n_rows and rows[sale, ACCOUNT] == who:
            sale += 1
        for v in range(fraction.size):
            if not live[v] or balances[fraction[v], who] <= 0:
                continue
            sells = False
            for i in range(first, sale):
                sells = sells or (rows[i, VAULT] == v and rows[i, SIDE] == SELL)
            if not sells:
                out[n, ACCOUNT], out[n, VAULT], out[n, 2] = who, v, balances[fraction[v], who]
                n += 1
    return n


def unstaked(
    market: Any, trades: NDArray[np.int64], n_trades: int, claims: NDArray[np.int64], n_claims: int
) -> Iterable[Action]:
    """Unstake what sales (account, vault, side, amount, ...) and claims (account, vault, amount, ...) lack at hand."""
    vaults = market.vaults
    if vaults.eligibility == EVERYBODY:
        return
    out = np.zeros((n_trades + n_claims, len(Unstake.dtype.names or ())), np.int64)
    stakes = (vaults.fraction, vaults.stake, market.balances)
    n = _lacking(trades, n_trades, AMOUNT, *stakes, out, 0)
    n = _lacking(claims, n_claims, AMOUNT - 1, *stakes, out, n)
    if n:
        yield Unstake.of_rows(out[:n])


def staked(market: Any, account: NDArray[np.int64], trades: NDArray[np.int64], n_trades: int) -> Iterable[Action]:
    """Stake fractions that holders have at hand this morning and do not sell today."""
    vaults = market.vaults
    if vaults.eligibility == EVERYBODY:
        return
    out = np.zeros((account.size * vaults.fraction.size, len(Stake.dtype.names or ())), np.int64)
    n = int(_kept(account, vaults.fraction, vaults.live, market.balances, trades, n_trades, out))
    if n:
        yield Stake.of_rows(out[:n])
