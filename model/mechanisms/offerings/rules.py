"""Offerings: from rigs to fractions, by a form that prices them and says when a sale succeeds."""

from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.actions import Action, Status
from model.errors import InvariantViolated
from model.flows import Flow
from model.ledger import USD_ASSET
from model.mechanism import Mechanism, settles, stage
from model.mechanisms.offerings import formulas
from model.mechanisms.offerings.fixed_price import FixedPrice
from model.mechanisms.offerings.opening import sell_initial_vaults
from model.params import Params, param
from model.units import LARGEST_RESERVE, TOKEN, USD
from model.view import frozen


class Tokenise(Action):
    """Offer fractions of `ghs` GH/s of own rigs at `price` USD base units a whole fraction, keeping `keep_bps` 1e-4."""

    fields = ("ghs", "price", "keep_bps")
    phase = "tokenise"


class Subscribe(Action):
    """Pay into escrow for up to `fractions` base units, at no more than `limit` USD base units a whole fraction."""

    fields = ("vault", "fractions", "limit")
    phase = "offers"


class OfferingsParams(Params):
    """Parameters of offerings and of the vaults that exist from the start."""

    form: Literal["fixed_price"] = param("fixed_price", "", "how fractions are priced and when a sale succeeds")
    days: float = param(14.0, "days", "time in which all must be sold", ge=0.1, le=365, live=True)
    seed_bps: int = param(
        2_000, "1e-4", "part of proceeds that opens the pool beside fractions", ge=0, le=5_000, source="NIFTEX v2: .20"
    )
    lock_days: float = param(
        30.0, "days", "time for which the creator's pool shares are locked", ge=0, le=3_650, source="NIFTEX v2: 30 days"
    )
    fee_bps: int = param(
        250, "1e-4", "platform's part of proceeds", ge=0, le=5_000, live=True, source="fee of NFT markets, OpenSea 2022"
    )
    most_kept_bps: int = param(9_000, "1e-4", "most of the supply that a creator may keep", ge=0, le=9_999, live=True)
    least_ghs: int = param(1_000, "GH/s", "smallest vault", ge=1, le=10**12, live=True)
    initial: int = param(20, "vaults", "vaults that exist on the first morning", ge=0, le=5_000)
    th: float = param(1_000.0, "TH/s", "rigs of each initial vault", gt=0, le=1e9, scales=True)
    issue_multiple: float = param(
        1.25, "1", "issue price over the price of its rigs", gt=0, le=100, source="makers charge .8 of a rig's value"
    )
    initial_efficiency: float = param(1.0, "1", "J/TH of initial rigs over those now shipping", gt=0, le=10)
    initial_power_price: float = param(
        0.05, "USD/kWh", "power price of initial vaults", ge=0, le=1, source="GoMining 2024"
    )
    initial_keep_bps: int = param(1_000, "1e-4", "supply that creators of initial vaults keep", ge=0, le=9_999)
    initial_buyers: list[str] = param(
        ["retail_investor", "institution", "liquidity_provider", "arbitrageur", "miner"],
        "",
        "kinds that hold fractions on the first morning, in proportion to cash",
    )
    initial_spending: float = param(0.5, "1", "most of their cash that they have spent on fractions", ge=0, le=1)
    initial_breadth: float = param(0.25, "1", "share of initial vaults that each of them holds", gt=0, le=1)


FORMS: dict[str, type[FixedPrice]] = {"fixed_price": FixedPrice}


class OfferingsView(NamedTuple):
    """What strategies see; columns by vault, read-only.

    Attributes:
        open: whether on offer
        price: USD per whole fraction
        left: still for sale [base units]
        days_left: until the deadline
        seller: account
        any_open: whether any is on offer
        room: vaults that can still be made
        least_ghs: smallest vault
        supply: whole fractions of a new vault
    """

    open: NDArray[np.bool_]
    price: NDArray[np.float64]
    left: NDArray[np.int64]
    days_left: NDArray[np.float64]
    seller: NDArray[np.int64]
    any_open: bool
    room: int
    least_ghs: int
    supply: int


class Offerings(Mechanism):
    """Primary sales of fractions, by vault.

    Attributes:
        escrow: account that holds subscribers' money and the fractions on offer, and issues receipts
        is_open, price, price_usd, offered, left, lots, deadline: columns by vault
        now: vaults on offer, in order of opening
        succeeded, failed: offerings so far; raised: USD base units of proceeds so far
    """

    key = "offerings"
    needs = ("rigs", "vaults")
    wants = ("amm",)
    Params = OfferingsParams
    rigs: Any
    vaults: Any
    amm: Any

    @classmethod
    def room(cls, params: OfferingsParams) -> tuple[int, int, int]:
        """The escrow account; receipts have their room with the vaults."""
        return 0, 0, 1

    def __init__(self, market: Any, params: OfferingsParams) -> None:
        super().__init__(market, params)
        self.escrow = self.ledger.open_account("platform", "escrow of offerings")
        size = self.vaults.status.size
        self.is_open = np.zeros(size, np.bool_)
        self.price, self.offered, self.left, self.deadline = (np.zeros(size, np.int64) for _ in range(4))
        self.lots = np.ones(size, np.int64)
        self.price_usd, self.days_left = np.zeros(size), np.zeros(size)
        self.succeeded = self.failed = self.raised = 0
        self.form = FORMS[params.form](self)
        self.now: list[int] = []  # vaults on offer, in order of opening
        self._idle, self._busy = self._view(False), self._view(True)

    def _view(self, any_open: bool) -> OfferingsView:
        return OfferingsView(
            open=frozen(self.is_open),
            price=frozen(self.price_usd),
            left=frozen(self.left),
            days_left=frozen(self.days_left),
            seller=frozen(self.vaults.creator),
            any_open=any_open,
            room=self.vaults.room_left,
            least_ghs=self.params.least_ghs,
            supply=self.vaults.params.supply,
        )

    def changed(self) -> None:
        """Show the new limits."""
        self._idle, self._busy = self._view(False), self._view(True)

    def open(self) -> None:
        """Make and sell the initial vaults."""
        sell_initial_vaults(self)

    # -- an offering from its opening to its end

    @settles(Tokenise)
    def tokenise(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Rigs become a vault whose fractions go on offer."""
        for i in order:
            account, ghs, price, keep = (int(rows[i][name]) for name in ("account", "ghs", "price", "keep_bps"))
            status = self._offer(account, ghs, price, keep)
            rows[i]["status"], rows[i]["filled"] = status, ghs if status == Status.DONE else 0

    def _offer(self, account: int, ghs: int, price: int, keep_bps: int) -> Status:
        p, vaults, ledger = self.params, self.vaults, self.ledger
        supply = vaults.params.supply * TOKEN
        if ledger.books.logging[0] != 0:  # a vault cannot be taken back from a bundle
            return Status.NOT_ALLOWED
        if not 0 <= keep_bps <= p.most_kept_bps:
            return Status.NOT_ALLOWED
        if ghs < p.least_ghs or price <= 0 or price * supply // TOKEN >= LARGEST_RESERVE:
            return Status.AMOUNT
        parts = formulas.parts_of(supply, keep_bps, p.seed_bps)
        if parts.offered <= 0:
            return Status.AMOUNT
        if self.rigs.registered[account] < ghs:
            return Status.FUNDS
        v = vaults.create(account, ghs, supply, offered=True)
        if v < 0:
            return Status.DEPTH
        fraction = int(vaults.fraction[v])
        ledger.pay(fraction, account, self.escrow, supply, Flow.OFFERING)
        self.price[v], self.lots[v], self.offered[v], self.left[v] = (
            price,
            formulas.lot(price),
            parts.offered,
            parts.offered,
        )
        self.price_usd[v] = price / USD
        self.deadline[v] = max(0, self.clock.tick) + self.clock.ticks_of(p.days)
        self.days_left[v] = p.days
        self.is_open[v] = True
        self.now.append(v)
        receipt = vaults.receipt(v, self.escrow)
        ledger.value[fraction] = ledger.value[receipt] = price / USD / TOKEN
        rigs = self.rigs.machines(int(vaults.account[v]))
        text = f"{rigs}, {ghs / 1000:,.1f} TH/s, on offer at {price / USD:.4g} USD a fraction"
        self.journal.event("offering", text, account=account, vault=v, amount=price / USD)
        return Status.DONE

    @settles(Subscribe)
    def subscribe(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Subscribers pay into escrow and get receipts."""
        self.form.subscribe(rows, order)

    @stage("clear")
    def close_offerings(self) -> None:
        """Offerings that are sold out or at their deadline are settled by their form, or refunded."""
        tick = self.clock.tick
        for v in tuple(self.now):
            if not self.form.settle(v, tick >= self.deadline[v]):
                self.days_left[v] = (self.deadline[v] - tick) * self.clock.dt_days

    def close(self, v: int) -> None:
        """An offering is over."""
        self.is_open[v] = False
        self.left[v] = 0
        self.days_left[v] = 0.0
        self.now.remove(v)

    def pay_fee(self, seller: int, proceeds: int) -> None:
        """The platform's part of the proceeds."""
        fee = formulas.fee_of(proceeds, self.params.fee_bps)
        self.ledger.pay(USD_ASSET, seller, self.market.platform, fee, Flow.MARKET_FEE)

    def seed_pool(self, v: int, creator: int, proceeds: int, price: int) -> None:
        """Part of the proceeds and fractions of the same worth open the market's pool."""
        usd = proceeds * self.params.seed_bps // formulas.BPS
        fractions = usd * TOKEN // price
        if self.amm is not None and usd > 0:
            self.amm.seed(v, creator, usd, fractions, self.params.lock_days)

    # -- looks and laws

    def view(self) -> OfferingsView:
        """What strategies see."""
        return self._busy if self.now else self._idle

    def undo_columns(self) -> Iterable[NDArray[Any]]:
        """What a subscription changes."""
        return (self.left,)

    def state(self) -> Iterable[NDArray[Any]]:
        """All columns."""
        return (self.is_open, self.price, self.offered, self.left, self.deadline)

    def check(self) -> None:
        """Escrow holds exactly what subscribers paid and the fractions on offer; nothing else."""
        ledger, vaults = self.ledger, self.vaults
        owed = 0
        for v in self.now:
            receipts = ledger.outstanding(int(vaults.receipts[v]))
            owed += formulas.cost_of(receipts, int(self.price[v]))
            if receipts + int(self.left[v]) != int(self.offered[v]):
                raise InvariantViolated(
                    f"offering of vault {v}: {receipts} sold and {self.left[v]} left of {self.offered[v]}"
                )
            if ledger.balance(int(vaults.fraction[v]), self.escrow) != int(vaults.supply[v]):
                raise InvariantViolated(f"offering of vault {v}: escrow does not hold its fractions")
        held = ledger.balance(USD_ASSET, self.escrow)
        if held != owed:
            raise InvariantViolated(f"escrow of offerings holds {held} and owes subscribers {owed} USD base units")
