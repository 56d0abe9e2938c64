"""The picture of lead-lag traders: how soon fractions follow the coin, and what that earns, by number of bots."""

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

NAME = "lead_lag.png"
SIZE = (5.6, 2.6)  # inches
MARK_SIZE = 3


def draw(found: Sequence[Sequence[Any]], bots: Sequence[int], horizons: Sequence[int], to: Path) -> None:
    """Draw the two panels and save them.

    Args:
        found: runs by number of bots, each a `lead_lag.Outcome`
        bots: these numbers; horizons: days of the first panel
        to: picture to write
    """
    with matplotlib.rc_context({**RC, "font.size": 8, "axes.labelsize": 8, "legend.fontsize": 7}):
        figure = Figure(figsize=SIZE, layout="constrained")
        follows, gains = figure.subplots(1, 2)
        _follows(follows, found, bots, horizons)
        _gains(gains, found, bots)
        keep(figure, to)


def _errors(
    axes: Axes, at: Sequence[float], samples: Sequence[Sequence[float]], name: str, style: Any, **more: Any
) -> None:
    """Means with their intervals."""
    parts = [estimated(sample, name) for sample in samples]
    mean = np.array([part.mean for part in parts])
    bars = np.array([[part.mean - part.low for part in parts], [part.high - part.mean for part in parts]])
    colour, line = style
    axes.errorbar(at, mean, bars, color=colour, linestyle=line, marker="o", markersize=MARK_SIZE, capsize=2, **more)


def _follows(axes: Axes, found: Sequence[Sequence[Any]], bots: Sequence[int], horizons: Sequence[int]) -> None:
    """The part of a move of the coin that fractions have made."""
    for n, of, style in zip(bots, found, STYLES, strict=False):
        samples = [[outcome.moves.own[f"coin{h}"] for outcome in of] for h in horizons]
        _errors(axes, horizons, samples, "coin", style, label=f"{n} traders" if n else "none")
    axes.axhline(1.0, color=GREY, linewidth=0.5, linestyle="--")
    axes.set_title("part of a coin's move that is made")
    axes.set_xlabel("days")
    axes.set_ylim(bottom=0.0)
    axes.legend()


def _gains(axes: Axes, found: Sequence[Sequence[Any]], bots: Sequence[int]) -> None:
    """What a dollar of the traders' capital gains a year, and what of it is above holding as many fractions."""
    some = [(n, of) for n, of in zip(bots, found, strict=True) if n]
    numbers = [n for n, _ in some]
    for name, label, style in zip(("gain", "chosen"), ("gain", "above holding"), STYLES, strict=False):
        _errors(axes, numbers, [[getattr(o, name) for o in of] for _, of in some], name, style, label=label)
    axes.axhline(0.0, color=GREY, linewidth=0.5, linestyle="--")
    axes.set_title("gain on the traders' capital [1/year]")
    axes.set_xlabel("traders")
    axes.legend()
    axes.set_ylim(*np.array(axes.get_ylim()) * 1.1)
