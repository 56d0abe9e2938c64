"""The picture of the second study: every run a dot, every design point its mean with interval."""

import math
from collections.abc import Sequence
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter, NullLocator

from experiments.figures.keep import keep
from experiments.figures.style import RC, STYLES
from experiments.premium.supply import STILL, Cell, Point, cells

SIZE = (7.2, 3.3)  # inches: two columns of a journal page
NAME = "premium_by_supply.png"
MARKERS = ("o", "s", "^")
RATIOS = (0.2, 0.3, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0, 4.0)
SUPPLIES = (0.02, 0.05, 0.1, 0.2, 0.4, 1.0, 2.0, 5.0)


def draw(found: Sequence[Point], path: Path) -> None:
    """Draw price over NAV against supply over wealth, a panel for each process of the coin, and save it.

    Args:
        found: all runs
        path: picture to write
    """
    coins = list(dict.fromkeys(p.coin for p in found))
    with matplotlib.rc_context({**RC, "font.size": 8, "axes.labelsize": 8, "legend.fontsize": 7}):
        figure = Figure(figsize=SIZE, layout="constrained")
        panels = figure.subplots(1, len(coins), squeeze=False, sharey=True)[0]
        for axes, coin in zip(panels, coins, strict=True):
            _panel(axes, [p for p in found if p.coin == coin])
            axes.set_title("the coin's price is still" if coin == STILL else f"the coin's price moves ({coin})")
        panels[0].set_ylabel("price over net asset value")
        panels[0].legend(loc="lower left")
        keep(figure, path)


def _panel(axes: Axes, found: Sequence[Point]) -> None:
    """All runs with one process of the coin."""
    axes.axhline(1.0, color="black", linewidth=0.6)
    means = cells(found)
    for place, vaults in enumerate(dict.fromkeys(p.vaults for p in found)):
        own = [p for p in found if p.vaults == vaults]
        axes.plot(
            [p.supply for p in own],
            [math.exp(p.premium) for p in own],
            MARKERS[place],
            color=STYLES[place][0],
            alpha=0.25,
            markersize=2.5,
            markeredgewidth=0,
        )
        _means(axes, [cell for cell in means if cell.vaults == vaults], place)
    axes.set(xscale="log", yscale="log", xlabel="fractions at net asset value over investors' wealth")
    for axis, places in ((axes.xaxis, SUPPLIES), (axes.yaxis, RATIOS)):
        axis.set_major_locator(FixedLocator(places))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_minor_locator(NullLocator())
        axis.set_minor_formatter(NullFormatter())
    for text, side in (("premium", "bottom"), ("discount", "top")):
        height = 1.03 if side == "bottom" else 0.97
        axes.text(0.01, height, text, transform=axes.get_yaxis_transform(), va=side, fontsize=7)


def _means(axes: Axes, means: Sequence[Cell], place: int) -> None:
    """Means of one number of vaults with their intervals."""
    colour, dashes = STYLES[place]
    y = [math.exp(cell.premium) for cell in means]
    below = [at - math.exp(cell.low) for at, cell in zip(y, means, strict=True)]
    above = [math.exp(cell.high) - at for at, cell in zip(y, means, strict=True)]
    axes.errorbar(
        [cell.supply for cell in means],
        y,
        [below, above],
        marker=MARKERS[place],
        linestyle=dashes,
        color=colour,
        label=f"{means[0].vaults} vaults",
        markersize=4,
        capsize=2,
    )
