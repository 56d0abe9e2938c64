"""Makers of vaults: they sell fractions that they kept where these fetch what they ask.

They ask a multiple of what the typical investor finds a fraction worth, and on top what a year in a farm would bring. A
maker looks each day on which one of his own vaults fetches that; then he sells no more than the pool bears, and never
below what he asks. What seeded the pool stays in it.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.base import Cohort, Population, Traits, trait
from agents.farming import yields
from agents.quotes import amount_out
from agents.rows import put_four
from agents.sheet import CLICK, FEE, NAV, PRICE, RESERVE, RESERVE_USD, Seen
from agents.staking import unstaked
from agents.vault_sheet import sheet_of
from model.actions import SELL, Action, Trade
from model.jit import kernel
from model.units import DAYS_PER_YEAR, TOKEN, USD
from model.view import MarketView

MOST = 0.01  # part of a pool's fractions sold at a look; assumption
NO_CLAIMS = np.zeros((0, 5), np.int64)


class MakerTraits(Traits):
    """Traits of whoever makes vaults."""

    asks: Any = trait(
        {"uniform": {"low": 1.0, "high": 1.5}}, "1", "price over net asset value at which fractions kept are sold",
        source="assumption", low=0.1, high=1e6,
    )  # fmt: skip


@kernel
def _asked(multiple: float, v: int, facts: Any, farmed: Any) -> float:
    """Price from which on a holder sells [USD]; infinite where holding on pays in any case."""
    kept = 1.0 - facts[FEE, v] - farmed[v]
    return float(multiple * max(0.0, facts[NAV, v]) / kept) if kept > 0.0 else math.inf


@kernel
def _alarmed(
    creator: Any, live: Any, account: Any, n: int, asks: Any, balances: Any, seen: Seen, stake: Any, farmed: Any, alert: Any
) -> None:  # fmt: skip
    """Wake the makers of vaults that fetch what they ask, if they have any of it left.

    Args:
        creator, live, stake, farmed: by vault; account, asks, alert: by slot, n slots in order of accounts
    """
    for v in range(live.size):
        if not live[v] or creator[v] < 0:
            continue
        low, high = 0, n
        while low < high:
            middle = (low + high) // 2
            if account[middle] < creator[v]:
                low = middle + 1
            else:
                high = middle
        if low == n or account[low] != creator[v]:
            continue
        held = balances[seen.fraction[v], creator[v]] + (balances[stake[v], creator[v]] if stake[v] >= 0 else 0)
        if held > 0 and seen.facts[PRICE, v] > _asked(asks[low], v, seen.facts, farmed):
            alert[low] = True


@kernel
def dear(
    account: Any, slots: Any, asks: Any, balances: Any, seen: Seen, stake: Any, live: Any, farmed: Any, out: Any, rows: Any
) -> int:  # fmt: skip
    """Fill rows of sales of fractions that fetch what their holders ask; how many there are.

    Args:
        account, asks: by slot; stake, live: by vault
        farmed: what farms pay on fractions [1/year], by vault
        out: whom a vault suits no more, bool[vault, place in slots]: such are passed over, and sellers added
    """
    n = 0
    facts, click = seen.facts, seen.scalars[CLICK]
    for k in range(slots.size):
        who = account[slots[k]]
        for v in range(live.size):
            if not live[v] or out[v, k]:
                continue
            held = balances[seen.fraction[v], who] + (balances[stake[v], who] if stake[v] >= 0 else 0)
            asked, usd, depth = _asked(asks[slots[k]], v, facts, farmed), facts[RESERVE_USD, v], facts[RESERVE, v]
            if held <= 0 or usd <= 0.0 or facts[PRICE, v] <= asked:
                continue
            most = min(held / TOKEN, MOST * depth)
            if asked > 0.0:
                most = min(most, depth * (math.sqrt(facts[PRICE, v] / asked) - 1.0))
            if amount_out(most, depth, usd, facts[FEE, v]) > click:
                least = np.int64(most * asked * (1.0 - facts[FEE, v]) * USD)
                n = put_four(rows, n, who, v, SELL, min(held, np.int64(most * TOKEN)), least)
                out[v, k] = True
    return n


def _farmed(market: MarketView) -> NDArray[np.float64]:
    """For `market.once`: what farms pay on fractions by vault [1/year]."""
    return yields(market, "fraction", market.vaults.n) * DAYS_PER_YEAR


def wake_makers(population: Population) -> None:
    """Makers of one kind look today whose own fractions fetch what they ask."""
    market = population.market
    if not market.view.has("vaults"):
        return
    vaults = market.view.vaults
    _alarmed(
        vaults.creator, vaults.live, population.account, len(population), population.columns["asks"], market.view.balances,
        sheet_of(market).look().seen, vaults.stake, market.view.once(_farmed), population.alert,
    )  # fmt: skip


def sold_dear(cohort: Cohort, market: MarketView, out: NDArray[np.bool_]) -> Iterator[Action]:
    """Sales of fractions that fetch what the makers of a cohort ask.

    Args:
        out: whom a vault suits no more, bool[vault, place in the cohort]: such are passed over, and sellers added
    """
    population, vaults = cohort.population, market.vaults
    sheet = sheet_of(population.market).look()
    rows = np.empty((len(cohort) * vaults.n, Trade.width), np.int64)
    n = dear(
        population.account, cohort.slots, population.columns["asks"], market.balances, sheet.seen, vaults.stake, vaults.live,
        market.once(_farmed), out, rows,
    )  # fmt: skip
    yield from unstaked(market, rows, n, NO_CLAIMS, 0)
    yield from sheet.venues.route(rows, n)
