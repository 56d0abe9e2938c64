"""A pool of lenders: deposits as shares, loans as debts, and what is left when a loan goes bad.

cash + debts = claims + reserve, to the last unit: interest raises debts on the left, and claims and reserve on the right;
a loss takes from the reserve first, then from the claims of all depositors alike.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Status
from model.errors import InvariantViolated
from model.flows import Flow, Group
from model.ledger import USD_ASSET, Ledger
from model.mechanisms.nft_loans.kernels import grow
from model.mechanisms.nft_loans.public import DeskView
from model.units import LARGEST_POSTING, TOKEN, USD


def used(cash: int, debts: int) -> float:
    """Debts over cash and debts; 0 for an empty pool."""
    return debts / (cash + debts) if cash + debts else 0.0


class Pool:
    """Cash and claims of one pool; all money in USD base units.

    Attributes:
        account: holds the cash, issues deposits and debts
        deposit, debt: assets; a unit of debt is a base unit of USD
        claims: what depositors are owed together
        reserve: what interest left for the pool itself
        withdrawn: paid out in each of the last ticks; queue: asked for in this tick and not paid
        losses: written off so far, by who bore it: reserve, depositors
    """

    def __init__(self, ledger: Ledger, name: str, ticks_of_a_day: int) -> None:
        self.ledger, self.name = ledger, name
        self.account = ledger.open_account("credit", name)
        self.deposit = ledger.add_asset(f"deposits of {name}", Group.DEPOSIT, (self.account,))
        self.debt = ledger.add_asset(f"debts to {name}", Group.DEBT, (self.account,))
        self.claims = self.reserve = self.queue = self.interest = 0
        self.withdrawn = np.zeros(ticks_of_a_day, np.int64)
        self.losses = [0, 0]
        self.value()

    @property
    def cash(self) -> int:
        """Cash at hand."""
        return self.ledger.balance(USD_ASSET, self.account)

    @property
    def debts(self) -> int:
        """Owed by all borrowers."""
        return self.ledger.outstanding(self.debt)

    @property
    def shares(self) -> int:
        """Shares of all depositors."""
        return self.ledger.outstanding(self.deposit)

    @property
    def utilisation(self) -> float:
        """Debts over cash and debts; 0 for an empty pool."""
        return used(self.cash, self.debts)

    def begin(self) -> None:
        """A new tick."""
        self.withdrawn[:-1] = self.withdrawn[1:]
        self.withdrawn[-1] = self.queue = self.interest = 0

    def supply(self, account: int, amount: int) -> tuple[Status, int]:
        """Take a deposit; its shares, rounded down."""
        if not 0 < amount < LARGEST_POSTING:
            return Status.AMOUNT, 0
        shares = self.shares
        if shares and not self.claims:  # all is lost; a newcomer would own it all
            return Status.CLOSED, 0
        got = amount * shares // self.claims if shares else amount
        if not 0 < got < LARGEST_POSTING:
            return Status.AMOUNT, 0
        if not self.ledger.move(USD_ASSET, account, self.account, amount, Flow.DEPOSIT):
            return Status.FUNDS, 0
        self.ledger.pay(self.deposit, self.account, account, got, Flow.MINT)
        self.claims += amount
        return Status.DONE, got

    def withdraw(self, account: int, shares: int) -> tuple[Status, int]:
        """Pay shares out as far as the cash goes; what is not paid stays deposited and counts as queue."""
        if shares <= 0:
            return Status.AMOUNT, 0
        if self.ledger.balance(self.deposit, account) < shares:
            return Status.FUNDS, 0
        total = self.shares
        due = shares * self.claims // total
        paid = min(due, self.cash)
        self.queue += due - paid
        if paid <= 0:
            return (Status.DEPTH if due else Status.AMOUNT), 0
        burnt = shares if paid == due else min(shares, -(-paid * total // self.claims))
        self.ledger.pay(self.deposit, account, self.account, burnt, Flow.BURN)
        self.ledger.pay(USD_ASSET, self.account, account, paid, Flow.DEPOSIT)
        self.claims -= paid
        self.withdrawn[-1] += paid
        return Status.DONE, paid

    def lend(self, account: int, amount: int) -> None:
        """Pay a loan out; the caller has tested the cash."""
        self.ledger.pay(USD_ASSET, self.account, account, amount, Flow.LOAN)
        self.ledger.pay(self.debt, self.account, account, amount, Flow.LOAN)

    def repay(self, borrower: int, amount: int, payer: int, why: Flow = Flow.REPAYMENT) -> None:
        """Take cash from a payer against a borrower's debt."""
        self.ledger.pay(USD_ASSET, payer, self.account, amount, why)
        self.ledger.pay(self.debt, borrower, self.account, amount, why)

    def accrue(
        self,
        places: NDArray[np.int64],
        borrowers: NDArray[np.int64],
        debts: NDArray[np.int64],
        rate: float,
        reserve_factor: float,
    ) -> None:
        """Let debts at some places of a column grow by a tick's interest at a rate; claims and reserve grow by as much."""
        self.credit(
            int(grow(self.ledger.books, self.debt, self.account, places, borrowers, debts, rate)), reserve_factor
        )

    def credit(self, total: int, reserve_factor: float) -> None:
        """Let claims and reserve grow by interest that debts have grown by."""
        if total:
            kept = int(total * reserve_factor)
            self.reserve, self.claims, self.interest = self.reserve + kept, self.claims + total - kept, total

    def write_off(self, borrower: int, amount: int) -> tuple[int, int]:
        """Forgive a debt: the reserve bears it, then depositors; what each bore."""
        self.ledger.pay(self.debt, borrower, self.account, amount, Flow.BAD_DEBT)
        first = min(self.reserve, amount)
        self.reserve, self.claims = self.reserve - first, self.claims - (amount - first)
        self.losses[0], self.losses[1] = self.losses[0] + first, self.losses[1] + amount - first
        return first, amount - first

    def value(self) -> None:
        """Mark deposits and debts [USD per base unit]."""
        shares = self.shares
        self.ledger.value[self.deposit] = self.claims / shares / USD if shares else 1 / USD
        self.ledger.value[self.debt] = -1 / USD

    def view(self, rate_at: Callable[[float], float], reserve_factor: float) -> DeskView:
        """What strategies see, with the rate of borrowers at a utilisation [1/year]."""
        cash, debts, shares, day = self.cash, self.debts, self.shares, sum(self.withdrawn.tolist())
        use = used(cash, debts)
        rate = rate_at(use)
        return DeskView(
            cash / USD, debts / USD, self.claims / USD, self.reserve / USD, use, rate,
            rate * use * (1.0 - reserve_factor), self.deposit, self.claims / shares * TOKEN if shares else float(TOKEN),
            day / (self.claims + day) if day else 0.0, self.queue / USD,
        )  # fmt: skip

    def state(self) -> NDArray[Any]:
        """Claims, reserve and recent withdrawals."""
        return np.array([self.claims, self.reserve, self.queue, *self.losses, *self.withdrawn], np.int64)

    def check(self) -> None:
        """Cash and debts are claims and reserve."""
        left, right = self.cash + self.debts, self.claims + self.reserve
        if left != right or min(self.claims, self.reserve) < 0:
            raise InvariantViolated(
                f"{self.name}: cash {self.cash} + debts {self.debts} are not claims {self.claims} + reserve {self.reserve}"
            )
