"""The coin's price."""

from model.marketplace import Marketplace
from model.metric import metric


@metric("USD", "last", needs=("bitcoin",), headline=True)
def price(market: Marketplace) -> float:
    """Price of one coin."""
    return market.mechanisms["bitcoin"].price


@metric("1/sqrt(year)", "mean", needs=("bitcoin",))
def realised_volatility(market: Marketplace) -> float:
    """Realised volatility of the coin, exponential memory of a month or so."""
    return market.mechanisms["bitcoin"].volatility
