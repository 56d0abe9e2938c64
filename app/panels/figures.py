"""A chart with its table and exports: PNG as drawn, CSV in full."""

from collections.abc import Callable, Mapping
from typing import Any

import solara

from app import store
from app.export import csv_of_paths, csv_of_table
from app.options import Chart, Table
from app.parts import tag
from app.thin import places
from app.widgets import ChartBox, Press, Rows
from experiments.console import readable

MOST_ROWS = 60  # of a table on the page; the file has all
NARROW_KEYS = ("network", "rewards")


def shown(table: Table) -> list[list[str]]:
    """Rows as texts, no more than a page can hold: evenly many of a path, the last among them."""
    chosen = places(len(table.rows), MOST_ROWS)
    return [[cell if isinstance(cell, str) else readable(cell) for cell in table.rows[i]] for i in chosen]


@solara.component
def Figure(
    chart: Chart,
    frame: Mapping[str, Any],
    dark: bool,
    paths: Callable[[], dict[str, list[float]]] | None = None,
    on_click: Callable[[Any], None] | None = None,
    note: str = "",
    wide: bool = False,
) -> Any:
    """One chart of a snapshot.

    Args:
        chart: which, of `app.options`
        frame: snapshot
        dark: for a dark page
        paths: full paths by metric for the CSV; the table is written without
        on_click: told what was clicked
        note: a sentence below
        wide: over all columns of the page
    """
    open_, set_open = solara.use_state(False)
    png, set_png = solara.use_state(0)
    option = chart.option(frame, dark)
    name = f"{frame['scenario']}-{frame['seed']}-{chart.key}"

    def csv() -> None:
        known = paths() if paths is not None else {}
        columns = {metric: known[metric] for metric in chart.metrics if metric in known}
        hours = float(frame["hours"])
        store.save(csv_of_paths(columns, hours) if columns else csv_of_table(chart.table(frame)), f"{name}.csv")

    buttons = [
        Press("Table", lambda: set_open(not open_), f"Table of {chart.title}", "quiet", option is None, open_),
        Press("PNG", lambda: set_png(png + 1), f"{chart.title} as PNG", "quiet", option is None or open_),
        Press("CSV", csv, f"Numbers of {chart.title} as CSV", "quiet", option is None),
    ]
    head = tag("div", [tag("h2", [chart.title]), tag("div", buttons, "rs-row")], "rs-head")
    body: Any
    if option is None:
        body = tag("p", [chart.empty], "rs-empty")
    elif open_:
        table = chart.table(frame)
        body = Rows(chart.title, table.headings, shown(table), empty=chart.empty)
    else:
        label = f"{chart.title}. {option['aria']['label']['description']}"
        clicked = on_click or (lambda _: None)
        body = ChartBox(option, label, chart.height, name, dark, png, clicked)
    parts = [head, body, *([tag("p", [note], "rs-hint")] if note else [])]
    return tag(
        "section",
        parts,
        "rs-card" + (" rs-wide" if wide else ""),
        **{"aria-label": chart.title, "data-card": chart.key},
    )
