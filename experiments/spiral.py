"""Does the spiral close, and does it heal? One page: coin, hashprice, fractions, liquidations, depth, oracle, difficulty.

A fall of the coin lowers hashprice, and with it what fractions earn and fetch; loans are liquidated and the fractions
seized are sold, so the pools lose dollars, and the oracle follows. It heals from the other end: rigs that do not pay are
switched off, difficulty falls, hashprice rises. The same market without credit, under the same seed, is drawn beside it.

python -m experiments.spiral --seed 1 --out docs/pictures --page docs/explanation/credit.md
"""

import argparse
import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray
from rich.console import Console

from experiments.figures.style import DPI, GREY, RC, STYLES, compact
from experiments.sheets import Sheet, fill
from model import Marketplace, Scenario
from model.units import HOURS_PER_DAY

SCENARIO = "leverage_cycle"
NAME = "spiral.png"
SIZE = (7.2, 7.6)  # inches: one page
CREDIT = ("lending",)  # what a market without credit lacks
WEEK = 7


class Panel(NamedTuple):
    """One row of the page: metric, its title, and whether it is added up by week."""

    metric: str
    title: str
    by_week: bool = False


PANELS = (
    Panel("bitcoin.price", "1  coin [USD]"),
    Panel("network.hashprice", "2  hashprice [USD/PH/day]"),
    Panel("amm.price_median", "3  fraction, median of vaults [USD]"),
    Panel("lending.liquidated_debt", "4  debt liquidated [USD a week]", by_week=True),
    Panel("amm.depth", "5  dollars in pools of fractions [USD]"),
    Panel("oracle.price_median", "6  oracle's price of a fraction [USD]"),
    Panel("network.hashrate", "7  hash rate [EH/s]"),
    Panel("network.difficulty", "8  difficulty"),
)


class Course(NamedTuple):
    """One run: metrics by name, at `days`."""

    days: NDArray[np.float64]
    path: dict[str, NDArray[np.float64]]
    first: int  # tick of the highest price of the coin before its lowest
    last: int  # tick of the lowest price of the coin after it


def followed(scenario: Scenario, seed: int) -> Course:
    """Run once and keep the paths."""
    with Marketplace(scenario, rng=seed) as market:
        market.run()
        known = {metric.name for metric in market.recorder.metrics}
        path = {p.metric: np.array(market.recorder.path(p.metric), float) for p in PANELS if p.metric in known}
    coin = path["bitcoin.price"]
    days = np.arange(1, coin.size + 1) * scenario.clock.hours_per_tick / HOURS_PER_DAY
    first, last = largest_fall(coin)
    return Course(days, path, first, last)


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


def without_credit(scenario: Scenario) -> Scenario:
    """The same market without a lending pool and without those who lend to it and liquidate its loans."""
    tables = {key: table for key, table in scenario.tables.items() if key not in CREDIT}
    idle = ("lender", "liquidator", "attacker")
    tables["agents"] = {kind: table for kind, table in tables["agents"].items() if kind not in idle}
    return Scenario.from_tables(tables, f"{scenario.name} without credit", folder=scenario.folder)


def sheet(found: Course, bare: Course, title: str) -> Sheet:
    """What each link of the spiral lost in the coin's fall, and gained in the quarter after its bottom."""
    rows = []
    for panel in PANELS:
        if panel.metric not in found.path:
            continue
        cells = [f"{_total(found):,.0f}", "", "", ""] if panel.by_week else [
            text for run in (found, bare) for text in _changes(run, panel.metric, found.first, found.last)
        ]  # fmt: skip
        rows.append((panel.title, *cells))
    headings = ("", "in the fall", "quarter after", "without credit: fall", "quarter after")
    return Sheet(title, headings, rows)


def _total(run: Course) -> float:
    """Debt liquidated from the peak to the bottom [USD]."""
    return math.fsum(run.path["lending.liquidated_debt"][run.first : run.last + 1])


def _changes(run: Course, metric: str, first: int, last: int) -> tuple[str, str]:
    """Change from peak to bottom, and from bottom to a quarter of a year later."""
    path = run.path.get(metric)
    if path is None:
        return "", ""
    later = min(path.size - 1, int(np.searchsorted(run.days, run.days[last] + 91.0)))
    return f"{path[last] / path[first] - 1.0:+.1%}", f"{path[later] / path[last] - 1.0:+.1%}"


def draw(found: Course, bare: Course, path: Path, title: str) -> None:
    """Draw the page and save it; the fall of the coin is shaded."""
    with matplotlib.rc_context({**RC, "axes.titlesize": 7.5}):
        figure = Figure(figsize=SIZE, layout="constrained")
        panels = figure.subplots(4, 2, sharex=True).ravel(order="F")
        for axes, panel in zip(panels, PANELS, strict=True):
            _panel(axes, panel, found, bare)
        panels[0].legend(loc="lower left")
        for axes in panels[3::4]:
            axes.set_xlabel("day")
        figure.suptitle(title, x=0.01, ha="left", fontsize=10, fontweight="bold")
        figure.savefig(path, dpi=DPI, metadata={"Software": "rigshare"})


def _panel(axes: Axes, panel: Panel, found: Course, bare: Course) -> None:
    """One metric with credit and without."""
    axes.axvspan(found.days[found.first], found.days[found.last], color="#eeeeee", zorder=0)
    if panel.by_week:
        values = np.nan_to_num(found.path[panel.metric])
        weeks = np.floor((found.days - found.days[0]) / WEEK).astype(np.int64)
        axes.bar((np.arange(weeks[-1] + 1) + 0.5) * WEEK, np.bincount(weeks, values), WEEK * 0.9, color=STYLES[1][0])
    else:
        if panel.metric in bare.path:
            axes.plot(bare.days, bare.path[panel.metric], color=GREY, linestyle=STYLES[1][1], label="without credit")
        axes.plot(found.days, found.path[panel.metric], color=STYLES[0][0], label="with credit")
    axes.set_title(panel.title)
    axes.set_ylim(bottom=0)
    axes.set_xlim(0, found.days[-1])
    axes.yaxis.set_major_formatter(FuncFormatter(compact))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.grid(True, linewidth=0.25, alpha=0.5)


def main(arguments: list[str] | None = None) -> None:
    """Run with credit and without, print the table, draw the page."""
    parser = argparse.ArgumentParser(prog="python -m experiments.spiral", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--scenario", default=SCENARIO, help="a name from `run.py list`, or a path; one with lending")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="folder of the picture; without it none is drawn")
    parser.add_argument("--page", type=Path, metavar="MD", help="page whose table is written anew")
    given = parser.parse_args(arguments)
    scenario, console = Scenario.load(given.scenario), Console(width=120)
    found, bare = followed(scenario, given.seed), followed(without_credit(scenario), given.seed)
    days = f"day {found.days[found.first]:.0f} to {found.days[found.last]:.0f}"
    told = sheet(found, bare, f"{scenario.name}, seed {given.seed}: the coin falls from {days}")
    told.show(console)
    if given.page is not None:
        fill(given.page, "spiral", told.markdown())
    if given.out is not None:
        given.out.mkdir(parents=True, exist_ok=True)
        draw(found, bare, given.out / NAME, f"{scenario.name}, seed {given.seed}: the coin falls where it is shaded")
        console.print(f"picture: {given.out / NAME}")


if __name__ == "__main__":
    main()
