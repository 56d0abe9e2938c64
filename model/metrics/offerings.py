"""Offerings: how many, how they end, and what they raise; `by_form` tells the forms apart."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from model.ledger import USD_ASSET
from model.mechanisms.offerings import COUNTS
from model.mechanisms.offerings.mechanism import FAILED, FRACTIONS, OFFERED, RAISED, RETURNED, SOLD, TICKS
from model.metric import metric, shared
from model.statistics import total_of_whole
from model.units import TOKEN, USD

if TYPE_CHECKING:
    import pandas as pd

    from model.marketplace import Marketplace

NEEDS = ("offerings",)


def _offerings(market: "Marketplace") -> Any:
    return market.mechanisms["offerings"]


@metric("offerings", "mean", NEEDS, of=_offerings)
def on_offer(offerings: Any) -> float:
    """Vaults whose fractions are on offer."""
    return float(len(offerings.now))


@shared
def _counts(market: "Marketplace") -> list[float]:
    """Sum over all forms of each column of the tally."""
    tally = _offerings(market).tally
    stands, known = tally.tobytes(), market.__dict__.get("counted_offerings")
    if known is None or known[0] != stands:
        known = market.__dict__["counted_offerings"] = stands, np.add.reduce(tally, 0, np.float64).tolist()
    counts: list[float] = known[1]
    return counts


def by_form(market: "Marketplace") -> "pd.DataFrame":
    """What became of offerings so far, a row for each form that was used; days to sell are those of the mean sale.

    Columns: offerings opened, sold and failed, whole fractions sold, USD raised and returned, and days to sell.
    """
    import pandas as pd

    house = _offerings(market)
    table = pd.DataFrame(house.tally, list(house.forms), list(COUNTS), dtype=float)
    table["fractions"] /= TOKEN
    table["raised"] /= USD
    table["returned"] /= USD
    table["days_to_sell"] *= market.clock.dt_days / table["sold"].where(table["sold"] > 0)
    return table[table["offered"] > 0]


@metric("offerings", "last", NEEDS, of=_counts)
def offered(counted: list[float]) -> float:
    """Offerings opened so far."""
    return counted[OFFERED]


@metric("offerings", "last", NEEDS, headline=True, of=_counts)
def succeeded(counted: list[float]) -> float:
    """Offerings delivered so far, sold out or in part."""
    return counted[SOLD]


@metric("offerings", "last", NEEDS, of=_counts)
def failed(counted: list[float]) -> float:
    """Offerings refunded so far."""
    return counted[FAILED]


@metric("fractions", "last", NEEDS, of=_counts)
def sold(counted: list[float]) -> float:
    """Whole fractions delivered to subscribers so far."""
    return counted[FRACTIONS] / TOKEN


@metric("USD", "last", NEEDS, of=_counts)
def raised(counted: list[float]) -> float:
    """Proceeds of delivered offerings so far, before fees."""
    return counted[RAISED] / USD


@metric("USD", "last", NEEDS, of=_counts)
def refunded(counted: list[float]) -> float:
    """Paid back so far: by offerings that failed, and above the clearing price of descending ones."""
    return counted[RETURNED] / USD


@metric("days", "last", NEEDS)
def days_to_sell(market: "Marketplace") -> float:
    """Mean days from opening to delivery; NaN before the first."""
    counted = _counts(market)
    return counted[TICKS] * market.clock.dt_days / counted[SOLD] if counted[SOLD] else math.nan


@metric("fractions", "last", NEEDS, of=_offerings)
def granted(offerings: Any) -> float:
    """Whole fractions that running launch grants have yet to pay out."""
    return float(total_of_whole(offerings.grants.left)) / TOKEN


@metric("USD", "mean", NEEDS)
def escrow(market: "Marketplace") -> float:
    """What subscribers have paid into escrow."""
    offerings = _offerings(market)
    return market.ledger.balance(USD_ASSET, offerings.escrow) / USD
