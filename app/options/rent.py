"""What rented hashpower costs against what mining earns, and how much is rented."""

from collections.abc import Mapping
from typing import Any

from app.options import Table
from app.options.style import path_table, paths_of, told

TITLE, ORDER = "Rent and hashprice", 7
EMPTY = "No hashpower has been rented yet."
PRICE, RENTED, HASHPRICE = METRICS = ("rental.price", "rental.rented", "network.hashprice")
NAMES = {PRICE: ("rent", 0), HASHPRICE: ("hashprice", 0), RENTED: ("rented (right)", 1)}


def applies(frame: Mapping[str, Any]) -> bool:
    """Whether hashpower is rented in this scenario."""
    return frame["book"] is not None


def option(frame: Mapping[str, Any], dark: bool) -> dict[str, Any] | None:
    """The price of standard orders beside hashprice, and petahashes rented on the right."""
    if PRICE not in frame["series"]:
        return None
    return told(frame, paths_of(frame, NAMES), dark)


def table(frame: Mapping[str, Any]) -> Table:
    """One row per day drawn."""
    return path_table(frame["days"], paths_of(frame, NAMES))
