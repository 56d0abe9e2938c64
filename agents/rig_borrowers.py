"""Miners who borrow against their rigs to buy more, and who stop paying when the rigs are worth less than the loan."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.base import Cohort, trait
from agents.miners import Payback
from agents.miners.payback import PaybackTraits
from model.actions import Action
from model.ledger import USD_ASSET
from model.mechanisms.nft_loans import BorrowOnRigs, RepayRigs
from model.mechanisms.rigs.investment import rig_value
from model.units import GHS_PER_TH, USD
from model.view import MarketView

LEAST_LOAN = 1_000.0  # USD


class LeveragedTraits(PaybackTraits):
    """Traits of miners with loans against rigs."""

    pledge: Any = trait(0.8, "1", "part of own rigs that a loan is taken against", low=0.01, high=1.0)
    drawn: Any = trait(0.95, "1", "part of what the lender allows that is borrowed", low=0.01, high=1.0)
    recourse: Any = trait(
        {"uniform": {"low": 1.0, "high": 3.0}}, "1", "loan over the worth of the rigs above which he stops paying",
        low=0.0, high=100.0, source="loans of 2021-22 had the machines alone as collateral",
    )  # fmt: skip


class Leveraged(Payback):
    """Buys and sells as `payback` does; borrows against rigs while a rig is worth its price, and pays on schedule or never."""

    name = "leveraged"
    Traits = LeveragedTraits

    def decide(self, cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """Pay what is due, borrow, then as others do."""
        if market.has("nft_loans") and market.new_day:
            yield from self._pay(cohort, market)
            yield from self._borrow(cohort, market)
        yield from super().decide(cohort, market)

    def _pay(self, cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """Arrears, as far as cash goes, of those to whom the rigs are worth keeping."""
        view = market.nft_loans
        due = np.minimum(view.rig_arrears[cohort.account], cohort.held(USD_ASSET))
        worth = view.rig_pledged[cohort.account] / GHS_PER_TH * market.rigs.mark * USD
        pays = (due > 0) & (view.rig_debt[cohort.account] <= cohort.recourse * worth)
        if pays.any():
            yield RepayRigs(cohort.account[pays], amount=due[pays])

    def _borrow(self, cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """A loan for those who have none and would buy rigs."""
        view, rigs = market.nft_loans, market.rigs
        ghs = (rigs.registered[cohort.account] * cohort.pledge).astype(np.int64)
        most = ghs / GHS_PER_TH * rigs.mark * view.rig_loan_to_value * cohort.drawn
        wants = (view.rig_debt[cohort.account] == 0) & (most >= LEAST_LOAN) & self._eager(cohort, market)
        if wants.any() and view.desk.cash >= LEAST_LOAN:
            yield BorrowOnRigs(cohort.account[wants], ghs=ghs[wants], amount=(most[wants] * USD).astype(np.int64))

    @staticmethod
    def _eager(cohort: Cohort, market: MarketView) -> NDArray[np.bool_]:
        """Whether a new rig is worth more than its price to each."""
        rigs = market.rigs
        price = rigs.price + rigs.site_cost
        limit, found = cohort.payback_limit, np.zeros(len(cohort), np.bool_)
        for i, cost in enumerate(rigs.all_in_cost(cohort.account, cohort.power_price)):
            found[i] = rig_value(rigs.hashprice_mean, cost, float(limit[i])) > price
        return found
