"""The study as plain Mesa objects, run by Mesa's `batch_run`."""

from pathlib import Path
from typing import Any

import mesa
from mesa.batchrunner import batch_run
from mesa.datacollection import DataCollector

from benchmarks.peers.credit_study import draws, rules
from benchmarks.peers.credit_study.rules import METRICS, Result


class Borrower(mesa.Agent):  # type: ignore[misc]
    """Owes about as much as leaves him his health factor.

    Attributes:
        pledged: fractions, after the first day
        scaled: debt over the pool's index
        wallet: dollars that he borrowed and still has
    """

    model: "Credit"

    def __init__(self, model: "Credit", slot: int, pledge: float, target: float, prudence: float) -> None:
        super().__init__(model)
        self.slot, self.pledged, self.target, self.prudence = slot, pledge, target, prudence
        self.scaled = self.wallet = 0.0

    def look(self) -> None:
        """Borrow up to the wanted debt, or repay part of what is too much."""
        model = self.model
        if not model.awake[self.slot]:
            return
        loan, band = model.loan, model.sizes.band
        debt, worth = self.scaled * model.index, self.pledged * model.price
        wanted = loan.threshold * worth / self.target
        if debt > wanted * (1.0 + band):
            paid = min(self.prudence * (debt - wanted), self.wallet)
            self._owe(-paid)
        elif debt < wanted * (1.0 - band):
            model.wishes.append((self, wanted - debt))

    def borrow(self, amount: float) -> None:
        """A loan, if the pool has the cash and the pledge carries it."""
        model = self.model
        debt = self.scaled * model.index + amount
        if amount <= model.cash and debt <= model.loan.loan_to_value * self.pledged * model.price:
            self._owe(amount)

    def _owe(self, amount: float) -> None:
        """Dollars change hands with the pool."""
        self.scaled += amount / self.model.index
        self.wallet += amount
        self.model.cash -= amount
        self.model.debt += amount

    def clear(self) -> None:
        """Be liquidated while the debt is unsound; what has no collateral left is written off."""
        model, loan = self.model, self.model.loan
        debt = self.scaled * model.index
        worth = self.pledged * model.price
        if debt <= 0.0 or worth * loan.threshold >= debt:
            return
        repaid, seized, count = rules.liquidate(self.pledged, debt, model.price, loan)
        self.pledged -= seized
        debt -= repaid
        model.seized += seized
        model.cash += repaid
        model.debt -= repaid
        model.liquidations += count
        model.liquidated += repaid
        worth = self.pledged * model.price
        if debt > loan.threshold * worth and worth <= loan.rest_usd:
            model.reserve -= min(debt, model.reserve)
            model.debt -= debt
            model.bad_debt += debt
            self.pledged = debt = 0.0
        self.scaled = debt / model.index


class Arbitrageur(mesa.Agent):  # type: ignore[misc]
    """Trades until the pool's price with its fee is what a fraction is worth."""

    model: "Credit"

    def trade(self) -> None:
        """One swap, if the gap is wider than the fee."""
        model, sizes = self.model, self.model.sizes
        buys, sells = rules.gap(model.usd, model.fractions, sizes.backing * model.coin, sizes.fee)
        if buys > 0.0:
            got = rules.swap(buys, model.usd, model.fractions, sizes.fee)
            model.usd, model.fractions, model.volume = model.usd + buys, model.fractions - got, model.volume + buys
        elif sells > 0.0:
            model.sell(sells)


class Liquidator(mesa.Agent):  # type: ignore[misc]
    """Sells today what he seized yesterday."""

    model: "Credit"

    def trade(self) -> None:
        """One swap, if he has anything."""
        if self.model.seized > 0.0:
            self.model.sell(self.model.seized)
            self.model.seized = 0.0


class Credit(mesa.Model):  # type: ignore[misc]
    """The market: one constant-product pool, one lending pool.

    Args:
        folder: of the draws
        run: seed of this run's draws
        days: length
    """

    def __init__(self, folder: str, run: int, days: int, rng: int | None = None) -> None:
        super().__init__(rng=rng)
        self.drawn, self.days, self.day = draws.load(Path(folder), run), days, -1
        self.loan, self.sizes = self.drawn.loan, self.drawn.sizes
        self.usd, self.fractions = self.sizes.usd, self.sizes.fractions
        self.index, self.cash, self.debt, self.reserve = 1.0, 0.0, 0.0, 0.0
        self.seized = self.bad_debt = self.volume = 0.0
        columns = (self.drawn.pledge.tolist(), self.drawn.target.tolist(), self.drawn.prudence.tolist())
        for slot, traits in enumerate(zip(*columns, strict=True)):
            Borrower(self, slot, *traits)
        self.arbitrageur, self.liquidator = Arbitrageur(self), Liquidator(self)
        self.borrowers = self.agents_by_type[Borrower]
        self.datacollector = DataCollector(model_reporters={name: _reporter(name) for name in METRICS})

    def sell(self, fractions: float) -> None:
        """Fractions are sold to the pool."""
        got = rules.swap(fractions, self.fractions, self.usd, self.sizes.fee)
        self.usd, self.fractions, self.volume = self.usd - got, self.fractions + fractions, self.volume + got

    def step(self) -> None:
        """One day."""
        self.day += 1
        self.coin = float(self.drawn.coin[self.day])
        rate = rules.rate(self.cash, self.debt, self.reserve, self.loan)[1] / rules.DAYS_PER_YEAR
        self.index *= 1.0 + rate
        self.reserve += self.loan.reserve_factor * self.debt * rate
        self.debt *= 1.0 + rate
        self.price = self.usd / self.fractions
        self.volume, self.liquidations, self.liquidated = 0.0, 0, 0.0
        self.wishes: list[tuple[Borrower, float]] = []
        if self.day > 0:
            self.awake = self.drawn.awake[self.day].tolist()
            self.borrowers.do("look")
        self.arbitrageur.trade()
        self.liquidator.trade()
        for borrower, amount in self.wishes:
            borrower.borrow(amount)
        if self.day == 0:
            self.cash = self.sizes.deposit
        self.borrowers.do("clear")
        self.datacollector.collect(self)
        self.running = self.day + 1 < self.days

    def health(self) -> float:
        """Least health factor of all loans."""
        factor = self.loan.threshold * self.price / self.index
        return min((factor * b.pledged / b.scaled for b in self.borrowers if b.scaled > 0.0), default=float("nan"))


def _reporter(name: str) -> Any:
    """How a metric is read off the model."""
    reporters = {
        "bitcoin.price": lambda m: m.coin,
        "amm.price_median": lambda m: m.usd / m.fractions,
        "amm.volume": lambda m: m.volume,
        "lending.debt": lambda m: m.debt,
        "lending.utilisation": lambda m: rules.rate(m.cash, m.debt, m.reserve, m.loan)[0],
        "lending.borrow_rate": lambda m: rules.rate(m.cash, m.debt, m.reserve, m.loan)[1],
        "lending.health_min": Credit.health,
        "lending.liquidations": lambda m: m.liquidations,
        "lending.liquidated_debt": lambda m: m.liquidated,
        "lending.reserve": lambda m: m.reserve,
        "lending.bad_debt": lambda m: m.bad_debt,
    }
    return reporters[name]


def run_all(folder: Path, seeds: list[int], days: int, processes: int | None) -> list[Result]:
    """All runs by `batch_run`, with their daily numbers.

    Args:
        folder: of the draws
        seeds: one for each run
        days: length of a run
        processes: 1, or None for as many as there are processors
    """
    asked = {"folder": str(folder), "run": seeds, "days": days}
    rows = batch_run(
        Credit, asked, number_processes=processes, data_collection_period=1, max_steps=days, display_progress=False
    )
    by_run: dict[int, list[dict[str, Any]]] = {seed: [] for seed in seeds}
    for row in rows:
        by_run[row["run"]].append(row)
    return [rules.result_of(by_run[seed]) for seed in seeds]
