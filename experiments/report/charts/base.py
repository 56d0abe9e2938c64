"""What charts share: their size, their axes, colours that follow the page, and the gallery that keeps them."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from experiments.figures.style import compact
from experiments.report.svg import block, markup, save
from model.metric import Metric
from model.unit_names import unit_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 3.9, 2.7  # inches: as wide as a column of a journal, and as a telephone
PER_ROW = 0.26  # inches of a row in charts whose rows are points
DARK_INK, LIGHT_INK = "#010101", "#fefefe"  # ink on coloured ground, which does not follow the page
LONGEST_WORDS = 44  # characters of a label; a longer one would leave no room for the chart
LONGEST_NAME = 80  # characters of a figure's file
LOGS = 20.0  # ratio of largest to least level from which on an axis is in logs


class Gallery:
    """Figures of a report: in the page and as files for print.

    Args:
        folder: of the files
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: list[Path] = []

    def add(self, figure: "Figure", name: str, caption: str) -> str:
        """Keep a figure; its markup for the page."""
        plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:LONGEST_NAME] or "figure"
        while any(path.stem == plain for path in self.files):
            plain += "-more"
        self.files += save(figure, self.folder, plain)
        return block(markup(figure), plain, caption)


def blank(width: float = WIDTH, height: float = HEIGHT) -> "tuple[Figure, Axes]":
    """A figure with one panel; to be called under `drawing`."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots()


def literal(value: object) -> str:
    r"""Text of the user as matplotlib may draw it: dollars begin no formula, long ones are cut.

    >>> literal("5 $ or 6 $")
    '5 \\$ or 6 \\$'
    """
    words = str(value)
    kept = words if len(words) <= LONGEST_WORDS else f"{words[: LONGEST_WORDS - 1]}…"
    return kept.replace("$", r"\$")


def value_axis(axes: Axes, metric: Metric, vertical: bool = True) -> None:
    """Name, unit and numbers of a metric's axis."""
    unit = unit_of(metric.unit)
    words = f"{metric.name} [{unit}]" if unit else metric.name
    axis: Any = axes.yaxis if vertical else axes.xaxis
    (axes.set_ylabel if vertical else axes.set_xlabel)(literal(words))
    axis.set_major_formatter(FuncFormatter(compact))
    axis.set_major_locator(MaxNLocator(5))
    axes.grid(True, axis="y" if vertical else "x", linewidth=0.25, alpha=0.5)


def level_axis(axes: Axes, name: str, found: list[Any]) -> None:
    """The axis of a variable whose levels are numbers."""
    axes.set_xlabel(literal(name))
    if found[0] > 0 and found[-1] / found[0] >= LOGS:
        from matplotlib.ticker import NullFormatter, NullLocator

        axes.set_xscale("log")
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_minor_formatter(NullFormatter())
    if len(found) <= 8:
        axes.set_xticks(found)
    axes.xaxis.set_major_formatter(FuncFormatter(compact))


def shown(value: Any) -> str:
    """A level as text."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return compact(float(value)) if number else literal(value)
