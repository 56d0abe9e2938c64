"""Utilities: they price, invoice, collect, pay for power taken back, and take rigs and cards of those who do not pay."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.errors import InvariantViolated
from model.flows import Flow
from model.ledger import NONE, PAYABLE_ASSET, USD_ASSET
from model.mechanism import Mechanism, stage
from model.mechanisms.power.formulas import index_level, index_step, peak_share
from model.mechanisms.power.kernels import any_negative, post_invoices, settle_invoices
from model.mechanisms.power.params import PowerParams
from model.mechanisms.power.places import EVERYWHERE, Places
from model.units import GHS_PER_TH, LARGEST_POSTING, USD, beyond_books, mul_div
from model.view import Aliases

CASH, PAYABLE = USD_ASSET, PAYABLE_ASSET
DRAWN, TAKEN_BACK = 0, 1
INDEX = "power index"


class PowerView(NamedTuple):
    """What strategies see.

    Attributes:
        factor: today's factor on their own power price
        spot: index of the spot price over its mean, which sites with an indexed contract pay on top
        stopped: share of the tick for which interruptible sites stand still
        regions: names of regions
        region: place in `regions` by account, -1 for none
    """

    factor: float
    spot: float
    stopped: float
    regions: tuple[str, ...]
    region: NDArray[np.int64]


class Power(Mechanism):
    """Utilities: they price, invoice, collect, pay credits, and take rigs and cards of those who do not pay.

    Attributes:
        factor: on every site's power price today
        index: spot price over its mean
        stopped: share of the tick for which interruptible sites stand still
        places: regions and contracts of sites; None where all are alike
        overdue: days that an account has owed power without a break
        seizures: what utilities take besides rigs: each sells an account's things for at most so much, and says what they got
        taxes: part of what each account owes that is tax [USD base units]
        owed: credits that utilities still owe each account [USD base units]
        tax_paid, credit_paid: in this tick [USD base units]; kwh: drawn, and taken back, in this tick
    """

    key = "power"
    needs = ("bitcoin", "rigs")
    wants = ("fees",)
    Params = PowerParams
    channels = {"power_price": "every site's power price [USD/kWh]"}

    def __init__(self, market: Any, params: PowerParams) -> None:
        super().__init__(market, params)
        self.aliases = Aliases()
        self.factor = self.index = 1.0
        self.stopped = 0.0
        self.tax, self.tax_share, self.state_account, self.raised = 0.0, 0.0, NONE, 0
        self.tax_paid = self.credit_paid = 0
        self.kwh = np.zeros(2)
        size = self.ledger.books.sector.size
        self.overdue, self.taxes, self.owed = np.zeros(size), np.zeros(size, np.int64), np.zeros(size, np.int64)
        self.seizures: list[Callable[[int, int], int]] = []
        self._nowhere = np.full(size, EVERYWHERE, np.int64)
        self.places: Places | None = None
        self.moves = params.indexed + params.interruptible > 0.0
        self.regions = tuple(region.name for region in params.places)
        if self.moves or self.regions:
            self.places = self.rigs.placement = Places(market, params)
        self._log_index = params.index_sd * self.streams.normal(INDEX, -1) if self.moves else 0.0

    @property
    def region(self) -> NDArray[np.int64]:
        """Region by account, -1 for none."""
        return self.places.region if self.places is not None else self._nowhere

    def levy(self, tax: float, tax_share: float) -> None:
        """Let the state tax power by the unit [USD/kWh] and by its price [1]."""
        self.tax, self.tax_share = tax, tax_share
        if (tax > 0.0 or tax_share > 0.0) and self.state_account == NONE:
            self.state_account = self.ledger.open_account("state", "power tax")

    # -- the day

    @stage("environment")
    def set_prices(self) -> None:
        """Power prices of the day, by contract; utilities take power back where it is scarce."""
        p, clock = self.params, self.clock
        shock = self.market.shocks["power_price"]
        self.factor = p.level * shock
        if self.moves:
            if clock.new_week and clock.tick > 0:
                shock_of_week = self.streams.normal(INDEX, clock.day // 7)
                self._log_index = index_step(self._log_index, shock_of_week, p.index_half_life, p.index_sd)
            self.index = index_level(self._log_index, p.index_sd)
            hour = clock.tick % clock.per_day * clock.hours
            scarce = self.index * shock > p.curtail_above
            self.stopped = peak_share(hour, clock.hours, p.peak_from, p.peak_hours) if scarce else 0.0
        if self.places is not None:
            self.places.today(self.index, self.stopped)
        terms = self.factor, self.tax, self.tax_share, p.credit * self.index
        if self.rigs.tariff != terms:
            self.rigs.tariff = self.rigs.tariff._make(terms)

    @stage("production")
    def invoice(self) -> None:
        """Power and its tax are invoiced as a payable; credits for power taken back are noted."""
        ledger, meter = self.ledger, self.rigs.meter
        n = ledger.accounts
        self._reserve()
        if (account := post_invoices(ledger.books, self.rigs.bill, n, ledger.utilities)) >= 0:
            what = f"power of account {account} ({ledger.name(account)})"
            most = LARGEST_POSTING / USD
            raise beyond_books(what, float(self.rigs.cost[account]), most, "shocks of power_price, or power.level")
        if self.state_account != NONE:
            self.taxes[:n] += (meter.tax[:n] * USD).astype(np.int64)
        if self.stopped > 0.0:
            self.owed[:n] += (meter.credit[:n] * USD).astype(np.int64)
        self.kwh[:] = meter.energy

    def _reserve(self) -> None:
        more = self.ledger.books.sector.size - self.overdue.size
        if more > 0:
            self._nowhere = np.full(self.ledger.books.sector.size, EVERYWHERE, np.int64)
            for name in ("overdue", "taxes", "owed"):
                old = getattr(self, name)
                setattr(self, name, np.concatenate([old, np.zeros(more, old.dtype)]))

    @stage("clear", first=True)
    def collect(self) -> None:
        """Power is paid from cash, then by selling coins; what stays unpaid for long is a default.

        Who must sell coins sells as many more as a transaction costs: without that he could not act again.
        """
        self._reserve()
        n = self.ledger.accounts
        short, missing = np.empty(n, np.int64), np.empty(n, np.int64)
        owing, self.tax_paid = self._settle(n, short, missing)
        if owing:
            act = sum(self.fees.costs()) if self.fees is not None else 0
            self.bitcoin.raise_cash(short[:owing], missing[:owing] + act)
            owing, more = self._settle(n, short, missing)
            self.tax_paid += more
        self.raised += self.tax_paid
        if not owing:
            self.overdue[:] = 0.0
            return
        late = short[:owing].copy()
        days = self.overdue[late] + self.clock.dt_days
        self.overdue[:] = 0.0
        self.overdue[late] = days
        for account in late[days > self.params.days_to_default]:
            self._default(int(account))

    def _settle(self, n: int, short: NDArray[np.int64], missing: NDArray[np.int64]) -> tuple[int, int]:
        ledger = self.ledger
        owing, raised = settle_invoices(
            ledger.books, n, ledger.utilities, self.state_account, self.taxes, short, missing
        )
        return int(owing), int(raised)

    @stage("clear", first=True)
    def pay_credits(self) -> None:
        """Utilities pay for the power that they took back, as far as their cash goes."""
        ledger, self.credit_paid = self.ledger, 0
        sites = self.owed.nonzero()[0]
        if sites.size == 0:
            return
        owed = self.owed[sites]
        before = np.cumsum(owed) - owed
        paid = np.clip(max(0, ledger.balance(CASH, ledger.utilities)) - before, 0, owed)
        ledger.move_many(CASH, np.full(sites.size, ledger.utilities), sites, paid, Flow.CURTAILMENT)
        self.owed[sites] -= paid
        self.credit_paid = int(paid.sum())

    def pass_bills(self, source: int, target: int, amount: int) -> None:
        """Let another account owe a part of unpaid bills, and as large a part of the tax in them [USD base units]."""
        due, ledger = self.ledger.balance(PAYABLE, source), self.ledger
        self._reserve()
        if amount > 0:
            tax = mul_div(int(self.taxes[source]), amount, due)
            self.taxes[source] -= tax
            self.taxes[target] += tax
            ledger.pay(PAYABLE, source, target, amount, Flow.TRANSFER)

    def pass_dues(self, source: int, target: int) -> None:
        """Credits for power taken back."""
        self._reserve()
        self.owed[target] += self.owed[source]
        self.owed[source] = 0

    def _default(self, account: int) -> None:
        """Utilities take rigs, then cards, at resale value for what is owed, and end mining rights; the rest is written off.

        They wait for a buyer who can pay.
        """
        ledger, rigs = self.ledger, self.rigs
        due, have, worth = ledger.balance(PAYABLE, account), rigs.held(account), int(rigs.mark(account) * USD)
        taken = have if worth <= due else -(-have * due // worth)
        buyer, value = rigs.buyer, min(due, worth)
        if ledger.balance(CASH, buyer) < value:
            return
        rigs.take(account, taken)
        ledger.pay(CASH, buyer, ledger.utilities, value, Flow.DEFAULT)
        more = 0
        for seize in self.seizures:
            more += seize(account, due - value - more)
        ledger.pay(PAYABLE, account, ledger.utilities, due, Flow.DEFAULT)
        self.overdue[account], self.taxes[account] = 0.0, 0
        text = (
            f"power unpaid for {self.params.days_to_default} days: {taken / GHS_PER_TH:,.0f} TH/s taken "
            f"for {value / USD:,.0f} of {due / USD:,.0f} USD" + (f", cards for {more / USD:,.0f}" if more else "")
        )
        self.journal.event("default", text, account=account, amount=due / USD)

    # -- looks and laws

    def view(self) -> PowerView:
        """Today's prices, and who is where."""
        return PowerView(self.factor, self.index, self.stopped, self.regions, *self.aliases.of(self.region))

    def check(self) -> None:
        """The state holds all tax that was paid; nobody is owed less than nothing."""
        held = self.ledger.balance(CASH, self.state_account) if self.state_account != NONE else 0
        if held != self.raised:
            raise InvariantViolated(f"power: tax of {self.raised} paid, and the state holds {held} USD base units")
        if any_negative(self.owed, self.taxes):
            raise InvariantViolated("power: a credit or a tax is below zero")

    def state(self) -> tuple[NDArray[Any], ...]:
        """Days overdue, tax and credits due, the index."""
        n = self.ledger.accounts
        return self.overdue[:n], self.taxes[:n], self.owed[:n], np.array([self._log_index, self.raised])
