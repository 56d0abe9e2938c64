"""Leverage seekers: retail investors who hold fractions as others do, and more of them on credit."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from agents.base import Cohort
from agents.leverage.bundles import Unwinding, loop
from agents.leverage.plan import LOOP, SELL, WHO, steer
from agents.leverage.traits import Credit, LeverageColumns, LeverageTraits
from agents.retail import MeanVariance
from agents.retail.decision import WIDTH
from model.actions import Action, Bundle
from model.mechanisms.lending import Pledge, Release, Repay
from model.view import MarketView, frozen

SIDE = 2  # column of a trade


class LeverageSeeker(MeanVariance):
    """Buys as `mean_variance` does; pledges fractions, borrows against them and buys more while he expects to gain.

    He keeps his other cash for other things: households hold liquid assets beside dear debts [GrossSouleles2002].
    """

    name = "leverage_seeker"
    Traits = LeverageTraits

    def wealth(self, cohort: Cohort) -> NDArray[np.float64]:
        """Their wealth times their boldness."""
        wealth = super().wealth(cohort)
        if not self.credit:
            return wealth
        wealth = wealth.copy()
        there = cohort.account < wealth.size
        wealth[cohort.account[there]] *= cohort.boldness[there]
        self.sized = wealth
        return wealth

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """What other investors do, on credit where it pays; repayments, pledges, releases."""
        self.cohort, self.credit = cohort, market.has("lending")
        return super().decide(cohort, market)

    def traded(self, market: MarketView, trades: NDArray[np.int64], n: int) -> Iterable[Action | Bundle]:
        """Hand in trades. Sales free pledged fractions first; who loops today buys nothing with own money."""
        if not self.credit:
            yield from super().traded(market, trades, n)
            return
        size, sheet, rows = self.sheet.fraction.size, self.sheet, trades[:n]
        matrices = [np.zeros((len(self.cohort) * most, width), np.int64) for most, width in ((1, 4), (1, 5), (size, 5))]
        sales, loops = (np.zeros((len(self.cohort), width), np.int64) for width in (WIDTH, LOOP))
        count, sellers = np.zeros(5, np.int64), rows[rows[:, SIDE] == SELL, WHO]
        steer(
            self.cohort.slots,
            self.population.account,
            self.population.alert,
            np.isin(self.cohort.account, sellers),
            self.columns(),
            LeverageColumns(*(self.population.columns[name] for name in LeverageColumns._fields)),
            credit_of(market, size),
            market.balances,
            self.sized,
            sheet.fraction,
            sheet.stake,
            sheet.pledge,
            sheet.facts,
            sheet.scalars,
            self.nobody[2] if self.social is None else self.social.sentiment,
            self.opinions,
            *matrices,
            sales,
            loops,
            count,
        )
        for action, matrix, found in zip((Repay, Pledge, Release), matrices, count[:3], strict=True):
            if found:
                yield action.of_rows(matrix[:found])
        loops = loops[: count[4]]
        for row in loops:
            yield loop(row, sheet, market)
        rows = rows[(rows[:, SIDE] == SELL) | ~np.isin(rows[:, WHO], loops[:, WHO])]
        yield from self._sold(market, np.concatenate([rows, sales[: count[3]]]))

    def _sold(self, market: MarketView, rows: NDArray[np.int64]) -> Iterable[Action | Bundle]:
        """Hand in trades, those that sell pledged fractions as bundles."""
        unwinding = Unwinding(self.sheet, market)
        lacks = unwinding.lacking(rows, len(rows))
        plain = lacks == 0
        for i in np.flatnonzero(lacks):
            freed = unwinding.free(rows[i], int(lacks[i]))
            plain[i] = isinstance(freed, Release)
            if freed is not None:
                yield freed
        yield from super().traded(market, rows[plain], int(plain.sum()))


def credit_of(market: MarketView, size: int) -> Credit:
    """The lending pool and its oracle as the kernel reads them."""
    seen = market.lending
    price = frozen(np.nan_to_num(market.oracle.price[:size]))
    return Credit(
        float(seen.ltv),
        float(seen.threshold),
        float(seen.borrow_rate),
        float(seen.cash),
        price,
        seen.fresh[:size],
        seen.cap_left[:size],
        seen.collateral_value,
        seen.debt_usd,
        seen.health,
    )
