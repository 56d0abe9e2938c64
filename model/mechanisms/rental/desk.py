"""The desk: takes offers and orders, keeps what buyers pay in, and gives back what is left."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Status
from model.flows import Group
from model.mechanism import Mechanism
from model.mechanisms.rental import clearing
from model.mechanisms.rental.book import (
    BOTH,
    ONLY_FIXED,
    ONLY_STANDARD,
    place_of,
    reprice,
    take_bids,
    take_offers,
)
from model.mechanisms.rental.delivery import free_of, give_back
from model.mechanisms.rental.params import RentalParams
from model.mechanisms.rental.table import (
    BTC_PRICED,
    CONTRACT_WIDTH,
    ORDER_WIDTH,
    OWNER,
    RUNNING,
    SERIES_WIDTH,
    USD_PRICED,
    empty,
)
from model.units import BTC, LARGEST_RESERVE, PPM, TH_PER_PH, USD

Outcome = tuple[Status, int]
KINDS = {"both": BOTH, "standard": ONLY_STANDARD, "fixed": ONLY_FIXED}
BY_ACCOUNT = ("offered", "floor", "currency", "longest", "banned", "spent", "work", "changed_for", "selling", "presold")


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
        selling: USD base units that issuers got for their tokens since the last delivery; presold: before it, counted now
        kept: part of a price that is kept at least, by ticks since the last cut; kept_after: cut for which it holds
        vault_sector: sector of vaults
        sheet, sold, space: work space
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
    selling: NDArray[np.int64]
    presold: NDArray[np.int64]

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
        self.kept, self.kept_after = np.zeros(0), -1.0
        self.vault_sector = ledger.sectors.index("vaults")
        self.make_space(0, 0)
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

    def make_space(self, contracts: int, longest: int) -> None:
        """Work space for the evening: for so many contracts, and for so many orders and accounts."""
        self.sheet, self.sold = np.empty((contracts, CONTRACT_WIDTH), np.int64), np.empty((contracts, 3), np.int64)
        self.space = np.empty((clearing.LANES, longest), np.int64)

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

    def take_offers(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Keep accounts' offers until they are changed."""
        clock, logging = self.clock, self.ledger.books.logging
        take_offers(
            logging, rows, order, max(0, clock.tick), clock.hours, self.params.longest_hours, self.offered, self.floor,
            self.currency, self.longest, self.banned,
        )  # fmt: skip

    def take_bids(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Take orders and their budgets."""
        p, clock, tick, taken = (
            self.params,
            self.clock,
            max(0, self.clock.tick),
            np.empty((order.size, ORDER_WIDTH), np.int64),
        )
        n = take_bids(
            self.ledger.books, rows, order, KINDS[p.orders], p.most_orders - self.orders.shape[0], self.next, tick, clock.hours,
            p.longest_hours, tick + clock.ticks_of(p.order_days), self.escrow, self.receipts, taken,
        )  # fmt: skip
        self.orders = np.concatenate((self.orders, taken[:n]))
        self.next += n

    def reprice(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Change prices of own standard orders."""
        cut, clock = self.params.cut, self.clock
        if self.kept_after != cut:  # a price is lowered by a power that Python works out
            ticks = range(clock.ticks_of(self.params.order_days) + 1)
            self.kept_after, self.kept = cut, np.array([(1.0 - cut) ** float(k * clock.hours) for k in ticks])
        reprice(self.ledger.books.logging, rows, order, self.orders, self.kept, max(0, clock.tick))

    def find(self, number: int) -> int:
        """Row of an open order, -1 for none."""
        return int(place_of(self.orders, number))

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

    def close(self, places: list[int]) -> int:
        """Refund orders and forget them; base units given back."""
        if not places:
            return 0
        given = give_back(self.ledger.books, self.orders, np.array(places, np.int64), self.escrow, self.receipts)
        self.orders = np.delete(self.orders, places, axis=0)
        return int(given)

    @property
    def th_price(self) -> float:
        """USD per TH/s and day of mining now, after pool fees."""
        return self.fair / BTC * float(self.bitcoin.price) / TH_PER_PH
