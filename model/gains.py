"""Who gained since the opening, by sector: net worth now and what was taken out, less net worth then and what was paid in."""

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.flows import Flow, Group
from model.jit import kernel
from model.ledger import BTC_ASSET
from model.units import USD

if TYPE_CHECKING:
    from model.marketplace import Marketplace

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


def net_worth(market: "Marketplace") -> NDArray[np.float64]:
    """Net worth by sector as of the last survey, rigs at resale value and NFTs at appraisal [USD]."""
    sectors = market.ledger.sectors
    found = np.zeros(len(sectors))
    _by_sector(market.wealth, market.ledger.books.sector, found)
    for mechanism in market.mechanisms.values():
        for by_sector in mechanism.real_assets().values():
            for sector, usd in by_sector.items():
                found[sectors.index(sector)] += usd
    return found


class Gain(NamedTuple):
    """Gain of a sector so far, and the capital behind it: net worth at the opening and what was paid in [USD]."""

    usd: float
    capital: float

    @property
    def rate(self) -> float:
        """Gain over capital, not by year; NaN without capital.

        >>> Gain(20.0, 100.0).rate
        0.2
        """
        return self.usd / self.capital if self.capital > 0.0 else math.nan


class GainsBook:
    """Net worth at the opening, and what the world paid in and took out since, by sector [USD].

    Args:
        market: whose opening was surveyed and whose endowments are in its journal
    """

    def __init__(self, market: "Marketplace") -> None:
        self.start = net_worth(market)
        self.paid, self.taken = np.zeros(self.start.size), np.zeros(self.start.size)
        self.seen = len(market.journal.flows)

    def read(self, market: "Marketplace") -> dict[str, Gain]:
        """Gains of all sectors so far; coins that moved since the last reading count at today's price."""
        flows = market.journal.flows[self.seen :]
        if flows:
            ledger = market.ledger
            world, coin = ledger.sectors.index("world"), ledger.value.item(BTC_ASSET)
            _add_flows(np.concatenate(flows), _IS_PAID_IN, world, coin, self.paid, self.taken)
            self.seen += len(flows)
        capital = self.start + self.paid
        usd = net_worth(market) + self.taken - capital
        return dict(zip(market.ledger.sectors, map(Gain, usd.tolist(), capital.tolist()), strict=True))
