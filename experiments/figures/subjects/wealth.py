"""Wealth at the end: a Lorenz curve for each kind of agent."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from experiments.figures.panels import Picture
from experiments.figures.style import GREY, STYLES

if TYPE_CHECKING:
    from experiments.figures.page import Page

PLACE = 90
SMALLEST_KIND = 5  # people; a curve through fewer says nothing


def lorenz(wealth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lorenz curve: cumulative shares of people, poorest first, and of their wealth; debts count as nothing.

    >>> [float(x) for x in lorenz(np.array([3.0, 1.0]))[1]]
    [0.0, 0.25, 1.0]
    """
    ordered = np.sort(np.maximum(wealth, 0.0))
    total = float(ordered.sum())
    shares = np.cumsum(ordered) / total if total > 0 else np.linspace(0, 1, ordered.size + 1)[1:]
    return np.linspace(0.0, 1.0, ordered.size + 1), np.concatenate([[0.0], shares])


def curves(page: "Page") -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Lorenz curve by kind of agent."""
    found = {str(kind): lorenz(group["wealth"].to_numpy(float)) for kind, group in page.agents.groupby("kind")}
    return {kind: curve for kind, curve in found.items() if curve[0].size > SMALLEST_KIND}


def paint(axes: Axes, found: dict[str, tuple[np.ndarray, np.ndarray]]) -> None:
    """Curves with the Gini coefficient of each."""
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.4, zorder=0)
    for (kind, (people, wealth)), (colour, dashes) in zip(found.items(), STYLES, strict=False):
        gini = 1.0 - float(np.sum((wealth[1:] + wealth[:-1]) * np.diff(people)))
        axes.plot(people, wealth, color=colour, linestyle=dashes, label=f"{kind.replace('_', ' ')} {gini:.2f}")
    axes.legend(loc="upper left", borderaxespad=0.1, labelspacing=0.25)
    axes.set_xlabel("share of people, poorest first")
    axes.set_ylabel("share of their wealth")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.set_title("Wealth at the end, Gini by kind")


PANELS = (Picture(curves, paint),)
