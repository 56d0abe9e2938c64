"""The batch auction: what is asked for, what trades, and at which price."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from model.ledger import USD_ASSET
from model.metric import metric
from model.statistics import median
from model.units import USD

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("auction",)


def _auction(market: "Marketplace") -> Any:
    return market.mechanisms["auction"]


@metric("USD", "last", NEEDS, of=_auction)
def price_median(auction: Any) -> float:
    """Median price of a whole fraction in the last batches of live vaults; NaN before the first."""
    return median(auction.price[auction.vaults.live & (auction.price > 0.0)])


@metric("USD/day", "mean", NEEDS, headline=True)
def volume(market: "Marketplace") -> float:
    """Dollars exchanged in the last batches of all vaults in a day."""
    auction = _auction(market)
    return int(auction.outcomes.volume.sum()) / USD / (auction.every * market.clock.dt_days)


@metric("USD/day", "mean", NEEDS)
def bids(market: "Marketplace") -> float:
    """Dollars bid in the last batches of all vaults in a day."""
    auction = _auction(market)
    return int(auction.outcomes.demand.sum()) / USD / (auction.every * market.clock.dt_days)


@metric("vaults", "mean", NEEDS, of=_auction)
def batches(auction: Any) -> float:
    """Vaults whose last batch traded."""
    return float(np.count_nonzero(auction.outcomes.traded))


@metric("1", "mean", NEEDS, of=_auction, weight="auction.bids")
def filled(auction: Any) -> float:
    """Dollars exchanged over dollars bid in the last batches; NaN where nobody bid."""
    outcomes = auction.outcomes
    demand = int(outcomes.demand.sum())
    return int(outcomes.volume.sum()) / demand if demand else math.nan


@metric("USD", "mean", NEEDS)
def escrow(market: "Marketplace") -> float:
    """Dollars of bids that wait for a later batch."""
    return market.ledger.balance(USD_ASSET, _auction(market).escrow.account) / USD
