"""A chart with its table and exports: PNG as drawn, CSV in full."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import solara

from app import store
from app.export import csv_of_paths, csv_of_table
from app.options import Chart, Table
from app.thin import places
from app.widgets import ChartBox
from app.widgets.controls import nothing
from experiments.console import readable

MOST_ROWS = 60  # of a table on the page; the file has all


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
    option = chart.option(frame, dark)
    name = f"{frame['scenario']}-{frame['seed']}-{chart.key}"

    def csv() -> None:
        known = paths() if paths is not None else {}
        columns = {metric: known[metric] for metric in chart.metrics if metric in known}
        hours = float(frame["hours"])
        store.save(csv_of_paths(columns, hours) if columns else csv_of_table(chart.table(frame)), f"{name}.csv")

    rows = ""
    if open_ and option is not None:
        table = chart.table(frame)
        rows = json.dumps({"headings": list(table.headings), "rows": shown(table)})
    words = option["aria"]["label"]["description"] if option is not None else chart.empty
    return ChartBox(
        option,
        f"{chart.title}. {words}",
        chart.height,
        name,
        dark,
        on_click=on_click or nothing,
        title=chart.title,
        card=chart.key,
        wide=wide,
        empty=chart.empty,
        table=rows,
        note=note,
        on_table=set_open,
        on_csv=csv,
    )
