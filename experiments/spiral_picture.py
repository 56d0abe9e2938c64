"""The page of the spiral: eight metrics with credit and without, the falls of fractions and of the hash rate shaded."""

from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from experiments.figures.keep import keep
from experiments.figures.style import GREY, RC, STYLES, compact

NAME = "spiral.png"
SIZE = (7.2, 7.6)  # inches: one page
TITLES = {  # down the left column, then the right one
    "bitcoin.price": "coin [USD]",
    "network.hashprice": "hashprice [USD/PH/day]",
    "amm.price_median": "fraction, median of vaults [USD]",
    "lending.liquidated_debt": "debt liquidated [USD a week]",
    "amm.depth": "dollars in pools of fractions [USD]",
    "oracle.price_median": "oracle's price of a fraction [USD]",
    "network.hashrate": "hash rate [EH/s]",
    "network.difficulty": "difficulty",
}
OF_MINERS = ("network.hashrate", "network.difficulty", "network.hashprice")
ADDED_UP = "lending.liquidated_debt"
WEEK = 7
SHADES = ("#f3e3d8", "#e2ebf2")  # of the wave of liquidations, and of the time in which rigs are switched off


def draw(found: Any, bare: Any, windows: tuple[Any, Any], path: Path, title: str) -> None:
    """Draw the page and save it.

    Args:
        found, bare: runs with credit and without, as `spiral.Course`
        windows: days of the wave of liquidations, and of the fall of the hash rate
        path: picture to write
        title: over it
    """
    with matplotlib.rc_context({**RC, "axes.titlesize": 7.5}):
        figure = Figure(figsize=SIZE, layout="constrained")
        panels = figure.subplots(4, 2, sharex=True).ravel(order="F")
        for number, (axes, metric) in enumerate(zip(panels, TITLES, strict=True), 1):
            _shade(axes, metric, windows)
            _panel(axes, metric, found, bare)
            axes.set_title(f"{number}  {TITLES[metric]}")
        panels[0].legend(loc="lower left")
        for axes in panels[3::4]:
            axes.set_xlabel("day")
        figure.suptitle(title, x=0.01, ha="left", fontsize=10, fontweight="bold")
        note = "shaded: fractions fall and loans are liquidated (brown); rigs are switched off (blue)"
        figure.supxlabel(note, x=0.99, ha="right", fontsize=6, color="#555555")
        keep(figure, path)


def _shade(axes: Axes, metric: str, windows: tuple[Any, Any]) -> None:
    """The wave where it is about fractions, the other where it is about miners, both at hashprice."""
    shown = [metric not in OF_MINERS[:2], metric in OF_MINERS]
    for window, shade, there in zip(windows, SHADES, shown, strict=True):
        if there:
            axes.axvspan(window.first, window.last, color=shade, zorder=0)


def _panel(axes: Axes, metric: str, found: Any, bare: Any) -> None:
    """One metric with credit and without."""
    if metric == ADDED_UP:
        values = np.nan_to_num(found.path[metric])
        weeks = np.floor((found.days - found.days[0]) / WEEK).astype(np.int64)
        axes.bar((np.arange(weeks[-1] + 1) + 0.5) * WEEK, np.bincount(weeks, values), WEEK * 0.9, color=STYLES[1][0])
    else:
        axes.plot(found.days, found.path[metric], color=STYLES[0][0], label="with credit")
        if metric in bare.path:
            axes.plot(bare.days, bare.path[metric], color=GREY, linestyle=STYLES[1][1], label="without credit")
    axes.set_ylim(bottom=0)
    axes.set_xlim(0, found.days[-1])
    axes.yaxis.set_major_formatter(FuncFormatter(compact))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.grid(True, linewidth=0.25, alpha=0.5)
