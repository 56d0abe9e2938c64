"""A metric along one variable, with the interval of its mean: a line with a band, or dots where levels have no order."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.figures.style import STYLES
from experiments.replicates import Estimate
from experiments.report.charts.base import blank, level_axis, literal, shown, value_axis
from experiments.report.svg import drawing
from model.metric import Metric

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CAP = 2.0  # points
FEW, COLUMNS = 3, 3  # lines whose key finds room among them; columns of a key above
SPREAD = 0.12  # by which dots of several lines stand apart, in steps of levels


@drawing()
def lines(
    paths: Mapping[str, list[Estimate]], levels: list[Any], variable: str, metric: Metric, ordered: bool, key: str = ""
) -> "Figure":
    """Means with intervals.

    Args:
        paths: means by level, by name of the line; one line without a name has no key
        levels: of the variable
        variable: its name
        metric: whose means
        ordered: whether levels are numbers
        key: title of the key
    """
    figure, axes = blank()
    places = np.array(levels, float) if ordered else np.arange(len(levels), dtype=float)
    for k, (name, means) in enumerate(paths.items()):
        colour, dashes = STYLES[k % len(STYLES)]
        colour = "#000000" if len(paths) == 1 else colour
        value, low, high = (np.array([getattr(e, part) for e in means]) for part in ("mean", "low", "high"))
        if ordered:
            axes.fill_between(places, low, high, color=STYLES[k % len(STYLES)][0], alpha=0.2, linewidth=0.0)
            axes.plot(places, value, color=colour, linestyle=dashes, marker="o", markersize=2.5, label=literal(name))
        else:
            where = places + SPREAD * (k - (len(paths) - 1) / 2)
            away = np.nan_to_num(np.vstack([value - low, high - value]))
            axes.errorbar(
                where, value, away, fmt="o", color=colour, markersize=3, capsize=CAP, lw=0.9, label=literal(name)
            )
    if ordered:
        level_axis(axes, variable, levels)
    else:
        axes.set_xticks(places, [shown(v).replace("_", "\n") for v in levels])
        axes.set_xlabel(literal(variable))
    value_axis(axes, metric)
    if len(paths) > 1:
        above = (
            {"loc": "lower left", "bbox_to_anchor": (0.0, 1.0), "ncols": COLUMNS}
            if len(paths) > FEW
            else {"loc": "best"}
        )
        axes.legend(title=literal(key), title_fontsize=7, alignment="left", **above)
    return figure
