"""Holdings: what agents' fractions are worth and how concentrated they are, once a week and on the last tick."""

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.bits import first_bit
from model.books import BLOCK, TOUCHED, Books
from model.jit import kernel
from model.metric import metric, shared
from model.statistics import ascending, total, with_zeros
from model.statistics import gini as gini_of
from model.statistics import herfindahl as herfindahl_of

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("vaults", "retail_investor")
WEEKLY = True
TENTH = 10
EVERYBODY = (1 << BLOCK) - 1  # bits of all accounts of a block
OUTSIDE = ("rest_of_network",)  # kinds that stand for the world outside the marketplace


class Week(NamedTuple):
    """One week's measurement.

    Attributes:
        agents: how many there are
        worth: USD of the fractions of those agents who hold any
        vaults_each: effective number of vaults in each of their portfolios
        retail: USD of the fractions of every retail investor, in rising order
        gini, herfindahl: over those who hold any
    """

    agents: int
    worth: NDArray[np.float64]
    vaults_each: NDArray[np.float64]
    retail: NDArray[np.float64]
    gini: float
    herfindahl: float


@kernel
def _holdings(books: Books, held: Any, fraction: Any, value: Any, inside: Any, worth: Any, squares: Any) -> None:
    """By account, the worth of all fractions and the sum of squares of the worth by vault [USD]; agents only.

    Accounts without a balance in the last survey are passed over where no posting reached their block since.
    """
    for v in range(fraction.size):
        asset = fraction[v]
        if asset < 0:
            continue
        for block in range(-(-worth.size // BLOCK)):
            some = int(held[asset, block]) if books.reached[asset, block] != TOUCHED else EVERYBODY
            while some != 0:
                account = block * BLOCK + first_bit(some)
                some &= some - 1
                if account < worth.size and books.balances[asset, account] > 0 and inside[books.sector[account]]:
                    usd = books.balances[asset, account] * value[asset]
                    worth[account] += usd
                    squares[account] += usd * usd


@shared
def week(market: "Marketplace") -> Week:
    """What agents hold now."""
    ledger, vaults = market.ledger, market.mechanisms["vaults"]
    n, kinds = market.wealth.size, [kind for kind in market.populations if kind not in OUTSIDE]
    inside = np.zeros(len(ledger.sectors), np.bool_)
    inside[[ledger.sectors.index(kind) for kind in kinds]] = True
    worth, squares = np.zeros(n), np.zeros(n)
    fraction: NDArray[np.int64] = vaults.fraction[: vaults.n]
    _holdings(ledger.books, ledger.kept.held, fraction, ledger.value, inside, worth, squares)
    holders, people = worth > 0.0, market.populations.get("retail_investor")
    held = worth[holders]
    return Week(
        sum(len(market.populations[kind]) for kind in kinds),
        held,
        held * held / squares[holders],
        ascending(worth[people.account[: len(people)]]) if people is not None else np.zeros(0),
        gini_of(held),
        herfindahl_of(held),
    )


@metric("1", "last", NEEDS, of=week)
def gini(now: Week) -> float:
    """Gini coefficient of the worth of fractions over all agents, those without included."""
    return with_zeros(now.gini, now.worth.size, now.agents - now.worth.size)


@metric("1", "last", NEEDS, of=week)
def herfindahl(now: Week) -> float:
    """Herfindahl index of the worth of fractions over all agents."""
    return now.herfindahl


@metric("1", "last", NEEDS, headline=True, of=week)
def retail_top_tenth(now: Week) -> float:
    """Share of what retail investors hold in fractions that the largest tenth of them hold."""
    held = now.retail
    whole = total(held)
    largest = max(1, held.size // TENTH)
    return float(total(held[-largest:])) / whole if whole > 0.0 else math.nan


@metric("USD", "last", NEEDS, of=week)
def retail_largest(now: Week) -> float:
    """Worth of fractions of the retail investor who holds most."""
    return float(now.retail[-1]) if now.retail.size else math.nan
