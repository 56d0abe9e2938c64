"""The picture of how fractions move: a pool beside its value and the coin, what sizes remember, how the coin is followed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.figures.keep import keep
from experiments.figures.style import GREY, RC, STYLES
from experiments.statistics import estimated

NAME = "price_moves.png"
SIZE = (7.2, 2.6)  # inches: two columns of a journal page
MARK_SIZE = 3


def draw(path: Any, found: Sequence[Any], horizons: Sequence[int], burn_in: int, to: Path) -> None:
    """Draw the three panels and save them.

    Args:
        path: of the first seed, a `price_moves.Path`
        found: all runs, each a `price_moves.Moves`
        horizons: days of the third panel
        burn_in: day on which the path begins
        to: picture to write
    """
    with matplotlib.rc_context({**RC, "font.size": 8, "axes.labelsize": 8, "legend.fontsize": 7}):
        figure = Figure(figsize=SIZE, layout="constrained")
        pool, memory, follows = figure.subplots(1, 3)
        _pool(pool, path, burn_in)
        _memory(memory, found)
        _follows(follows, found, horizons)
        keep(figure, to)


def _pool(axes: Axes, path: Any, burn_in: int) -> None:
    """The pool that trades most, its net asset value and the coin, each over its mean."""
    k = int(np.argmax(path.volume.sum(axis=0)))
    days = burn_in + np.arange(path.coin.size)
    lines = (
        (path.nav[:, k], "net asset value", GREY, 0.8),
        (path.coin, "coin", STYLES[1][0], 1.0),
        (path.price[:, k], "price of a fraction", STYLES[0][0], 1.2),
    )
    for values, label, colour, width in lines:
        axes.plot(days, values / values.mean(), color=colour, linewidth=width, label=label)
    axes.set_title("a pool of seed 1, over its mean")
    axes.set_xlabel("day")
    axes.set_ylim(bottom=0.0)
    axes.legend()


def _memory(axes: Axes, found: Sequence[Any]) -> None:
    """Autocorrelation of the sizes of returns, the mean over runs."""
    mean = np.mean([each.remembers for each in found], axis=0)
    days = 1 + np.arange(mean.shape[1])
    for values, label, (colour, line) in zip(mean, ("fractions", "coin"), STYLES, strict=False):
        axes.plot(days, values, color=colour, linestyle=line, label=label)
    axes.axhline(0.0, color=GREY, linewidth=0.5)
    axes.set_title("autocorrelation of sizes of returns")
    axes.set_xlabel("days between")
    axes.legend()


def _follows(axes: Axes, found: Sequence[Any], horizons: Sequence[int]) -> None:
    """The part of a move of the coin that fractions have made, with intervals."""
    parts = [estimated([each.own[f"coin{h}"] for each in found], "coin") for h in horizons]
    mean = np.array([part.mean for part in parts])
    bars = np.array([[part.mean - part.low for part in parts], [part.high - part.mean for part in parts]])
    axes.errorbar(horizons, mean, bars, color=STYLES[0][0], marker="o", markersize=MARK_SIZE, capsize=2)
    axes.axhline(1.0, color=GREY, linewidth=0.5, linestyle="--")
    axes.set_title("part of a coin's move that is made")
    axes.set_xlabel("days")
    axes.set_ylim(bottom=0.0)
