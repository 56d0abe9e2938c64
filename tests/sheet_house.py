"""A sheet of vaults as kernels of agents read it, made up."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.sheet import CLICK, COIN, SCALARS, Seen


def seen_of(facts: NDArray[np.float64], fraction: Any, coin: float = 0.0, click: float = 0.0) -> Seen:
    """Vaults of these figures and assets, of which nothing is in escrow, staked or pledged.

    Args:
        facts: rows of the sheet; fraction: asset by vault
        coin, click: price of a coin, cost of a transaction [USD]
    """
    scalars, nothing = np.zeros(SCALARS), np.full(facts.shape[1], -1)
    scalars[COIN], scalars[CLICK] = coin, click
    return Seen(np.asarray(fraction), nothing, nothing, nothing, facts, scalars)
