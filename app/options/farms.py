"""Farms: what is staked of each kind, and what it yields."""

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
YIELD_STYLE = 4


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
        found.append(Line("yield of all (right)", values, "% a year", 1, YIELD_STYLE))
    return found


def option(frame: Mapping[str, Any], dark: bool) -> dict[str, Any] | None:
    """Dollars staked by kind of stake, and the yield of all farms that pay in tokens or dollars on the right."""
    paths = _paths(frame)
    if not paths:
        return None
    found = told(frame, paths, dark)
    if len(found["yAxis"]) > 1:
        found["yAxis"][1] |= {"type": "log", "min": "dataMin", "max": "dataMax"}  # first stakers earn a thousandfold
    return found


def table(frame: Mapping[str, Any]) -> Table:
    """One row per day drawn."""
    return path_table(frame["days"], _paths(frame))
