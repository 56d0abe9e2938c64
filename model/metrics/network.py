"""The mining network."""

import math

from model.marketplace import Marketplace
from model.metric import metric

EXAHASH = 1e18


@metric("EH/s", "last", needs=("network",), headline=True)
def hashrate(market: Marketplace) -> float:
    """Hash rate of the whole network."""
    return market.mechanisms["network"].hashrate / EXAHASH


@metric("1", "last", needs=("network",))
def difficulty(market: Marketplace) -> float:
    """Difficulty of the next block."""
    return market.mechanisms["network"].difficulty


@metric("USD/PH/day", "mean", needs=("network",), headline=True)
def hashprice(market: Marketplace) -> float:
    """Revenue of one PH/s in a day."""
    return market.mechanisms["network"].hashprice


@metric("1", "mean", needs=("network",))
def fee_share(market: Marketplace) -> float:
    """Fees over all revenue of a block."""
    network = market.mechanisms["network"]
    reward = network.fees_per_block + network.subsidy
    return network.fees_per_block / reward if reward else math.nan


@metric("blocks", "sum", needs=("network",))
def blocks(market: Marketplace) -> float:
    """Blocks found in the tick."""
    return float(market.mechanisms["network"].blocks_found)
