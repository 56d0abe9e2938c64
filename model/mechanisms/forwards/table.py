"""Columns of orders and contracts of forwards; int64 rows."""

import numpy as np
from numpy.typing import NDArray

# orders: limit in base units of their currency per PH/s and day; `TENOR` is a place in the list of terms
NUMBER, OWNER, SIDE, GHS, LIMIT, TENOR, CURRENCY, UNTIL = range(8)
ORDER_WIDTH = 8
LONG_SIDE, SHORT_SIDE = 0, 1
# contracts: settled from the tick after the trade to `LAST`
LONG, SHORT, SIZE, STRIKE, COIN, LAST, TERM = range(7)
CONTRACT_WIDTH = 7
USD_SETTLED, BTC_SETTLED = 0, 1
CURRENCIES = 2


def empty(width: int) -> NDArray[np.int64]:
    """A table without rows."""
    return np.zeros((0, width), np.int64)
