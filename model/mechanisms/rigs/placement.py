"""Where sites are and how they buy power, as far as rigs need to know; the mechanism of power has more to say."""

import numpy as np
from numpy.typing import NDArray


class Placement:
    """Every site is nowhere in particular and buys power at a fixed price."""

    def prices(self, accounts: NDArray[np.int64], power_price: NDArray[np.float64]) -> NDArray[np.float64]:
        """What accounts pay for power where they settle, from what they would pay in the mean region [USD/kWh]."""
        return power_price

    def settle(self, sites: NDArray[np.int64]) -> None:
        """Give new sites a region and a contract."""
