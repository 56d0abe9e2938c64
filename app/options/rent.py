"""What rented hashpower costs against what mining earns, and how much is rented."""

from collections.abc import Mapping
from typing import Any

from app.options import Table
from app.options.style import Line, last, lines, path_table
from experiments.console import readable

TITLE, ORDER = "Rent and hashprice", 7
EMPTY = "No hashpower has been rented yet."
PRICE, RENTED, HASHPRICE = METRICS = ("rental.price", "rental.rented", "network.hashprice")
NAMES = {PRICE: ("rent", 0), HASHPRICE: ("hashprice", 0), RENTED: ("rented (right)", 1)}


def applies(frame: Mapping[str, Any]) -> bool:
    """Whether hashpower is rented in this scenario."""
    return frame["book"] is not None


def _paths(frame: Mapping[str, Any]) -> list[Line]:
    series = frame["series"]
    return [
        Line(name, series[key]["values"], series[key]["unit"], side)
        for key, (name, side) in NAMES.items()
        if key in series
    ]


def option(frame: Mapping[str, Any], dark: bool) -> dict[str, Any] | None:
    """The price of standard orders beside hashprice, and petahashes rented on the right."""
    if PRICE not in frame["series"]:
        return None
    paths = _paths(frame)
    now = ", ".join(f"{path.name} {readable(last(path.values))} {path.unit}" for path in paths)
    return lines(frame["days"], paths, dark, f"Lines over {readable(frame['day'])} days; now {now}.")


def table(frame: Mapping[str, Any]) -> Table:
    """One row per day drawn."""
    return path_table(frame["days"], _paths(frame))
