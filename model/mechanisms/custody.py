"""Custody: kinds of agents that must not keep fractions themselves pay somebody who does, a yearly share of them."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.flows import Flow
from model.ledger import USD_ASSET
from model.mechanism import Mechanism, stage
from model.params import Params, param
from model.units import DAYS_PER_WEEK, DAYS_PER_YEAR, USD


class CustodyParams(Params):
    """Reserved table `[custody]`."""

    fee: float = param(
        0.005, "1/year", "custodians' fee, as a share of the fractions they keep", live=True, ge=0, le=1,
        source="qualified custodians of digital assets charge .1-.5 %; Coinbase Custody 2018-2023 .5 %",
    )  # fmt: skip
    kinds: list[str] = param(
        ["institution"], "", "kinds of agents that must use a custodian, those absent are passed over",
        source="SEC custody rule 206(4)-2 for advisers",
    )  # fmt: skip


class CustodyView(NamedTuple):
    """What strategies see: the fee as a share of fractions kept [1/year]."""

    fee: float


class Custody(Mechanism):
    """Custodians are paid once a week by the market value of fractions; what cannot be paid stays owed.

    Attributes:
        owed: fees not yet paid, by account [USD]
        paid: fees so far [USD base units]
    """

    key = "custody"
    needs = ("vaults",)
    Params = CustodyParams
    vaults: Any

    def __init__(self, market: Any, params: CustodyParams) -> None:
        super().__init__(market, params)
        self.owed = np.zeros(0)
        self.paid = 0

    @stage("clear")
    def charge_week(self) -> None:
        """Custodians are paid for the week by those who must use them."""
        if not self.clock.new_week:
            return
        ledger, books = self.ledger, self.ledger.books
        if self.owed.size < books.sector.size:
            self.owed = np.concatenate([self.owed, np.zeros(books.sector.size - self.owed.size)])
        share = self.params.fee * DAYS_PER_WEEK / DAYS_PER_YEAR
        for kind in self.params.kinds:
            population = self.market.populations.get(kind)
            if population is None:
                continue
            accounts = population.account[: len(population)]
            worth = np.zeros(accounts.size)
            for v in range(self.vaults.n):
                asset = int(self.vaults.fraction[v])
                worth += books.balances[asset, accounts] * float(ledger.value[asset])
            self.owed[accounts] += worth * share
            due = np.floor(self.owed[accounts] * USD).astype(np.int64)
            amount = np.minimum(due, np.maximum(books.balances[USD_ASSET, accounts], 0))
            ledger.move_many(USD_ASSET, accounts, np.full(accounts.size, ledger.world), amount, Flow.SERVICE_FEE)
            self.owed[accounts] -= amount / USD
            self.paid += int(amount.sum())

    def view(self) -> CustodyView:
        """What custody costs."""
        return CustodyView(self.params.fee)

    def state(self) -> tuple[NDArray[Any], ...]:
        """What is owed."""
        return self.owed[: self.ledger.accounts], np.array([self.paid])
