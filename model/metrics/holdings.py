"""Holdings: how concentrated fractions are among agents, measured once a week."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.metric import metric
from model.statistics import gini as gini_of
from model.statistics import herfindahl as herfindahl_of

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("vaults", "retail_investor")
CENTS = 100.0
TENTH = 10
OUTSIDE = ("rest_of_network",)


def _held(market: "Marketplace", kinds: tuple[str, ...]) -> NDArray[np.int64]:
    """Worth of fractions, in cents, by agent of some kinds."""
    vaults: Any = market.mechanisms["vaults"]
    populations = [market.populations[kind] for kind in kinds]
    accounts = np.concatenate([p.account[: len(p)] for p in populations])
    ledger, worth = market.ledger, np.zeros(accounts.size)
    for asset in vaults.fraction[: vaults.n]:
        worth += ledger.books.balances[asset, accounts] * (ledger.value[asset] * CENTS)
    return worth.astype(np.int64)


def _weekly(market: "Marketplace", name: str) -> float | None:
    """Last week's figure, None on the first day of a week."""
    return None if market.clock.new_week else market.recorder.latest.get(f"holdings.{name}", math.nan)


@metric("1", "last", NEEDS)
def gini(market: "Marketplace") -> float:
    """Gini coefficient of the worth of fractions over all agents, those without included."""
    known = _weekly(market, "gini")
    inside = tuple(kind for kind in market.populations if kind not in OUTSIDE)
    return gini_of(_held(market, inside)) if known is None else known


@metric("1", "last", NEEDS)
def herfindahl(market: "Marketplace") -> float:
    """Herfindahl index of the worth of fractions over all agents."""
    known = _weekly(market, "herfindahl")
    inside = tuple(kind for kind in market.populations if kind not in OUTSIDE)
    return herfindahl_of(_held(market, inside)) if known is None else known


@metric("1", "last", NEEDS, headline=True)
def retail_top_tenth(market: "Marketplace") -> float:
    """Share of what retail investors hold in fractions that the largest tenth of them hold."""
    known = _weekly(market, "retail_top_tenth")
    if known is not None:
        return known
    held = np.sort(_held(market, ("retail_investor",)))[::-1]
    whole = int(held.sum())
    return int(held[: max(1, held.size // TENTH)].sum()) / whole if whole else math.nan


@metric("USD", "last", NEEDS)
def retail_largest(market: "Marketplace") -> float:
    """Worth of fractions of the retail investor who holds most."""
    known = _weekly(market, "retail_largest")
    if known is not None:
        return known
    held = _held(market, ("retail_investor",))
    return int(held.max()) / CENTS if held.size else math.nan
