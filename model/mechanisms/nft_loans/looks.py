"""What strategies see of loans against NFTs and rigs, and what metrics measure of the loans from the pool."""

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.jit import kernel
from model.mechanisms.nft_loans.notes import UNTIL
from model.mechanisms.nft_loans.public import NftLoansView
from model.units import USD
from model.view import frozen

if TYPE_CHECKING:
    from model.mechanisms.nft_loans.mechanism import NftLoans


class Stand(NamedTuple):
    """How loans from the pool stand.

    Attributes:
        loans: how many there are
        pressing: those that may be in auction
        unwanted, stuck: loans below health 1 without any bid, and their debts [USD base units]
        short: debts above the floors of their NFTs [USD base units]
    """

    loans: int
    pressing: int
    unwanted: int
    stuck: int
    short: int


@kernel
def _stand(
    borrower: Any,
    debt: Any,
    bidder: Any,
    collection: Any,
    price: Any,
    threshold: float,
    n: int,
    by_nft: Any,
    of_loans: Any,
) -> Any:
    """Fill health by NFT, infinite without a loan, and of all loans; the numbers of `Stand`.

    Args:
        borrower, debt, bidder, collection: by NFT, the first n in use
        price: reported floors by collection [USD], NaN for unknown
    """
    loans = pressing = unwanted = stuck = short = 0
    for i in range(n):
        by_nft[i] = math.inf
        if borrower[i] < 0:
            continue
        worth = price[collection[i]]
        floor = int(worth * USD) if worth > 0.0 else 0
        if debt[i] > 0:
            by_nft[i] = floor * threshold / debt[i]
        of_loans[loans] = by_nft[i]
        loans += 1
        short += max(debt[i] - floor, 0)
        if bidder[i] >= 0:
            pressing += 1
        elif by_nft[i] < 1.0:
            pressing, unwanted, stuck = pressing + 1, unwanted + 1, stuck + debt[i]
    return loans, pressing, unwanted, stuck, short


def stand(house: "NftLoans", by_nft: NDArray[np.float64], of_loans: NDArray[np.float64]) -> Stand:
    """How loans from the pool stand now; fills health by NFT and of all loans."""
    t, nfts = house.loans.table, house.nfts
    return Stand(
        *_stand(
            t.borrower,
            t.debt,
            t.bidder,
            nfts.collection,
            house.oracle.price,
            house.params.threshold,
            nfts.n,
            by_nft,
            of_loans,
        )
    )


class Board:
    """Columns that are worked out every morning and stay read-only in between.

    Attributes:
        health, least, fine, owed, due: by NFT; arrears: by account, see `NftLoansView`
    """

    def __init__(self, nfts: int) -> None:
        self.of_loans, self.health, self.due = np.zeros(nfts), np.full(nfts, math.inf), np.full(nfts, math.inf)
        self.least, self.fine, self.owed = (np.zeros(nfts, np.int64) for _ in range(3))
        self.arrears = np.zeros(0, np.int64)
        self.filled = False  # whether there is anything but zeros in them and infinity in `due`
        self.size = (-1, -1)
        self.shown: tuple[NDArray[Any], ...] = ()

    def clear(self) -> None:
        """A new morning."""
        if self.filled:
            for column in (self.least, self.fine, self.owed, self.arrears):
                column[:] = 0
            self.due[:] = math.inf
            self.filled = False

    def fill(self, house: "NftLoans") -> None:
        """Work out all columns; those that only loans have are filled for these alone."""
        loans, notes, rig_loans = house.loans, house.notes, house.rig_loans
        self.clear()
        if stand(house, self.health, self.of_loans).pressing:
            bids = loans.table.bidder[: house.nfts.n] >= 0
            for i in np.flatnonzero(bids | (self.health[: house.nfts.n] < 1.0)).tolist():
                self.least[i] = loans.least_bid(i)
            for i in np.flatnonzero(bids).tolist():
                self.fine[i] = loans.fine(i)
            self.filled = True
        for i in notes.open.tolist():
            self.owed[i], self.filled = notes.owed(i), True
            self.due[i] = (notes.table.since[i] + notes.table.term[i] - house.clock.tick) * house.clock.dt_days
        for account in rig_loans.open.tolist() if house.desk.debts else ():
            self.arrears[account], self.filled = rig_loans.arrears(account), True

    def columns(self, house: "NftLoans") -> tuple[NDArray[Any], ...]:
        """Aliases of all columns of the view, made anew once there are more NFTs or accounts."""
        n, rigs, loans, notes = house.nfts.n, house.rig_loans, house.loans.table, house.notes.table
        if self.size != (n, rigs.debt.size):
            self.size = (n, rigs.debt.size)
            if self.arrears.size != rigs.debt.size:
                self.arrears = np.zeros(rigs.debt.size, np.int64)
            by_nft = (
                loans.borrower, loans.debt, self.health, self.least, loans.bidder, self.fine, notes.borrower, self.owed, self.due
            )  # fmt: skip
            by_account = (rigs.debt, self.arrears, rigs.pledged)
            self.shown = (*(frozen(column[:n]) for column in by_nft), *(frozen(column) for column in by_account))
        return self.shown


def view_of(house: "NftLoans") -> NftLoansView:
    """The morning's look at all loans."""
    p, board, offers = house.params, house.board, house.notes.offers
    borrower, debt, health, least, bidder, fine, noted, owed, due, rig_debt, arrears, pledged = board.columns(house)
    board.fill(house)
    return NftLoansView(
        house.pool.view(house.loans.rate_at, p.reserve_factor), house.desk.view(lambda _: p.rig_rate, p.reserve_factor),
        *house.floors, p.loan_to_value, p.threshold, borrower, debt, health, least, bidder, fine, p.redeem_low, noted, owed,
        due, frozen(offers[:, :UNTIL]), rig_debt, arrears, pledged, p.rig_loan_to_value, p.rig_rate, p.rig_days,
    )  # fmt: skip
