"""Leverage seekers: retail investors who hold fractions as others do, and more of them on credit."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from agents.base import Cohort
from agents.leverage.bundles import MOST_STEPS, lacking, loop, unwind
from agents.leverage.drafts import BUNDLE, bundles_of, cleared, empty_draft
from agents.leverage.plan import LOOP, embolden, steer, without
from agents.leverage.traits import Credit, LeverageColumns, LeverageTraits
from agents.retail import MeanVariance
from model.actions import Action, Bundle, Trade
from model.mechanisms.lending import Pledge, Release, Repay
from model.view import MarketView


class LeverageSeeker(MeanVariance):
    """Buys as `mean_variance` does; pledges fractions, borrows against them and buys more while he expects to gain.

    He keeps his other cash for other things: households hold liquid assets beside dear debts [GrossSouleles2002].
    """

    name = "leverage_seeker"
    Traits = LeverageTraits

    def open(self) -> None:
        """Room for bundles, and what other investors prepare."""
        super().open()
        self.draft = empty_draft(0, 0)

    def wealth(self, cohort: Cohort) -> NDArray[np.float64]:
        """Their wealth times their boldness."""
        wealth = super().wealth(cohort)
        if not self.credit:
            return wealth
        self.sized = np.empty(wealth.size)
        embolden(cohort.slots, self.population.account, self.population.columns["boldness"], wealth, self.sized)
        return self.sized

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """What other investors do, on credit where it pays; repayments, pledges, releases."""
        self.cohort, self.credit = cohort, market.has("lending")
        return super().decide(cohort, market)

    def traded(self, market: MarketView, trades: NDArray[np.int64], n: int) -> Iterable[Action | Bundle]:
        """Hand in trades. Sales free pledged fractions first; who loops today buys nothing with own money."""
        if not self.credit:
            yield from super().traded(market, trades, n)
            return
        awake, size, sheet, trades = len(self.cohort), self.sheet.fraction.size, self.sheet, trades[:n]
        shapes = (awake, 4), (awake, 5), (awake * size, 5)
        matrices = [np.empty(shape, np.int64) for shape in shapes]
        sales, loops, count = (
            np.zeros((awake, Trade.width), np.int64),
            np.zeros((awake, LOOP), np.int64),
            np.zeros(6, np.int64),
        )
        steer(
            self.cohort.slots,
            self.population.account,
            self.population.alert,
            trades,
            self.columns(),
            self.population.columns.of(LeverageColumns),
            credit_of(market, size),
            market.balances,
            self.sized,
            sheet.seen,
            self.nobody[2] if self.social is None else self.social.sentiment,
            self.opinions,
            (*matrices, sales, loops),
            count,
            *self.known,
        )
        *found_of, n_sales, n_loops, rounds = count.tolist()
        for action, matrix, found in zip((Repay, Pledge, Release), matrices, found_of, strict=True):
            if found:
                yield action.of_rows(matrix[:found])
        rows = trades
        if n_sales or n_loops:
            rows = np.empty((n + n_sales, Trade.width), np.int64)
            kept = without(trades, loops[:n_loops], rows)
            rows[kept : kept + n_sales] = sales[:n_sales]
            rows = rows[: kept + n_sales]
        yield from self._handed(market, rows, loops[:n_loops], n_loops + 3 * rounds)

    def _handed(
        self, market: MarketView, rows: NDArray[np.int64], loops: NDArray[np.int64], steps: int
    ) -> Iterable[Action | Bundle]:
        """Hand in loops, of so many steps at most, and trades, those that sell pledged fractions as bundles."""
        sheet, credit, price = self.sheet, market.lending, market.oracle.price
        lacks = np.zeros(len(rows), np.int64)
        found = lacking(rows, market.balances, sheet.fraction, sheet.stake, sheet.pledge, lacks)
        self.draft = draft = cleared(self.draft, len(loops) + found, steps + MOST_STEPS * found)
        if len(loops):
            loop(loops, len(loops), sheet.facts, price, credit.cap_left, draft)
        if found:
            kept, releases = np.empty(rows.shape, np.int64), np.zeros((found, 5), np.int64)
            released, stay = unwind(
                rows, lacks, market.balances, price, float(credit.loan_to_value), float(credit.flash_fee),
                credit.backing, credit.debt_usd, kept, releases, draft,
            )  # fmt: skip
            rows = kept[:stay]
            if released:
                yield Release.of_rows(releases[:released])
        if draft.count[0, BUNDLE]:
            yield bundles_of(draft, sheet.venues)
        yield from super().traded(market, rows, len(rows))


def credit_of(market: MarketView, size: int) -> Credit:
    """The lending pool and its oracle as the kernel reads them."""
    seen = market.lending
    return Credit(
        float(seen.loan_to_value),
        float(seen.threshold),
        float(seen.borrow_rate),
        float(seen.cash),
        market.oracle.price[:size],
        seen.fresh[:size],
        seen.priced[:size],
        seen.cap_left[:size],
        seen.collateral_value,
        seen.backing,
        seen.debt_usd,
        seen.health,
    )
