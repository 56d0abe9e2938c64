"""How much capital of lead-lag traders makes fractions follow the coin at once, and what does it earn by that?

A scenario is run with so many bots more, of the strategy `lead_lag`; how prices move then is measured as in
`experiments.price_moves`, and what the bots gain is their wealth in the end less their capital.

python -m experiments.lead_lag --seeds 30 --out docs/pictures --page docs/explanation/price_moves.md
"""

import math
import sys
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from experiments import lead_lag_picture
from experiments.parallel import in_order
from experiments.price_moves import HORIZONS, OWN, Moves, long_enough, mornings, moves, told
from experiments.script import Options, Publisher, Words, script
from experiments.sheets import Sheet
from model import Marketplace, Scenario
from model.errors import ScenarioError
from model.units import DAYS_PER_YEAR

MARK = STRATEGY = "lead_lag"
KIND = "arbitrageur"
BOTS = (0, 3, 10, 30)
THOUSAND = 1e3
RETURNS = {
    "excess kurtosis": ("excess kurtosis of daily returns", ".1f"),
    "acf1": ("autocorrelation of daily returns", ".3f"),
    "volatility": ("their volatility [1/year]", ".2f"),
}
FOLLOWING = (*(f"coin{h}" for h in HORIZONS), "gap")


class Case(NamedTuple):
    """A seed of a scenario with so many bots more."""

    scenario: str
    bots: int
    seed: int


class Outcome(NamedTuple):
    """What one run showed.

    Attributes:
        moves: of prices
        depth: dollars in all pools, the mean over ticks
        capital: of the bots [USD]
        gain: of a dollar of it [1/year]; NaN without bots
    """

    moves: Moves
    depth: float
    capital: float
    gain: float


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


def run(case: Case) -> Outcome:
    """One seed with so many bots."""
    with Marketplace(with_bots(Scenario.load(case.scenario), case.bots), rng=case.seed) as market:
        population = market.populations[KIND]
        mine = [i for i, strategy in enumerate(population.strategies) if strategy.name == STRATEGY]
        accounts = population.account[population.strategy == mine[0]] if mine else population.account[:0]
        capital = float(market.wealth[accounts].sum())
        path = mornings(market)
        gain = float(market.wealth[accounts].sum()) - capital
        depth = float(np.mean(market.recorder.path("amm.depth")))
        years = market.clock.ticks * market.clock.dt_days / DAYS_PER_YEAR
    return Outcome(moves(path), depth, capital, gain / capital / years if capital > 0.0 else math.nan)


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
    rows.append(_row(found, "own", "holding", *OWN["holding"]))
    gains = ("" if not n else told([o.gain for o in of], "+.2f", "gain") for n, of in zip(bots, found, strict=True))
    rows.append(("what they gain on their capital [1/year]", *gains))
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
