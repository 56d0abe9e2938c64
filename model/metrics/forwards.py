"""Forwards on hashprice: how much is sold forward, at what price, with what margin, and who failed."""

import math
from typing import TYPE_CHECKING, Any

from model.metric import metric
from model.units import BTC, GHS_PER_PH, USD

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("forwards",)


def _forwards(market: "Marketplace") -> Any:
    return market.mechanisms["forwards"]


def _dollars(market: "Marketplace", amounts: Any) -> float:
    """USD of base units by currency."""
    return int(amounts[0]) / USD + int(amounts[1]) / BTC * float(_forwards(market).bitcoin.price)


@metric("PH/s", "mean", NEEDS, headline=True, of=_forwards)
def open_interest(forwards: Any) -> float:
    """Hash rate sold forward."""
    return forwards.open_ghs / GHS_PER_PH


@metric("PH/s", "sum", NEEDS, of=_forwards)
def traded(forwards: Any) -> float:
    """Hash rate sold forward in the tick."""
    return forwards.traded / GHS_PER_PH


@metric("1", "mean", NEEDS, headline=True, of=_forwards)
def strike_over_index(forwards: Any) -> float:
    """Mean strike of the last trades of all terms over hashprice; NaN before the first."""
    found = [
        last * unit / index
        for lasts, index, unit in zip(forwards.last.tolist(), forwards.index.tolist(), (USD, BTC), strict=True)
        for last in lasts
        if index > 0 and not math.isnan(last)
    ]
    return math.fsum(found) / len(found) if found else math.nan


@metric("USD", "mean", NEEDS)
def margin(market: "Marketplace") -> float:
    """Deposited in margin accounts."""
    forwards = _forwards(market)
    return _dollars(market, [market.ledger.outstanding(int(receipt)) for receipt in forwards.receipts])


@metric("USD", "sum", NEEDS, of=_forwards)
def variation(forwards: Any) -> float:
    """Paid from losers to winners in the tick."""
    return float(forwards.paid)


@metric("calls", "sum", NEEDS, of=_forwards)
def margin_calls(forwards: Any) -> float:
    """Margin calls that began in the tick."""
    return float(forwards.calls)


@metric("contracts", "sum", NEEDS, of=_forwards)
def closed_out(forwards: Any) -> float:
    """Positions closed out in the tick because a call was not followed."""
    return float(forwards.closed)


@metric("USD", "sum", NEEDS)
def uncovered(market: "Marketplace") -> float:
    """Owed in the tick, for the rest of closed-out terms too, and not paid, for want of margin."""
    return _dollars(market, _forwards(market).lost)
