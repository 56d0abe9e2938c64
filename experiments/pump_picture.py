"""The picture of the attacks: profit against the multiple, with bundles and without."""

import math
from collections.abc import Sequence
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter, NullLocator

from agents.manipulation import attack_profit
from experiments.figures.keep import keep
from experiments.figures.style import RC, STYLES
from experiments.pump import MULTIPLES, Attack, cells, derived

SIZE = (7.2, 3.2)  # inches: two columns of a journal page
NAME = "oracle_pump.png"
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
TITLES = {"bundle": "in one bundle", "over ticks": "over ticks, own money", "rich": "over ticks, much own money"}
LINEAR = 0.1  # profit up to which the scale is linear
POINTS = 60
LABELLED = (2.0, 3.0, 4.0, 6.0, 10.0)


def draw(found: Sequence[Attack], path: Path) -> None:
    """Draw a panel for each way to attack, a curve for each defence, and save it.

    Args:
        found: all runs
        path: picture to write
    """
    ways = [way for way in TITLES if any(a.variant.startswith(way) for a in found)]
    with matplotlib.rc_context({**RC, "font.size": 8, "axes.labelsize": 8}):
        figure = Figure(figsize=SIZE, layout="constrained")
        panels = figure.subplots(1, len(ways), squeeze=False, sharey=True)[0]
        for axes, way in zip(panels, ways, strict=True):
            _panel(axes, [a for a in found if a.variant.startswith(way)], way)
        panels[0].set_ylabel("profit over the pool's dollars")
        keep(figure, path)


def _panel(axes: Axes, found: Sequence[Attack], way: str) -> None:
    """All defences against one way to attack."""
    axes.axhline(0.0, color="black", linewidth=0.6)
    means = cells(found)
    for place, variant in enumerate(dict.fromkeys(cell.variant for cell in means)):
        colour, dashes = STYLES[place % len(STYLES)]
        own = [cell for cell in means if cell.variant == variant]
        y = [cell.profit.mean for cell in own]
        low = [0.0 if math.isnan(cell.profit.low) else cell.profit.mean - cell.profit.low for cell in own]
        name = variant.removeprefix(way).removeprefix(", over ticks").removeprefix(", ") or "no defence"
        axes.errorbar(
            [cell.multiple for cell in own], y, low, marker=MARKERS[place], linestyle=dashes, color=colour,
            label=name, markersize=3.5, capsize=2,
        )  # fmt: skip
    if way == "bundle":
        _expected(axes)
    axes.set(xscale="log", xlabel="multiple of the price", title=TITLES[way])
    axes.set_yscale("symlog", linthresh=LINEAR)
    axes.xaxis.set_major_locator(FixedLocator(LABELLED))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:+.0%}" if value else "0"))
    axes.legend(loc="lower right" if way == "bundle" else "upper left")


def _expected(axes: Axes) -> None:
    """What the formula says without a defence, and where it crosses 0."""
    low, high = math.log(MULTIPLES[0]), math.log(MULTIPLES[-1])
    places = [math.exp(low + (high - low) * k / POINTS) for k in range(POINTS + 1)]
    profits = [attack_profit(0.25, m, m, flash_fee=0.0009) for m in places]
    axes.plot(places, profits, color="#999999", linewidth=3, alpha=0.5, zorder=0, label="formula")
    axes.axvline(derived("bundle"), color="#999999", linewidth=0.6)
