"""What others meet of the network: a tick's segments, and the view."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.units import BLOCK_SECONDS, SECONDS_PER_DAY


class Segment(NamedTuple):
    """A part of a tick with one difficulty and one subsidy."""

    blocks: int
    subsidy_sat: int
    fees_sat_per_block: int
    difficulty: float
    seconds: float


class NetworkView(NamedTuple):
    """The network as strategies see it."""

    difficulty: float
    height: int
    hashrate: float  # hash/s in the last tick
    hashprice: float  # USD per PH/s and day
    rest_hashrate: float  # hash/s of it that no account delivers
    subsidy: int  # of the next block [satoshi]
    fees_per_block: int  # [satoshi]
    blocks_found: int
    blocks_to_retarget: int
    blocks_to_halving: float  # infinite where the subsidy is held

    @property
    def split(self) -> tuple[float, float]:
        """Parts of a block's reward that are subsidy and fees; both 0 where there is none."""
        reward = self.subsidy + self.fees_per_block
        return (self.subsidy / reward, self.fees_per_block / reward) if reward > 0 else (0.0, 0.0)

    @property
    def days_to_halving(self) -> float:
        """At blocks as the protocol wants them; infinite where the subsidy is held."""
        return self.blocks_to_halving * BLOCK_SECONDS / SECONDS_PER_DAY

    @property
    def left_by_halving(self) -> float:
        """Reward of a block after the next halving over today's, at equal fees: (S/2 + F)/(S + F)."""
        return 1.0 - 0.5 * self.split[0]

    def mean_left(self, days: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
        """Mean reward of blocks over the next days over today's: 1 - (1 - left)(1 - x/T)+, x days to the halving.

        Nothing is shorter than a block, the next one's reward is today's.
        """
        terms = np.maximum(days, BLOCK_SECONDS / SECONDS_PER_DAY)
        return 1.0 - (1.0 - self.left_by_halving) * np.maximum(0.0, 1.0 - self.days_to_halving / terms)
