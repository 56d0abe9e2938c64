"""Forwards on hashprice: matched in the evening, settled every tick, margin called, positions closed out."""

import math
from collections import deque
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.errors import InvariantViolated
from model.flows import Flow
from model.ledger import BTC_ASSET
from model.mechanism import settles, stage
from model.mechanisms.forwards import laws, public
from model.mechanisms.forwards.desk import Desk
from model.mechanisms.forwards.dues import pay_dues
from model.mechanisms.forwards.looks import Board, look
from model.mechanisms.forwards.matching import LANES, match
from model.mechanisms.forwards.params import ForwardsParams
from model.mechanisms.forwards.settlement import settle_day
from model.mechanisms.forwards.table import (
    BTC_SETTLED,
    COIN,
    CONTRACT_WIDTH,
    CURRENCIES,
    CURRENCY,
    LAST,
    LONG,
    OWNER,
    SHORT,
    SIZE,
    STRIKE,
)
from model.one_by_one import one_by_one
from model.units import BTC, GHS_HOURS, HOURS_PER_DAY, LARGEST_RESERVE, USD, mul_div

Rows = NDArray[Any]
Order = NDArray[np.int64]
DEFAULT = int(Flow.DEFAULT)


class Forwards(Desk):
    """Forwards on hashprice.

    Attributes:
        lost: base units owed and not paid in this tick, for want of margin, by currency
        traded: GH/s of this tick's trades; closed: positions closed out in it; calls: margin calls that began in it
        last: strike of the last trade by currency and tenor [USD or BTC per PH/s and day]
    """

    key = "forwards"
    needs = ("bitcoin", "rigs")
    wants = ("network",)  # which quotes hashprice first

    @classmethod
    def room(cls, params: ForwardsParams) -> tuple[int, int, int]:
        """Receipts of two currencies; the margin account."""
        return 2, 0, 1

    def __init__(self, market: Any, params: ForwardsParams) -> None:
        super().__init__(market, params)
        self.lost, self.won = np.zeros((2, CURRENCIES), np.int64)
        self.traded = self.closed = self.calls = 0
        self.paid = 0.0
        self.last = np.full((CURRENCIES, len(params.tenors)), math.nan)
        self.seen: deque[tuple[float, float]] = deque(maxlen=self.clock.per_day)
        self.board = Board()

    # -- the day

    @stage("observe")
    def look(self) -> None:
        """The indices are the mean hashprice of the last day, in dollars and in coins."""
        hashprice = float(self.rigs.hashprice)
        now = hashprice * USD, hashprice / float(self.bitcoin.price) * BTC
        self.seen.append(now)
        means = [math.fsum(each) / len(self.seen) for each in zip(*self.seen, strict=True)]
        self.index = np.array([int(min(LARGEST_RESERVE, mean)) for mean in means], np.int64)
        self.ledger.value[self.receipts[BTC_SETTLED]] = self.ledger.value[BTC_ASSET]

    @stage("clear")
    def settle(self) -> None:
        """Variation margin is paid, terms end, margin is called, positions are closed out; then orders meet."""
        self.make_room()
        tick = self.settled = self.clock.tick
        self.traded = self.closed = self.calls = 0
        left, short = settle_day(
            self.ledger.books, self.contracts, self.index, self.clock.hours, tick, self.receipts, self.terms,
            self.rates, self.params.maintenance, self.variation, self.lost, self.won, self.required, self.means,
            np.empty(self.contracts.shape[0], np.int64), self.lacks,
        )  # fmt: skip
        usd, coins = self.won.tolist()
        self.paid = usd / USD + coins / BTC * float(self.bitcoin.price)
        self.contracts = self.contracts[:left]
        if short:
            self._call()
        elif self.due:
            self.due = {}
        self._meet()

    def _call(self) -> None:
        """Ask for margin where positions have too little; close out those who were asked long enough ago."""
        tick, patience = self.clock.tick, self.clock.ticks_of(self.params.call_hours / HOURS_PER_DAY)
        short = [(c, who) for c, who in np.argwhere(self.lacks).tolist()]
        self.due = {
            key: (since, min(asked, int(self.lacks[key]))) for key, (since, asked) in self.due.items() if self.lacks[key] > 0
        }  # fmt: skip
        for key in short:
            lack = int(self.lacks[key])
            if key not in self.due:
                self.due[key] = tick, lack
                self.calls += 1
                self._ring(key[1])
                unit, name = ((USD, "USD"), (BTC, "BTC"))[key[0]]
                self.journal.event(
                    "margin call", f"{lack / unit:,.6g} {name} of margin wanted", account=key[1], amount=lack / unit
                )
            elif tick - self.due[key][0] >= patience:
                if self.closed and not self._still_short(*key):  # who was closed out before paid him
                    del self.due[key]
                    self.lacks[key] = 0
                else:
                    self._close_out(*key)

    def _still_short(self, currency: int, account: int) -> bool:
        need = int(self.needs_of(self.orders[:0])[currency, account])
        return self.held(currency, account) < need * self.params.maintenance

    def _ring(self, account: int) -> None:
        """Whoever is asked for margin looks at the market in the morning."""
        for population in self.market.populations.values():
            population.alert[: len(population)] |= population.account[: len(population)] == account

    def _close_out(self, currency: int, account: int) -> None:
        """End all positions of an account: it pays what the rest of the term costs it at the index, and gets nothing."""
        own = (self.contracts[:, COIN] == currency) & (
            (self.contracts[:, LONG] == account) | (self.contracts[:, SHORT] == account)
        )
        ended = self.contracts[own]
        dues, index = np.zeros(ended.shape[0], np.int64), int(self.index[currency])
        for c, row in enumerate(ended.tolist()):
            loss = row[STRIKE] - index if row[LONG] == account else index - row[STRIKE]
            worth = mul_div(max(0, loss), row[SIZE] * self.clock.hours * (row[LAST] - self.settled), GHS_HOURS)
            dues[c] = min(worth, LARGEST_RESERVE)
        pay_dues(
            self.ledger.books, ended, self.index, dues, self.receipts, self.required, self.means, self.variation, DEFAULT
        )  # fmt: skip
        missing = int(dues.sum())
        self.lost[currency] += missing
        self.closed += ended.shape[0]
        self.contracts = self.contracts[~own]
        self.orders = self.orders[(self.orders[:, OWNER] != account) | (self.orders[:, CURRENCY] != currency)]
        self.due.pop((currency, account), None)
        unit, name = ((USD, "USD"), (BTC, "BTC"))[currency]
        text = f"{ended.shape[0]} forwards closed out, {missing / unit:,.6g} {name} not covered by margin"
        self.journal.event("forward close-out", text, account=account, amount=missing / unit)

    def _meet(self) -> None:
        """Buyers and sellers of hashprice meet; margin of those who have neither orders nor positions goes back."""
        n, pairs, ledger = self.orders.shape[0], self.last.size, self.ledger
        kept, made = np.empty_like(self.orders), np.empty((n + pairs, CONTRACT_WIDTH), np.int64)
        meets, ends = np.empty(self.last.shape, np.bool_), np.empty((2, *self.last.shape), np.int64)
        left, trades, self.traded = match(
            ledger.books, self.orders, kept, self.contracts, made, self.clock.tick, self.clock.hours, self.terms, self.index,
            self.rates, self.params.fee, self.receipts, self.escrow, self.market.platform, ledger.accounts,
            self.last, meets, ends, np.empty((LANES, n), np.int64), np.empty((n + pairs, 3), np.int64), self.required,
        )  # fmt: skip
        self.orders = kept[:left]
        if trades:
            self.contracts = np.concatenate((self.contracts, made[:trades]))

    # -- what agents ask for

    @settles(public.OrderForward)
    def settle_orders(self, rows: Rows, order: Order) -> None:
        """Orders come in with their margin."""
        self.take(rows, order)

    @settles(public.CancelForward)
    def settle_recalls(self, rows: Rows, order: Order) -> None:
        """Orders are taken back."""
        one_by_one(self.ledger.books, rows, order, self.cancel)

    @settles(public.PostMargin)
    def settle_deposits(self, rows: Rows, order: Order) -> None:
        """Margin is deposited."""
        one_by_one(self.ledger.books, rows, order, self.post)

    @settles(public.WithdrawMargin)
    def settle_withdrawals(self, rows: Rows, order: Order) -> None:
        """Free margin is taken out."""
        one_by_one(self.ledger.books, rows, order, self.withdraw)

    # -- looks and laws

    def view(self) -> public.ForwardsView:
        """What strategies see."""
        return look(self)

    @property
    def open_ghs(self) -> int:
        """GH/s of all positions."""
        return int(np.add.reduce(self.contracts[:, SIZE]))

    def state(self) -> Iterable[NDArray[Any]]:
        """Orders, contracts, calls."""
        calls = np.array([(*key, *call) for key, call in sorted(self.due.items())], np.int64)
        return self.orders, self.contracts, calls, self.last, self.index, np.array([self.next], np.int64)

    def check(self) -> None:
        """Variation margins sum to zero; escrow holds what margin accounts say; terms are within what is traded."""
        fault = laws.broken(self)
        if fault:
            raise InvariantViolated(fault)
