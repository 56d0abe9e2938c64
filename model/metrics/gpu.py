"""The second coin: its price, its network, what cards earn, and what became of them."""

import math
from typing import TYPE_CHECKING, Any

from model.metric import metric
from model.units import MHS_PER_GHS, USD

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("gpu_coin",)


def _coin(market: "Marketplace") -> Any:
    return market.mechanisms["gpu_coin"]


@metric("USD", "last", NEEDS, of=_coin)
def price(coin: Any) -> float:
    """Price of the second coin."""
    return float(coin.price)


@metric("TH/s", "mean", NEEDS, headline=True, of=_coin)
def hashrate(coin: Any) -> float:
    """Hash rate of the second coin's whole network; 0 after its merge."""
    return float(coin.hashrate) / 1e6


@metric("seconds", "mean", NEEDS)
def block_seconds(market: "Marketplace") -> float:
    """Mean time between blocks in the tick; NaN without blocks."""
    coin = _coin(market)
    return market.clock.hours * 3_600 / coin.blocks if coin.blocks else math.nan


@metric("USD/GH/day", "mean", NEEDS, headline=True, of=_coin)
def hashprice(coin: Any) -> float:
    """What a GH/s of cards earns in a day, before the pool's fee; 0 after the merge."""
    return float(coin.hashprice)


@metric("USD", "sum", NEEDS, headline=True, of=_coin)
def income(coin: Any) -> float:
    """Worth of what the market's own cards mined in the tick."""
    return int(coin.gross.sum()) / USD


@metric("USD", "sum", NEEDS, of=_coin)
def power(coin: Any) -> float:
    """Power that these cards drew in the tick."""
    return int(coin.bill.sum()) / USD


@metric("1", "last", NEEDS, of=_coin)
def running(coin: Any) -> float:
    """Part of the market's own cards that run; NaN where all are sold."""
    owned = int(coin.mhs.sum())
    return int(coin.running.sum()) / owned if owned else math.nan


@metric("GH/s", "last", NEEDS, of=_coin)
def owned(coin: Any) -> float:
    """Cards that the market's miners own, by their hash rate."""
    return int(coin.mhs.sum()) / MHS_PER_GHS


@metric("GH/s", "sum", NEEDS, headline=True, of=_coin)
def sold(coin: Any) -> float:
    """Cards that they sold in the tick."""
    return int(coin.sold) / MHS_PER_GHS


@metric("USD/(MH/s)", "last", NEEDS, of=_coin)
def resale(coin: Any) -> float:
    """Price of used cards."""
    return float(coin.resale)
