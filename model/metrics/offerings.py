"""Offerings: how many, how they end, and what they raise."""

from typing import TYPE_CHECKING, Any

from model.ledger import USD_ASSET
from model.metric import metric
from model.units import USD

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("offerings",)


def _offerings(market: "Marketplace") -> Any:
    return market.mechanisms["offerings"]


@metric("offerings", "mean", NEEDS)
def on_offer(market: "Marketplace") -> float:
    """Vaults whose fractions are on offer."""
    return float(len(_offerings(market).now))


@metric("offerings", "last", NEEDS, headline=True)
def succeeded(market: "Marketplace") -> float:
    """Offerings sold out so far."""
    return float(_offerings(market).succeeded)


@metric("offerings", "last", NEEDS)
def failed(market: "Marketplace") -> float:
    """Offerings refunded so far."""
    return float(_offerings(market).failed)


@metric("USD", "last", NEEDS)
def raised(market: "Marketplace") -> float:
    """Proceeds of offerings sold out so far, before fees."""
    return _offerings(market).raised / USD


@metric("USD", "mean", NEEDS)
def escrow(market: "Marketplace") -> float:
    """What subscribers have paid into escrow."""
    offerings = _offerings(market)
    return market.ledger.balance(USD_ASSET, offerings.escrow) / USD
