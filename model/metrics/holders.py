"""Who holds fractions and what it brought them: spread over vaults and over holders, and return by kind of agent.

All of it is measured once a week and stands until the next.
"""

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from model.flows import Flow, Group
from model.jit import kernel
from model.ledger import BTC_ASSET
from model.metric import metric
from model.metrics.holdings import OUTSIDE, week
from model.units import USD

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("vaults",)
WEEKLY = True
PAID_IN = (Flow.ENDOWMENT, Flow.ARRIVAL, Flow.CAPITAL, Flow.DEPARTURE)  # to and from the world, without a service
COLUMN_KIND, COLUMN_GROUP, COLUMN_FROM, COLUMN_TO, COLUMN_AMOUNT = range(5)

_IS_PAID_IN = np.zeros(len(Flow), np.bool_)
_IS_PAID_IN[list(PAID_IN)] = True
_USD, _BTC = int(Group.USD), int(Group.BTC)


@kernel
def _by_sector(wealth: Any, sector: Any, total: Any) -> None:
    """Add wealth up by sector [USD]."""
    for account in range(wealth.size):
        total[sector[account]] += wealth[account]


@kernel
def _add_flows(rows: Any, is_paid_in: Any, world: int, coin: float, paid: Any, taken: Any) -> None:
    """Add what sectors were given by the world, and took out, in dollars and coins of so many USD a satoshi [USD]."""
    for i in range(rows.shape[0]):
        group, giver, taker = rows[i, COLUMN_GROUP], rows[i, COLUMN_FROM], rows[i, COLUMN_TO]
        if not is_paid_in[rows[i, COLUMN_KIND]] or (group != _USD and group != _BTC):
            continue
        usd = rows[i, COLUMN_AMOUNT] * (1 / USD if group == _USD else coin)
        if giver == world:
            paid[taker] += usd
        elif taker == world:
            taken[giver] += usd


class Holders(NamedTuple):
    """One week's figures: holders, effective vaults each, Gini and Herfindahl index over them, return by kind."""

    tick: int
    holders: int
    vaults_each: float
    gini: float
    herfindahl: float
    returns: dict[str, float]


class _Book:
    """Net worth after the first tick, and what was paid in and taken out since, by sector [USD]."""

    def __init__(self, market: "Marketplace") -> None:
        sectors = market.ledger.sectors
        self.places = {kind: sectors.index(kind) for kind in market.populations if kind not in OUTSIDE}
        self.start = _worth(market, self.places)
        self.paid, self.taken = np.zeros(len(market.ledger.sectors)), np.zeros(len(market.ledger.sectors))
        self.seen = len(market.journal.flows)
        self.latest = Holders(-2, 0, math.nan, math.nan, math.nan, {})

    def read_flows(self, market: "Marketplace") -> None:
        """Add what agents were given by the world, and took out, since the last reading."""
        flows = market.journal.flows[self.seen :]
        if flows:
            ledger, rows = market.ledger, np.concatenate(flows)
            world, coin = ledger.sectors.index("world"), ledger.value.item(BTC_ASSET)
            _add_flows(rows, _IS_PAID_IN, world, coin, self.paid, self.taken)
        self.seen = len(market.journal.flows)


def _real(market: "Marketplace") -> dict[str, float]:
    """USD of rigs and NFTs by sector."""
    found: dict[str, float] = {}
    for mechanism in market.mechanisms.values():
        for by_sector in mechanism.real_assets().values():
            for sector, usd in by_sector.items():
                found[sector] = found.get(sector, 0.0) + usd
    return found


def _worth(market: "Marketplace", places: dict[str, int]) -> dict[str, float]:
    """Net worth by kind, each with its place among the ledger's sectors [USD]."""
    real, by_sector = _real(market), np.zeros(len(market.ledger.sectors))
    _by_sector(market.wealth, market.ledger.books.sector, by_sector)
    return {kind: float(by_sector[place]) + real.get(kind, 0.0) for kind, place in places.items()}


def _returns(market: "Marketplace", book: _Book) -> dict[str, float]:
    """Gain over capital by kind: (net worth now + taken out - at the start - paid in) / (at the start + paid in)."""
    book.read_flows(market)
    now, found = _worth(market, book.places), {}
    for kind, place in book.places.items():
        capital = book.start[kind] + book.paid[place]
        found[kind] = (now[kind] + book.taken[place]) / capital - 1.0 if capital > 0.0 else math.nan
    return found


def holders_of(market: "Marketplace") -> Holders:
    """This week's figures, worked out once."""
    book: _Book | None = market.__dict__.get("holders_book")
    if book is None:
        book = market.__dict__["holders_book"] = _Book(market)
    if book.latest.tick == market.clock.tick or not (market.clock.new_week or book.latest.tick < 0):
        return book.latest
    now = week(market)
    book.latest = Holders(
        market.clock.tick,
        now.worth.size,
        float(now.vaults_each.mean()) if now.worth.size else math.nan,
        now.gini,
        now.herfindahl,
        _returns(market, book),
    )
    return book.latest


@metric("accounts", "last", NEEDS, of=holders_of)
def holders(now: Holders) -> float:
    """Agents who hold fractions of any vault."""
    return float(now.holders)


@metric("vaults", "last", NEEDS, of=holders_of)
def diversification(now: Holders) -> float:
    """Effective number of vaults in a holder's portfolio, mean over holders: 1 / sum of squared shares of worth."""
    return now.vaults_each


@metric("1", "last", NEEDS, of=holders_of)
def gini(now: Holders) -> float:
    """Gini coefficient of the worth of fractions over those who hold any."""
    return now.gini


@metric("1", "last", NEEDS, of=holders_of)
def herfindahl(now: Holders) -> float:
    """Herfindahl index of the worth of fractions over holders."""
    return now.herfindahl


@metric("1", "last", (*NEEDS, "retail_investor"), headline=True, of=holders_of)
def retail_return(now: Holders) -> float:
    """Retail investors' gain so far over all they brought in."""
    return now.returns.get("retail_investor", math.nan)


@metric("1", "last", (*NEEDS, "miner"), headline=True, of=holders_of)
def miner_return(now: Holders) -> float:
    """Miners' gain so far, rigs at resale value, over all they brought in."""
    return now.returns.get("miner", math.nan)


@metric("1", "last", (*NEEDS, "liquidity_provider"), of=holders_of)
def provider_return(now: Holders) -> float:
    """Liquidity providers' gain so far over all they brought in."""
    return now.returns.get("liquidity_provider", math.nan)


@metric("1", "last", (*NEEDS, "arbitrageur"), of=holders_of)
def arbitrageur_return(now: Holders) -> float:
    """Arbitrageurs' gain so far over all they brought in."""
    return now.returns.get("arbitrageur", math.nan)


@metric("1", "last", (*NEEDS, "institution"), of=holders_of)
def institution_return(now: Holders) -> float:
    """Institutions' gain so far over all they brought in."""
    return now.returns.get("institution", math.nan)


@metric("1", "last", (*NEEDS, "creator"), of=holders_of)
def creator_return(now: Holders) -> float:
    """Creators' gain so far, NFTs at appraisal, over all they brought in."""
    return now.returns.get("creator", math.nan)
