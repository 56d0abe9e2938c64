"""Charts: one file each, pure functions from a snapshot to an ECharts option, found by scanning.

A chart file has `TITLE`, `ORDER`, `EMPTY` (what is said while there is nothing to draw), and

    def option(frame, dark) -> dict | None      # None where there is nothing to draw
    def table(frame) -> Table                   # the same numbers, as rows

Optionally `HEIGHT` [pixels] and `METRICS`, names of recorded paths whose full values make its CSV; without it the CSV
is the table. `drawable(frame)` lists the charts that a snapshot has something for, `app.panels.figures.Figure` draws
one with its table and exports.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from model.scan import modules

USUAL_HEIGHT = 280  # pixels


class Table(NamedTuple):
    """Numbers as rows: headings, and cells as they are shown."""

    headings: tuple[str, ...]
    rows: list[tuple[Any, ...]]


class Chart(NamedTuple):
    """One kind of chart: its key is its file's name."""

    key: str
    title: str
    order: int
    empty: str
    height: int
    metrics: tuple[str, ...]
    module: Any

    def option(self, frame: Mapping[str, Any], dark: bool) -> dict[str, Any] | None:
        """What ECharts draws; None where there is nothing to draw."""
        found: dict[str, Any] | None = self.module.option(frame, dark)
        return found

    def table(self, frame: Mapping[str, Any]) -> Table:
        """The same numbers as rows."""
        found: Table = self.module.table(frame)
        return found


@cache
def charts() -> tuple[Chart, ...]:
    """All kinds of charts, in order."""
    found = []
    for module in modules(__name__):
        if hasattr(module, "TITLE"):
            key, height = module.__name__.rsplit(".", 1)[1], getattr(module, "HEIGHT", USUAL_HEIGHT)
            metrics = tuple(getattr(module, "METRICS", ()))
            found.append(Chart(key, module.TITLE, module.ORDER, module.EMPTY, height, metrics, module))
    return tuple(sorted(found, key=lambda chart: chart.order))


def drawable(frame: Mapping[str, Any]) -> list[Chart]:
    """Charts that belong to a market: those whose `applies(frame)` holds, or that have something to draw."""
    return [
        chart
        for chart in charts()
        if (chart.module.applies(frame) if hasattr(chart.module, "applies") else chart.option(frame, False) is not None)
    ]
