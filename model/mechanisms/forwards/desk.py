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
        settled: last tick whose variation margin was paid
        variation: base units won in this tick, by currency and account; required, means: work space of the same shape
        lacks: margin that positions lacked in the evening, by currency and account
        due: margin calls by (currency, account): tick in which each began, and base units still to be deposited
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
        self.required = self.means = self.variation = self.lacks = np.zeros((CURRENCIES, 0), np.int64)
        self.due: dict[tuple[int, int], tuple[int, int]] = {}
        self.settled = -1
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
            self.required, self.means, self.variation, self.lacks = np.zeros((4, CURRENCIES, size), np.int64)

    def term(self, tenor: int) -> int:
        """Ticks of a tenor."""
        return self.clock.ticks_of(self.params.tenors[tenor])

    def needed(self) -> NDArray[np.int64]:
        """Initial margin of what is left of all positions, and of open orders [base units], by currency and account."""
        return self.needs_of(self.orders)

    def needs_of(self, orders: NDArray[np.int64]) -> NDArray[np.int64]:
        """Initial margin of what is left of all positions, and of some orders [base units], by currency and account."""
        out = np.zeros((CURRENCIES, self.ledger.books.sector.size), np.int64)
        add_needs(self.contracts, orders, self.settled, self.clock.hours, self.terms, self.index, self.rates, out)
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
        self.follow((currency, account), amount)
        return Status.DONE, amount

    def follow(self, call: tuple[int, int], amount: int) -> None:
        """Count a deposit against a margin call; one that is covered is over, whatever the evening brings."""
        since, asked = self.due.get(call, (0, 0))
        if amount < asked:
            self.due[call] = since, asked - amount
        else:
            self.due.pop(call, None)

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
        until, before = max(0, clock.tick) + clock.ticks_of(p.order_days), self.orders.shape[0]
        called = {call: self.held(*call) for call in self.due}
        n = take_orders(
            self.ledger.books, rows, order, self.contracts, self.orders, p.most_orders - before, self.next, self.settled,
            until, clock.hours, self.terms, self.index, self.rates, self.escrow,
            self.receipts, self.required, taken,
        )  # fmt: skip
        self.orders = np.concatenate((self.orders, taken[:n]))
        self.next += n
        for call, held in called.items():  # an order comes with all the margin that its owner lacks
            self.follow(call, self.held(*call) - held)

    def cancel(self, account: int, number: int) -> Outcome:
        """Forget an own order."""
        place = np.flatnonzero(self.orders[:, NUMBER] == number)
        if place.size == 0:
            return Status.UNKNOWN, 0
        if self.orders[place[0], OWNER] != account:
            return Status.NOT_ALLOWED, 0
        self.orders = np.delete(self.orders, place[0], axis=0)
        return Status.DONE, 0
