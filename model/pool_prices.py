"""Prices of a venue's pools in order, and their median."""

import math

from model.jit import helper


@helper("int64(float64[::1], int64, float64)")
def put_in_order(prices, n, price):
    """Put a price among n in rising order; how many there are then.

    >>> import numpy as np
    >>> prices = np.array([1.0, 4.0, 0.0])
    >>> put_in_order(prices, 2, 3.0), prices.tolist()
    (3, [1.0, 3.0, 4.0])
    """
    place = n
    while place > 0 and prices[place - 1] > price:
        prices[place] = prices[place - 1]
        place -= 1
    prices[place] = price
    return n + 1


@helper("float64(float64[::1], int64)")
def median_of_ordered(prices, n):
    """Median of the first n prices, in rising order; NaN where there are none.

    >>> import numpy as np
    >>> float(median_of_ordered(np.array([1.0, 3.0, 4.0, 9.0]), 4)), float(median_of_ordered(np.zeros(0), 0))
    (3.5, nan)
    """
    return 0.5 * (prices[(n - 1) // 2] + prices[n // 2]) if n > 0 else math.nan
