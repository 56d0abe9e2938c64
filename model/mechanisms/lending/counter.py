"""The counter of the lending pool: what it does with the rows of each action, phase by phase of the day."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import WORD, Status
from model.mechanism import settles
from model.mechanisms.lending import kernels
from model.mechanisms.lending.pool import Pool
from model.mechanisms.lending.public import (
    Borrow,
    FlashBorrow,
    FlashRepay,
    Pledge,
    Release,
    Repay,
    StandBy,
    Supply,
    Withdraw,
)
from model.mechanisms.lending.table import FLASH
from model.units import LARGEST_POSTING


class Counter(Pool):
    """Deposits, pledges, loans, standing orders and flash loans."""

    @settles(Supply)
    def supply(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Lenders' dollars come in."""
        kernels.settle_deposits(self.ledger.books, self.desk, True, columns_of(rows), order)

    @settles(Withdraw)
    def withdraw(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Lenders' dollars are paid out while there is cash."""
        kernels.settle_deposits(self.ledger.books, self.desk, False, columns_of(rows), order)

    @settles(Pledge)
    def take_pledges(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Fractions are pledged."""
        self.grow()
        fraction, ltv = self.vaults.fraction, self.params.loan_to_value
        kernels.settle_pledges(self.ledger.books, self.desk, fraction, True, ltv, columns_of(rows), order)

    @settles(Release)
    def release(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Pledged fractions go back to their owners."""
        self._look_again()
        fraction, ltv = self.vaults.fraction, self.params.loan_to_value
        kernels.settle_pledges(self.ledger.books, self.desk, fraction, False, ltv, columns_of(rows), order)

    @settles(Borrow)
    def borrow(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Loans are paid out."""
        self.grow()
        self._look_again()
        kernels.settle_debts(self.ledger.books, self.desk, True, self.params.loan_to_value, columns_of(rows), order)

    @settles(Repay)
    def repay(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Debts are repaid."""
        self.grow()
        kernels.settle_debts(self.ledger.books, self.desk, False, self.params.loan_to_value, columns_of(rows), order)

    @settles(StandBy)
    def stand_by(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Liquidators give, change or take back their standing orders."""
        self.grow()
        if self.ledger.books.logging[0] != 0:  # what stands for days has no place in a bundle
            rows["status"][order] = Status.NOT_ALLOWED
            return
        wrong = (rows["capital"] < 0) | (rows["least"] < 0) | (rows["capital"] >= LARGEST_POSTING)
        for i in order:
            if not wrong[i]:
                account = rows["account"][i]
                self.standing.capital[account], self.standing.least[account] = rows["capital"][i], rows["least"][i]
        rows["status"][order] = np.where(wrong[order], Status.AMOUNT, Status.DONE)
        rows["filled"][order] = np.where(wrong[order], 0, rows["capital"][order])

    @settles(FlashBorrow)
    def flash_borrow(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Loans for the rest of a bundle are paid out."""
        kernels.settle_flash(self.ledger.books, self.desk, True, self.params.flash_bps, columns_of(rows), order)

    @settles(FlashRepay)
    def flash_repay(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Loans within bundles are repaid with their fee."""
        kernels.settle_flash(self.ledger.books, self.desk, False, self.params.flash_bps, columns_of(rows), order)

    def whole(self) -> bool:
        """No bundle ends with a flash loan out."""
        return bool(self.desk.sums[FLASH] == 0)


def columns_of(rows: NDArray[Any]) -> NDArray[np.int64]:
    """Rows of a batch as a matrix of their int64 columns."""
    return np.ndarray((rows.size, rows.dtype.itemsize // WORD), np.int64, rows)
