"""What is lent: debt and deposits over time."""

from collections.abc import Mapping
from typing import Any

from app.options import Table
from app.options.style import path_table, paths_of, told

TITLE, ORDER = "Debt and deposits", 4
EMPTY = "Nobody has lent anything yet."
NAMES = {
    "lending.debt": ("debt", 0),
    "lending.deposits": ("deposits", 0),
    "nft_loans.debt": ("debt on NFTs", 0),
    "nft_loans.cash": ("cash of the pool on NFTs", 0),
}
METRICS = tuple(NAMES)


def option(frame: Mapping[str, Any], dark: bool) -> dict[str, Any] | None:
    """Debt and deposits of both lending pools."""
    paths = paths_of(frame, NAMES)
    return told(frame, paths, dark) if paths else None


def table(frame: Mapping[str, Any]) -> Table:
    """One row per day drawn."""
    return path_table(frame["days"], paths_of(frame, NAMES))
