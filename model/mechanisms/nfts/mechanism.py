"""The day of NFTs: appraisals move, incomes are paid, artists mint and owners sell."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Status
from model.errors import InvariantViolated
from model.flows import Flow
from model.ledger import USD_ASSET
from model.mechanism import settles, stage
from model.mechanisms.nfts.kernels import RIGHT, appraise, move_indices, pay_incomes
from model.mechanisms.nfts.laws import GONE, LOST, PRICELESS, Judged, find_fault
from model.mechanisms.nfts.params import MintNft, NftsParams, NftsView, SellNft
from model.mechanisms.nfts.registry import BY_PRICE, Registry
from model.mechanisms.nfts.table import KINDS
from model.nft_kind import WITH_NFT
from model.sheaf import part_of
from model.units import LARGEST_POSTING, USD, beyond_books
from model.view import frozen

SHOWN = {"income": "smoothed"}  # columns that the view calls otherwise
TERMS = ("n", "room", "haircut", "land_yield", "game_decay", "discount", "mint_cost")
COLUMNS = (
    "kind", "owner", "artist", "collection", "vault", "appraisal", "anchor", "income", "royalty", "days_left"
)  # fmt: skip


class Nfts(Registry):
    """NFTs, their appraisals and their incomes.

    Attributes:
        rent: USD base units of incomes paid in this tick
        charges: USD base units of standing charges invoiced to owners in this tick
    """

    key = "nfts"
    wants = ("bitcoin", "network", "rigs", "power")
    channels = {
        "nft_price": "appraisals of art and collectibles",
        "usage": "rents of land, usage fees of game items and nodes",
    }

    def __init__(self, market: Any, params: NftsParams) -> None:
        super().__init__(market, params)
        self.rent = self.charges = 0
        self.judged = part_of(self.table, Judged)
        self._shown: tuple[float, ...] = ()
        self._view: NftsView | None = None
        if self.power is not None:
            self.power.seizures.append(self.end_rights)
        self.changed()

    def changed(self) -> None:
        """What each kind's index follows, and what making it costs."""
        self._view, self.climate = None, self.climate_now()
        p = self.params
        by_price = np.isin(np.arange(KINDS), BY_PRICE)
        self._drift = np.where(by_price, p.anchor_drift, p.usage_drift)
        self._spread = np.where(by_price, p.anchor_sd, p.usage_anchor_sd)
        self._making = np.array([p.making_of(kind) for kind in range(KINDS)])

    # -- the day

    @stage("environment")
    def move_appraisals(self) -> None:
        """Appraisals of NFTs and what they earn move."""
        self.sales = self.royalties = self.minted = 0
        tick, key = self.clock.tick, self.streams.key
        move_indices(key("NFT indices", "", tick), self.index, self.clock.dt_days, self._drift, self._spread)
        appraise(key("NFTs", "", tick), self.table, self.n, self.index, self.climate, *self.weather())

    @stage("production")
    def pay_incomes(self) -> None:
        """NFTs earn rents, usage and licence fees, and miners pay for mining rights."""
        ledger, rest = self.ledger, self.rigs.rest if self.rigs is not None else -1
        t = self.table
        self.rent, self.charges, failed = pay_incomes(
            ledger.books, self.n, t.income, t.owner, t.kind, ledger.world, int(rest), ledger.utilities
        )  # fmt: skip
        if failed >= 0:
            owed = float(t.income[failed])
            what = f"the {'charge' if owed < 0.0 else 'income'} of NFT {failed}"
            if abs(owed) >= LARGEST_POSTING:
                weaken = "shocks of usage, and of price and volatility, which move hashprice"
                raise beyond_books(what, abs(owed) / USD, LARGEST_POSTING / USD, weaken)
            raise InvariantViolated(f"nfts: {what} cannot be booked")

    def end_rights(self, account: int, due: int) -> int:
        """Contracts behind the mining rights of who owes power end; nobody pays for one, so utilities get nothing."""
        t = self.table
        own = np.flatnonzero((t.owner == account) & (t.kind == RIGHT) & (t.days_left > 0.0)) if due > 0 else ()
        for n in own:
            t.days_left[n] = t.appraisal[n] = t.anchor[n] = 0.0
            self.journal.event("right ended", f"mining right {n} ends: its power was not paid", account=account)
        return 0

    @settles(MintNft)
    def settle_mints(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Artists pay for the making of an NFT and own it."""
        for i in order:
            account, kind, appraisal = (int(rows[i][name]) for name in ("account", "kind", "appraisal"))
            status, number = self._mint(account, kind, appraisal)
            rows[i]["status"], rows[i]["filled"] = status, number

    def _mint(self, account: int, kind: int, appraisal: int) -> tuple[Status, int]:
        ledger = self.ledger
        if ledger.books.logging[0] != 0:  # an NFT cannot be taken back from a bundle
            return Status.NOT_ALLOWED, 0
        if kind not in WITH_NFT:
            return Status.UNKNOWN, 0
        if not 0 < appraisal < LARGEST_POSTING:
            return Status.AMOUNT, 0
        if self.n >= self.params.capacity:
            return Status.DEPTH, 0
        cost = round(self.params.mint_cost * USD + appraisal * float(self._making[kind]))
        if not ledger.move(USD_ASSET, account, ledger.world, cost, Flow.TRADE):
            return Status.FUNDS, 0
        return Status.DONE, self.mint(account, kind, appraisal / USD)

    @settles(SellNft)
    def settle_sales(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Owners sell whole NFTs to the world, and artists get their royalty."""
        for i in order:
            account, n, limit = (int(rows[i][name]) for name in ("account", "nft", "limit"))
            if not 0 <= n < self.n:
                status = Status.UNKNOWN
            elif self.ledger.books.logging[0] != 0:
                status = Status.NOT_ALLOWED
            elif self.table.owner[n] != account:
                status = Status.FUNDS
            else:
                price, royalty = self.bid(n)
                status = Status.DONE if price - royalty >= max(1, limit) else Status.LIMIT
            rows[i]["status"], rows[i]["filled"] = status, self.sell(n) if status == Status.DONE else 0

    # -- looks and laws

    def view(self) -> NftsView:
        """What strategies see."""
        p = self.params
        terms: tuple[Any, ...] = (
            self.n, p.capacity - self.n, p.haircut, p.land_yield, p.game_decay, p.discount, p.mint_cost
        )  # fmt: skip
        if self._view is None or self._shown != terms:
            columns = (frozen(getattr(self.table, SHOWN.get(name, name))[: self.n]) for name in COLUMNS)
            named = dict(zip((*TERMS, *COLUMNS), (*terms, *columns), strict=True))
            making, kinds = frozen(self._making), frozen(self.kinds)
            self._view, self._shown = NftsView(making=making, kinds=kinds, **named), terms
        return self._view

    def real_assets(self) -> dict[str, dict[str, float]]:
        """NFTs at their appraisals by sector [USD]."""
        ledger, held = self.ledger, self.table.owner[: self.n]
        own = held >= 0
        by_sector = np.bincount(
            ledger.books.sector[held[own]], self.table.appraisal[: self.n][own], len(ledger.sectors)
        )
        return {"nfts": dict(zip(ledger.sectors, by_sector.tolist(), strict=True))}

    def undo_columns(self) -> Iterable[NDArray[Any]]:
        """All columns of the table."""
        return self.table

    def state(self) -> Iterable[NDArray[Any]]:
        """All NFTs and the levels of their kinds."""
        return (np.array([self.n], np.int64), self.index, *(column[: self.n] for column in self.table))

    def check(self) -> None:
        """NFTs have owners the ledger knows and finite appraisals, and what was paid is what they earned."""
        fault, n, earned = find_fault(self.judged, self.n, self.ledger.accounts)
        if fault == LOST:
            raise InvariantViolated(f"nfts: NFT {n} has an owner or an artist without account")
        if fault == PRICELESS:
            raise InvariantViolated(f"nfts: NFT {n} is appraised at {self.table.appraisal[n]:g} USD")
        if fault == GONE:
            raise InvariantViolated(f"nfts: NFT {n} left for the world and is still appraised")
        if self.n and earned != self.rent - self.charges:
            raise InvariantViolated(f"nfts: earned {earned} and were paid {self.rent - self.charges} USD base units")
