"""What is lent: debt and deposits over time."""

from collections.abc import Mapping
from typing import Any

from app.options import Table
from app.options.style import Line, last, lines, path_table
from experiments.console import readable

TITLE, ORDER = "Debt and deposits", 4
EMPTY = "Nobody has lent anything yet."
NAMES = {
    "lending.debt": "debt",
    "lending.deposits": "deposits",
    "nft_loans.debt": "debt on NFTs",
    "nft_loans.cash": "cash of the pool on NFTs",
}
METRICS = tuple(NAMES)


def _paths(frame: Mapping[str, Any]) -> list[Line]:
    series = frame["series"]
    return [Line(name, series[key]["values"], series[key]["unit"]) for key, name in NAMES.items() if key in series]


def option(frame: Mapping[str, Any], dark: bool) -> dict[str, Any] | None:
    """Debt and deposits of both lending pools."""
    paths = _paths(frame)
    if not paths:
        return None
    now = ", ".join(f"{path.name} {readable(last(path.values))} {path.unit}" for path in paths)
    return lines(frame["days"], paths, dark, f"Lines over {readable(frame['day'])} days; now {now}.")


def table(frame: Mapping[str, Any]) -> Table:
    """One row per day drawn."""
    return path_table(frame["days"], _paths(frame))
