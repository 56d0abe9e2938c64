"""Was the reform of BendDAO milder? Its old and new rules under the same seeds, in the same fall of the floor.

python -m experiments.bend --pairs 30 --out results/bend

What agents are and own is the same in both; their draws are, too, as long as they look at the same time. A difference is
reformed minus old, seed by seed, with the interval of its mean. A second table repeats both with depositors who watch one
another less.
"""

import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.figures.keep import keep
from experiments.figures.style import RC, STYLES
from experiments.script import Options, Publisher, Words, script
from experiments.sheets import Sheet
from experiments.statistics import estimated_gap
from model import Marketplace, Scenario
from model.units import HOURS_PER_DAY

OLD, NEW = "bend_2022", "bend_reformed"
FULL, EMPTY = 0.9, 0.02  # of the most cash that the pool ever had
DAYS = 45.0
NAME = "bend.png"
PATHS = ("cash", "stuck", "floor_of_collectibles", "queue", "deposits", "bids", "under_water")
CONTAGION, CONTAGIONS = "agents.nft_lender.contagion", (0.05, 0.07, 0.1)  # the last is the scenario's
SPEED = "from full to empty (90 % to 2 % of its most)"
HEADINGS = ("over a run", "old", "reformed", "reformed - old", "95 % interval", "better in")


class Replay(NamedTuple):
    """One run: paths by name, at `days`."""

    days: NDArray[np.float64]
    path: dict[str, NDArray[np.float64]]

    @property
    def emptied(self) -> bool:
        """Whether the pool ever holds less than 2 % of its most cash."""
        cash = self.path["cash"]
        return bool((cash < EMPTY * cash.max()).any())

    @property
    def drain(self) -> float:
        """Days from the last time the pool is full to the first that it is empty.

        NaN if it never is, or was never full before: its most cash may have come later.
        """
        cash = self.path["cash"]
        if not self.emptied:
            return math.nan
        empty = np.flatnonzero(cash < EMPTY * cash.max())
        full = np.flatnonzero(cash[: empty[0]] >= FULL * cash.max())
        return float(self.days[empty[0]] - self.days[full[-1]]) if full.size else math.nan

    def figures(self) -> dict[str, float]:
        """What the table compares; less is milder in all of them."""
        cash, days = self.path["cash"], float(self.days[1] - self.days[0])
        unpaid = self.path["queue"] / np.maximum(self.path["deposits"], 1.0)
        return {
            "days with cash under 2 % of its most": float((cash < EMPTY * cash.max()).sum()) * days,
            "largest debts without a bid, over all the pool has": float(np.nanmax(self.path["stuck"])),
            "days with such debts over 10 % of it": float((self.path["stuck"] > 0.1).sum()) * days,
            "largest debts above the floor, over it": float(np.nanmax(self.path["under_water"])),
            "most asked for at once and not paid, over deposits": float(unpaid.max()),
        }


def replay(name: str, seed: int, hours: int = 4, contagion: float = CONTAGIONS[-1]) -> Replay:
    """Run one set of rules under one seed, in ticks of so many hours, with depositors of some contagion."""
    ticks = round(DAYS * HOURS_PER_DAY / hours)
    changes = {"clock.hours_per_tick": hours, "clock.ticks": ticks, CONTAGION: contagion}
    with Marketplace(Scenario.load(name).override(changes), rng=seed) as market:
        market.run()
        market.check()
        path = {key: np.array(market.recorder.path(f"nft_loans.{key}")) for key in PATHS}
    return Replay(np.arange(1, ticks + 1) * hours / HOURS_PER_DAY, path)


def pairs(seeds: Sequence[int], hours: int = 4, contagion: float = CONTAGIONS[-1]) -> Iterator[tuple[Replay, Replay]]:
    """Both sets of rules, seed by seed."""
    for seed in seeds:
        yield replay(OLD, seed, hours, contagion), replay(NEW, seed, hours, contagion)


def sheet(found: Sequence[tuple[Replay, Replay]], title: str) -> Sheet:
    """The paired comparison, and how the pool emptied under the old rules."""
    rows: list[tuple[str, ...]] = []
    for what in found[0][0].figures():
        old, new = ([pair[i].figures()[what] for pair in found] for i in (0, 1))
        gap = estimated_gap(old, new, what)
        better = sum(b < a for a, b in zip(old, new, strict=True))
        means = (f"{np.mean(old):.3f}", f"{np.mean(new):.3f}", f"{gap.mean:+.3f}")
        rows.append((what, *means, f"{gap.low:+.3f} to {gap.high:+.3f}", f"{better} of {len(found)}"))
    bids = [[float(pair[i].path["bids"].sum()) for pair in found] for i in (0, 1)]
    rows.append(("bids", *(f"{np.mean(own):.1f}" for own in bids), "", "", ""))
    rows.append(("runs that empty the pool", *(emptied(found, i) for i in (0, 1)), "", "", ""))
    rows.append((f"most days {SPEED}", *(slowest(found, i) for i in (0, 1)), "", "", ""))
    return Sheet(title, HEADINGS, rows)


def emptied(found: Sequence[tuple[Replay, Replay]], rules: int) -> str:
    """How many runs empty the pool under the old rules (0) or the reformed ones (1)."""
    return f"{sum(pair[rules].emptied for pair in found)} of {len(found)}"


def slowest(found: Sequence[tuple[Replay, Replay]], rules: int) -> str:
    """Most days from full to empty, and in how many runs they are known."""
    days = [pair[rules].drain for pair in found if not math.isnan(pair[rules].drain)]
    return f"{max(days):.1f} (n = {len(days)})" if days else "-"


def by_contagion(found: Mapping[float, Sequence[tuple[Replay, Replay]]]) -> Sheet:
    """How many pools are emptied, and how fast, by contagion of depositors."""
    rows = [
        (f"{contagion:g}", *(told(own, rules) for told in (emptied, slowest) for rules in (0, 1)))
        for contagion, own in found.items()
    ]
    headings = ("contagion", "emptied, old", "emptied, reformed", f"most days {SPEED}, old", "reformed")
    return Sheet("runs that empty the pool, by contagion", headings, rows)


def draw(found: Sequence[tuple[Replay, Replay]], path: Path) -> None:
    """Floor, cash and debts without a bid: every run a thin line, medians thick; save it."""
    with matplotlib.rc_context({**RC, "font.size": 8, "axes.labelsize": 8, "legend.fontsize": 7}):
        figure = Figure(figsize=(7.2, 5.4), layout="constrained")
        panels = figure.subplots(3, 1, sharex=True)
        labels = ("floor [thousand USD]", "cash over its most", "debts without a bid")
        for axes, key, label in zip(panels, ("floor_of_collectibles", "cash", "stuck"), labels, strict=True):
            for i, rules in enumerate(("old rules", "reformed")):
                own = [_scaled(pair[i], key) for pair in found]
                for line in own:
                    axes.plot(found[0][0].days, line, color=STYLES[i][0], alpha=0.12, linewidth=0.5)
                axes.plot(found[0][0].days, np.median(own, axis=0), color=STYLES[i][0], linewidth=1.6, label=rules)
            axes.set_ylabel(label)
            axes.set_ylim(bottom=0)
        panels[0].legend(loc="lower left")
        panels[-1].set_xlabel("days since 2022-07-25")
        keep(figure, path)


def _scaled(run: Replay, key: str) -> NDArray[np.float64]:
    values = np.nan_to_num(run.path[key])
    scale = {"cash": float(values.max()), "floor_of_collectibles": 1_000.0}.get(key, 1.0)
    scaled: NDArray[np.float64] = values / scale
    return scaled


@script
def main(arguments: Words = None) -> None:
    """Run, print, draw."""
    options = Options("bend", __doc__)
    options.whole("--pairs", 30, "so many seeds, from 1 on", least=2)
    options.add_argument("--hours", type=int, default=4, choices=(1, 4, 6, 12), help="length of a tick")
    options.published(picture=True)
    given = options.parse_args(arguments)
    publish = Publisher(given, ("bend",))
    seeds = range(1, given.pairs + 1)
    runs = {contagion: list(pairs(seeds, given.hours, contagion)) for contagion in CONTAGIONS}
    found = runs[CONTAGIONS[-1]]
    title = f"{OLD} and {NEW}: {DAYS:g} days in ticks of {given.hours} hours"
    publish.tables("bend", sheet(found, title), by_contagion(runs))
    publish.picture(NAME, lambda path: draw(found, path))


if __name__ == "__main__":
    sys.exit(main())
