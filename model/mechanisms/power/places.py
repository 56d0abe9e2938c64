"""Where sites are and by which contract they buy power: a draw of each account's own."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.mechanisms.power.params import PowerParams, Region
from model.streams import uniforms

EVERYWHERE = -1
REGION, CONTRACT = 0, 1  # words of an account's draw


class Places:
    """Regions and contracts of sites; the rest of the network has sites everywhere and contracts of all types.

    Args:
        market: whose accounts settle
        params: shares of contracts, regions

    Attributes:
        regions: the regions in force
        region: place in `regions` by account, -1 for none or everywhere
    """

    def __init__(self, market: Any, params: PowerParams) -> None:
        self.ledger, self.rigs, self.params = market.ledger, market.mechanisms["rigs"], params
        self.key = market.streams.key("sites")
        self.regions: list[Region] = params.places
        self.region = np.full(self.ledger.books.sector.size, EVERYWHERE, np.int64)
        shares = np.array([r.share for r in self.regions])
        prices = np.array([r.usd_per_kwh for r in self.regions])
        self.bounds = np.cumsum(shares)
        mean = float(np.cumsum(shares * prices)[-1] / self.bounds[-1]) if self.regions else 1.0
        self.relative = 1.0 + params.regional_prices * (prices / mean - 1.0)
        self.cooling = np.array([1.0 if r.pue is None else r.pue / self.rigs.rules.pue for r in self.regions])

    def _drawn(self, accounts: NDArray[np.int64], word: int) -> NDArray[np.float64]:
        drawn: NDArray[np.float64] = uniforms(self.key, self.ledger.uid[accounts].copy(), word)
        return drawn

    def _regions_of(self, accounts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Region that each account draws; everywhere for the rest of the network, or without a map."""
        if not self.regions:
            return np.full(accounts.size, EVERYWHERE, np.int64)
        found = np.searchsorted(self.bounds, self._drawn(accounts, REGION), side="right")
        found = np.minimum(found, len(self.regions) - 1)
        return np.where(self._outside(accounts), EVERYWHERE, found)

    def _outside(self, accounts: NDArray[np.int64]) -> NDArray[np.bool_]:
        rest: NDArray[np.bool_] = self.ledger.books.sector[accounts] == self.ledger.sectors.index("rest_of_network")
        return rest

    def prices(self, accounts: NDArray[np.int64], power_price: NDArray[np.float64]) -> NDArray[np.float64]:
        """What accounts pay for power in their region, from what they would pay in the mean one [USD/kWh]."""
        region = self._regions_of(accounts)
        if not self.regions:
            return power_price
        return np.where(region == EVERYWHERE, power_price, power_price * self.relative[region])

    def settle(self, sites: NDArray[np.int64]) -> None:
        """Give new sites the region and contract that their owners draw."""
        columns, p = self.rigs.fleet.sites, self.params
        accounts = columns.owner[sites]
        if self.region.size < self.ledger.books.sector.size:
            more = self.ledger.books.sector.size - self.region.size
            self.region = np.concatenate([self.region, np.full(more, EVERYWHERE, np.int64)])
        region, drawn, outside = self._regions_of(accounts), self._drawn(accounts, CONTRACT), self._outside(accounts)
        self.region[accounts] = columns.region[sites] = region
        if self.regions:
            columns.cooling[sites] = np.where(region == EVERYWHERE, 1.0, self.cooling[region])
        columns.indexed[sites] = np.where(outside, p.indexed, drawn < p.indexed)
        taken_back = (drawn >= p.indexed) & (drawn < p.indexed + p.interruptible)
        columns.interruptible[sites] = np.where(outside, p.interruptible, taken_back)

    def today(self, index: float, stopped: float) -> None:
        """Let every site's price follow its contract, and interruptible ones stand still for a part of the tick."""
        columns, n = self.rigs.fleet.sites, self.rigs.fleet.n_sites
        columns.factor[:n] = 1.0 + columns.indexed[:n] * (index - 1.0)
        columns.curtailed[:n] = columns.interruptible[:n] * stopped
