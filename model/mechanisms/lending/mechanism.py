"""The lending pool: USD lent against pledged fractions, its day, looks and laws."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.errors import InvariantViolated
from model.flows import Flow
from model.ledger import NONE, USD_ASSET
from model.mechanism import stage
from model.mechanisms.lending import formulas, interest, laws, liquidations, losses, measures
from model.mechanisms.lending.counter import Counter
from model.mechanisms.lending.looks import Board, look
from model.mechanisms.lending.params import LendingParams
from model.mechanisms.lending.public import LendingView
from model.mechanisms.lending.table import SUMS, Liquidation
from model.pass_through import pass_through, state_of
from model.units import LARGEST_POSTING, USD


class Lending(Counter):
    """Pooled lending of dollars against fractions of all vaults, liquidations, and who bears bad debts.

    Attributes:
        liquidations: those of this tick
        yesterday: sums of the last tick, see `table`
        fresh: as in the desk, by this morning's prices; bound: whether new loans count any fractions at less than their price
        depth: caps by what pools held in each tick of the oracle's window, the latest last [base units]
        pools: those whose depth, with that of batches, bounds what may be pledged
        below, bad: debts with a health below 1, and those to be written off, when they were measured last
    """

    key = "lending"
    needs = ("vaults", "oracle")
    wants = ("amm", "weighted", "curve", "auction")

    def __init__(self, market: Any, params: LendingParams) -> None:
        super().__init__(market, params)
        self.pools = [v for v in (self.amm, self.weighted, self.curve) if v is not None]
        self.liquidations: list[Liquidation] = []
        self.yesterday, self.fresh = np.zeros(SUMS, np.int64), np.zeros(self.desk.price.size, np.int64)
        self.depth = np.zeros((0, self.desk.cap.size), np.int64)
        self.seen, self.below, self.bad, self.bound = laws.Seen(), 0, 0, False
        self.board = Board(self.desk.pledge.size)

    def open(self) -> None:
        """Give the insurance fund its capital."""
        capital = round(self.params.fund_capital * USD)
        self.ledger.pay(USD_ASSET, self.ledger.world, self.fund, capital, Flow.ENDOWMENT)

    # -- the day

    @stage("accrual")
    def accrue(self) -> None:
        """Interest accrues to debts, deposits and the reserve; income on pledged fractions goes to the pledgers."""
        self.grow()
        self.liquidations.clear()
        p, kinked = self.params, self.params.rates == "kinked"
        slopes = (p.slope1, p.slope2) if kinked else (p.multiplier, p.jump)
        if not interest.accrue(
            self.ledger.books, self.desk, self.claim_asset, self.reserve, self.yesterday, kinked, p.base, *slopes, p.kink,
            p.reserve_factor, self.clock.dt_days,
        ):  # fmt: skip
            raise InvariantViolated("lending: the pool has less than it owes")
        if self.opened:
            pass_through(self.ledger, self.passing, self.vaults.fraction)

    @stage("observe")
    def look(self) -> None:
        """Prices are taken from the oracle; caps and everybody's health are worked out."""
        self.grow()
        d = self.desk
        self._cap()
        changed, unopened = self._take_prices(self.oracle.price)
        if changed:
            self._tell(np.flatnonzero((self.fresh != d.fresh) & (self.pledged > 0)))
            d.fresh[:] = self.fresh
        if unopened:
            for v in np.flatnonzero((self.fresh == 1) & (d.pledge == NONE)):
                self.open_pledges(int(v))
        self.measure()

    def _tell(self, vaults: NDArray[np.int64]) -> None:
        """Note that credit stops or goes on."""
        for v in vaults:
            fresh = self.fresh[v] == 1
            text = "fractions can be borrowed against again" if fresh else "no loans and releases: the price is stale"
            self.journal.event("credit_resumes" if fresh else "credit_pauses", text, vault=int(v))

    def _take_prices(self, reported: NDArray[np.float64]) -> tuple[int, int]:
        """Value collateral at these prices; see the kernel for what is returned and put into `fresh`."""
        v, stale = self.vaults, self.oracle.stale
        balances = self.ledger.books.balances
        changed, unopened, bound = measures.take_prices(
            balances, self.desk, reported, v.ceiling, stale, v.live, self.fresh
        )
        self.bound = bound > 0
        return int(changed), int(unopened)

    def _look_again(self) -> bool:
        """Where the oracle reads the pools themselves, take their prices of this moment, in the midst of a bundle too."""
        if self.oracle.instant:
            self._take_prices(self.oracle.now())
            return True
        return False

    def measure(self, everybody: bool = True) -> None:
        """Work out collateral, debt and health of everybody, or, with prices as they were, of those who have moved."""
        self.grow()
        p, by_account = self.params, (self.collateral_value, self.backing, self.debt_usd, self.health)
        self.below, self.bad = measures.measure(
            self.ledger.books, self.desk, p.threshold, p.rest_usd, everybody, self.bound, self.space, *by_account
        )

    def _cap(self) -> None:
        """Work out how many fractions of each vault may be pledged in all: what venues bore all through the oracle's window.

        Where there is no venue there is no bound either, if the oracle's prices are appraisals; else nothing is lent.
        """
        cap, rows = self.desk.cap, self.oracle.window
        if not self.pools and self.auction is None:
            cap[:] = LARGEST_POSTING if self.oracle.params.source == "nav" else 0
            return
        cap[:] = 0
        for depth, share in self._depths(rows):
            measures.add_cap(cap, depth[: cap.size], share)
        if len(self.depth) != rows:
            older = self.depth if len(self.depth) else cap[None]
            self.depth = np.vstack([np.repeat(older[:1], max(0, rows - len(older)), axis=0), older[-rows:]])
        measures.least_depth(self.depth, cap)

    def _depths(self, ticks: int) -> Iterator[tuple[NDArray[np.int64], float]]:
        """Fractions by vault that each venue can bear [base units], and the part of them that may be pledged."""
        p = self.params
        for pool in self.pools:
            seen = pool.view()
            yield (
                seen.reserve_fraction,
                formulas.collateral_cap(seen.fee, p.bonus) if p.cap_share is None else p.cap_share,
            )
        if self.auction is not None:
            seen = self.auction.view()
            batches = -(-ticks // seen.every_ticks)
            bears = min(
                formulas.collateral_cap(seen.fee, p.bonus), formulas.feigned_cap(seen.fee, batches, p.loan_to_value)
            )
            yield seen.traded, bears if p.cap_share is None else p.cap_share

    @property
    def pledge(self) -> NDArray[np.int64]:
        """Assets of pledges by vault, -1 while there are none."""
        assets: NDArray[np.int64] = self.desk.pledge
        return assets

    @property
    def pledged(self) -> NDArray[np.int64]:
        """Fractions pledged by vault [base units]."""
        d, amounts = self.desk, np.zeros(self.desk.pledge.size, np.int64)
        there = np.flatnonzero(d.pledge != NONE)
        if there.size:
            amounts[there] = -self.ledger.books.balances[d.pledge[there], d.parked[there]]
        return amounts

    @stage("clear")
    def claim_cash(self) -> None:
        """Pledged fractions of vaults that have ended are turned into cash, which goes to the debts first."""
        losses.claim_cash(self)

    @stage("clear")
    def liquidate(self) -> None:
        """Standing orders liquidate, worst health first, at the oracle's price."""
        self.measure(everybody=self._look_again())
        liquidations.liquidate(self)

    @stage("clear")
    def write_off(self) -> None:
        """Debts without collateral are written off: the reserve pays, then the insurance fund, then depositors."""
        losses.write_off(self)

    @stage("record")
    def mark(self) -> None:
        """Debts, deposits and pledges are marked, and everybody's health is measured."""
        self.mark_assets()
        if measures.mark(self.ledger.value, self.desk, self.vaults.fraction):
            self.measure(everybody=False)

    # -- looks and laws

    def view(self) -> LendingView:
        """What strategies see."""
        return look(self)

    def undo_columns(self) -> Iterable[NDArray[Any]]:
        """Sums and principals; all else is on the ledger."""
        self.grow()
        return self.desk.sums, self.desk.principal, self.desk.known

    def state(self) -> Iterable[NDArray[Any]]:
        """All that later days depend on."""
        n, d = self.ledger.accounts, self.desk
        pledgers = (d.known[:n] != 0).astype(np.int64)
        by_account = (d.principal[:n], pledgers, self.standing.capital[:n], self.standing.least[:n])
        by_vault = (d.parked, d.pledge, d.price, d.lent_at, d.fresh, d.cap, self.depth)
        return d.sums, *by_vault, *by_account, *state_of(self.passing)

    def check(self) -> None:
        """What the pool has covers what it owes, debts add up, indices do not fall, pledges are there."""
        fault = laws.broken(self)
        if fault:
            raise InvariantViolated(f"lending: {fault}")
