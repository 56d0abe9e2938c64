"""What strategies see of loans against NFTs and rigs."""

from typing import TYPE_CHECKING

import numpy as np

from model.mechanisms.nft_loans.notes import UNTIL
from model.mechanisms.nft_loans.public import NftLoansView
from model.view import frozen

if TYPE_CHECKING:
    from model.mechanisms.nft_loans.rules import NftLoans


def view_of(house: "NftLoans") -> NftLoansView:
    """The morning's look at all loans; columns that only loans have are filled for those alone."""
    p, n, loans, notes, rig_loans = house.params, house.nfts.n, house.loans, house.notes, house.rig_loans
    health, least, fine = np.full(n, np.inf), np.zeros(n, np.int64), np.zeros(n, np.int64)
    open_, _, healths = loans.figures()
    health[open_], auctioned = healths, loans.table.bidder[open_] >= 0
    for i in open_[auctioned | (healths < 1.0)].tolist():
        least[i] = loans.least_bid(i)
    for i in open_[auctioned].tolist():
        fine[i] = loans.fine(i)
    owed, due = np.zeros(n, np.int64), np.full(n, np.inf)
    for i in notes.open.tolist():
        owed[i] = notes.owed(i)
        due[i] = (notes.table.since[i] + notes.table.term[i] - house.clock.tick) * house.clock.dt_days
    arrears = np.zeros(rig_loans.debt.size, np.int64)
    for account in rig_loans.open.tolist():
        arrears[account] = rig_loans.arrears(account)
    return NftLoansView(
        pool=house.pool.view(loans.rate, p.reserve_factor),
        desk=house.desk.view(p.rig_rate, p.reserve_factor),
        floor=frozen(house.oracle.price),
        trend=frozen(house.oracle.trend),
        loan_to_value=p.loan_to_value,
        threshold=p.threshold,
        borrower=frozen(loans.table.borrower[:n]),
        debt=frozen(loans.table.debt[:n]),
        health=frozen(health),
        least_bid=frozen(least),
        bidder=frozen(loans.table.bidder[:n]),
        fine=frozen(fine),
        redeem_low=p.redeem_low,
        note_borrower=frozen(notes.table.borrower[:n]),
        note_owed=frozen(owed),
        note_due=frozen(due),
        offers=frozen(notes.offers[:, :UNTIL]),
        rig_debt=frozen(rig_loans.debt),
        rig_arrears=frozen(arrears),
        rig_pledged=frozen(rig_loans.pledged),
        rig_loan_to_value=p.rig_loan_to_value,
        rig_rate=p.rig_rate,
        rig_days=p.rig_days,
    )
