"""The batch auction of fractions: orders by vault, cleared together at one price, for those whose trades are large."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import BUY, SELL, Status
from model.errors import InvariantViolated
from model.escrow import ROOM, CashEscrow
from model.flows import Flow
from model.ledger import NONE
from model.mechanism import Mechanism, settles, stage
from model.mechanisms.auction import kernels
from model.mechanisms.auction.public import AuctionParams, AuctionView, BatchOrder, CancelOrder
from model.mechanisms.auction.table import (
    ACCOUNT,
    ESCROW,
    LEFT,
    NUMBER,
    PRICE,
    SIDE,
    UNTIL,
    VAULT,
    empty_book,
    no_outcomes,
)
from model.units import BPS, HOURS_PER_DAY, TOKEN, USD
from model.vault_status import LIVE
from model.view import frozen


class Auction(Mechanism):
    """Uniform-price call auctions, one batch for each vault.

    Attributes:
        escrow: that holds the dollars of bids, and fractions only while it clears
        book: rows of open orders, see `table`; `n` of them
        outcomes: what the last clearing of each vault brought
        price: as in `AuctionView`
    """

    key = "auction"
    needs = ("vaults",)
    wants = ("amm", "weighted", "curve")
    Params = AuctionParams
    vaults: Any

    @classmethod
    def room(cls, params: AuctionParams) -> tuple[int, int, int]:
        """The escrow."""
        return ROOM

    def __init__(self, market: Any, params: AuctionParams) -> None:
        super().__init__(market, params)
        self.escrow = CashEscrow(self.ledger, "venues", "escrow of the batch auction")
        size = self.vaults.status.size
        self.book, self.n, self.next = empty_book(), 0, 1
        self.outcomes = no_outcomes(size)
        self.price, self.best_bid, self.best_ask = (np.full(size, np.nan) for _ in range(3))
        self.age, self.volume = np.full(size, np.inf), np.zeros(size)
        self.every = self.clock.ticks_of(params.every_hours / HOURS_PER_DAY)
        self._view: AuctionView | None = None

    # -- orders

    @property
    def _life(self) -> int:
        """Of an order [ticks]."""
        return self.clock.ticks_of(self.params.order_hours / HOURS_PER_DAY)

    @settles(BatchOrder)
    def place(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Bids pay into escrow and all orders join the book."""
        if self.ledger.books.logging[0] != 0:  # the book cannot be taken back from a bundle
            rows["status"][order] = Status.NOT_ALLOWED
            return
        if self.n + order.size > self.book.shape[0]:
            self.book = np.concatenate([self.book, empty_book(order.size + self.book.shape[0])])
        tick, every = max(0, self.clock.tick), self.every
        until = max((tick + self._life) // every, tick // every + 1) * every - 1  # the last clearing in its life
        vaults = self.vaults
        before, self.n = self.n, int(
            kernels.place_orders(
                self.ledger.books, vaults.fraction, vaults.status, vaults.supply, self.escrow.account,
                self.escrow.claim, self.book, self.n, self.next, until, rows, order,
            )
        )  # fmt: skip
        self.next += self.n - before

    @settles(CancelOrder)
    def cancel(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Orders are taken back and bids refunded."""
        for i in order:
            rows[i]["status"], rows[i]["filled"] = self._cancel(int(rows[i]["account"]), int(rows[i]["number"]))

    def _cancel(self, account: int, number: int) -> tuple[Status, int]:
        place = int(np.searchsorted(self.book[: self.n, NUMBER], number))
        if self.ledger.books.logging[0] != 0:
            return Status.NOT_ALLOWED, 0
        if place >= self.n or self.book[place, NUMBER] != number or self.book[place, LEFT] == 0:
            return Status.UNKNOWN, 0
        if self.book[place, ACCOUNT] != account:
            return Status.NOT_ALLOWED, 0
        refund = int(self.book[place, ESCROW])
        self.escrow.spend(account, account, refund, Flow.TRADE)
        self.book[place, LEFT] = self.book[place, ESCROW] = 0
        return Status.DONE, refund

    def cancel_all(self, v: int) -> None:
        """Take all orders for a vault out of the book: its fractions may not move."""
        book = self.book[: self.n]
        for place in np.flatnonzero((book[:, VAULT] == v) & (book[:, LEFT] > 0)):
            self._cancel(int(book[place, ACCOUNT]), int(book[place, NUMBER]))

    # -- the batch

    @stage("clear")
    def clear(self) -> None:
        """Each vault's batch is cleared at one price; what orders leave over waits or is refunded."""
        tick = self.clock.tick
        if (tick + 1) % self.every:
            return
        vaults, book, fee = self.vaults, self.book[: self.n], self.params.fee_bps
        sells = book[:, SIDE] == SELL
        limit = np.where(sells, -(-book[:, PRICE] * BPS // (BPS - fee)), book[:, PRICE])
        order = np.lexsort((np.where(sells, limit, -limit), book[:, SIDE], book[:, VAULT]))
        kernels.clear_book(
            self.ledger.books, vaults.fraction, vaults.status, self.escrow.account, self.escrow.claim,
            self.market.platform, fee, tick, book, limit, order, self.outcomes,
        )  # fmt: skip
        self._sweep(tick)
        self._show()

    def _sweep(self, tick: int) -> None:
        """Orders that are served, too old, or of vaults that ended leave the book; their escrow goes back."""
        book = self.book[: self.n]
        stays = (book[:, LEFT] > 0) & (book[:, UNTIL] > tick) & (self.vaults.status[book[:, VAULT]] == LIVE)
        leaves = book[~stays]
        for account, refund in leaves[:, [ACCOUNT, ESCROW]][leaves[:, ESCROW] > 0].tolist():
            self.escrow.spend(account, account, refund, Flow.TRADE)
        self.n -= leaves.shape[0]
        self.book[: self.n] = book[stays]
        self.book[self.n :] = 0

    def _show(self) -> None:
        """Work out what the view shows."""
        o = self.outcomes
        for column, units in ((self.price, o.price), (self.best_bid, o.best_bid), (self.best_ask, o.best_ask)):
            column[:] = np.where(units > 0, units / USD, np.nan)
        self.volume[:] = o.volume / USD / (self.every * self.clock.dt_days)

    @stage("observe")
    def grow_old(self) -> None:
        """Prices of batches grow older."""
        o, hours = self.outcomes, float(self.clock.hours)
        self.age[:] = np.where(o.tick >= 0, (self.clock.tick - 1 - o.tick) * hours, np.inf)

    @stage("record")
    def mark(self) -> None:
        """Fractions that no other venue prices are marked at their last batch."""
        value, o, vaults = self.ledger.value, self.outcomes, self.vaults
        for v in np.flatnonzero((o.price > 0) & (vaults.status == LIVE)):
            if not any(venue is not None and venue.pool[v] != NONE for venue in (self.amm, self.weighted, self.curve)):
                value[vaults.fraction[v]] = o.price[v] / USD / TOKEN

    # -- looks and laws

    def view(self) -> AuctionView:
        """What strategies see."""
        fee, ticks = self.params.fee_bps / BPS, self._life
        if self._view is None or (self._view.fee, self._view.order_ticks) != (fee, ticks):
            columns = {name: frozen(getattr(self, name)) for name in ("price", "age", "volume", "best_bid", "best_ask")}
            self._view = AuctionView(
                **columns,
                traded=frozen(self.outcomes.traded),
                demand=frozen(self.outcomes.demand),
                supply=frozen(self.outcomes.supply),
                fee=fee,
                order_ticks=ticks,
                every_ticks=self.every,
            )
        return self._view

    def state(self) -> tuple[NDArray[Any], ...]:
        """Open orders and what the last clearing left."""
        return self.book[: self.n], np.array([self.next]), *self.outcomes

    def check(self) -> None:
        """Escrow holds what open bids may cost, to the last unit, and no fractions between clearings."""
        if wrong := self.escrow.differs(int(self.book[: self.n, ESCROW].sum())):
            raise InvariantViolated(wrong)
        assets = self.vaults.fraction[self.vaults.fraction >= 0]
        kept = self.ledger.books.balances[assets, self.escrow.account]
        if kept.any():
            raise InvariantViolated(f"the batch auction keeps {int(kept.max())} base units of fractions")
        book = self.book[: self.n]
        if np.any((book[:, SIDE] == BUY) & (book[:, LEFT] > 0) & (book[:, ESCROW] <= 0)):
            raise InvariantViolated("a bid in the batch auction has nothing in escrow")
