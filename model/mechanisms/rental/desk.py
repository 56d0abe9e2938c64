"""The desk: takes offers and orders, keeps what buyers pay in, and gives back what is left."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Status
from model.flows import Flow, Group
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanism import Mechanism
from model.mechanisms.rental.delivery import free_of, give_back
from model.mechanisms.rental.formulas import PPM, repriced
from model.mechanisms.rental.params import RentalParams
from model.mechanisms.rental.table import (
    BTC_PRICED,
    CONTRACT_WIDTH,
    CURRENCY,
    CUT,
    ELSEWHERE,
    HERE,
    LEFT,
    NUMBER,
    ORDER_WIDTH,
    OWNER,
    PRICE,
    RUNNING,
    SERIES_WIDTH,
    TERM,
    UNTIL,
    USD_PRICED,
    appended,
    empty,
)
from model.units import BTC, HOURS_PER_DAY, LARGEST_RESERVE, TH_PER_PH, USD

Outcome = tuple[Status, int]
LARGEST_SIZE = 1_000_000_000_000_000  # GH/s; far above any network
BY_ACCOUNT = ("offered", "floor", "currency", "longest", "banned", "spent", "work", "changed_for")


class Desk(Mechanism):
    """Offers, orders and contracts, and the escrow behind them.

    Attributes:
        escrow: account that holds what open orders owe, and bonds
        receipts: assets by which owners of orders hold their part of it, by currency
        orders, contracts, series: rows as in `table`
        offered, floor, longest: by account: GH/s, satoshi or USD base units per PH/s and day, ticks
        currency: of each floor
        banned: last tick in which an account may not offer; spent: USD base units paid so far
        work: GH/s whose payout each account has in this tick
        changed_for: satoshi that vaults got for their dollars in this tick
        rented: GH/s got, given, and got for another chain in this tick, by account; away: GH/s that mine another chain
    """

    Params = RentalParams
    bitcoin: Any
    rigs: Any
    offered: NDArray[np.int64]
    floor: NDArray[np.int64]
    currency: NDArray[np.int64]
    longest: NDArray[np.int64]
    banned: NDArray[np.int64]
    spent: NDArray[np.int64]
    work: NDArray[np.int64]
    changed_for: NDArray[np.int64]

    def __init__(self, market: Any, params: RentalParams) -> None:
        super().__init__(market, params)
        ledger = self.ledger
        self.escrow = ledger.open_account("platform", "escrow of hashpower orders")
        self.receipts = np.array(
            [ledger.add_asset(f"hashpower orders in {c}", Group.RECEIPT, (self.escrow,)) for c in ("USD", "BTC")],
            np.int64,
        )
        ledger.value[self.receipts[USD_PRICED]] = 1 / USD
        self.orders, self.contracts, self.series = (empty(w) for w in (ORDER_WIDTH, CONTRACT_WIDTH, SERIES_WIDTH))
        self.next = 0
        for name in BY_ACCOUNT:
            setattr(self, name, np.zeros(0, np.int64))
        self.rented, self.away = np.zeros((3, 0), np.int64), np.zeros(1, np.int64)
        self.received, self.cost = np.zeros((2, 0), np.int64), np.zeros((2, 0), np.int64)
        self.fees = np.zeros(2, np.int64)
        self.reserve()

    def reserve(self) -> None:
        """Make room for all accounts that there may be."""
        size = self.ledger.books.sector.size
        if self.work.size == size:
            return
        for name in BY_ACCOUNT:
            old = getattr(self, name)
            setattr(self, name, np.concatenate([old, np.zeros(size - old.size, np.int64)]))
        for name in ("rented", "received", "cost"):
            old = getattr(self, name)
            setattr(self, name, np.concatenate([old, np.zeros((old.shape[0], size - old.shape[1]), np.int64)], axis=1))

    # -- prices

    @property
    def coin(self) -> int:
        """USD base units of a coin."""
        return max(1, round(float(self.bitcoin.price) * USD))

    @property
    def fair(self) -> int:
        """Hashprice after the pool fee that miners expect [satoshi per PH/s and day]."""
        usd = float(self.rigs.hashprice) * (1.0 - float(self.rigs.rules.pool_fee))
        return int(min(LARGEST_RESERVE, usd / float(self.bitcoin.price) * BTC))

    def in_coins(self, price: int, currency: int, up: bool = False) -> int:
        """A price in satoshi, rounded down or up."""
        if currency == BTC_PRICED:
            return price
        coins = -(-price * BTC // self.coin) if up else price * BTC // self.coin
        return min(coins, LARGEST_RESERVE)

    def in_own(self, satoshi: int, currency: int) -> int:
        """A price of satoshi in a currency, rounded down."""
        return satoshi if currency == BTC_PRICED else min(LARGEST_RESERVE, satoshi * self.coin // BTC)

    @property
    def fee_ppm(self) -> int:
        """The fee in parts of a million."""
        return round(self.params.fee * PPM)

    # -- capacity

    def free(self) -> NDArray[np.int64]:
        """GH/s that accounts run, or have by tokens, and have not promised for a term."""
        out = np.empty(self.work.size, np.int64)
        free_of(self.contracts, self.series, self.rigs.delivered, out)
        return out

    # -- what agents ask for

    def offer(self, account: int, ghs: int, floor: int, currency: int, hours: int) -> Outcome:
        """Keep an account's offer until it is changed."""
        if currency not in (USD_PRICED, BTC_PRICED):
            return Status.UNKNOWN, 0
        if (
            not 0 <= ghs <= LARGEST_SIZE
            or not 0 <= floor <= LARGEST_RESERVE
            or not 0 <= hours <= self.params.longest_hours
        ):
            return Status.AMOUNT, 0
        if ghs > 0 and self.banned[account] >= max(0, self.clock.tick) and self.banned[account] > 0:
            return Status.LOCKED, 0
        longest = hours // self.clock.hours
        self.offered[account], self.floor[account], self.currency[account] = ghs, floor, currency
        self.longest[account] = longest
        return Status.DONE, ghs

    def bid(self, account: int, ghs: int, price: int, budget: int, currency: int, hours: int, use: int) -> Outcome:
        """Take an order and its budget; its number."""
        p = self.params
        if currency not in (USD_PRICED, BTC_PRICED) or use not in (HERE, ELSEWHERE):
            return Status.UNKNOWN, 0
        if (hours > 0 and p.orders == "standard") or (hours == 0 and p.orders == "fixed"):
            return Status.NOT_ALLOWED, 0
        if not 0 < ghs <= LARGEST_SIZE or not 0 < price <= LARGEST_RESERVE or not 0 < budget <= LARGEST_RESERVE:
            return Status.AMOUNT, 0
        if not 0 <= hours <= p.longest_hours:
            return Status.AMOUNT, 0
        if self.orders.shape[0] >= p.most_orders:
            return Status.DEPTH, 0
        asset = (USD_ASSET, BTC_ASSET)[currency]
        if not self.ledger.move(asset, account, self.escrow, budget, Flow.RENTAL):
            return Status.FUNDS, 0
        self.ledger.pay(int(self.receipts[currency]), self.escrow, account, budget, Flow.RENTAL)
        tick, clock, number = max(0, self.clock.tick), self.clock, self.next
        term = clock.ticks_of(hours / HOURS_PER_DAY) if hours > 0 else 0
        until = tick + clock.ticks_of(p.order_days)
        self.orders = appended(
            self.orders, number, account, currency, price, ghs, budget, term, use, until, tick, 0
        )  # fmt: skip
        self.next += 1
        return Status.DONE, number

    def find(self, number: int) -> int:
        """Row of an open order, -1 for none."""
        place = int(np.searchsorted(self.orders[:, NUMBER], number))
        return place if place < self.orders.shape[0] and self.orders[place, NUMBER] == number else -1

    def places(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """Rows of open orders, -1 for none."""
        known = self.orders[:, NUMBER]
        if known.size == 0:
            return np.full(numbers.size, -1, np.int64)
        place = np.minimum(np.searchsorted(known, numbers), known.size - 1)
        return np.where(known[place] == numbers, place, -1)

    def reprice(self, account: int, number: int, price: int) -> Outcome:
        """Change the price of an own standard order."""
        place = self.find(number)
        if place < 0:
            return Status.UNKNOWN, 0
        order = self.orders[place]
        if order[OWNER] != account or order[TERM] > 0:
            return Status.NOT_ALLOWED, 0
        if not 0 < price <= LARGEST_RESERVE:
            return Status.AMOUNT, 0
        tick, before = max(0, self.clock.tick), int(order[PRICE])
        hours = (tick - int(order[CUT])) * self.clock.hours
        order[PRICE] = repriced(before, price, self.params.cut, float(hours))
        if order[PRICE] < before:
            order[CUT] = tick
        return Status.DONE, int(order[PRICE])

    def cancel(self, account: int, number: int) -> Outcome:
        """Give the budget of an own order back, unless sellers are bound by it."""
        place = self.find(number)
        if place < 0:
            return Status.UNKNOWN, 0
        if self.orders[place, OWNER] != account:
            return Status.NOT_ALLOWED, 0
        if self.orders[place, RUNNING]:
            return Status.LOCKED, 0
        return Status.DONE, self.close([place])

    # -- escrow

    def refund(self, place: int, amount: int) -> None:
        """Give a part of an order's budget back."""
        order = self.orders[place]
        asset, owner = (USD_ASSET, BTC_ASSET)[order[CURRENCY]], int(order[OWNER])
        self.ledger.pay(asset, self.escrow, owner, amount, Flow.REFUND)
        self.ledger.pay(int(self.receipts[order[CURRENCY]]), owner, self.escrow, amount, Flow.REFUND)
        order[LEFT] -= amount

    def close(self, places: list[int]) -> int:
        """Refund orders and forget them; base units given back."""
        if not places:
            return 0
        given = give_back(self.ledger.books, self.orders, np.array(places, np.int64), self.escrow, self.receipts)
        self.orders = np.delete(self.orders, places, axis=0)
        return int(given)

    def lapse(self) -> None:
        """Orders that are too old, or whose term is over, go."""
        tick = self.clock.tick
        old = (self.orders[:, UNTIL] <= tick) if tick >= 0 else np.zeros(self.orders.shape[0], np.bool_)
        self.close(np.flatnonzero(old).tolist())

    @property
    def th_price(self) -> float:
        """USD per TH/s and day of mining now, after pool fees."""
        return self.fair / BTC * float(self.bitcoin.price) / TH_PER_PH
