"""Margin accounts and orders of forwards."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Status
from model.flows import Flow, Group
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanism import Mechanism
from model.mechanisms.forwards.params import ForwardsParams
from model.mechanisms.forwards.settlement import add_needs, take_orders
from model.mechanisms.forwards.table import (
    BTC_SETTLED,
    CONTRACT_WIDTH,
    CURRENCIES,
    NUMBER,
    ORDER_WIDTH,
    OWNER,
    USD_SETTLED,
    empty,
)
from model.units import LARGEST_RESERVE, PPM, USD

Outcome = tuple[Status, int]
ASSETS = (USD_ASSET, BTC_ASSET)


class Desk(Mechanism):
    """Margin accounts: what is deposited is held in escrow against receipts; orders and positions need a part of it.

    Attributes:
        escrow: account that holds all margin
        receipts: assets by which accounts hold their margin, by currency
        orders, contracts: rows as in `table`
        index: hashprice that settles [base units per PH/s and day], by currency
        variation: base units won in this tick, by currency and account; required: work space of the same shape
        lacks: margin that is called, by currency and account
        terms: of tenors [ticks]; rates: initial margin in parts of a million of notional, by currency
    """

    Params = ForwardsParams
    bitcoin: Any
    rigs: Any

    def __init__(self, market: Any, params: ForwardsParams) -> None:
        super().__init__(market, params)
        ledger = self.ledger
        self.escrow = ledger.open_account("platform", "margin of forwards")
        self.receipts = np.array(
            [ledger.add_asset(f"margin of forwards in {c}", Group.RECEIPT, (self.escrow,)) for c in ("USD", "BTC")],
            np.int64,
        )
        ledger.value[self.receipts[USD_SETTLED]] = 1 / USD
        self.orders, self.contracts, self.next = empty(ORDER_WIDTH), empty(CONTRACT_WIDTH), 0
        self.required = self.variation = self.lacks = np.zeros((CURRENCIES, 0), np.int64)
        self.make_room()
        self.index = np.zeros(CURRENCIES, np.int64)
        self.terms = np.array([self.term(k) for k in range(len(params.tenors))], np.int64)
        self.changed()

    def changed(self) -> None:
        """New rates of margin count for all orders and positions."""
        rates = (self.params.margin_usd, self.params.margin_btc)
        self.rates = np.array([round(rate * PPM) for rate in rates], np.int64)

    def make_room(self) -> None:
        """Columns for all accounts that there may be."""
        size = self.ledger.books.sector.size
        if self.variation.shape[1] != size:
            self.required, self.variation, self.lacks = np.zeros((3, CURRENCIES, size), np.int64)

    def term(self, tenor: int) -> int:
        """Ticks of a tenor."""
        return self.clock.ticks_of(self.params.tenors[tenor])

    def needed(self) -> NDArray[np.int64]:
        """Initial margin of what is left of all positions, and of open orders [base units], by currency and account."""
        out, tick = np.zeros((CURRENCIES, self.ledger.books.sector.size), np.int64), max(0, self.clock.tick)
        add_needs(
            self.contracts, self.orders, tick, self.clock.hours, self.terms, self.index, self.rates, out
        )  # fmt: skip
        return out

    def held(self, currency: int, account: int) -> int:
        """Margin of an account [base units]."""
        return int(self.ledger.balance(int(self.receipts[currency]), account))

    # -- what agents ask for

    def post(self, account: int, amount: int, currency: int) -> Outcome:
        """Take a deposit."""
        if currency not in (USD_SETTLED, BTC_SETTLED):
            return Status.UNKNOWN, 0
        if not 0 < amount <= LARGEST_RESERVE:
            return Status.AMOUNT, 0
        if not self.ledger.move(ASSETS[currency], account, self.escrow, amount, Flow.MARGIN):
            return Status.FUNDS, 0
        self.ledger.pay(int(self.receipts[currency]), self.escrow, account, amount, Flow.MARGIN)
        return Status.DONE, amount

    def give_back(self, account: int, amount: int, currency: int) -> None:
        """Pay margin out."""
        self.ledger.pay(int(self.receipts[currency]), account, self.escrow, amount, Flow.MARGIN)
        self.ledger.pay(ASSETS[currency], self.escrow, account, amount, Flow.MARGIN)

    def withdraw(self, account: int, amount: int, currency: int) -> Outcome:
        """Pay out what is above the need."""
        if currency not in (USD_SETTLED, BTC_SETTLED):
            return Status.UNKNOWN, 0
        if amount <= 0:
            return Status.AMOUNT, 0
        spare = min(amount, self.held(currency, account) - int(self.needed()[currency, account]))
        if spare <= 0:
            return Status.FUNDS, 0
        self.give_back(account, spare, currency)
        return Status.DONE, spare

    def take(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Take orders and the margin that they lack."""
        self.make_room()
        taken, clock, p = np.empty((order.size, ORDER_WIDTH), np.int64), self.clock, self.params
        tick, before = max(0, clock.tick), self.orders.shape[0]
        n = take_orders(
            self.ledger.books, rows, order, self.contracts, self.orders, p.most_orders - before, self.next, tick,
            tick + clock.ticks_of(p.order_days), clock.hours, self.terms, self.index, self.rates, self.escrow,
            self.receipts, self.required, taken,
        )  # fmt: skip
        self.orders = np.concatenate((self.orders, taken[:n]))
        self.next += n

    def cancel(self, account: int, number: int) -> Outcome:
        """Forget an own order."""
        place = np.flatnonzero(self.orders[:, NUMBER] == number)
        if place.size == 0:
            return Status.UNKNOWN, 0
        if self.orders[place[0], OWNER] != account:
            return Status.NOT_ALLOWED, 0
        self.orders = np.delete(self.orders, place[0], axis=0)
        return Status.DONE, 0
