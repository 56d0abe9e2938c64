"""What is staked with all farms and what they pay, measured once a tick for those who record it."""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.books import Books
from model.jit import kernel
from model.mechanisms.farms.table import Table
from model.units import USD

if TYPE_CHECKING:
    from model.mechanisms.farms.rules import Farms


@kernel
def _measure(books: Books, table: Table, token: int, value: Any, worth: Any, pays: Any, some: Any, out: Any) -> int:
    """Fill what is staked, what is paid for it and what some accounts have of it [USD], float64[3, farm].

    Args:
        token: asset of the reward
        value: USD per base unit of each asset; worth: the same of what farms pay, by place in `PAYS`
        pays: place of each farm
        some: accounts

    Returns:
        tokens in the pots of farms [base units]
    """
    pots = 0
    for f in range(table.account.size):
        account, share = table.account[f], table.share[f]
        if account < 0:
            continue
        pots += books.balances[token, table.pot[f]]
        staked = -books.balances[share, account]
        out[0, f] = staked * value[share]
        out[1, f] = table.per_day[f] * worth[pays[f]] if table.open[f] > 0 else 0.0
        theirs = 0
        if staked > 0:
            for who in some:
                theirs += books.balances[share, who]
        out[2, f] = theirs * value[share]
    return pots


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


def figures_of(farms: "Farms", mercenaries: NDArray[np.int64]) -> Figures:
    """Measure all farms now; accounts of mercenaries."""
    out, ledger = np.zeros((3, farms.table.account.size)), farms.ledger
    worth = np.array([ledger.value[farms.token], 0.0, 1.0 / USD])
    pots = _measure(ledger.books, farms.table, farms.token, ledger.value, worth, farms.pays, mercenaries, out)
    return Figures(out[0], out[1], out[2], int(pots), stakers(farms))


def stakers(farms: "Farms") -> int:
    """Accounts that stake something."""
    if not farms.stakes_known[0]:
        farms.stakes = np.zeros(farms.ledger.books.sector.size, np.int64)
        _count(farms.ledger.books.balances, farms.table, farms.ledger.accounts, farms.stakes)
        farms.stakes_known[0] = 1
    return int(np.count_nonzero(farms.stakes))
