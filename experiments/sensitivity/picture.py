"""Bars of importance with their intervals, one panel a metric."""

import math
from collections.abc import Sequence
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.figures.keep import keep
from experiments.figures.style import GREY, RC, STYLES
from experiments.sensitivity.ranking import Sensitivity, magnitude
from experiments.sweeps.paths import short_names

NAMES = ("sensitivity.png", "sensitivity.svg")
WAY = "copy the study to where you may write"  # a folder is read where it is, whatever --out says
WIDTH, PER_BAR, ROOM = 3.4, 0.3, 1.0  # inches
COLUMNS = 2
MEASURES = {"total": "total share of variance", "mu*": "mean absolute effect, mu*"}
SECOND = {"total": "first", "mu*": "sigma"}
LABELS = {"first": "alone", "sigma": "spread of effects, sigma"}


def draw(found: Sequence[Sensitivity], folder: Path) -> list[Path]:
    """Draw all metrics, and save the picture as PNG and SVG."""
    columns = min(COLUMNS, len(found))
    rows = math.ceil(len(found) / columns)
    bars = max(len(each.parameters) for each in found)
    size = (WIDTH * columns, (ROOM + PER_BAR * bars) * rows)
    with matplotlib.rc_context(RC):
        figure = Figure(figsize=size, layout="constrained")
        panels = figure.subplots(rows, columns, squeeze=False).ravel()
        for axes, each in zip(panels, found, strict=False):
            panel(axes, each)
        for axes in panels[len(found) :]:
            axes.set_visible(False)
        return keep(figure, *(folder / name for name in NAMES), way=WAY)


def panel(axes: Axes, found: Sensitivity) -> None:
    """Bars of one metric from the most important down; bars that cannot be ranked are hatched."""
    order = found.order()
    short = short_names(found.parameters)
    places = range(len(order))
    for place, k in zip(places, order, strict=True):
        interval = magnitude(found.measures[found.main][k])
        if not math.isfinite(interval.value):
            continue
        known = found.ranks[k].best == found.ranks[k].worst
        axes.barh(
            place,
            interval.value,
            height=0.6,
            color=STYLES[0][0] if known else "white",
            edgecolor=STYLES[0][0],
            hatch="" if known else "////",
            linewidth=0.6,
        )
        below, above = interval.value - max(0.0, interval.low), interval.high - interval.value
        axes.errorbar(
            interval.value, place, xerr=[[max(0.0, below)], [max(0.0, above)]], color="black", lw=0.8, capsize=2
        )
    second = SECOND.get(found.main)
    if second is not None:
        sizes = [found.measures[second][k].value for k in order]
        axes.plot(sizes, places, "D", color=STYLES[1][0], markersize=3.5, label=LABELS[second], linestyle="none")
        axes.legend(loc="lower right")
    noise = found.measures.get("mu* of noise")
    if noise is not None:
        for place, k in zip(places, order, strict=True):
            axes.plot([noise[k].value] * 2, [place - 0.3, place + 0.3], color=GREY, lw=1.0)
    axes.set_yticks(list(places), [short[found.parameters[k]] for k in order])
    axes.invert_yaxis()
    axes.axvline(0.0, color="black", lw=0.5)
    axes.set_xlabel(MEASURES.get(found.main, f"standardised coefficient {found.main}"))
    axes.set_title(found.metric)
    if any(rank.best != rank.worst for rank in found.ranks):
        axes.annotate("hatched: cannot be ranked", (1.0, -0.02), xycoords="axes fraction", ha="right", va="top",
                      fontsize=5.5, color=GREY, xytext=(0, -27), textcoords="offset points")  # fmt: skip
