"""Offerings: how many found buyers, and in which form."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from experiments.figures.panels import Lines, Picture
from experiments.figures.style import STYLES, compact, head, room_below, three_digits
from model.metrics.offerings import by_form

if TYPE_CHECKING:
    import pandas as pd

    from experiments.figures.page import Page

PLACE = 40


def forms(page: "Page") -> "pd.DataFrame | None":
    """What became of offerings by form, where more than one was used."""
    if page.mechanism("offerings") is None:
        return None
    table = by_form(page.market)
    return table if len(table) > 1 else None


def paint(axes: Axes, table: "pd.DataFrame") -> None:
    """Offerings sold and refunded by form, and dollars raised."""
    places = np.arange(len(table))[::-1]
    sold, failed = table["sold"].to_numpy(float), table["failed"].to_numpy(float)
    handles = [
        axes.barh(places, sold, color=STYLES[0][0], height=0.7),
        axes.barh(places, failed, left=sold, color=STYLES[1][0], height=0.7, hatch="////", edgecolor="white"),
    ]
    longest = max(1.0, float((sold + failed).max()))
    for place, form in zip(places, table.index, strict=True):
        row = table.loc[form]
        text = f"{str(form).replace('_', ' ')}, {three_digits(row.raised)} USD"
        axes.text(row.sold + row.failed + 0.02 * longest, place, text, va="center", fontsize=6)
    room_below(axes, len(table))
    axes.set_yticks([])
    axes.set_xlim(0, 1.9 * longest)
    axes.set_xlabel("offerings")
    axes.xaxis.set_major_locator(MaxNLocator(3, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(compact))
    head(axes, "Offerings by form", handles, ["sold", "refunded"])


PANELS = (
    Lines(
        "Offerings so far",
        (("offerings.succeeded", "sold out"), ("offerings.failed", "refunded")),
        when=("offerings.offered",),
    ),
    Picture(forms, paint),
)
