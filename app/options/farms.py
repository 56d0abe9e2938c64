"""Farms: what is staked of each kind, and what it yields."""

import math
from collections.abc import Mapping
from typing import Any

from app.options import Table
from app.options.style import Line, path_table, told

TITLE, ORDER = "Farms: stakes and their yield", 8
EMPTY = "Nobody has staked anything yet."
STAKED = {
    "farms.staked_fractions": "fractions",
    "farms.staked_pool_shares": "pool shares",
    "farms.staked_deposits": "deposits",
    "farms.staked_tokens": "reward tokens",
}
YIELD, PERCENT = "farms.apr", 100.0
METRICS = (*STAKED, YIELD)
YIELD_STYLE, UNIT = 4, "% a year"
WIDE = 10.0  # highest over lowest yield from which on its axis is logarithmic


def applies(frame: Mapping[str, Any]) -> bool:
    """Whether there are farms in this scenario."""
    return YIELD in frame["latest"]


def _paths(frame: Mapping[str, Any]) -> list[Line]:
    series, found = frame["series"], []
    for style, (key, name) in enumerate(STAKED.items()):
        if key in series and any(series[key]["values"]):
            found.append(Line(name, series[key]["values"], series[key]["unit"], style=style))
    if found and YIELD in series:
        values = [float(f"{PERCENT * x:.4g}") if x else None for x in series[YIELD]["values"]]
        found.append(Line("yield of all (right)", values, UNIT, 1, YIELD_STYLE))
    return found


def option(frame: Mapping[str, Any], dark: bool) -> dict[str, Any] | None:
    """Dollars staked by kind of stake, and the yield of all farms that pay in tokens or dollars on the right."""
    paths = _paths(frame)
    if not paths:
        return None
    found = told(frame, paths, dark)
    known = [value for path in paths if path.axis == 1 for value in path.values if value]
    if known and max(known) > WIDE * min(known):  # first stakers earn a thousandfold
        low, high = math.floor(math.log10(min(known))), math.ceil(math.log10(max(known)))
        found["yAxis"][1] |= {"type": "log", "name": f"{UNIT}, log scale", "min": 10.0**low, "max": 10.0**high}
    return found


def table(frame: Mapping[str, Any]) -> Table:
    """One row per day drawn."""
    return path_table(frame["days"], _paths(frame))
