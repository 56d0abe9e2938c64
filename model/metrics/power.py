"""Power: its spot price, what utilities take back and pay for it, and what the state takes."""

from typing import TYPE_CHECKING, Any

from model.mechanisms.power.mechanism import DRAWN, TAKEN_BACK
from model.metric import metric
from model.units import USD

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("power",)
KWH_PER_MWH = 1_000.0


def _power(market: "Marketplace") -> Any:
    return market.mechanisms["power"]


@metric("1", "mean", NEEDS)
def index(market: "Marketplace") -> float:
    """Spot price of power over its mean, with shocks; sites with an indexed contract pay it."""
    power = _power(market)
    return power.index * power.factor


@metric("MWh", "sum", NEEDS)
def drawn(market: "Marketplace") -> float:
    """Power that rigs drew, cooling included."""
    return float(_power(market).kwh[DRAWN]) / KWH_PER_MWH


@metric("1", "mean", NEEDS)
def interrupted(market: "Marketplace") -> float:
    """Share of the power that rigs would have drawn which utilities took back."""
    kwh = _power(market).kwh
    whole = float(kwh[DRAWN] + kwh[TAKEN_BACK])
    return float(kwh[TAKEN_BACK]) / whole if whole > 0.0 else float("nan")


@metric("USD", "sum", NEEDS)
def credits_paid(market: "Marketplace") -> float:
    """Credits that utilities paid for power taken back."""
    return _power(market).credit_paid / USD


@metric("USD", "last", NEEDS)
def credits_owed(market: "Marketplace") -> float:
    """Credits that utilities still owe."""
    return int(_power(market).owed.sum()) / USD


@metric("USD", "sum", NEEDS)
def tax(market: "Marketplace") -> float:
    """Tax on power that reached the state."""
    return _power(market).tax_paid / USD
