"""Two objectives of a search: all places tried, those that break a limit hollow; winners afresh, with their intervals."""

from typing import TYPE_CHECKING, Any

from matplotlib.ticker import FuncFormatter

from experiments.figures.style import GREY, STYLES, compact
from experiments.report.charts.base import WIDTH, blank, literal
from experiments.report.svg import drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIDE = 3.4  # inches


@drawing()
def frontier(places: list[dict[str, Any]], won: list[dict[str, Any]], x: str, y: str) -> "Figure":
    """Places by two objectives.

    Args:
        places: every place that was tried, as `frontier.json` has it
        won: those on the frontier
        x, y: names of objectives
    """
    figure, axes = blank(WIDTH, SIDE)
    for place in (p for p in places if p["objectives"]):
        fill = GREY if place["feasible"] else "none"
        axes.plot(place["objectives"][x][0], place["objectives"][y][0], "o", ms=3, mec=GREY, mfc=fill, mew=0.6)
    path = sorted((w["objectives"][x][0], w["objectives"][y][0]) for w in won)
    axes.plot(*zip(*path, strict=True), "o-", color=STYLES[0][0], ms=4, label="as the search saw them")
    fresh = [w["fresh"] for w in won if w["fresh"]]
    for k, each in enumerate(fresh):
        (a, a0, a1), (b, b0, b1) = each[x], each[y]
        label = "under fresh seeds" if k == 0 else None
        away: dict[str, Any] = {
            "xerr": [[max(0.0, a - a0)], [max(0.0, a1 - a)]],
            "yerr": [[max(0.0, b - b0)], [max(0.0, b1 - b)]],
        }
        axes.errorbar(a, b, fmt="D", color=STYLES[1][0], ms=3, lw=0.6, label=label, **away)
    axes.set_xlabel(literal(x))
    axes.set_ylabel(literal(y))
    axes.xaxis.set_major_formatter(FuncFormatter(compact))
    axes.yaxis.set_major_formatter(FuncFormatter(compact))
    axes.legend(loc="best")
    return figure
