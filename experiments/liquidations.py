"""One loan at one price after another: what is repaid, seized, left and lost, by the formula and by the pool at work.

10 WETH against 7,500 USD, liquidated at a threshold of .825 with a bonus of .05: the case that protocols' papers count
through. Bad debt begins where the collateral is worth (1 + bonus) of the debt: at 787.50.
"""

import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

from experiments.script import Options, Publisher, Words, script
from experiments.sheets import Sheet
from model import Marketplace, Scenario
from model.actions import Action
from model.errors import InvariantViolated
from model.flows import Flow
from model.ledger import USD_ASSET
from model.mechanisms.lending import (
    Borrow,
    Pledge,
    Release,
    Repay,
    StandBy,
    Supply,
    health_factor,
    liquidation_outcome,
)
from model.units import TOKEN, USD

COLLATERAL, DEBT, THRESHOLD, BONUS = 10.0, 7_500.0, 0.825, 0.05
START = 1_000.0
STARTS = DEBT * (1.0 + BONUS) / COLLATERAL  # price at which bad debt begins
PRICES = tuple(sorted({*(float(price) for price in range(300, 1_001, 50)), STARTS}, reverse=True))
VAULT = 0


class Outcome(NamedTuple):
    """What one liquidation did: USD repaid, pieces seized, USD lost."""

    repaid: float
    seized: float
    lost: float


def by_formula(price: float) -> Outcome:
    """The outcome that `liquidation_outcome` gives."""
    return Outcome(*liquidation_outcome(COLLATERAL, price, DEBT, THRESHOLD, BONUS))


class Bench:
    """A pool at work in a market that stands still: one loan after another, the oracle's price given."""

    def __init__(self) -> None:
        rules = {"loan_to_value": 0.80, "threshold": THRESHOLD, "bonus": BONUS, "cap_share": 1e6}
        changed = {"oracle.source": "spot", **{f"lending.{name}": value for name, value in rules.items()}}
        self.market = Marketplace(Scenario.load("smoke").override(changed))
        self.market.step()
        self.ledger, self.lending = self.market.ledger, self.market.mechanisms["lending"]
        self.borrower, self.lender, self.liquidator = (int(a) for a in self.ledger.open_accounts("retail_investor", 3))
        for account in (self.borrower, self.lender, self.liquidator):
            self.ledger.pay(USD_ASSET, self.ledger.world, account, 1_000_000 * USD, Flow.ENDOWMENT)
        self._do(Supply(self.lender, amount=500_000 * USD))
        self._do(StandBy(self.liquidator, capital=100_000 * USD, least=0))

    def _do(self, action: Action) -> None:
        self.market.submit(action)
        for _, _, settle in self.market.settlement.lines():
            settle()
        if not action.done.all():
            raise InvariantViolated(f"{type(action).__name__} was refused: {action.rows}")

    def _report(self, price: float) -> None:
        """Let the oracle say a price, and everybody look."""
        oracle: Any = self.market.mechanisms["oracle"]
        oracle.price[VAULT], oracle.stale[VAULT] = price, False
        self.lending.look()

    def outcome(self, price: float) -> Outcome:
        """Take the loan, let the price fall, clear; what was left is repaid and released."""
        fraction, amount = int(self.market.mechanisms["vaults"].fraction[VAULT]), int(COLLATERAL * TOKEN)
        owner = int(self.ledger.books.balances[fraction, : self.ledger.accounts].argmax())
        self.ledger.pay(fraction, owner, self.borrower, amount, Flow.TRANSFER)
        self._report(START)
        self._do(Pledge(self.borrower, vault=VAULT, amount=amount))
        self._do(Borrow(self.borrower, amount=int(DEBT * USD)))
        self._report(price)
        lost = self.lending.view().bad_debt
        self.lending.liquidations.clear()
        self.lending.liquidate()
        self.lending.write_off()
        done = self.lending.liquidations
        if self.lending.owed_by(self.borrower) > 0:
            self._do(Repay(self.borrower, amount=int(DEBT * USD)))
        left = self.ledger.balance(int(self.lending.pledge[VAULT]), self.borrower)
        if left > 0:
            self._do(Release(self.borrower, vault=VAULT, amount=left))
        repaid, seized = sum(d.repaid for d in done) / USD, sum(d.seized for d in done) / TOKEN
        return Outcome(repaid, seized, self.lending.view().bad_debt - lost)

    def close(self) -> None:
        """Release the market."""
        self.market.close()


def compared(prices: Sequence[float] = PRICES) -> list[tuple[float, Outcome, Outcome]]:
    """Each price with the outcome by the formula and by the pool."""
    bench = Bench()
    found = [(price, by_formula(price), bench.outcome(price)) for price in prices]
    bench.close()
    return found


def sheet(found: Sequence[tuple[float, Outcome, Outcome]]) -> Sheet:
    """The table; the price at which bad debt begins is marked."""
    rows = []
    for price, formula, pool in found:
        left, owed = COLLATERAL - formula.seized, DEBT - formula.repaid - formula.lost
        before = health_factor(COLLATERAL * price, DEBT, THRESHOLD)
        after = health_factor(left * price, owed, THRESHOLD)
        cells = (formula.repaid, formula.seized, left, owed, formula.lost)
        apart = max(abs(a - b) for a, b in zip(formula, pool, strict=True))
        mark = " bad debt below" if price == STARTS else ""
        rows.append(
            (f"{price:,.2f}{mark}", f"{before:.4f}", f"{cells[0]:,.2f}", *(f"{c:.4f}" for c in cells[1:3]),
             f"{cells[3]:,.2f}", "-" if owed == 0.0 else f"{after:.5f}", f"{cells[4]:,.2f}", f"{apart:.6f}")
        )  # fmt: skip
    headings = (
        "price",
        "health",
        "repaid",
        "seized",
        "collateral left",
        "debt left",
        "health after",
        "lost",
        "pool differs by",
    )
    title = f"{COLLATERAL:g} WETH against {DEBT:,.0f} USD, threshold {THRESHOLD}, bonus {BONUS}"
    return Sheet(title, headings, rows)


@script
def main(arguments: Words = None) -> None:
    """Print the table, or write it into a page."""
    options = Options("liquidations", __doc__)
    options.published()
    publish = Publisher(options.parse_args(arguments), ("liquidations",), width=140)
    publish.tables("liquidations", sheet(compared()))


if __name__ == "__main__":
    sys.exit(main())
