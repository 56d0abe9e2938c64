"""Who is there, who acts, and how wealth is spread over agents and their kinds."""

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from model.actions import Status
from model.jit import kernel
from model.metric import metric, shared
from model.statistics import total

if TYPE_CHECKING:
    from model.marketplace import Marketplace

DONE = int(Status.DONE)
OUTSIDE = ("rest_of_network",)  # kinds that stand for the world outside the marketplace
PER_OCTAVE, OCTAVE_BITS = 64, 6
LOWEST, OCTAVES = -7, 48  # wealth from 2^-7 to 2^41 USD
SHIFT = 52 - OCTAVE_BITS  # leaves of a float its exponent and the bin within the octave
FIRST = (1023 + LOWEST) << OCTAVE_BITS


@kernel
def _shape(wealth: Any, bits: Any, sector: Any, inside: Any, tally: Any, by_sector: Any, count: Any, total: Any) -> Any:
    """Wealth by sector; agents, their Gini coefficient and wealth, rows, rows done.

    The coefficient is from linear bins within octaves, with an error below 1e-4 where wealth spreads over octaves; what lies
    within one bin, 1.6 % of its wealth at most, counts as equal.

    Args:
        bits: of wealth, whose first ones are its bin
        tally: rows so far, by action and status
        count, total: by bin, zeros before and after
    """
    by_sector[:] = 0.0
    n, lowest, highest = 0, count.size - 1, 0
    s, agents, theirs = 0, inside[0], 0.0
    for account in range(wealth.size):
        if sector[account] != s:
            by_sector[s] = theirs
            s = sector[account]
            agents, theirs = inside[s], by_sector[s]
        if not agents:
            continue
        worth = max(wealth[account], 0.0)
        theirs += worth
        place = min(max((bits[account] >> SHIFT) - FIRST, 0), count.size - 1) if worth > 0.0 else 0
        count[place] += 1
        total[place] += worth
        lowest, highest = min(lowest, place), max(highest, place)
        n += 1
    by_sector[s] = theirs
    whole = weighted = 0.0
    before = handed_in = done = 0
    for b in range(lowest, highest + 1):
        if count[b] > 0:
            weighted += total[b] * (before + 0.5 * (count[b] + 1))
            whole += total[b]
            before += count[b]
            count[b], total[b] = 0, 0.0
    for action in range(tally.shape[0]):
        done += tally[action, DONE]
        for status in range(tally.shape[1]):
            handed_in += tally[action, status]
    return n, 2.0 * weighted / (n * whole) - (n + 1.0) / n if whole > 0.0 else 0.0, whole, handed_in, done


class Shape(NamedTuple):
    """Numbers of one tick, for all metrics of this file.

    Attributes:
        tick: of them
        agents, gini: how many there are, and the Gini coefficient of their wealth
        place, wealth, whole: places of sectors, agents' wealth by place and in all [USD]
        handed_in, done: rows of the tick
    """

    tick: int
    agents: int
    gini: float
    place: dict[str, int]
    wealth: list[float]
    whole: float
    handed_in: int
    done: int


class _Columns:
    """Work space of one market."""

    def __init__(self, market: "Marketplace") -> None:
        sectors = market.ledger.sectors
        self.place, self.inside = {kind: s for s, kind in enumerate(sectors)}, np.zeros(len(sectors), np.bool_)
        self.inside[[sectors.index(kind) for kind in market.populations if kind not in OUTSIDE]] = True
        self.by_sector = np.zeros(len(sectors))
        self.count, self.total = np.zeros(OCTAVES * PER_OCTAVE, np.int64), np.zeros(OCTAVES * PER_OCTAVE)
        self.before = (0, 0)
        self.shape = Shape(-2, 0, 0.0, {}, [], 0.0, 0, 0)


@shared
def shape(market: "Marketplace") -> Shape:
    """This tick's numbers, worked out once."""
    columns: _Columns | None = market.__dict__.get("agents_shape")
    if columns is None:
        columns = market.__dict__["agents_shape"] = _Columns(market)
    if columns.shape.tick != market.clock.tick:
        agents, gini, whole, handed_in, done = _shape(
            market.wealth,
            market.wealth.view(np.int64),
            market.ledger.books.sector,
            columns.inside,
            market.settlement.tally,
            columns.by_sector,
            columns.count,
            columns.total,
        )
        wealth: list[float] = columns.by_sector.tolist()
        before, columns.before = columns.before, (handed_in, done)
        columns.shape = Shape(
            market.clock.tick, agents, gini, columns.place, wealth, whole, handed_in - before[0], done - before[1]
        )
    return columns.shape


def _part(found: Shape, kind: str) -> float:
    return found.wealth[found.place[kind]] / found.whole if found.whole > 0.0 else math.nan


@metric("1", "last", headline=True, of=shape)
def gini(found: Shape) -> float:
    """Gini coefficient of financial wealth over all agents of the marketplace."""
    return found.gini


def _of_everybody(market: "Marketplace", count: int) -> float:
    """A number of accounts over all that may look and act, the rest of the network among them."""
    everybody = sum(len(population) for population in market.populations.values())
    return count / everybody if everybody else math.nan


@metric("1", "mean")
def awake(market: "Marketplace") -> float:
    """Share of agents who look at the market in a tick, the rest of the network among them."""
    return _of_everybody(market, market.awake)


@metric("1", "mean")
def acting(market: "Marketplace") -> float:
    """Share of agents who hand in a transaction in a tick, the rest of the network among them."""
    return _of_everybody(market, market.settlement.acting)


@metric("1", "mean", of=shape)
def rejections(found: Shape) -> float:
    """Share of transactions that were not carried out."""
    return 1.0 - found.done / found.handed_in if found.handed_in else math.nan


@metric("1", "last", needs=("miner",), of=shape)
def miner_wealth(found: Shape) -> float:
    """Miners' share of all agents' financial wealth."""
    return _part(found, "miner")


@metric("1", "last", needs=("retail_investor",), of=shape)
def retail_wealth(found: Shape) -> float:
    """Retail investors' share of all agents' financial wealth."""
    return _part(found, "retail_investor")


@metric("1", "last", needs=("liquidity_provider",), of=shape)
def provider_wealth(found: Shape) -> float:
    """Liquidity providers' share of all agents' financial wealth."""
    return _part(found, "liquidity_provider")


@metric("1", "last", needs=("arbitrageur",), of=shape)
def arbitrageur_wealth(found: Shape) -> float:
    """Arbitrageurs' share of all agents' financial wealth."""
    return _part(found, "arbitrageur")


@metric("1", "last", needs=("institution",), headline=True, of=shape)
def institution_wealth(found: Shape) -> float:
    """Institutions' share of all agents' financial wealth."""
    return _part(found, "institution")


@metric("1", "last", needs=("institution", "vaults"), headline=True)
def institution_fractions(market: "Marketplace") -> float:
    """Institutions' share of the market value of all fractions in circulation."""
    vaults, ledger = market.mechanisms["vaults"], market.ledger
    assets = [int(asset) for asset in vaults.fraction[: vaults.n]]
    place = ledger.sectors.index("institution")
    theirs = math.fsum(int(market.holdings[asset, place]) * float(ledger.value[asset]) for asset in assets)
    whole = math.fsum(ledger.outstanding(asset) * float(ledger.value[asset]) for asset in assets)
    return theirs / whole if whole > 0.0 else math.nan


@metric("agents", "last", needs=("institution",))
def funds_redeemed(market: "Marketplace") -> float:
    """Institutions whose clients have taken their money back, none of strategies that have no clients."""
    population = market.populations["institution"]
    column, n = population.columns.get("redeemed"), len(population)
    return float((column[:n] >= 0.0).sum()) if column is not None else 0.0


@metric("1", "last", needs=("retail_investor",))
def chartists(market: "Marketplace") -> float:
    """Share of retail investors who lean to following the trend, as of their last look."""
    population = market.populations["retail_investor"]
    column, n = population.columns.get("chartist"), len(population)
    return total(column[:n]) / n if column is not None and n else math.nan


@metric("1", "mean", needs=("social",))
def sentiment(market: "Marketplace") -> float:
    """Mean sentiment of agents with acquaintances, -1 fear to 1 greed."""
    social: Any = market.mechanisms["social"]
    n = social.indptr.size - 1
    return float(total(social.sentiment[:n])) / max(1, shape(market).agents)
