"""How all pictures look: colours with dashes, type, numbers at axes, titles and keys.

Okabe-Ito colours, each with its own dashes, so that a page survives a photocopier and colour-blind readers
[OkabeIto2008].
"""

import math
import textwrap
from collections.abc import Callable
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

STYLES: tuple[tuple[str, Any], ...] = (  # Okabe-Ito, with dashes
    ("#0072B2", "solid"),
    ("#D55E00", (0, (4, 1.5))),
    ("#009E73", (0, (1, 1))),
    ("#CC79A7", (0, (4, 1.2, 1, 1.2))),
    ("#E69F00", (0, (6, 1.5, 1, 1.5, 1, 1.5))),
    ("#56B4E9", (0, (2, 1))),
    ("#000000", (0, (1, 2.5))),
)
GAIN, LOSS, GREY = STYLES[0][0], STYLES[1][0], "#999999"
TITLE_WIDTH = 28  # characters
KEY_COLUMNS, KEY_HEIGHT = 2, 8.5  # labels in a row of a key, and its height in points
FEWEST_BARS = 4
DPI = 200
RC: Any = {
    "font.family": "sans-serif",
    "font.size": 7,
    "axes.linewidth": 0.5,
    "axes.titlesize": 7,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 6.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.labelsize": 6.5,
    "ytick.labelsize": 6.5,
    "xtick.major.width": 0.5,
    "ytick.major.width": 0.5,
    "legend.fontsize": 6,
    "legend.frameon": False,
    "legend.handlelength": 2.2,
    "lines.linewidth": 1.1,
}


def compact(value: float, _: Any = None) -> str:
    """A number for an axis.

    >>> compact(1500.0), compact(2.5e6), compact(0.25), compact(3e13)
    ('1.5k', '2.5M', '0.25', '30tn')
    """
    size = abs(value)
    for scale, letters in ((1e15, ""), (1e12, "tn"), (1e9, "bn"), (1e6, "M"), (1e3, "k")):
        if size >= scale:
            return f"{value / scale:.4g}{letters}" if letters else f"{value:.2g}"
    return f"{value:.4g}"


def head(axes: Axes, title: str, handles: list[Any], labels: list[str]) -> None:
    """Title, and below it the key, clear of the curves."""
    lines = textwrap.wrap(title, TITLE_WIDTH, max_lines=1 if handles else 2, placeholder=" …")
    axes.set_title("\n".join(lines), pad=4 + KEY_HEIGHT * math.ceil(len(handles) / KEY_COLUMNS))
    if handles:
        axes.legend(
            handles,
            labels,
            ncols=KEY_COLUMNS,
            loc="lower left",
            bbox_to_anchor=(0.0, 1.0),
            borderaxespad=0.1,
            borderpad=0.1,
            columnspacing=1.0,
            handletextpad=0.4,
        )


def room_below(axes: Axes, n: int) -> None:
    """Horizontal bars at places 0 to n - 1 from the top of the panel, no thicker where they are few."""
    if n < FEWEST_BARS:
        axes.set_ylim(n - FEWEST_BARS - 0.6, n - 0.4)


def three_digits(size: float) -> str:
    """A number beside a bar.

    >>> three_digits(1_234_567.0)
    '1.23M'
    """
    return compact(float(f"{size:.3g}"))


def bars(
    axes: Axes, sizes: dict[str, float], unit: str, title: str, form: Callable[[float], str] = three_digits
) -> None:
    """Horizontal bars from the top down, each with its name and size beside it."""
    places = range(len(sizes) - 1, -1, -1)
    axes.barh(list(places), list(sizes.values()), color=STYLES[0][0], height=0.7)
    largest = max(sizes.values()) or 1.0
    for place, (name, size) in zip(places, sizes.items(), strict=True):
        axes.text(size + 0.02 * largest, place, f"{name} {form(size)}", va="center", fontsize=6)
    room_below(axes, len(sizes))
    axes.set_yticks([])
    axes.set_xlim(0, 1.5 * largest)
    axes.set_xlabel(unit)
    axes.xaxis.set_major_formatter(FuncFormatter(compact))
    axes.xaxis.set_major_locator(MaxNLocator(3))
    head(axes, title, [], [])
