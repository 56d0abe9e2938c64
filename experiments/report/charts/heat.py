"""A metric over two variables: means as colours and figures, and cells that cannot be told from the first one hatched."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.console import readable
from experiments.replicates import Estimate
from experiments.report.charts.base import DARK_INK, LIGHT_INK, WIDTH, blank, literal, shown
from experiments.report.svg import drawing
from model.metric import Metric

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CELL_WIDTH, CELL_HEIGHT, ROOM = 0.86, 0.46, 1.1  # inches
COLOURS = "viridis"
UNKNOWN = (0.6, 0.6, 0.6, 0.3)  # a cell without a number
HALF = 0.5  # lightness of a cell above which its ink is dark


@drawing()
def heat(
    cells: list[list[Estimate]],
    unclear: NDArray[np.bool_],
    x: str,
    xs: list[Any],
    y: str,
    ys: list[Any],
    metric: Metric,
) -> "Figure":
    """Rows by y, columns by x.

    Args:
        cells: mean with interval by row and column
        unclear: cells that cannot be told from the first
        x, xs, y, ys: names and levels
        metric: whose means
    """
    import matplotlib

    figure, axes = blank(max(WIDTH, CELL_WIDTH * len(xs) + ROOM), CELL_HEIGHT * len(ys) + ROOM)
    means = np.array([[e.mean for e in row] for row in cells])
    image = axes.imshow(means, aspect="auto", origin="lower", cmap=COLOURS)
    image.set_rasterized(False)
    shades = np.asarray(matplotlib.colormaps[COLOURS](image.norm(means)))
    axes.images[0].remove()
    for i, row in enumerate(cells):
        for j, e in enumerate(row):
            known = np.isfinite(e.mean)
            colour = tuple(shades[i, j].tolist()) if known else UNKNOWN
            light = float(np.dot(colour[:3], (0.299, 0.587, 0.114)))
            ink = DARK_INK if light > HALF or not known else LIGHT_INK
            hatch = "///" if unclear[i, j] else None
            edge = (*matplotlib.colors.to_rgb(ink), 0.35)
            axes.add_patch(
                matplotlib.patches.Rectangle(
                    (j - 0.5, i - 0.5), 1, 1, facecolor=colour, edgecolor=edge, hatch=hatch, lw=0.3
                )
            )  # type: ignore[attr-defined]
            span = f"{readable(round3(e.low))} to {readable(round3(e.high))}" if np.isfinite(e.low) else f"n = {e.n}"
            axes.text(j, i + 0.12, readable(round3(e.mean)), ha="center", va="center", color=ink, fontsize=8)
            axes.text(j, i - 0.22, span, ha="center", va="center", color=ink, fontsize=5.5)
    axes.set_xlim(-0.5, len(xs) - 0.5)
    axes.set_ylim(-0.5, len(ys) - 0.5)
    axes.set_xticks(range(len(xs)), [shown(v).replace("_", "\n") for v in xs])
    axes.set_yticks(range(len(ys)), [shown(v) for v in ys])
    axes.set_xlabel(literal(x))
    axes.set_ylabel(literal(y))
    axes.tick_params(length=0)
    axes.set_title(literal(metric.name))
    return figure


def round3(value: float) -> float:
    """Three digits, for cells.

    >>> round3(0.012345), round3(123456.0)
    (0.0123, 123000.0)
    """
    return float(f"{value:.3g}")
