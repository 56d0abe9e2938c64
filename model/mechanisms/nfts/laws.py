"""What must hold for NFTs after every tick."""

import math
from typing import Any

from model.jit import kernel
from model.sheaf import Sheaf

LOST, PRICELESS, GONE = range(1, 4)


class Judged(Sheaf):
    """Columns that laws are about."""

    owner: Any
    artist: Any
    appraisal: Any
    income: Any


@kernel
def find_fault(table: Judged, n: int, accounts: int) -> Any:
    """First broken law of the first n NFTs and its NFT, 0 for none; and what all of them earned [USD base units].

    Owners and artists have accounts, appraisals are finite and not negative, and what left for the world has none.
    """
    earned = 0
    for i in range(n):
        worth = table.appraisal[i]
        if table.owner[i] >= accounts or table.artist[i] < 0:
            return LOST, i, 0
        if not (math.isfinite(worth) and worth >= 0.0):
            return PRICELESS, i, 0
        if table.owner[i] < 0 and worth != 0.0:
            return GONE, i, 0
        earned += table.income[i]
    return 0, 0, earned
