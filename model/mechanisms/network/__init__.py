"""The mining network: blocks, difficulty, subsidy, fees, and what a unit of hash rate earns."""

from model.mechanisms.network.formulas import (
    BLOCKS_PER_HALVING,
    block_subsidy,
    breakeven_hashprice,
    breakeven_power_price,
    expected_blocks,
    hashprice,
    power_cost_per_token,
    retarget,
    retarget_bits,
)
from model.mechanisms.network.mechanism import Network
from model.mechanisms.network.params import NetworkParams
from model.mechanisms.network.public import NetworkView, Segment

__all__ = [
    "BLOCKS_PER_HALVING",
    "Network",
    "NetworkParams",
    "NetworkView",
    "Segment",
    "block_subsidy",
    "breakeven_hashprice",
    "breakeven_power_price",
    "expected_blocks",
    "hashprice",
    "power_cost_per_token",
    "retarget",
    "retarget_bits",
]
