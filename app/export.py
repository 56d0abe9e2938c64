"""Numbers as CSV, for whoever takes a chart home."""

import csv
import io
from collections.abc import Mapping, Sequence

from app.options import Table
from model.units import HOURS_PER_DAY


def csv_of_table(table: Table) -> str:
    """A table with its headings."""
    return _written([table.headings, *table.rows])


def csv_of_paths(paths: Mapping[str, Sequence[float]], hours: float) -> str:
    """Paths in full, one row per tick: tick, day, and a column for each name.

    >>> csv_of_paths({"bitcoin.price": [2.0, 3.5]}, 24.0).splitlines()
    ['tick,day,bitcoin.price', '0,1.0,2.0', '1,2.0,3.5']
    """
    ticks = min((len(path) for path in paths.values()), default=0)
    rows = [(t, (t + 1) * hours / HOURS_PER_DAY, *(path[t] for path in paths.values())) for t in range(ticks)]
    return _written([("tick", "day", *paths), *rows])


def _written(rows: Sequence[Sequence[object]]) -> str:
    """Rows as text; a cell that a spreadsheet would run as a formula is written as text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in rows:
        writer.writerow(
            ["'" + x if isinstance(x, str) and x[:1] in "=+-@\t\r" else "" if x is None else x for x in row]
        )
    return out.getvalue()
