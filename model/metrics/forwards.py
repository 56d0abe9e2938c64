"""Forwards on hashprice: how much is sold forward, at what price, with what margin, and who failed."""

import math
from typing import TYPE_CHECKING, Any

from model.metric import metric
from model.units import BTC, GHS_PER_TH, TH_PER_PH, USD

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("forwards",)
GHS_PER_PH = GHS_PER_TH * TH_PER_PH


def _forwards(market: "Marketplace") -> Any:
    return market.mechanisms["forwards"]


def _dollars(market: "Marketplace", amounts: Any) -> float:
    """USD of base units by currency."""
    return int(amounts[0]) / USD + int(amounts[1]) / BTC * float(_forwards(market).bitcoin.price)


@metric("PH/s", "mean", NEEDS, headline=True)
def open_interest(market: "Marketplace") -> float:
    """Hash rate sold forward."""
    return _forwards(market).open_ghs / GHS_PER_PH


@metric("PH/s", "sum", NEEDS)
def traded(market: "Marketplace") -> float:
    """Hash rate sold forward in the tick."""
    return _forwards(market).traded / GHS_PER_PH


@metric("1", "mean", NEEDS, headline=True)
def strike_over_index(market: "Marketplace") -> float:
    """Mean strike of the last trades of all terms over hashprice; NaN before the first."""
    forwards = _forwards(market)
    known = forwards.last[forwards.last == forwards.last]
    return float(known.sum() / known.size / (forwards.index / USD)) if known.size and forwards.index > 0 else math.nan


@metric("USD", "mean", NEEDS)
def margin(market: "Marketplace") -> float:
    """Deposited in margin accounts."""
    forwards = _forwards(market)
    return _dollars(market, [market.ledger.outstanding(int(receipt)) for receipt in forwards.receipts])


@metric("USD", "sum", NEEDS)
def variation(market: "Marketplace") -> float:
    """Paid from losers to winners in the tick."""
    return float(_forwards(market).paid)


@metric("calls", "sum", NEEDS)
def margin_calls(market: "Marketplace") -> float:
    """Margin calls that began in the tick."""
    return float(_forwards(market).calls)


@metric("contracts", "sum", NEEDS)
def closed_out(market: "Marketplace") -> float:
    """Positions closed out in the tick because a call was not followed."""
    return float(_forwards(market).closed)


@metric("USD", "sum", NEEDS)
def uncovered(market: "Marketplace") -> float:
    """Won in the tick and not paid, for want of margin."""
    return _dollars(market, _forwards(market).lost)
