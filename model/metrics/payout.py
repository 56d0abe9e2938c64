"""Mining pools."""

from model.marketplace import Marketplace
from model.metric import metric
from model.units import BTC


@metric("BTC", "sum", needs=("payout",), headline=True)
def paid(market: Marketplace) -> float:
    """Coins that the market's miners and vaults were paid in the tick, by pools or mining alone."""
    payout = market.mechanisms["payout"]
    return float(payout.paid[: payout.direct].sum()) / BTC


@metric("BTC", "last", needs=("payout",))
def reserve(market: Marketplace) -> float:
    """Coins in the hands of pool operators."""
    return float(market.mechanisms["payout"].reserve.sum()) / BTC
