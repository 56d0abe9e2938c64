"""What keeps the price of a fraction near its net asset value?

Two studies. `redemption`: the same seeds with and without redemption in kind. `supply`: without it, what all fractions
are worth over what investors own, from scarce to plenty.

python -m experiments.premium --pairs 30 --seeds 10 --out docs/pictures
"""

from experiments.premium.redemption import Pair, Prices, pairs
from experiments.premium.supply import Point, points

__all__ = ["Pair", "Point", "Prices", "pairs", "points"]
