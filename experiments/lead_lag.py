"""How much capital of lead-lag traders makes fractions follow the coin at once, and what does it earn by that?

A scenario is run with so many bots more, of the strategy `lead_lag`; how prices move then is measured as in
`experiments.price_moves`. From the same morning on, the gain of the bots is set against that of holding as many
fractions as they do on average: what is above comes of choosing when to hold them.

python -m experiments.lead_lag --seeds 30 --out docs/pictures --page docs/explanation/price_moves.md
"""

import math
import sys
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from experiments import lead_lag_picture
from experiments.parallel import in_order
from experiments.price_moves import HORIZONS, OWN, Array, Moves, long_enough, mornings, moves, told
from experiments.script import Options, Publisher, Words, script
from experiments.sheets import Sheet
from model import Marketplace, Scenario
from model.errors import ScenarioError
from model.units import DAYS_PER_YEAR, TOKEN

MARK = STRATEGY = "lead_lag"
KIND = "arbitrageur"
BOTS = (0, 3, 10, 30)
THOUSAND = 1e3
RETURNS = {
    "excess kurtosis": ("excess kurtosis of daily returns", ".1f"),
    "acf1": ("autocorrelation of daily returns", ".3f"),
    "volatility": ("their volatility [1/year]", ".2f"),
}
EARNED = {
    "invested": ("part of these bots' wealth that is in fractions", ".2f"),
    "gain": ("what they gain on their capital [1/year]", "+.2f"),
    "chosen": ("what of it is above holding as many all the time [1/year]", "+.2f"),
}
FOLLOWING = (*(f"coin{h}" for h in HORIZONS), "gap")


class Case(NamedTuple):
    """A seed of a scenario with so many bots more."""

    scenario: str
    bots: int
    seed: int


class Outcome(NamedTuple):
    """What one run showed; the last three are NaN without bots.

    Attributes:
        moves: of prices
        depth: dollars in all pools, the mean over ticks
        capital: of the bots [USD]
        invested: part of their wealth that is in fractions, on average
        gain: of a dollar of it [1/year]
        chosen: gain less that of holding the mean number of fractions of each vault from the first to the last morning [1/year]
    """

    moves: Moves
    depth: float
    capital: float
    invested: float
    gain: float
    chosen: float


def with_bots(scenario: Scenario, bots: int) -> Scenario:
    """The same scenario with so many bots more; each bot draws its strategy, so about so many follow this one.

    Raises:
        ScenarioError: it has no arbitrageurs, or some of this strategy already
    """
    table = scenario.agents.get(KIND)
    if table is None or STRATEGY in table.shares:
        fault = f"has no [agents.{KIND}]" if table is None else f"has {STRATEGY} already"
        raise ScenarioError(f"{scenario.name}: {fault}; choose another scenario")
    if not bots:
        return scenario
    count = table.count + bots
    shares = {name: share * table.count / count for name, share in table.shares.items()}
    return scenario.override(
        {f"agents.{KIND}.count": count, f"agents.{KIND}.strategy": {**shares, STRATEGY: bots / count}}
    )


class Bots:
    """The bots of a run, looked at each morning.

    Args:
        market: where they are

    Attributes:
        wealth: theirs altogether, by morning [USD]
        held, price, income: fractions that they have; USD a fraction, 0 without a pool; USD that it earned on the day
            before; by morning, each float64[vault]
    """

    def __init__(self, market: Marketplace) -> None:
        population = market.populations[KIND]
        mine = [i for i, strategy in enumerate(population.strategies) if strategy.name == STRATEGY]
        self.market, self.accounts = market, population.account[np.isin(population.strategy, mine)]
        self.wealth: list[float] = []
        self.held: list[Array] = []
        self.price: list[Array] = []
        self.income: list[Array] = []

    def look(self) -> None:
        """Note what they have."""
        market = self.market
        price = np.where(market.view.amm.price > 0.0, market.view.amm.price, 0.0)
        vaults = np.flatnonzero(price)
        held, income = np.zeros((2, price.size))
        fractions = market.view.balances[np.ix_(market.view.vaults.fraction[vaults], self.accounts)]
        held[vaults], income[vaults] = fractions.sum(axis=1) / TOKEN, market.view.vaults.income[vaults]
        self.wealth.append(float(market.wealth[self.accounts].sum()))
        self.held.append(held)
        self.price.append(price)
        self.income.append(income)

    def outcome(self, moves: Moves, depth: float) -> Outcome:
        """What the run showed."""
        capital = self.wealth[0]
        if capital <= 0.0:
            return Outcome(moves, depth, 0.0, math.nan, math.nan, math.nan)
        held, price, income = (np.array(part) for part in (self.held, self.price, self.income))
        traded = price > 0.0
        earned = np.where(traded[1:] & traded[:-1], np.diff(price, axis=0) + income[1:], 0.0).sum(axis=0)
        usual = held.sum(axis=0) / np.maximum(traded.sum(axis=0), 1)
        gain = np.array([self.wealth[-1] - capital, float(usual @ earned)])
        gained, of_holding = gain / capital * DAYS_PER_YEAR / (len(self.wealth) - 1)
        invested = float((held * price).sum() / np.sum(self.wealth))
        return Outcome(moves, depth, capital, invested, float(gained), float(gained - of_holding))


def run(case: Case) -> Outcome:
    """One seed with so many bots."""
    with Marketplace(with_bots(Scenario.load(case.scenario), case.bots), rng=case.seed) as market:
        bots = Bots(market)
        found = moves(mornings(market, bots.look))
        return bots.outcome(found, float(np.mean(market.recorder.path("amm.depth"))))


def _row(found: Sequence[Sequence[Outcome]], side: str, key: str, label: str, spec: str) -> tuple[str, ...]:
    """One figure of prices, by number of bots."""
    return label, *(told([getattr(outcome.moves, side)[key] for outcome in of], spec, key) for of in found)


def sheet(found: Sequence[Sequence[Outcome]], bots: Sequence[int], name: str) -> Sheet:
    """How prices move and what is earned, by number of bots."""
    rows: list[tuple[str, ...]] = [
        (
            f"{label} [thousand USD]",
            *(told([getattr(outcome, name) / THOUSAND for outcome in of], ",.0f", name) for of in found),
        )
        for name, label in (("depth", "in all pools"), ("capital", "capital of these bots"))
    ]
    rows += [_row(found, "own", key, *OWN[key]) for key in FOLLOWING]
    rows += [_row(found, "fraction", key, *RETURNS[key]) for key in RETURNS]
    for key, (label, spec) in EARNED.items():
        samples = ([getattr(outcome, key) for outcome in of] for of in found)
        rows.append((label, *(told(each, spec, key) if n else "" for n, each in zip(bots, samples, strict=True))))
    return Sheet(f"{len(found[0])} seeds of {name}", ("lead-lag traders", *map(str, bots)), rows)


@script
def main(arguments: Words = None) -> None:
    """Run, print, write the page's table, and draw."""
    options = Options(MARK, __doc__)
    options.whole("--seeds", 10, "so many seeds, from 1 on")
    options.scenario("baseline")
    options.workers()
    options.published(picture=True)
    given = options.parse_args(arguments)
    with_bots(long_enough(given.scenario), max(BOTS))
    publish = Publisher(given, (MARK,))
    seeds = range(1, given.seeds + 1)
    results = list(in_order(run, [Case(given.scenario, n, seed) for n in BOTS for seed in seeds], given.workers))
    found = [results[i * given.seeds : (i + 1) * given.seeds] for i in range(len(BOTS))]
    publish.tables(MARK, sheet(found, BOTS, given.scenario))
    publish.picture(lead_lag_picture.NAME, lambda to: lead_lag_picture.draw(found, BOTS, HORIZONS, to))


if __name__ == "__main__":
    sys.exit(main())
