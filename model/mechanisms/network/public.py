"""What others meet of the network: a tick's segments, and the view."""

from typing import NamedTuple


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
