"""Offerings: from rigs and NFTs to fractions, by a form that prices them and says when a sale succeeds."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Action
from model.errors import InvariantViolated, ScenarioError
from model.flows import Flow
from model.ledger import USD_ASSET
from model.mechanism import Mechanism, settles, stage
from model.mechanisms.offerings import formulas, kernels
from model.mechanisms.offerings.bringing import bring, club, contract, nft, rigs
from model.mechanisms.offerings.form import Form
from model.mechanisms.offerings.forms import forms
from model.mechanisms.offerings.grants import Grants
from model.mechanisms.offerings.opening import sell_initial_vaults
from model.mechanisms.offerings.params import VENUES, OfferingsParams, OfferingsView
from model.mechanisms.offerings.public import FoundClub, Fractionalise, OfferContract, Subscribe, Tokenise
from model.mechanisms.offerings.sales import Slips, empty_sales
from model.nft_kind import BY_WORD, WITH_NFT, NftKind
from model.units import BPS, TOKEN, USD
from model.view import frozen

OFFERED, SOLD, FAILED, FRACTIONS, RAISED, RETURNED, TICKS = range(7)  # columns of the tally
COUNTS = ("offered", "sold", "failed", "fractions", "raised", "returned", "days_to_sell")


class Offerings(Mechanism):
    """Primary sales of fractions, by vault.

    Attributes:
        escrow: account that holds subscribers' money and the fractions on offer, and issues receipts
        sales: columns by vault, see `Sales`; is_open, price, offered, left are among them
        slips: who paid what into escrow
        price_usd, deadline, opened, reserve: price shown [USD], last and first tick, the creator's price, by vault
        promised, promised_th: GH/s that a club is to order, and TH per whole fraction, by vault
        forms: all forms by name; form_of: place of a vault's form among them
        now: vaults on offer, in order of opening
        tally: what became of offerings so far by form, columns `COUNTS` [vaults, base units, ticks]
    """

    key = "offerings"
    needs = ("rigs", "vaults")
    wants = ("nfts", *VENUES)
    Params = OfferingsParams
    rigs: Any
    vaults: Any

    @classmethod
    def room(cls, params: OfferingsParams) -> tuple[int, int, int]:
        """The accounts of escrow and grants; receipts have their room with the vaults."""
        return 0, 0, 2

    def __init__(self, market: Any, params: OfferingsParams) -> None:
        super().__init__(market, params)
        self.escrow = self.ledger.open_account("platform", "escrow of offerings")
        size = self.vaults.status.size
        self.sales, self.slips = empty_sales(size), Slips()
        self.is_open, self.price, _, self.offered, self.left, _ = self.sales
        self.deadline, self.opened, self.reserve, self.promised, self.form_of = (
            np.zeros(size, np.int64) for _ in range(5)
        )
        self.price_usd, self.days_left, self.promised_th = np.zeros(size), np.zeros(size), np.zeros(size)
        self.forms: dict[str, Form] = {name: form(self) for name, form in forms().items()}
        self._all = list(self.forms.values())
        self.tally = np.zeros((len(self._all), len(COUNTS)), np.int64)
        self.now: list[int] = []
        self.grants = Grants(self)
        wanted = [BY_WORD[row.kind] for row in params.opening]
        if self.nfts is None and any(kind in WITH_NFT for kind in wanted):
            raise ScenarioError(
                "offerings.opening: NFTs need their registry; add the table [nfts], or open rigs, contracts and clubs"
            )
        self._supplies = np.array([self.form_for(kind).supply() for kind in NftKind], np.int64)
        self._idle, self._busy = self._view(False), self._view(True)

    @property
    def venues(self) -> list[tuple[Any, float]]:
        """Venues that the seed opens, with their weights."""
        found = ((getattr(self, key), weight) for key, weight in self.params.seed_venues.items())
        return [(venue, weight) for venue, weight in found if venue is not None and weight > 0]

    def form_for(self, kind: int) -> Form:
        """The form by which vaults of a kind are sold."""
        if kind == NftKind.CLUB:
            return self.forms["club"]
        return self.forms[self.params.forms.get(NftKind(kind).name.lower(), self.params.form)]

    def form_at(self, v: int) -> Form:
        """The form by which a vault is or was sold."""
        return self._all[int(self.form_of[v])]

    def _view(self, any_open: bool) -> OfferingsView:
        return OfferingsView(
            open=frozen(self.is_open),
            price=frozen(self.price_usd),
            left=frozen(self.left),
            lot=frozen(self.sales.lots),
            days_left=frozen(self.days_left),
            seller=frozen(self.vaults.creator),
            promised_th=frozen(self.promised_th),
            any_open=any_open,
            room=self.vaults.room_left,
            least_ghs=self.params.least_ghs,
            supply=int(self._supplies[NftKind.RIG]),
            supplies=frozen(self._supplies),
        )

    def changed(self) -> None:
        """Show the new limits and how many vaults can still be made."""
        self._idle, self._busy = self._view(False), self._view(True)

    def open(self) -> None:
        """Make and sell the initial vaults."""
        sell_initial_vaults(self)

    # -- an offering from its opening to its end

    @settles(Tokenise)
    def tokenise(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Rigs become a vault whose fractions go on offer."""
        bring(self, rigs, rows, order)

    @settles(OfferContract)
    def offer_contract(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Rigs are lent to a vault whose fractions go on offer."""
        bring(self, contract, rows, order)

    @settles(Fractionalise)
    def fractionalise(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """An NFT becomes a vault whose fractions go on offer."""
        bring(self, nft, rows, order)

    @settles(FoundClub)
    def found_club(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """A club asks for pledges."""
        bring(self, club, rows, order)

    def put_on_offer(self, v: int, form: Form, price: int, offered: int) -> None:
        """Let a new vault's fractions go from its creator into escrow, for sale from the next tick."""
        s, vaults, ledger, clock = self.sales, self.vaults, self.ledger, self.clock
        fraction, creator = int(vaults.fraction[v]), int(vaults.creator[v])
        ledger.pay(fraction, creator, self.escrow, int(vaults.supply[v]), Flow.OFFERING)
        s.price[v] = self.reserve[v] = price
        s.rise[v], s.lots[v], s.offered[v], s.left[v] = form.rise(price), form.lot(price), offered, offered
        self.form_of[v] = self._all.index(form)
        self.opened[v] = clock.tick
        self.deadline[v] = self.opened[v] + clock.ticks_of(self.params.days)
        self.days_left[v] = self.params.days
        s.is_open[v] = True
        self.now.append(v)
        self.tally[self.form_of[v], OFFERED] += 1
        vaults.receipt(v, self.escrow)
        self.show(v, price)
        form.quote(v)

    def show(self, v: int, price: int) -> None:
        """Quote a price; fractions are marked at it, and receipts at what escrow owes for them."""
        fraction, receipt = int(self.vaults.fraction[v]), int(self.vaults.receipts[v])
        value, sold = self.ledger.value, int(self.offered[v] - self.left[v])
        self.price_usd[v] = price / USD
        value[fraction] = price / USD / TOKEN
        value[receipt] = self.slips.paid(v) / USD / sold if sold else price / USD / TOKEN

    @settles(Subscribe)
    def subscribe(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Subscribers pay into escrow and get receipts."""
        own = [form for form in self._all if type(form).subscribe is not Form.subscribe]
        if not own:
            self.take(rows, order)
            return
        vault, last = rows["vault"], self.vaults.n
        form_of = [self.form_at(v) if 0 <= (v := int(vault[i])) < last else self._all[0] for i in order]
        for form, turns in groupby(zip(form_of, order, strict=True), lambda turn: turn[0] if turn[0] in own else None):
            (form or self._all[0]).subscribe(rows, np.array([i for _, i in turns], np.int64))

    def take(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Take subscriptions along each sale's line of prices."""
        self.slips.reserve(order.size)
        kernels.subscribe(
            self.ledger.books, self.vaults.n, self.escrow, self.sales, self.vaults.receipts, self.slips.rows,
            self.slips.count, rows, order,
        )  # fmt: skip

    @stage("clear")
    def close_offerings(self) -> None:
        """Offerings that are sold out or at their deadline are settled by their form, or refunded."""
        tick = self.clock.tick
        for v in tuple(self.now):
            form = self.form_at(v)
            if not form.settle(v, tick >= self.deadline[v]):
                self.days_left[v] = (self.deadline[v] - tick) * self.clock.dt_days
                form.quote(v)
        if self.grants.running and self.clock.new_day:
            self.grants.pay_out()

    def count(self, v: int, sold: int = 0, raised: int = 0, returned: int = 0, failed: bool = False) -> None:
        """Note what became of an offering."""
        row = self.tally[self.form_of[v]]
        row[FAILED if failed else SOLD] += 1
        row[FRACTIONS] += sold
        row[RAISED] += raised
        row[RETURNED] += returned
        row[TICKS] += 0 if failed else self.clock.tick - self.opened[v]

    def close(self, v: int) -> None:
        """An offering is over."""
        self.slips.tear(v)
        self.is_open[v] = False
        self.left[v] = self.promised[v] = 0
        self.days_left[v] = self.promised_th[v] = 0.0
        self.now.remove(v)

    def pay_fee(self, seller: int, proceeds: int) -> None:
        """The platform's part of the proceeds."""
        fee = formulas.fee_of(proceeds, self.params.fee_bps)
        self.ledger.pay(USD_ASSET, seller, self.market.platform, fee, Flow.MARKET_FEE)

    def launch(self, form: Form, v: int, creator: int, proceeds: int, price: int) -> None:
        """Part of the proceeds and fractions of the same worth open the venues; the grant is set aside."""
        usd, venues = proceeds * form.seed_bps // BPS, self.venues
        whole = sum(weight for _, weight in venues)
        for venue, weight in venues:
            part = usd if len(venues) == 1 else int(usd * (weight / whole))
            if part > 0:
                venue.seed(v, creator, part, part * TOKEN // price, self.params.lock_days)
        self.grants.set_aside(v, creator, int(self.vaults.supply[v]) * form.grant_bps // BPS)

    # -- looks and laws

    def view(self) -> OfferingsView:
        """What strategies see."""
        if self._idle.room != self.vaults.room_left:
            self.changed()
        return self._busy if self.now else self._idle

    def idle(self) -> Iterable[type[Action]]:
        """NFTs are brought only where there are any."""
        return (Fractionalise,) if self.nfts is None else ()

    def undo_columns(self) -> Iterable[NDArray[Any]]:
        """What a subscription changes."""
        return (self.left, self.slips.count)

    def state(self) -> Iterable[NDArray[Any]]:
        """All columns."""
        columns = (self.deadline, self.opened, self.reserve, self.promised, self.form_of, self.slips.used())
        return (*self.sales, *columns, self.tally, *self.grants.state())

    def check(self) -> None:
        """Escrow holds exactly what subscribers paid and the fractions on offer; nothing else."""
        ledger, vaults, owed = self.ledger, self.vaults, 0
        for v in self.now:
            receipts, paid = ledger.outstanding(int(vaults.receipts[v])), self.slips.paid(v)
            owed += paid
            if receipts + int(self.left[v]) != int(self.offered[v]):
                raise InvariantViolated(
                    f"offering of vault {v}: {receipts} sold and {self.left[v]} left of {self.offered[v]}"
                )
            if not self.form_at(v).owes(v, receipts, paid):
                raise InvariantViolated(f"offering of vault {v}: {paid} USD base units for {receipts} is not its price")
            if ledger.balance(int(vaults.fraction[v]), self.escrow) != int(vaults.supply[v]):
                raise InvariantViolated(f"offering of vault {v}: escrow does not hold its fractions")
        held = ledger.balance(USD_ASSET, self.escrow)
        if held != owed:
            raise InvariantViolated(f"escrow of offerings holds {held} and owes subscribers {owed} USD base units")
        self.grants.check()
