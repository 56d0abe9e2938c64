"""The reward token of farms: its price and how many there are."""

from collections.abc import Mapping
from typing import Any

from app.options import Table
from app.options.style import path_table, paths_of, told

TITLE, ORDER = "Reward token", 9
EMPTY = "The token has no market yet."
PRICE, SUPPLY, PEG = METRICS = ("farms.token_price", "farms.token_supply", "farms.peg_price")
NAMES = {PRICE: ("price", 0), PEG: ("token with a peg", 0), SUPPLY: ("supply (right)", 1)}


def applies(frame: Mapping[str, Any]) -> bool:
    """Whether there are farms in this scenario."""
    return PRICE in frame["latest"]


def option(frame: Mapping[str, Any], dark: bool) -> dict[str, Any] | None:
    """Price on the left, supply on the right."""
    if PRICE not in frame["series"]:
        return None
    return told(frame, paths_of(frame, NAMES), dark)


def table(frame: Mapping[str, Any]) -> Table:
    """One row per day drawn."""
    return path_table(frame["days"], paths_of(frame, NAMES))
