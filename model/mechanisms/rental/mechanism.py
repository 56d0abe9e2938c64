"""The hashpower market: what happens when in the day, what strategies see, and what must hold."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Action
from model.bound_rigs import MOVES_RIGS, refuse_bound
from model.errors import InvariantViolated
from model.flows import Flow, Group
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanism import settles, stage
from model.mechanisms.rental import clearing, delivery, laws, public, tokens
from model.mechanisms.rental.desk import Desk, Outcome
from model.mechanisms.rental.looks import Board, look
from model.mechanisms.rental.params import RentalParams
from model.mechanisms.rental.table import (
    BTC_PRICED,
    FIXED,
    GOT,
    ISSUER,
    KIND,
    MISSED,
    NOBODY,
    SELLER,
    SIZE,
    STANDARD,
    USD_PRICED,
    empty,
)
from model.mechanisms.rental.table import SERIES_WIDTH as WIDE
from model.one_by_one import one_by_one
from model.units import BTC, GHS_PER_TH, LARGEST_POSTING, USD

Rows = NDArray[Any]
Order = NDArray[np.int64]


class Rental(Desk):
    """The hashpower market.

    Attributes:
        price: of standard orders at the last clearing that traded [satoshi per PH/s and day]; price_tick: when
        volume, demand, supply: GH/s of the last clearing of standard orders
        bound: fixed orders taken at the last clearing; defaults: sellers who failed in this tick
        refunded: USD base units paid from bonds in this tick; sold_tokens: USD base units that bought tokens in it
        ran: GH/s that all rigs ran in this tick
        maker: issuer of tokens; tokens: assets by series; asks: price by series and account
    """

    key = "rental"
    needs = ("bitcoin", "rigs")
    channels = {"rental_delivery": "part of promised hashpower that arrives"}

    @classmethod
    def room(cls, params: RentalParams) -> tuple[int, int, int]:
        """Receipts of two currencies, tokens; the escrow and the maker of tokens."""
        return 2 + params.token_series, 0, 2

    def __init__(self, market: Any, params: RentalParams) -> None:
        super().__init__(market, params)
        self.price, self.price_tick = 0, -1
        self.volume = self.demand = self.supply = self.bound = self.defaults = 0
        self.refunded = self.sold_tokens = self.ran = 0
        ledger = self.ledger
        self.maker = ledger.open_account("platform", "tokens of hashpower")
        self.tokens = np.array(
            [ledger.add_asset(f"hashpower token {s}", Group.OTHER, (self.maker,)) for s in range(params.token_series)],
            np.int64,
        )
        self.series = np.vstack([empty(WIDE), np.tile((NOBODY, 0, 0, 0, 0), (params.token_series, 1))]).astype(np.int64)
        self.asks: dict[tuple[int, int], int] = {}
        self.board = Board()

    # -- the day

    @stage("production")
    def deliver(self) -> None:
        """Rented rigs work for their renters, who pay what was delivered out of their orders."""
        self.reserve()
        self.defaults = self.refunded = self.sold_tokens = 0
        self.changed_for[:] = 0
        self.presold[:], self.selling[:] = self.selling, 0
        clock, contracts = self.clock, self.contracts
        if self.sheet.shape[0] < contracts.shape[0]:
            self.make_space(2 * contracts.shape[0], self.space.shape[1])
        reach = float(min(1.0, self.market.shocks["rental_delivery"]))
        n, late, paid, self.ran = delivery.deliver(
            self.ledger.books, contracts, self.sheet, self.orders, self.rigs.delivered, reach,
            (self.work, self.rented, self.away), np.empty(contracts.shape[0], np.int64), clock.hours, self.escrow,
            self.market.platform, self.receipts, (self.received, self.cost, self.fees, self.spent), self.coin,
            self.params.default_hours, self.vault_sector,
        )  # fmt: skip
        self.contracts = self.sheet[:n].copy()
        self.ledger.value[self.receipts[BTC_PRICED]] = self.ledger.value[BTC_ASSET]
        if self.tokens.size:
            tokens.compensate(self)
        if paid:
            self._pay_vaults_in_coins()
        if late:
            self._find_defaults()

    def _pay_vaults_in_coins(self) -> None:
        """Vaults share coins: the desk changes the dollars that they got."""
        dollars, ledger, ask = self.received[0], self.ledger, self.bitcoin.ask
        paid = np.flatnonzero(dollars)
        vaults = paid[ledger.books.sector[paid] == self.vault_sector]
        usd, world = dollars[vaults], np.full(vaults.size, ledger.world)
        coins = np.array([amount * BTC // ask for amount in usd.tolist()], np.int64)
        ledger.move_many(USD_ASSET, vaults, world, usd, Flow.COIN_TRADE)
        ledger.move_many(BTC_ASSET, world, vaults, coins, Flow.COIN_TRADE)
        self.changed_for[vaults] += coins

    def _find_defaults(self) -> None:
        """Sellers who delivered less than half for too long lose the contract, and may not offer for a while."""
        p, clock = self.params, self.clock
        late = (self.contracts[:, MISSED] * clock.hours >= p.default_hours) & (self.contracts[:, KIND] != STANDARD)
        for row in self.contracts[late]:
            seller = int(row[SELLER])
            if p.ban_days > 0:
                self.banned[seller] = clock.tick + clock.ticks_of(p.ban_days)
            self.offered[seller] = 0
            self.defaults += 1
            text = f"a seller delivered {int(row[GOT])} of {int(row[SIZE])} GH/s for {p.default_hours:g} hours"
            self.journal.event("rental default", text, account=seller, amount=float(row[SIZE]))
        self.contracts[late, MISSED] = 0
        self.contracts = self.contracts[~(late & (self.contracts[:, KIND] == FIXED))]

    @stage("accrual")
    def change_fees(self) -> None:
        """The market sells the coins of its fees once a day."""
        if self.clock.new_day and self.ledger.balance(BTC_ASSET, self.market.platform) > 0:
            self.bitcoin.raise_cash(np.array([self.market.platform]), np.array([LARGEST_POSTING]))

    @stage("clear")
    def clear(self) -> None:
        """Hashpower of the next tick is auctioned; terms that are over end, and what is left of orders goes back."""
        self.reserve()
        tokens.end(self)
        clearing.clear_all(self)

    @stage("record")
    def mark(self) -> None:
        """Tokens are marked."""
        tokens.mark(self)

    @property
    def let(self) -> NDArray[np.int64]:
        """What accounts got in this tick for hashpower, and for tokens that they issued [USD base units]."""
        dollars = np.where(self.ledger.books.sector == self.vault_sector, 0, self.received[USD_PRICED])
        coins = self.received[BTC_PRICED] + self.changed_for
        return dollars + self.presold + np.floor(coins * (self.coin / BTC)).astype(np.int64)

    @property
    def forgone(self) -> NDArray[np.int64]:
        """What mining would have paid for the hashpower that accounts gave in this tick [USD base units]."""
        return np.floor(self.rented[1] * (self.th_price * self.clock.dt_days * USD / GHS_PER_TH)).astype(np.int64)

    @property
    def own_part(self) -> NDArray[np.float64]:
        """Part of the work whose payout an account has that its own rigs did in this tick; 1 without work."""
        delivered = self.rigs.delivered[: self.work.size]
        own = np.maximum(0, delivered - self.rented[1, : delivered.size])
        work = self.work[: delivered.size]
        return np.where(work > 0, np.minimum(1.0, own / np.maximum(1, work)), 1.0)

    @property
    def earned(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Satoshi that renters paid, and that vaults got for their dollars, in this tick, by account."""
        return self.received[BTC_PRICED], self.changed_for

    # -- what agents ask for

    def _each(self, rows: Rows, order: Order, act: Callable[..., Outcome]) -> None:
        """Carry rows out one by one; none of it can be taken back from a bundle."""
        self.reserve()
        one_by_one(self.ledger.books, rows, order, act)

    @settles(public.OfferHashpower)
    def settle_offers(self, rows: Rows, order: Order) -> None:
        """Sellers offer running rigs."""
        self.reserve()
        self.take_offers(rows, order)

    @settles(public.BidHashpower)
    def settle_bids(self, rows: Rows, order: Order) -> None:
        """Buyers hand in orders."""
        self.take_bids(rows, order)

    @settles(public.RepriceBid)
    def settle_prices(self, rows: Rows, order: Order) -> None:
        """Buyers change prices of standing orders."""
        self.reprice(rows, order)

    @settles(public.CancelBid)
    def settle_recalls(self, rows: Rows, order: Order) -> None:
        """Buyers take orders back."""
        self._each(rows, order, self.cancel)

    @settles(public.IssueTokens)
    def settle_issues(self, rows: Rows, order: Order) -> None:
        """Sellers bind rigs for tokens."""
        self._each(rows, order, lambda *row: tokens.issue(self, *row))

    @settles(public.AskForTokens)
    def settle_asks(self, rows: Rows, order: Order) -> None:
        """Holders ask for tokens."""
        self._each(rows, order, lambda *row: tokens.ask(self, *row))

    @settles(public.BuyTokens)
    def settle_purchases(self, rows: Rows, order: Order) -> None:
        """Tokens are bought."""
        self._each(rows, order, lambda *row: tokens.buy(self, *row))

    @settles(public.RedeemTokens)
    def settle_redemptions(self, rows: Rows, order: Order) -> None:
        """Tokens become hashpower."""
        self._each(rows, order, lambda *row: tokens.redeem(self, *row))

    def idle(self) -> Iterable[type[Action]]:
        """All about tokens where there are none."""
        used = (public.IssueTokens, public.AskForTokens, public.BuyTokens, public.RedeemTokens)
        return () if self.params.token_series else used

    # -- rigs that must stay

    def may_refuse(self, action: type[Action]) -> bool:
        """Whether an action takes rigs away while tokens live."""
        return action.__name__ in MOVES_RIGS and self.living > 0

    def screen(self, action: type[Action], rows: Rows, order: Order) -> Order:
        """Rigs whose hashpower was sold by tokens cannot be sold or tokenised until the term ends."""
        if not self.may_refuse(action):
            return order
        return refuse_bound(rows, order, tokens.bound(self), self.rigs.held)

    # -- looks and laws

    def view(self) -> public.RentalView:
        """What strategies see."""
        return look(self)

    @property
    def living(self) -> int:
        """Series of tokens that live."""
        return int(np.count_nonzero(self.series[:, ISSUER] != NOBODY))

    @property
    def usd_price(self) -> float:
        """Price of standard orders [USD per PH/s and day]."""
        return self.price / BTC * float(self.bitcoin.price)

    def state(self) -> Iterable[NDArray[Any]]:
        """Orders, contracts, offers, tokens."""
        n = self.ledger.accounts
        asks = np.array([(*key, price) for key, price in sorted(self.asks.items())], np.int64)
        marks = np.array([self.price, self.price_tick, self.next, self.volume], np.int64)
        promised = (self.offered, self.floor, self.currency, self.longest, self.banned)
        columns = (*promised, self.spent, self.work, self.selling)
        return (self.orders, self.contracts, self.series, asks, marks, *(column[:n] for column in columns))

    def check(self) -> None:
        """Budgets, deliveries, payments, escrow and tokens are as the laws say."""
        fault = laws.broken(self)
        if fault:
            raise InvariantViolated(fault)
