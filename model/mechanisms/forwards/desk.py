"""Margin accounts and orders of forwards."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Status
from model.flows import Flow, Group
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanism import Mechanism
from model.mechanisms.forwards.params import ForwardsParams
from model.mechanisms.forwards.settlement import add_needs
from model.mechanisms.forwards.table import (
    BTC_SETTLED,
    CONTRACT_WIDTH,
    CURRENCIES,
    LONG_SIDE,
    NUMBER,
    ORDER_WIDTH,
    OWNER,
    SHORT_SIDE,
    USD_SETTLED,
    appended,
    empty,
)
from model.units import LARGEST_RESERVE, USD

Outcome = tuple[Status, int]
LARGEST_SIZE = 1_000_000_000_000  # GH/s; above any network, and its GH/s hours fit 64 bits
PPM = 1_000_000
ASSETS = (USD_ASSET, BTC_ASSET)


class Desk(Mechanism):
    """Margin accounts: what is deposited is held in escrow against receipts; orders and positions need a part of it.

    Attributes:
        escrow: account that holds all margin
        receipts: assets by which accounts hold their margin, by currency
        orders, contracts: rows as in `table`
        index: hashprice that settles [USD base units per PH/s and day]
        reserved: what positions and orders need while orders come in [base units], by currency and account
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
        self.index = 0
        self.reserved = np.zeros((CURRENCIES, 0), np.int64)

    @property
    def coin(self) -> int:
        """USD base units of a coin."""
        return max(1, round(float(self.bitcoin.price) * USD))

    def rate_ppm(self, currency: int) -> int:
        """Initial margin in parts of a million of notional."""
        return round((self.params.margin_usd, self.params.margin_btc)[currency] * PPM)

    def term(self, tenor: int) -> int:
        """Ticks of a tenor."""
        return self.clock.ticks_of(self.params.tenors[tenor])

    def margin_needs(self, contracts: NDArray[np.int64], orders: NDArray[np.int64]) -> NDArray[np.int64]:
        """Initial margin of what is left of positions, and of orders [base units], by currency and account."""
        out = np.zeros((CURRENCIES, self.ledger.books.sector.size), np.int64)
        terms = np.array([self.term(k) for k in range(len(self.params.tenors))], np.int64)
        rates = np.array([self.rate_ppm(c) for c in range(CURRENCIES)], np.int64)
        tick = max(0, self.clock.tick)
        add_needs(contracts, orders, tick, self.clock.hours, terms, self.index, rates, self.coin, out)
        return out

    def needed(self) -> NDArray[np.int64]:
        """Initial margin of all positions and open orders."""
        return self.margin_needs(self.contracts, self.orders)

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

    def order(self, account: int, side: int, ghs: int, limit: int, tenor: int, currency: int) -> Outcome:
        """Take an order and the margin that it lacks; its number."""
        if side not in (LONG_SIDE, SHORT_SIDE) or currency not in (USD_SETTLED, BTC_SETTLED):
            return Status.UNKNOWN, 0
        if not 0 <= tenor < len(self.params.tenors):
            return Status.UNKNOWN, 0
        if not 0 < ghs <= LARGEST_SIZE or not 0 < limit <= LARGEST_RESERVE:
            return Status.AMOUNT, 0
        if self.orders.shape[0] >= self.params.most_orders:
            return Status.DEPTH, 0
        until = max(0, self.clock.tick) + self.clock.ticks_of(self.params.order_days)
        row = np.array([self.next, account, side, ghs, limit, tenor, currency, until], np.int64)
        need = int(self.margin_needs(self.contracts[:0], row[None, :])[currency, account])
        lack = need + int(self.reserved[currency, account]) - self.held(currency, account)
        if lack > LARGEST_RESERVE:
            return Status.FUNDS, 0
        if lack > 0 and self.post(account, lack, currency)[0] != Status.DONE:
            return Status.FUNDS, 0
        self.orders = appended(self.orders, *row.tolist())
        self.reserved[currency, account] += need
        self.next += 1
        return Status.DONE, self.next - 1

    def cancel(self, account: int, number: int) -> Outcome:
        """Forget an own order."""
        place = np.flatnonzero(self.orders[:, NUMBER] == number)
        if place.size == 0:
            return Status.UNKNOWN, 0
        if self.orders[place[0], OWNER] != account:
            return Status.NOT_ALLOWED, 0
        self.orders = np.delete(self.orders, place[0], axis=0)
        return Status.DONE, 0
