"""Electricity: today's prices, invoices as payables, payment from cash and then coins, and default."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.books import Books, post
from model.flows import Flow
from model.jit import kernel
from model.ledger import PAYABLE_ASSET, USD_ASSET
from model.mechanism import Mechanism, stage
from model.params import Params, param
from model.units import GHS_PER_TH, USD

POWER = int(Flow.POWER)
CASH, PAYABLE = USD_ASSET, PAYABLE_ASSET


@kernel
def post_invoices(books: Books, bill: Any, accounts: int, utilities: int) -> None:
    """Post the tick's power [base units by account] as a payable of each account to the utilities."""
    for account in range(accounts):
        if bill[account] > 0:
            post(books, PAYABLE, utilities, account, bill[account], POWER)


@kernel
def settle_invoices(books: Books, accounts: int, utilities: int, short: Any, missing: Any) -> int:
    """Pay what is due from cash, as far as it goes.

    Args:
        short, missing: out, accounts that still owe and how much [base units]

    Returns:
        how many still owe
    """
    n = 0
    for account in range(accounts):
        due = books.balances[PAYABLE, account]
        if due <= 0:
            continue
        paid = min(due, max(0, books.balances[CASH, account]))
        if paid > 0:
            post(books, CASH, account, utilities, paid, POWER)
            post(books, PAYABLE, account, utilities, paid, POWER)
        if due > paid:
            short[n], missing[n] = account, due - paid
            n += 1
    return n


class PowerParams(Params):
    """Parameters of electricity; the spread of prices across sites belongs to the sites."""

    level: float = param(
        1.0, "1", "factor on the power price of every site", ge=0.0, le=20.0, live=True, source="1: as drawn"
    )
    days_to_default: int = param(
        30, "days", "unpaid power after which utilities take rigs", ge=1, le=365, source="supply contracts: a month"
    )


class PowerView(NamedTuple):
    """What strategies see: today's factor on their own power price."""

    factor: float


class Power(Mechanism):
    """Utilities: they price, invoice, collect, and take rigs of those who do not pay.

    Attributes:
        factor: on every site's power price today
        overdue: days that an account has owed power without a break
    """

    key = "power"
    needs = ("bitcoin", "rigs")
    Params = PowerParams
    channels = {"power_price": "every site's power price [USD/kWh]"}

    def __init__(self, market: Any, params: PowerParams) -> None:
        super().__init__(market, params)
        self.factor = 1.0
        self.overdue = np.zeros(self.ledger.books.sector.size)

    @stage("environment")
    def set_prices(self) -> None:
        """Power prices of the day."""
        self.factor = self.params.level * self.market.shocks["power_price"]
        self.rigs.power_factor = self.factor

    @stage("production")
    def invoice(self) -> None:
        """Power is invoiced as a payable."""
        post_invoices(self.ledger.books, self.rigs.bill, self.ledger.accounts, self.ledger.utilities)

    @stage("clear")
    def collect(self) -> None:
        """Power is paid from cash, then by selling coins; what stays unpaid for long is a default."""
        books, n = self.ledger.books, self.ledger.accounts
        if self.overdue.size < books.sector.size:
            self.overdue = np.concatenate([self.overdue, np.zeros(books.sector.size - self.overdue.size)])
        short, missing = np.empty(n, np.int64), np.empty(n, np.int64)
        owing = int(settle_invoices(books, n, self.ledger.utilities, short, missing))
        if owing:
            self.bitcoin.raise_cash(short[:owing].copy(), missing[:owing].copy())
            owing = int(settle_invoices(books, n, self.ledger.utilities, short, missing))
        late = short[:owing].copy()
        days = self.overdue[late] + self.clock.dt_days
        self.overdue[:] = 0.0
        self.overdue[late] = days
        for account in late[days > self.params.days_to_default]:
            self._default(int(account))

    def _default(self, account: int) -> None:
        """Utilities take rigs at resale value for what is owed; the rest of the bill is written off."""
        ledger, rigs = self.ledger, self.rigs
        due, have, worth = ledger.balance(PAYABLE, account), rigs.held(account), int(rigs.mark(account) * USD)
        taken = have if worth <= due else -(-have * due // worth)
        buyer = rigs.buyer
        value = min(due, worth, max(0, ledger.balance(CASH, buyer)))
        rigs.take(account, taken)
        ledger.pay(CASH, buyer, ledger.utilities, value, Flow.DEFAULT)
        ledger.pay(PAYABLE, account, ledger.utilities, due, Flow.DEFAULT)
        self.overdue[account] = 0.0
        text = (
            f"power unpaid for {self.params.days_to_default} days: {taken / GHS_PER_TH:,.0f} TH/s taken "
            f"for {value / USD:,.0f} of {due / USD:,.0f} USD"
        )
        self.journal.event("default", text, account=account, amount=due / USD)

    def view(self) -> PowerView:
        """Today's factor."""
        return PowerView(self.factor)

    def state(self) -> tuple[NDArray[np.float64]]:
        """Days overdue."""
        return (self.overdue[: self.ledger.accounts],)
