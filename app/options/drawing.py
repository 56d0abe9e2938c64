"""Charts of other pages than Explore: drawn from numbers that are at hand, with the face of `app.options.Chart`."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from app.options import USUAL_HEIGHT, Chart, Table


class Drawing(NamedTuple):
    """What a chart file would hold, for one chart: how it is drawn, and its rows."""

    draw: Callable[[bool], dict[str, Any] | None]
    rows: Callable[[], Table]

    def option(self, _: Mapping[str, Any], dark: bool) -> dict[str, Any] | None:
        """What ECharts draws."""
        return self.draw(dark)

    def table(self, _: Mapping[str, Any]) -> Table:
        """The same numbers as rows."""
        return self.rows()


def chart(
    key: str,
    title: str,
    draw: Callable[[bool], dict[str, Any] | None],
    rows: Callable[[], Table],
    empty: str = "Nothing to draw yet.",
    height: int = USUAL_HEIGHT,
    metrics: tuple[str, ...] = (),
) -> Chart:
    """A chart for `app.panels.figures.Figure`.

    Args:
        key: of the chart on its page
        title: its heading
        draw: option for a dark page or a light one; None where there is nothing to draw
        rows: its table
        empty: what is said where there is nothing to draw
        height: pixels
        metrics: columns of its CSV
    """
    return Chart(key, title, 0, empty, height, metrics, Drawing(draw, rows))
