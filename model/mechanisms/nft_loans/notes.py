"""Loans between two people against a whole NFT for a fixed term, without any oracle (NFTfi's form).

What is owed grows in proportion to time on both sides of the books. `fixed` costs the whole repayment whenever it is
repaid, `pro_rata` only what has grown. Not repaid in time, the NFT is the lender's.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.actions import Status
from model.flows import Flow, Group
from model.ledger import NONE, USD_ASSET
from model.mechanisms.nft_loans import formulas
from model.units import LARGEST_POSTING, USD

if TYPE_CHECKING:
    from model.mechanisms.nft_loans.mechanism import NftLoans

FIXED, PRO_RATA = 0, 1
NUMBER, LENDER, COLLECTION, NFT, PRINCIPAL, REPAYMENT, DAYS, FORM, UNTIL = range(9)
Outcome = tuple[Status, int]


class Note(NamedTuple):
    """Columns by NFT; money in USD base units."""

    borrower: NDArray[np.int64]  # account, -1 for none
    lender: NDArray[np.int64]
    principal: NDArray[np.int64]
    repayment: NDArray[np.int64]
    booked: NDArray[np.int64]  # owed on the books so far
    since: NDArray[np.int64]  # tick
    term: NDArray[np.int64]  # ticks
    form: NDArray[np.int64]  # fixed or pro rata


class Notes:
    """Offers to lend and the loans made of them.

    Attributes:
        account: issuer of both sides, so that they cancel
        debt, claim: assets of borrowers and lenders, a unit is a base unit of USD
        offers: rows of open offers; the principal is in escrow
        table: columns by NFT
        made, repaid, defaults: of this tick
    """

    def __init__(self, house: "NftLoans") -> None:
        self.house, self.ledger = house, house.ledger
        self.account = self.ledger.open_account("credit", "fixed-term loans")
        self.debt = self.ledger.add_asset("debts of fixed-term loans", Group.DEBT, (self.account,))
        self.claim = self.ledger.add_asset("fixed-term loans", Group.DEPOSIT, (self.account,))
        self.ledger.value[self.debt], self.ledger.value[self.claim] = -1 / USD, 1 / USD
        self.offers, self.next = np.zeros((0, 9), np.int64), 0
        size, people = house.nfts.owner.size, ("borrower", "lender")
        self.table = Note(*(np.full(size, NONE if name in people else 0, np.int64) for name in Note._fields))
        self.begin()

    def begin(self) -> None:
        """A new tick."""
        self.made = self.repaid = self.defaults = 0

    @property
    def open(self) -> NDArray[np.int64]:
        """NFTs with a loan."""
        return np.flatnonzero(self.table.borrower >= 0)

    # -- offers

    def lapse(self) -> None:
        """Offers that are too old go back."""
        old = self.offers[:, UNTIL] < self.house.clock.tick
        if not old.nonzero()[0].size:
            return
        for offer in self.offers[old]:
            self._refund(offer)
        self.offers = self.offers[~old]

    def _refund(self, offer: NDArray[np.int64]) -> None:
        lender = int(offer[LENDER])
        self.house.cashbox.spend(lender, lender, int(offer[PRINCIPAL]), Flow.REFUND)

    def offer(
        self, account: int, collection: int, n: int, principal: int, repayment: int, days: int, form: int
    ) -> Outcome:  # fmt: skip
        """Take the principal into escrow and show the offer; its number."""
        nfts = self.house.nfts
        known = 0 <= n < nfts.n or (n == NONE and 0 <= collection < nfts.collections)
        if not known or form not in (FIXED, PRO_RATA):
            return Status.UNKNOWN, 0
        if not 0 < principal <= repayment < LARGEST_POSTING or not 0 < days <= 3_650:
            return Status.AMOUNT, 0
        if self.offers.shape[0] >= self.house.params.most_offers:
            return Status.DEPTH, 0
        if not self.house.cashbox.take(account, principal, Flow.LOAN):
            return Status.FUNDS, 0
        clock, number = self.house.clock, self.next
        until = max(0, clock.tick) + clock.ticks_of(self.house.params.offer_days)
        collection = int(nfts.collection[n]) if n >= 0 else collection
        row = np.array([number, account, collection, n, principal, repayment, days, form, until], np.int64)
        self.offers, self.next = np.vstack([self.offers, row]), number + 1
        return Status.DONE, number

    def _find(self, number: int) -> int:
        found = np.flatnonzero(self.offers[:, NUMBER] == number)
        return int(found[0]) if found.size else NONE

    def withdraw(self, account: int, number: int) -> Outcome:
        """Give the principal of an open offer back."""
        place = self._find(number)
        if place < 0:
            return Status.UNKNOWN, 0
        offer = self.offers[place]
        if offer[LENDER] != account:
            return Status.NOT_ALLOWED, 0
        self._refund(offer)
        self.offers = np.delete(self.offers, place, axis=0)
        return Status.DONE, int(offer[PRINCIPAL])

    # -- loans

    def accept(self, account: int, n: int, number: int) -> Outcome:
        """Pay the principal out and take the NFT into escrow."""
        status, place, t = self.house.mine(account, n), self._find(number), self.table
        if status != Status.DONE or place < 0:
            return (status if status != Status.DONE else Status.CLOSED), 0
        o = self.offers[place].copy()
        if o[LENDER] == account or (o[NFT] != n if o[NFT] >= 0 else o[COLLECTION] != self.house.nfts.collection[n]):
            return Status.NOT_ALLOWED, 0
        lender, principal = int(o[LENDER]), int(o[PRINCIPAL])
        self.offers = np.delete(self.offers, place, axis=0)
        self.house.cashbox.spend(lender, account, principal, Flow.LOAN)
        self.house.nfts.transfer(n, self.house.escrow)
        t.borrower[n], t.lender[n], t.principal[n], t.repayment[n] = account, lender, principal, o[REPAYMENT]
        t.since[n], t.form[n] = max(0, self.house.clock.tick), o[FORM]
        t.term[n] = self.house.clock.ticks_of(float(o[DAYS]))
        self._book(n, principal, Flow.LOAN)
        self.made += 1
        return Status.DONE, principal

    def _book(self, n: int, amount: int, why: Flow) -> None:
        """Let both sides of a loan grow, or shrink by a negative amount."""
        t = self.table
        for asset, account in ((self.debt, int(t.borrower[n])), (self.claim, int(t.lender[n]))):
            source, target = (self.account, account) if amount > 0 else (account, self.account)
            self.ledger.pay(asset, source, target, abs(amount), why)
        t.booked[n] += amount

    def owed(self, n: int) -> int:
        """What repays the loan on an NFT now [USD base units]."""
        t, elapsed = self.table, max(0, self.house.clock.tick) - int(self.table.since[n])
        return formulas.note_owed(
            int(t.principal[n]), int(t.repayment[n]), elapsed, int(t.term[n]), bool(t.form[n] == PRO_RATA)
        )

    def repay(self, account: int, n: int) -> Outcome:
        """Pay the lender and give the NFT back."""
        t = self.table
        if not 0 <= n < self.house.nfts.n or t.borrower[n] < 0:
            return Status.UNKNOWN, 0
        if t.borrower[n] != account:
            return Status.NOT_ALLOWED, 0
        owed = self.owed(n)
        if not self.ledger.move(USD_ASSET, account, int(t.lender[n]), owed, Flow.REPAYMENT):
            return Status.FUNDS, 0
        self._end(n, account, Flow.REPAYMENT)
        self.repaid += 1
        return Status.DONE, owed

    def _end(self, n: int, owner: int, why: Flow) -> None:
        t = self.table
        self._book(n, -int(t.booked[n]), why)
        self.house.nfts.transfer(n, owner)
        t.borrower[n] = t.lender[n] = NONE

    def accrue(self) -> None:
        """What is owed grows in proportion to time."""
        t, tick = self.table, self.house.clock.tick
        for n in self.open.tolist():
            elapsed, term = tick - int(t.since[n]), int(t.term[n])
            owed = formulas.note_owed(int(t.principal[n]), int(t.repayment[n]), elapsed, term, True)
            if owed > t.booked[n]:
                self._book(n, owed - int(t.booked[n]), Flow.INTEREST)

    def end_terms(self) -> None:
        """NFTs of loans that were not repaid in time are their lenders'."""
        t, tick = self.table, self.house.clock.tick
        for n in self.open[t.since[self.open] + t.term[self.open] <= tick].tolist():
            lender, owed = int(t.lender[n]), int(t.repayment[n])
            self.house.tell("note default", f"NFT {n} goes to its lender, {owed / USD:,.0f} USD owed", lender, owed)
            self._end(n, lender, Flow.DEFAULT)
            self.defaults += 1

    def state(self) -> tuple[NDArray[Any], ...]:
        """Offers and loans."""
        return (self.offers, *self.table)
