"""What is staked with all farms and what they pay, measured once a tick for those who record it."""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.books import Books
from model.jit import kernel
from model.mechanisms.farms.table import PAYS, Table
from model.units import USD

if TYPE_CHECKING:
    from model.mechanisms.farms.mechanism import Farms

TOKENS, DOLLARS = PAYS.index("tokens"), PAYS.index("dollars")


class Some(NamedTuple):
    """Accounts of one strategy: all accounts of a population and their strategies by slot, its place, and how many slots."""

    account: NDArray[np.int64]
    strategy: NDArray[np.int64]
    place: int
    size: int


NOBODY = Some(np.zeros(0, np.int64), np.zeros(0, np.int64), 0, 0)


@kernel
def _measure(
    books: Books, table: Table, token: int, value: Any, pays: Any, some: Some, stakes: Any, out: Any
) -> Any:  # fmt: skip
    """Fill what is staked, what is paid for it and what some accounts have of it [USD], float64[3, farm].

    Args:
        token: asset of the reward
        value: USD per base unit of each asset
        pays: place in `PAYS` of what each farm pays
        some: accounts
        stakes: farms in which each account has a stake

    Returns:
        tokens in the pots of farms [base units], and accounts with a stake
    """
    pots = stakers = 0
    for f in range(table.account.size):
        account, share = table.account[f], table.share[f]
        if account < 0:
            continue
        pots += books.balances[token, table.pot[f]]
        staked = -books.balances[share, account]
        worth = value[token] if pays[f] == TOKENS else 1.0 / USD if pays[f] == DOLLARS else 0.0
        out[0, f] = staked * value[share]
        out[1, f] = table.per_day[f] * worth if table.open[f] > 0 and staked > 0 else 0.0  # else it is promised alone
        theirs = 0
        if staked > 0:
            for slot in range(some.size):
                if some.strategy[slot] == some.place:
                    theirs += books.balances[share, some.account[slot]]
        out[2, f] = theirs * value[share]
    for who in range(stakes.size):
        stakers += stakes[who] != 0
    return pots, stakers


@kernel
def _count(balances: Any, table: Table, accounts: int, stakes: Any) -> None:
    """Count the farms in which each account has a stake."""
    stakes[:] = 0
    for f in range(table.account.size):
        if table.account[f] < 0:
            continue
        for who in range(accounts):
            stakes[who] += balances[table.share[f], who] > 0


class Figures(NamedTuple):
    """What is measured of all farms at one moment.

    Attributes:
        usd, paid, mercenary: by farm: what is staked, what is paid a day, and what mercenaries have staked [USD]
        pots: tokens in the pots of farms [base units]
        stakers: accounts
    """

    usd: NDArray[np.float64]
    paid: NDArray[np.float64]
    mercenary: NDArray[np.float64]
    pots: int
    stakers: int


def figures_of(farms: "Farms", mercenaries: Some) -> Figures:
    """Measure all farms now; accounts of mercenaries."""
    out, ledger = np.zeros((3, farms.table.account.size)), farms.ledger
    if not farms.stakes_known[0]:
        farms.stakes = np.zeros(ledger.books.sector.size, np.int64)
        _count(ledger.books.balances, farms.table, ledger.accounts, farms.stakes)
        farms.stakes_known[0] = 1
    pots, stakers = _measure(
        ledger.books, farms.table, farms.token, ledger.value, farms.pays, mercenaries, farms.stakes, out
    )
    return Figures(out[0], out[1], out[2], int(pots), int(stakers))
