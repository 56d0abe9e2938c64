"""Columns of the lending pool: by vault, by account, and the sums of a day."""

from typing import Any, NamedTuple

import numpy as np

from model.pass_through import Passing
from model.sheaf import Sheaf
from model.units import INDEX

NONE = -1
REST = 62  # bit of all vaults from this one on

# places in the array of sums, all int64; the first three last, the second group is of one tick, the third since the start
(
    INDEX_DEBT,  # USD per scaled unit of debt, times 1e12
    INDEX_DEPOSIT,  # USD per deposit share, times 1e12
    ROUNDED,  # transactions that rounded since the last accrual
    FLASH,  # out on a flash loan [USD base units]
    FEES,  # of flash loans, not yet shared out [USD base units]
    SUPPLIED,  # this tick [USD base units]
    WITHDRAWN,
    QUEUE,  # asked for and not paid
    BORROWED,
    REPAID,
    LOST_RESERVE,  # bad debt so far, by who bore it [USD base units]
    LOST_FUND,
    LOST_DEPOSITORS,
    SUMS,
) = range(14)
LOST = slice(LOST_RESERVE, SUMS)


class Desk(Sheaf):
    """What every compiled rule of the pool works on, int64."""

    pool: Any  # account that holds the cash and issues debts and deposits
    debt: Any  # asset of scaled debts
    deposit: Any  # asset of deposit shares
    sums: Any  # [place] as above
    parked: Any  # [vault] account that holds pledged fractions, -1 before any can be
    pledge: Any  # [vault] asset of pledges, -1 before any can be made
    price: Any  # [vault] oracle's price of a base unit of fractions [1e-9 USD base units], 0 for none
    lent_at: (
        Any  # [vault] what new loans count of it: no more than a standing offer, and than the cap leaves of a pledge
    )
    fresh: Any  # [vault] whether fractions may be pledged and borrowed against
    priced: Any  # [vault] whether they trade and have a price, be it stale: who has a debt may pledge more of them
    cap: Any  # [vault] fractions that may be pledged in all [base units]
    principal: Any  # [account] borrowed and not repaid [USD base units]
    known: Any  # [account] a bit for each vault of which it ever pledged, bit REST for all from there on
    moved: Any  # [account] whether its pledges or its debt may have changed since it was measured


class Standing(NamedTuple):
    """Standing orders of liquidators by account, int64 USD base units."""

    capital: Any  # most to spend in a tick, 0 for no order
    least: Any  # least profit of one liquidation


class Liquidation(NamedTuple):
    """One liquidation, base units of USD and fractions, and the borrower's health around it."""

    account: int
    liquidator: int
    vault: int
    repaid: int
    seized: int
    worth: int  # of what was seized, at the oracle's price
    to_fund: int
    before: float
    after: float

    @property
    def toxic(self) -> bool:
        """Whether it lowered the health of a debt that still has collateral."""
        return 0.0 < self.after < self.before


def empty_desk(vaults: int, accounts: int) -> tuple[Desk, Passing]:
    """A desk without customers, and the same pledges as parked fractions; accounts and assets are named later."""
    none = {name: np.full(vaults, NONE, np.int64) for name in ("parked", "pledge")}
    columns = {name: np.zeros(vaults, np.int64) for name in ("price", "lent_at", "fresh", "priced", "cap")}
    sums = np.zeros(SUMS, np.int64)
    sums[INDEX_DEBT] = sums[INDEX_DEPOSIT] = INDEX
    of_accounts = {name: np.zeros(accounts, np.int64) for name in ("principal", "known", "moved")}
    desk = Desk(NONE, NONE, NONE, sums, **none, **columns, **of_accounts)
    counters = {name: np.zeros(vaults, np.int64) for name in Passing._fields[3:]}
    return desk, Passing(desk.parked, desk.parked, desk.pledge, **counters)


def longer(column: Any, size: int) -> Any:
    """The same column with room for more accounts."""
    wide = np.zeros(size, column.dtype)
    wide[: column.size] = column
    return wide
