"""Loans of miners against their rigs: the rigs run on but cannot be sold, and after a default the lender sells them."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Status
from model.bound_rigs import refuse_bound
from model.flows import Flow
from model.ledger import NONE, USD_ASSET
from model.mechanisms.nft_loans import formulas
from model.units import LARGEST_POSTING, TH_PER_PH, USD

if TYPE_CHECKING:
    from model.mechanisms.nft_loans.mechanism import NftLoans

COLUMNS = ("principal", "debt", "pledged", "since", "behind")
NOBODY = np.zeros(0, np.int64)
Outcome = tuple[Status, int]


class RigLoans:
    """One loan an account, paid off on schedule.

    Attributes:
        principal, debt: by account [USD base units]
        pledged: by account [GH/s]
        since: tick of the loan; behind: tick from which it was behind schedule, -1 while it is not
        defaults: of this tick
        seized, recovered: of all defaults so far: owed, and got for the rigs [USD base units]
    """

    principal: NDArray[np.int64]
    debt: NDArray[np.int64]
    pledged: NDArray[np.int64]
    since: NDArray[np.int64]
    behind: NDArray[np.int64]

    def __init__(self, house: "NftLoans") -> None:
        self.house, self.ledger, self.desk = house, house.ledger, house.desk
        for name in COLUMNS:
            setattr(self, name, np.zeros(0, np.int64))
        self.seized = self.recovered = 0
        self.begin()

    def begin(self) -> None:
        """A new tick: room for new accounts, and no default yet."""
        self.defaults = 0
        more = self.ledger.books.sector.size - self.debt.size
        if more > 0:
            for name in COLUMNS:
                setattr(self, name, np.concatenate([getattr(self, name), np.zeros(more, np.int64)]))

    @property
    def open(self) -> NDArray[np.int64]:
        """Accounts with a loan."""
        return np.flatnonzero(self.debt)

    def borrow(self, account: int, ghs: int, amount: int) -> Outcome:
        """Lend as much as is asked for and the resale value of the rigs allows; they are pledged."""
        rigs, desk = self.house.rigs, self.desk
        if rigs is None or account >= self.debt.size:
            return Status.UNKNOWN, 0
        if self.debt[account]:
            return Status.LOCKED, 0
        held = rigs.held(account)
        if ghs <= 0 or not 0 < amount < LARGEST_POSTING:
            return Status.AMOUNT, 0
        if held < ghs:
            return Status.FUNDS, 0
        amount = min(amount, int(self.house.params.rig_loan_to_value * rigs.mark(account) * ghs / held * USD))
        if amount <= 0:
            return Status.LIMIT, 0
        if amount > desk.cash:
            return Status.DEPTH, 0
        desk.lend(account, amount)
        self.principal[account] = self.debt[account] = amount
        self.pledged[account], self.since[account], self.behind[account] = ghs, max(0, self.house.clock.tick), NONE
        return Status.DONE, amount

    def repay(self, account: int, amount: int) -> Outcome:
        """Take up to the debt; the whole of it frees the rigs."""
        if account >= self.debt.size or not self.debt[account]:
            return Status.UNKNOWN, 0
        paid = min(amount, int(self.debt[account]))
        if paid <= 0:
            return Status.AMOUNT, 0
        if self.ledger.balance(USD_ASSET, account) < paid:
            return Status.FUNDS, 0
        self.desk.repay(account, paid, account)
        self.debt[account] -= paid
        if not self.debt[account]:
            self.pledged[account] = self.principal[account] = 0
        return Status.DONE, paid

    def arrears(self, account: int) -> int:
        """Owed above what the schedule allows now [USD base units]."""
        clock, p = self.house.clock, self.house.params
        elapsed, term = max(0, clock.tick) - int(self.since[account]), clock.ticks_of(p.rig_days)
        allowed = formulas.scheduled(int(self.principal[account]), elapsed, term, p.rig_form == "bullet")
        return max(0, int(self.debt[account]) - allowed)

    def accrue(self) -> None:
        """Interest of a tick."""
        open_, p = self.open, self.house.params
        if open_.size:
            rate = float(p.rig_rate * self.house.clock.dt_years)
            self.desk.accrue(open_, NOBODY, self.debt, rate, p.reserve_factor)

    def call_in(self) -> None:
        """Who has been behind schedule for too long defaults."""
        clock = self.house.clock
        grace = clock.ticks_of(self.house.params.grace_days)
        for account in self.open.tolist():
            if not self.arrears(account):
                self.behind[account] = NONE
            elif self.behind[account] == NONE:
                self.behind[account] = clock.tick
            elif clock.tick - self.behind[account] >= grace:
                self._default(account)

    def _default(self, account: int) -> None:
        """The lender seizes the rigs and sells them, even for nothing; without a buyer who can pay he waits."""
        rigs, desk, owed = self.house.rigs, self.desk, int(self.debt[account])
        ghs = min(rigs.held(account), int(self.pledged[account]))
        rigs.transfer(account, desk.account, ghs)
        got = rigs.sell(desk.account, ghs)
        if rigs.held(desk.account):
            rigs.transfer(desk.account, account, ghs)
            return
        paid = min(got, owed)
        self.ledger.pay(desk.debt, account, desk.account, paid, Flow.LIQUIDATION)
        self.ledger.pay(USD_ASSET, desk.account, account, got - paid, Flow.LIQUIDATION)
        self.debt[account] = self.pledged[account] = self.principal[account] = 0
        self.defaults, self.seized, self.recovered = self.defaults + 1, self.seized + owed, self.recovered + paid
        text = f"{ghs / TH_PER_PH:,.0f} TH/s of rigs seized for {owed / USD:,.0f} USD and sold for {got / USD:,.0f}"
        self.house.tell("rig default", text, account, owed)
        if owed > paid:
            self.house.lose(desk, account, owed - paid, "rigs")

    def screen(self, rows: NDArray[Any], order: NDArray[np.int64]) -> NDArray[np.int64]:
        """Refuse rows of `MOVES_RIGS` that, with the account's rows before them, would take pledged rigs away."""
        return order if self.house.rigs is None else refuse_bound(rows, order, self.pledged, self.house.rigs.held)

    def state(self) -> tuple[NDArray[Any], ...]:
        """All columns."""
        n = self.ledger.accounts
        return tuple(getattr(self, name)[:n] for name in COLUMNS)
