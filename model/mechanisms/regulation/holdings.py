"""What accounts hold in fractions."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from model.books import Books


def held_by(
    books: Books, value: NDArray[np.float64], assets: Iterable[int], accounts: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Worth of some assets that accounts hold [USD], added in order.

    Args:
        value: USD per base unit by asset
    """
    worth = np.zeros(accounts.size)
    for asset in assets:
        if value[asset] > 0.0:
            worth += books.balances[asset, accounts] * value[asset]
    return worth
