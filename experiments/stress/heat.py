"""Probability of insolvency over two parameters: the 1 % line, and cells whose runs are too few hatched."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.statistics import Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LINE = 0.01  # probability at which the line is drawn
CELL, MARGIN = 0.85, 1.9  # inches
DARK = 0.45  # share of the scale above which figures in a cell are white
PLAIN = {"protocol": "the protocol", "miners": "a miner"}


class Heat(NamedTuple):
    """A map, rows by y and columns by x.

    Attributes:
        who: "protocol" or "miners"
        x, y: names of the axes
        xs, ys: their values, in the order of the grid
        probability, low, high: of insolvency, with the exact interval
        runs: of each cell
        thin: cells whose interval holds LINE, so that nobody can say on which side of the line they lie
        above: cells with a probability of at least LINE
    """

    who: str
    x: str
    y: str
    xs: tuple[Any, ...]
    ys: tuple[Any, ...]
    probability: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    runs: NDArray[np.int64]
    thin: NDArray[np.bool_]
    above: NDArray[np.bool_]


def heat(cells: Sequence[tuple[Mapping[str, Any], Interval]], who: str, line: float = LINE) -> Heat:
    """A map from cells, each with its values on both axes.

    Args:
        cells: values by axis, the first axis being x, and the probability there
        who: is insolvent
        line: probability of the line

    >>> even = Interval(30, 0.0, 0.0, 0.116, "Clopper-Pearson")
    >>> heat([({"a.b": 1, "c.d": 2}, even)], "protocol").thin.tolist()
    [[True]]
    """
    x, y = list(cells[0][0])
    xs, ys = (list(dict.fromkeys(values[name] for values, _ in cells)) for name in (x, y))
    shape = (len(ys), len(xs))
    p, low, high = (np.full(shape, np.nan) for _ in range(3))
    runs = np.zeros(shape, np.int64)
    for values, found in cells:
        place = ys.index(values[y]), xs.index(values[x])
        p[place], low[place], high[place], runs[place] = found.value, found.low, found.high, found.n
    thin = (low <= line) & (line <= high)
    return Heat(who, x, y, tuple(xs), tuple(ys), p, low, high, runs, thin, p >= line)


def edges(above: NDArray[np.bool_]) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Sides of cells between a cell above the line and one below, in units of cells, centres at whole numbers.

    >>> edges(np.array([[False, True]]))
    [((0.5, -0.5), (0.5, 0.5))]
    """
    found = []
    rows, columns = above.shape
    for i in range(rows):
        for j in range(columns):
            if j + 1 < columns and above[i, j] != above[i, j + 1]:
                found.append(((j + 0.5, i - 0.5), (j + 0.5, i + 0.5)))
            if i + 1 < rows and above[i, j] != above[i + 1, j]:
                found.append(((j - 0.5, i + 0.5), (j + 0.5, i + 0.5)))
    return found


def figure(found: Heat, title: str) -> "Figure":
    """The map as a figure; colours are probabilities, figures in a cell say them with their interval."""
    import matplotlib
    from matplotlib.figure import Figure
    from matplotlib.ticker import PercentFormatter

    from experiments.figures.style import RC

    rows, columns = found.probability.shape
    with matplotlib.rc_context(RC):
        page = Figure(figsize=(CELL * columns + MARGIN, 0.7 * CELL * rows + MARGIN), layout="constrained")
        axes = page.subplots()
        top = max(5 * LINE, float(np.nanmax(found.probability)))
        picture = axes.imshow(found.probability, origin="lower", cmap="Blues", vmin=0.0, vmax=top, aspect="auto")
        _cells(axes, found, top)
        lines = edges(found.above)
        for (x0, y0), (x1, y1) in lines:
            axes.plot([x0, x1], [y0, y1], color="#D55E00", linewidth=2.0, solid_capstyle="projecting")
        for ticks, labels, name in (
            (axes.set_xticks, found.xs, axes.set_xlabel),
            (axes.set_yticks, found.ys, axes.set_ylabel),
        ):
            ticks(range(len(labels)), [str(v) for v in labels])  # type: ignore[operator]
            name(found.x if ticks == axes.set_xticks else found.y)
        axes.spines[["left", "bottom"]].set_visible(False)
        axes.tick_params(length=0)
        bar = page.colorbar(picture, ax=axes, format=PercentFormatter(1.0))
        bar.set_label(f"probability that {PLAIN[found.who]} becomes insolvent")
        axes.set_title(title)
        line = "orange line: 1 %" if lines else "all cells lie on one side of 1 %"
        note = f"{line}; hatched: too few runs to say on which side of 1 % (95 % interval in brackets)"
        page.supxlabel(note, x=0.99, ha="right", fontsize=6, color="#555555")
    return page


def _cells(axes: "Axes", found: Heat, top: float) -> None:
    """Figures of each cell, and hatches where it is thin."""
    from matplotlib.patches import Rectangle

    for (i, j), p in np.ndenumerate(found.probability):
        if found.thin[i, j]:
            look: Any = {"fill": False, "hatch": "////", "edgecolor": "#777777", "linewidth": 0.0}
            axes.add_patch(Rectangle((j - 0.5, i - 0.5), 1.0, 1.0, **look))
        text = f"{p:.1%}\n[{found.low[i, j]:.1%}, {found.high[i, j]:.1%}]\n{found.runs[i, j]:,} runs"
        dark = p > DARK * top
        box = {"facecolor": "#1f5a96" if dark else "white", "edgecolor": "none", "alpha": 0.75, "pad": 1.0}
        axes.text(j, i, text, ha="center", va="center", fontsize=5.5, color="white" if dark else "black", bbox=box)


def save(found: Heat, title: str, folder: Path) -> list[Path]:
    """Write the map as PNG and SVG."""
    from experiments.figures.keep import keep

    return keep(figure(found, title), *(folder / f"insolvency_of_{found.who}.{ending}" for ending in ("png", "svg")))
