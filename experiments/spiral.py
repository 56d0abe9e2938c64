"""Does the spiral close, and does it heal? One page: coin, hashprice, fractions, liquidations, depth, oracle, difficulty.

A fall of the coin lowers hashprice, and with it what fractions earn and fetch; loans are liquidated and the fractions
seized are sold, so the pools lose dollars, and the oracle follows. It heals twice: buyers return where fractions are cheap
for what they earn, and rigs that do not pay are switched off, so that difficulty falls and hashprice rises. The same
market without credit, under the same seed, is drawn beside it.

python -m experiments.spiral --seed 5 --pairs 12 --out docs/pictures --page docs/explanation/credit.md
"""

import math
import sys
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments import spiral_picture
from experiments.parallel import in_order
from experiments.script import Options, Publisher, Words, loaded, script
from experiments.sheets import Sheet
from experiments.statistics import estimated_gap
from model import Marketplace, Scenario
from model.errors import ScenarioError
from model.units import HOURS_PER_DAY

SCENARIO = "leverage_cycle"
COIN, HASHPRICE, FRACTION, DEBT = "bitcoin.price", "network.hashprice", "amm.price_median", "lending.liquidated_debt"
DEPTH, ORACLE, HASHRATE, DIFFICULTY = "amm.depth", "oracle.price_median", "network.hashrate", "network.difficulty"
PATHS = (COIN, HASHPRICE, FRACTION, DEBT, DEPTH, ORACLE, HASHRATE, DIFFICULTY)
WEEK, BEFORE, AFTER, LATER = 7, 60, 30, 90  # days: of a wave's search before and after its week, and of healing


class Course(NamedTuple):
    """One run: metrics by name, at `days`; without credit some are absent."""

    days: NDArray[np.float64]
    path: dict[str, NDArray[np.float64]]

    def at(self, day: float) -> int:
        """Tick of a day."""
        return min(self.days.size - 1, int(np.searchsorted(self.days, day)))

    def change(self, metric: str, first: float, last: float) -> float:
        """Relative change between two days; NaN where the metric is absent."""
        path = self.path.get(metric)
        return math.nan if path is None else float(path[self.at(last)] / path[self.at(first)] - 1.0)

    @property
    def weekly(self) -> float:
        """Standard deviation of weekly log changes of the fractions' price."""
        closes = self.path[FRACTION][[self.at(day) for day in np.arange(WEEK, self.days[-1], WEEK)]]
        return float(np.diff(np.log(closes)).std(ddof=1))


class Window(NamedTuple):
    """First and last day of a fall."""

    first: float
    last: float


def followed(scenario: Scenario, seed: int) -> Course:
    """Run once and keep the paths."""
    with Marketplace(scenario, rng=seed) as market:
        market.run()
        known = {metric.name for metric in market.recorder.metrics}
        path = {name: np.array(market.recorder.path(name), float) for name in PATHS if name in known}
    days = np.arange(1, path[COIN].size + 1) * scenario.clock.hours_per_tick / HOURS_PER_DAY
    return Course(days, path)


def without_credit(scenario: Scenario) -> Scenario:
    """The same market without a lending pool and without those who lend to it and liquidate its loans."""
    tables = {key: table for key, table in scenario.tables.items() if key != "lending"}
    idle = ("lender", "liquidator", "attacker")
    tables["agents"] = {kind: table for kind, table in tables["agents"].items() if kind not in idle}
    return Scenario.from_tables(tables, f"{scenario.name} without credit", folder=scenario.folder)


def both(task: tuple[str, int]) -> tuple[Course, Course]:
    """One seed with credit and without; a task is the scenario's name and the seed."""
    scenario = Scenario.load(task[0])
    return followed(scenario, task[1]), followed(without_credit(scenario), task[1])


def largest_fall(path: Sequence[float] | NDArray[np.float64]) -> tuple[int, int]:
    """Places of the peak and the bottom of the largest relative fall.

    >>> largest_fall([1.0, 4.0, 2.0, 3.0, 1.0, 5.0, 4.0])
    (1, 4)
    """
    peak = first = last = 0
    most = 0.0
    for place, value in enumerate(path):
        if value > path[peak]:
            peak = place
        fall = 1.0 - value / path[peak]
        if fall > most:
            most, first, last = fall, peak, place
    return first, last


def wave(found: Course) -> Window:
    """Around the week in which most debt is liquidated: from the fractions' highest price before it to their lowest after."""
    debt = np.nan_to_num(found.path[DEBT])
    added = np.concatenate([[0.0], np.cumsum(debt)])
    width = found.at(WEEK + found.days[0])
    middle = int((added[width:] - added[:-width]).argmax()) + width // 2
    start, end = found.at(found.days[middle] - BEFORE), found.at(found.days[middle] + AFTER)
    price = found.path[FRACTION]
    first, last = start + int(price[start : middle + 1].argmax()), middle + int(price[middle : end + 1].argmin())
    return Window(float(found.days[first]), float(found.days[last]))


def switched_off(found: Course) -> Window:
    """The largest fall of the hash rate."""
    first, last = largest_fall(found.path[HASHRATE])
    return Window(float(found.days[first]), float(found.days[last]))


def sheet(found: Course, bare: Course, title: str) -> Sheet:
    """What each link lost in the wave of liquidations, and in the fall of the hash rate, and how it went on."""
    rows = []
    for window, metrics in (
        (wave(found), (COIN, HASHPRICE, FRACTION, DEPTH, ORACLE)),
        (switched_off(found), (COIN, HASHRATE, DIFFICULTY, HASHPRICE)),
    ):
        days = f"{window.first:.0f} to {window.last:.0f}"
        for metric in metrics:
            cells = []
            for run in (found, bare):
                for span in (window, (window.last, window.last + LATER)):
                    size = run.change(metric, *span)
                    cells.append("" if math.isnan(size) else f"{size:+.1%}")
            rows.append((spiral_picture.TITLES[metric], days, *cells))
        paid = found.path[DEBT][found.at(window.first) : found.at(window.last) + 1]
        rows.append(("debt liquidated [USD]", days, f"{np.nansum(paid):,.0f}", "", "", ""))
    later = f"{LATER} days later, or at the end"
    headings = ("", "days", "with credit", later, "without credit", later)
    return Sheet(title, headings, rows)


def swings(pairs: Sequence[tuple[Course, Course]]) -> Sheet:
    """Weekly swings of the fractions' price with credit and without, paired by seed."""
    credit, bare = ([pair[i].weekly for pair in pairs] for i in (0, 1))
    gap = estimated_gap(bare, credit, "weekly swings")
    means = (f"{np.mean(credit):.3f}", f"{np.mean(bare):.3f}", f"{gap.mean:+.3f}")
    more = sum(a > b for a, b in zip(credit, bare, strict=True))
    row = ("sd of weekly log changes of fractions", *means, f"{gap.low:+.3f} to {gap.high:+.3f}", f"{more} of {gap.n}")
    return Sheet("", ("", "with credit", "without", "difference", "95 % interval", "seeds above 0"), [row])


@script
def main(arguments: Words = None) -> None:
    """Run with credit and without, print the table, draw the page."""
    options = Options("spiral", __doc__)
    options.scenario(SCENARIO)
    options.whole("--seed", 5, "of the page", least=0)
    options.whole("--pairs", 0, "seeds, from 1 on, for the swings with and without credit; 0 leaves them out", least=0)
    options.workers()
    options.published(picture=True)
    given = options.parse_args(arguments)
    if given.pairs == 1:
        raise ScenarioError("--pairs 1: a mean difference needs 2 seeds or more; 0 leaves it out")
    loaded(given.scenario, "lending", "amm", "oracle", "network", "bitcoin")
    publish = Publisher(given, ("spiral",), width=120)
    found, bare = both((given.scenario, given.seed))
    title = f"{given.scenario}, seed {given.seed}"
    told = [sheet(found, bare, title)]
    if given.pairs:
        tasks = [(given.scenario, seed) for seed in range(1, given.pairs + 1)]
        told.append(swings(list(in_order(both, tasks, given.workers))))
    publish.tables("spiral", *told)
    windows = wave(found), switched_off(found)
    publish.picture(spiral_picture.NAME, lambda path: spiral_picture.draw(found, bare, windows, path, title))


if __name__ == "__main__":
    sys.exit(main())
