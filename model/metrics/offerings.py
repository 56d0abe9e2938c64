"""Offerings: how many, how they end, and what they raise; `by_form` tells the forms apart."""

import math
from typing import TYPE_CHECKING, Any

from model.ledger import USD_ASSET
from model.mechanisms.offerings import COUNTS
from model.metric import metric, shared
from model.units import TOKEN, USD

if TYPE_CHECKING:
    import pandas as pd

    from model.marketplace import Marketplace

NEEDS = ("offerings",)


def _offerings(market: "Marketplace") -> Any:
    return market.mechanisms["offerings"]


@metric("offerings", "mean", NEEDS)
def on_offer(market: "Marketplace") -> float:
    """Vaults whose fractions are on offer."""
    return float(len(_offerings(market).now))


def _count(market: "Marketplace", place: str) -> float:
    """Sum over all forms of one column of the tally."""
    return _counts(market)[place]


@shared
def _counts(market: "Marketplace") -> dict[str, float]:
    columns = zip(*_offerings(market).tally.tolist(), strict=True)
    return dict(zip(COUNTS, map(float, map(sum, columns)), strict=True))


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


@metric("offerings", "last", NEEDS)
def offered(market: "Marketplace") -> float:
    """Offerings opened so far."""
    return _count(market, "offered")


@metric("offerings", "last", NEEDS, headline=True)
def succeeded(market: "Marketplace") -> float:
    """Offerings delivered so far, sold out or in part."""
    return _count(market, "sold")


@metric("offerings", "last", NEEDS)
def failed(market: "Marketplace") -> float:
    """Offerings refunded so far."""
    return _count(market, "failed")


@metric("fractions", "last", NEEDS)
def sold(market: "Marketplace") -> float:
    """Whole fractions delivered to subscribers so far."""
    return _count(market, "fractions") / TOKEN


@metric("USD", "last", NEEDS)
def raised(market: "Marketplace") -> float:
    """Proceeds of delivered offerings so far, before fees."""
    return _count(market, "raised") / USD


@metric("USD", "last", NEEDS)
def refunded(market: "Marketplace") -> float:
    """Paid back so far: by offerings that failed, and above the clearing price of descending ones."""
    return _count(market, "returned") / USD


@metric("days", "last", NEEDS)
def days_to_sell(market: "Marketplace") -> float:
    """Mean days from opening to delivery; NaN before the first."""
    sales = _count(market, "sold")
    return _count(market, "days_to_sell") * market.clock.dt_days / sales if sales else math.nan


@metric("fractions", "last", NEEDS)
def granted(market: "Marketplace") -> float:
    """Whole fractions that running launch grants have yet to pay out."""
    grants = _offerings(market).grants
    return float(grants.left.sum()) / TOKEN


@metric("USD", "mean", NEEDS)
def escrow(market: "Marketplace") -> float:
    """What subscribers have paid into escrow."""
    offerings = _offerings(market)
    return market.ledger.balance(USD_ASSET, offerings.escrow) / USD
