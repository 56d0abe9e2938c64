"""The reward token of farms: its price and how many there are."""

from collections.abc import Mapping
from typing import Any

from app.options import Table
from app.options.style import Line, last, lines, path_table
from experiments.console import readable

TITLE, ORDER = "Reward token", 9
EMPTY = "The token has no market yet."
PRICE, SUPPLY, PEG = METRICS = ("farms.token_price", "farms.token_supply", "farms.peg_price")
NAMES = {PRICE: ("price", 0), PEG: ("token with a peg", 0), SUPPLY: ("supply (right)", 1)}


def applies(frame: Mapping[str, Any]) -> bool:
    """Whether there are farms in this scenario."""
    return PRICE in frame["latest"]


def _paths(frame: Mapping[str, Any]) -> list[Line]:
    series = frame["series"]
    return [
        Line(name, series[key]["values"], series[key]["unit"], side)
        for key, (name, side) in NAMES.items()
        if key in series
    ]


def option(frame: Mapping[str, Any], dark: bool) -> dict[str, Any] | None:
    """Price on the left, supply on the right."""
    if PRICE not in frame["series"]:
        return None
    paths = _paths(frame)
    now = ", ".join(f"{path.name} {readable(last(path.values))} {path.unit}" for path in paths)
    return lines(frame["days"], paths, dark, f"Lines over {readable(frame['day'])} days; now {now}.")


def table(frame: Mapping[str, Any]) -> Table:
    """One row per day drawn."""
    return path_table(frame["days"], _paths(frame))
