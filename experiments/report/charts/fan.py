"""Paths of a point's runs as a fan: median, half of runs, nine in ten."""

from typing import TYPE_CHECKING

from experiments.figures.style import STYLES
from experiments.report.charts.base import blank, literal, value_axis
from experiments.report.svg import drawing
from experiments.stress.fans import Fan
from model.metric import Metric

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@drawing()
def fan(found: Fan, metric: Metric, label: str, limits: tuple[float, float]) -> "Figure":
    """One fan; `limits` of its value axis are shared by all fans of a metric, so that they can be compared."""
    figure, axes = blank(height=2.1)
    half = len(found.levels) // 2
    for k in range(half):
        axes.fill_between(
            found.days, found.bands[k], found.bands[-1 - k], color=STYLES[0][0], alpha=0.18 + 0.17 * k, linewidth=0.0
        )
    axes.plot(found.days, found.bands[half], color="#000000", lw=1.0)
    axes.set_ylim(*limits)
    axes.set_xlabel("day")
    axes.set_title(literal(label))
    value_axis(axes, metric)
    return figure
