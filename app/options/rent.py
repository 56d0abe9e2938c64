"""What rented hashpower costs against what mining earns, and how much is rented."""

from collections.abc import Mapping
from typing import Any

from app.options.style import over_days

TITLE, ORDER = "Rent and hashprice", 7
EMPTY = "No hashpower has been rented yet."
PRICE, RENTED, HASHPRICE = METRICS = ("rental.price", "rental.rented", "network.hashprice")
NAMES = {PRICE: ("rent", 0), HASHPRICE: ("hashprice", 0), RENTED: ("rented (right)", 1)}


def applies(frame: Mapping[str, Any]) -> bool:
    """Whether hashpower is rented in this scenario."""
    return frame["book"] is not None


option, table = over_days(NAMES, PRICE)
