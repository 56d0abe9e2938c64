"""Vaults: who owns what is behind fractions, what they earn, and how holders get out."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Action, Status
from model.errors import InvariantViolated
from model.flows import Flow
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanism import settles, stage
from model.mechanisms.vaults import baskets, claims, ends, exits, handover, kernels, laws, lives, sharing
from model.mechanisms.vaults.making import Making
from model.mechanisms.vaults.params import VaultsParams
from model.mechanisms.vaults.public import SHOWN, AssembleBasket, Redeem, Stake, Unstake, VaultsView
from model.mechanisms.vaults.table import (
    NONE,
    Claims,
    Earning,
    Laws,
    Life,
    Measured,
    Shared,
    Staked,
    Stock,
    state_columns,
)
from model.pass_through import Passing, mark_parked, pass_through, state_of
from model.sheaf import part_of
from model.units import LARGEST_POSTING, USD
from model.vault_status import VaultStatus
from model.view import frozen

NO_RENTS = np.zeros(0, np.int64), np.zeros(0, np.int64)
SHORTFALL = {"operator_absorbs": kernels.ABSORBED, "carry_debt": kernels.CARRIED}


class Vaults(Making):
    """Vaults that hold rigs or other NFTs for the holders of their fractions, and share their income out.

    Attributes:
        venues: fractions parked in pools, one `Passing` of each venue
        taken: satoshi and USD base units that went to the taker of unstaked fractions this tick, by vault
        ends: vaults that ended so far, by `ends.REASONS`
    """

    key = "vaults"
    needs = ("bitcoin", "rigs", "payout")
    wants = ("nfts", "rental")

    def __init__(self, market: Any, params: VaultsParams) -> None:
        super().__init__(market, params)
        self.stock, self.shared, self.earning, self.lives, self.laws, self.measured, self.claims, self.staked = (
            part_of(self.table, kind) for kind in (Stock, Shared, Earning, Life, Laws, Measured, Claims, Staked)
        )
        self.to_all = params.eligibility == "all_holders"
        self.venues: list[Passing] = []
        self.taken = np.zeros((params.capacity, 2), np.int64)
        self.earns = np.zeros(params.capacity, np.bool_)  # work space
        self.ends = np.zeros(len(ends.REASONS), np.int64)
        self.planned = list(params.baskets)
        self.made: dict[str, int] = {}  # baskets by name
        self.recipes: dict[int, list[tuple[int, int]]] = {}  # of each basket: members, base units in a whole fraction
        self.due = np.zeros(params.capacity, np.int64)  # work space
        self.everything = np.array([self.operator]), np.array([LARGEST_POSTING])  # the operator's coins
        self.figures, self.figures_tick = np.zeros(16), NONE - 1  # kept for the metrics of a tick
        self._shown: tuple[int, str] = (NONE, "")
        self._view: VaultsView | None = None

    def open(self) -> None:
        """Give the operator his capital."""
        capital = round(self.params.operator_capital * USD)
        self.ledger.pay(USD_ASSET, self.ledger.world, self.operator, capital, Flow.ENDOWMENT)

    def serve(self, passing: Passing) -> None:
        """Let a venue's pools have their part where only staked and pooled fractions earn."""
        self.venues.append(passing)

    # -- the day

    @stage("accrual")
    def accrue(self) -> None:
        """Vault income pays power, operator and advances; the rest reaches those whose fractions earn."""
        if self.planned:
            baskets.make(self)
        if self.n == 0:
            return
        t, p, books, days = self.table, self.params, self.ledger.books, self.clock.dt_days
        rents = NO_RENTS if self.rental is None else self.rental.earned
        if kernels.take_stock(books, self.stock, self.n, self.payout.gross, *rents, self.rigs.bill, self.rigs.delivered,
            p.service_fee, p.discount, days, self.operator, self.advance,
        ):  # fmt: skip
            self.bitcoin.raise_cash(t.account[: self.n], t.need[: self.n])
        kernels.distribute(books, self.shared, self.n, self.operator, self.advance,
            SHORTFALL.get(p.shortfall, kernels.ADVANCED), self.to_all, float(self.bitcoin.sell_price),
            min(1.0, days / p.smoothing_days), days, self.clock.day_ends,
        )  # fmt: skip
        if not self.to_all or self.others.size:
            sharing.share(self)
        if self.staked_anywhere:
            pass_through(self.ledger, self.staking, t.fraction)
        if self.clock.new_day:
            self._recount(self.clock.day % self.n)
            self._sweep()

    def _sweep(self) -> None:
        """The operator's coins are sold, and his cash above his capital leaves."""
        if self.ledger.balance(BTC_ASSET, self.operator) > 0:
            self.bitcoin.raise_cash(*self.everything)
        surplus = self.ledger.balance(USD_ASSET, self.operator) - round(self.params.operator_capital * USD)
        if surplus > 0:
            self.ledger.pay(USD_ASSET, self.operator, self.ledger.world, surplus, Flow.SURPLUS)

    @settles(Stake)
    def stake_fractions(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Fractions are staked."""
        for v in sorted(set(rows["vault"][order].tolist())):
            if 0 <= v < self.n and self.table.live[v]:
                self.open_stakes(v)
        claims.settle_stakes(self.ledger.books, self.staked, self.n, True, rows, order)

    @settles(Unstake)
    def unstake_fractions(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Staked fractions are given back."""
        claims.settle_stakes(self.ledger.books, self.staked, self.n, False, rows, order)

    @settles(AssembleBasket)
    def assemble(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Fractions of members are brought for fractions of a basket."""
        self._one_by_one(rows, order, baskets.assemble)

    @settles(Redeem)
    def redeem(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Fractions are given back for what the vault holds, or for cash once it has ended."""
        books = self.ledger.books
        if not claims.settle_claims(books, self.claims, self.n, rows, order):
            return
        for j, i in enumerate(order):
            if rows[i]["status"] != Status.PENDING:
                continue
            if self.table.status[rows[i]["vault"]] == VaultStatus.ENDED:  # since the row before
                claims.settle_claims(books, self.claims, self.n, rows, order[j : j + 1])
            else:
                self._one_by_one(rows, order[j : j + 1], exits.take_out)

    def claim(self, holder: int, v: int) -> int:
        """Give all of an account's fractions of a vault that has ended back for their cash; USD base units."""
        amount = self.ledger.balance(int(self.table.fraction[v]), holder)
        rows = Redeem(holder, vault=v, amount=amount).rows
        claims.settle_claims(self.ledger.books, self.claims, self.n, rows, np.zeros(1, np.int64))
        return int(rows["filled"][0])

    def hand_over(self, v: int, owner: int, payer: int, cash: int, retired: int) -> str:
        """Give what a vault holds to an account, with cash for all other fractions; see `handover.hand_over`."""
        return handover.hand_over(self, v, owner, payer, cash, retired)

    def dilute(self, vaults: NDArray[np.int64], rate: float, years: float) -> None:
        """Make new fractions of living vaults for their creators: a part of the supply, 1/year."""
        failed = claims.dilute(self.ledger.books, vaults, self.claims, self.table.creator, rate, years)
        if failed >= 0:
            raise InvariantViolated(f"no new fractions of vault {failed} can be made")

    def _one_by_one(self, rows: NDArray[Any], order: NDArray[np.int64], rule: Any) -> None:
        for i in order:
            rows[i]["status"], rows[i]["filled"] = rule(
                self, int(rows[i]["account"]), int(rows[i]["vault"]), int(rows[i]["amount"])
            )

    @stage("clear")
    def wind_up(self) -> None:
        """Vaults promise no more than the rigs they have left; at the end of their life all is sold for cash."""
        self.receive_rigs()
        life = self.clock.ticks_of(self.params.life_days)
        count = lives.follow_lives(
            self.lives, self.n, self.rigs.registered, self.clock.tick, life, self.clock.dt_days, self.due
        )
        for v in self.due[:count]:
            ends.wind_up(self, int(v))
        if self.params.shortfall == "terminate_after_days":
            late = self.table.live & (self.table.losing >= self.params.terminate_days) & (self.table.awaits == 0)
            for v in np.flatnonzero(late):
                ends.wind_up(self, int(v), ends.LOSSES)
        if self.others.size:
            ends.follow_nfts(self)

    @stage("record")
    def mark(self) -> None:
        """Baskets without a market are marked at their members' worth, stakes at that of their fractions."""
        if self.made:
            baskets.mark(self)
        self.mark_stakes()

    def mark_stakes(self) -> None:
        """A staked fraction is worth a fraction; venues that price fractions call this after."""
        if self.staked_anywhere:
            mark_parked(self.ledger.value, self.table.stake, self.table.fraction)

    # -- looks and laws

    def view(self) -> VaultsView:
        """What strategies see."""
        p = self.params
        now = (self.n, p.redemption)
        if self._view is None or self._shown != now:
            columns = {name: frozen(getattr(self.table, column)[: self.n]) for name, column in SHOWN.items()}
            self._view, self._shown = VaultsView(self.n, p.redemption, p.eligibility, **columns), now
        return self._view

    def idle(self) -> Iterable[type[Action]]:
        """Stakes where everybody earns, and baskets where there are none."""
        stakes = (Stake, Unstake) if self.params.eligibility == "all_holders" else ()
        return (*stakes, *(() if self.params.baskets else (AssembleBasket,)))

    def undo_columns(self) -> Iterable[NDArray[Any]]:
        """All but a vault's accounts and assets."""
        return state_columns(self.table)

    def state(self) -> Iterable[NDArray[Any]]:
        """All columns."""
        return (*self.table, *state_of(self.staking))

    def check(self) -> None:
        """What is promised is there, fractions and stakes are as many as the vault says, all income has an owner."""
        fault = laws.broken(self)
        if fault:
            raise InvariantViolated(fault)
