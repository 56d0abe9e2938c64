"""Insolvency: miners whose fleet was seized, how many and when first; and when depositors first lost money.

A miner fails when his power stays unpaid until utilities take his rigs, or when the desk of rig loans seizes them. A
pool fails when bad debt is left after its reserve and its insurance fund, so that depositors bear it. How much they
bear is in `lending.lost_depositors` and `nft_loans.lost_by_depositors`.
"""

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from model.mechanisms.lending.table import LOST_DEPOSITORS
from model.metric import metric

if TYPE_CHECKING:
    from model.marketplace import Marketplace

SEIZED = ("default", "rig default")  # kinds of events


class _Book:
    """Who failed so far, and on which day of the run each first did."""

    def __init__(self) -> None:
        self.seen = 0
        self.failed: dict[int, float] = {}
        self.pools: dict[str, float] = {}


class _Row(NamedTuple):
    """An event of the journal, as far as it is read here."""

    tick: int
    kind: str
    account: int


def _book(market: "Marketplace") -> _Book:
    """The run's book, read on to the latest event."""
    book: _Book | None = market.__dict__.get("insolvency_book")
    if book is None:
        book = market.__dict__["insolvency_book"] = _Book()
    events = market.journal.events
    if book.seen < len(events):
        sector, place = market.ledger.books.sector, market.ledger.sectors.index("miner")
        for row in map(_Row._make, (event[:3] for event in events[book.seen :])):
            if row.kind in SEIZED and sector[row.account] == place:
                book.failed.setdefault(row.account, row.tick * market.clock.dt_days)
        book.seen = len(events)
    return book


def _since(market: "Marketplace", pool: str, lost: Any) -> float:
    """Day on which a pool's depositors first lost money; NaN before."""
    pools = _book(market).pools
    if lost > 0 and pool not in pools:
        pools[pool] = market.clock.tick * market.clock.dt_days
    return pools.get(pool, math.nan)


@metric("miners", "last", needs=("power", "miner"), of=_book)
def miners(book: _Book) -> float:
    """Miners so far whose rigs were seized, for unpaid power or for a loan against them."""
    return float(len(book.failed))


@metric("days", "last", needs=("power", "miner"), of=_book)
def miners_day(book: _Book) -> float:
    """Day of the run on which a miner's rigs were first seized; NaN while none were."""
    return next(iter(book.failed.values()), math.nan)  # they are in the order of days


@metric("days", "last", needs=("lending",))
def lending_day(market: "Marketplace") -> float:
    """Day of the run on which bad debt first reached depositors of the lending pool; NaN before."""
    return _since(market, "lending", market.mechanisms["lending"].desk.sums[LOST_DEPOSITORS])


@metric("days", "last", needs=("nft_loans",))
def nft_loans_day(market: "Marketplace") -> float:
    """Day of the run on which bad debt first reached depositors of loans against NFTs and rigs; NaN before."""
    house = market.mechanisms["nft_loans"]
    return _since(market, "nft_loans", house.pool.losses[1] + house.desk.losses[1])
