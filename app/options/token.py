"""The reward token of farms: its price and how many there are."""

from collections.abc import Mapping
from typing import Any

from app.options.style import over_days

TITLE, ORDER = "Reward token", 9
EMPTY = "The token has no market yet."
PRICE, SUPPLY, PEG = METRICS = ("farms.token_price", "farms.token_supply", "farms.peg_price")
NAMES = {PRICE: ("price", 0), PEG: ("token with a peg", 0), SUPPLY: ("supply (right)", 1)}


def applies(frame: Mapping[str, Any]) -> bool:
    """Whether there are farms in this scenario."""
    return PRICE in frame["latest"]


option, table = over_days(NAMES, PRICE)
