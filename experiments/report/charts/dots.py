"""A metric by point: a dot with its interval for each, for designs whose points differ in more than one thing at once."""

from typing import TYPE_CHECKING

from experiments.replicates import Estimate
from experiments.report.charts.base import PER_ROW, WIDTH, blank, literal, value_axis
from experiments.report.svg import drawing
from model.metric import Metric

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROOM = 0.8  # inches


@drawing()
def dots(found: dict[str, Estimate], metric: Metric) -> "Figure":
    """Means with intervals, from the top down."""
    figure, axes = blank(WIDTH, PER_ROW * len(found) + ROOM)
    for place, e in enumerate(found.values()):
        axes.plot([e.low, e.high], [place, place], color="#000000", lw=0.9)
        axes.plot(e.mean, place, "o", color="#0072B2", markersize=4)
    axes.set_yticks(range(len(found)), [literal(name) for name in found])
    axes.set_ylim(len(found) - 0.5, -0.5)
    value_axis(axes, metric, vertical=False)
    return figure
