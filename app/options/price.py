"""What fractions cost, and what they are worth by the income to come."""

from collections.abc import Mapping
from typing import Any

from app.options import Table
from app.options.style import Line, path_table, told

TITLE, ORDER = "Price and net asset value", 1
EMPTY = "No fraction has a price yet."
NAMES = {
    "amm.price_median": "price",
    "nav": "net asset value",
    "curve.price_median": "price on curves",
    "weighted.price_median": "price in weighted pools",
    "auction.price_median": "price in batches",
    "nft_market.floor_of_collectibles": "floor of collectibles",
    "nft_market.floor_of_art": "floor of art",
}
METRICS = tuple(NAMES)
COIN = "bitcoin.price"


def _paths(frame: Mapping[str, Any]) -> list[Line]:
    series = frame["series"]
    found = [Line(name, series[key]["values"], series[key]["unit"]) for key, name in NAMES.items() if key in series]
    if not found and COIN in series:
        found = [Line("coin", series[COIN]["values"], series[COIN]["unit"])]
    return found


def option(frame: Mapping[str, Any], dark: bool) -> dict[str, Any] | None:
    """Median price of a whole fraction against the median net asset value."""
    paths = _paths(frame)
    if not paths:
        return None
    return told(frame, paths, dark)


def table(frame: Mapping[str, Any]) -> Table:
    """One row per day drawn."""
    return path_table(frame["days"], _paths(frame))
