"""Power: its spot price, what utilities take back and pay for it, and what the state takes."""

from typing import TYPE_CHECKING, Any

from model.mechanisms.power.mechanism import DRAWN, TAKEN_BACK
from model.metric import metric
from model.statistics import total_of_whole
from model.units import USD

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("power",)
KWH_PER_MWH = 1_000.0


def _power(market: "Marketplace") -> Any:
    return market.mechanisms["power"]


@metric("1", "mean", NEEDS, of=_power)
def index(power: Any) -> float:
    """Spot price of power over its mean, with shocks; sites with an indexed contract pay it."""
    return power.index * power.factor


@metric("MWh", "sum", NEEDS, of=_power)
def drawn(power: Any) -> float:
    """Power that rigs drew, cooling included."""
    return float(power.kwh[DRAWN]) / KWH_PER_MWH


@metric("1", "mean", NEEDS, of=_power)
def interrupted(power: Any) -> float:
    """Share of the power that rigs would have drawn which utilities took back."""
    kwh = power.kwh
    whole = float(kwh[DRAWN] + kwh[TAKEN_BACK])
    return float(kwh[TAKEN_BACK]) / whole if whole > 0.0 else float("nan")


@metric("USD", "sum", NEEDS, of=_power)
def credits_paid(power: Any) -> float:
    """Credits that utilities paid for power taken back."""
    return power.credit_paid / USD


@metric("USD", "last", NEEDS, of=_power)
def credits_owed(power: Any) -> float:
    """Credits that utilities still owe."""
    return float(total_of_whole(power.owed)) / USD


@metric("USD", "sum", NEEDS, of=_power)
def tax(power: Any) -> float:
    """Tax on power that reached the state."""
    return power.tax_paid / USD
