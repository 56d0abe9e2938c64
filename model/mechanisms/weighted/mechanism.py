"""The weighted pools of all vaults: how one opens, and what happens to it in a day.

One pool per vault by the rule of Balancer [MartinelliMushegian2019], most of its worth in fractions. A creator needs
fewer dollars to open one, and its providers keep more of what fractions gain; in return it is thinner. A seed opens it
at the price of its dollars over its fractions; what does not fit the weights stays with the provider.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.errors import InvariantViolated
from model.joint_venue import JointVenue
from model.mechanism import settles, stage
from model.mechanisms.weighted import daily, kernels
from model.mechanisms.weighted.formulas import effective_reserves, first_shares, opening_balances, spot_price
from model.mechanisms.weighted.public import (
    AddWeighted,
    RemoveWeighted,
    WeightedParams,
    WeightedSwap,
    WeightedView,
)
from model.mechanisms.weighted.table import Pools
from model.pool_shares import LOCKED_SHARES
from model.pool_tables import empty_pools
from model.units import BPS


class Weighted(JointVenue):
    """Weighted pools of fractions against dollars, indexed by vault.

    Attributes:
        pool: accounts of the pools, -1 for none
        share: asset of each pool's shares, -1 for none
        price: as in `WeightedView`
        pools: the whole table
        figures: market-wide numbers of the tick, see `daily`
    """

    key = "weighted"
    wants = ("amm",)
    noun, deposit, withdrawal = "weighted pool", AddWeighted, RemoveWeighted
    held_for_ever = LOCKED_SHARES
    Params = WeightedParams

    def __init__(self, market: Any, params: WeightedParams) -> None:
        super().__init__(market, params, empty_pools(Pools, params.capacity))
        self.figures = np.zeros(daily.FIGURES)
        columns = self.columns_of(WeightedView)
        self._seen = WeightedView(fee=params.fee_bps / BPS, weight=params.weight, **columns)

    # -- opening a pool

    def _first(self, usd: int, fractions: int) -> tuple[int, int, int]:
        usd, fractions = opening_balances(usd, fractions, self.params.weight)
        return usd, fractions, first_shares(usd, fractions, self.params.weight)

    def _start(self, v: int, usd: int, fractions: int) -> None:
        p, weight = self.pools, self.params.weight
        p.price[v] = spot_price(usd, fractions, weight)
        p.reserve_usd[v], p.reserve_fraction[v] = map(int, effective_reserves(usd, fractions, weight))

    # -- the day

    @stage("observe")
    def quote(self) -> None:
        """Prices and depths of weighted pools are quoted."""
        p = self.params
        daily.quotes(self.ledger.books, self.pools, self.vaults.fraction, p.weight, p.fee_bps, p.most_in)

    @settles(WeightedSwap)
    def swap(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Settle swaps in order."""
        fraction, status, p = self.vaults.fraction, self.vaults.status, self.params
        kernels.settle_swaps(
            self.ledger.books, self.pools, fraction, status, p.weight, p.fee_bps, p.most_in, rows, order
        )

    @settles(AddWeighted)
    def add(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Settle deposits in order; the first for a vault without a pool opens it."""
        order = self.open_missing(rows, order)
        kernels.settle_deposits(self.ledger.books, self.pools, self.vaults.fraction, self.vaults.status, rows, order)

    @settles(RemoveWeighted)
    def remove(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Settle withdrawals in order."""
        kernels.settle_withdrawals(self.ledger.books, self.pools, self.vaults.fraction, self.clock.tick, rows, order)

    @stage("record")
    def mark(self) -> None:
        """Fractions and shares of weighted pools are marked, and providers' returns measured."""
        ledger, vaults = self.ledger, self.vaults
        daily.marks(
            ledger.books,
            self.pools,
            vaults.fraction,
            vaults.status,
            self.served(),
            ledger.value,
            self.figures,
            self.params.weight,
            self.clock.dt_days,
            self.keep,
        )
        vaults.mark_stakes()

    # -- looks and laws

    def view(self) -> WeightedView:
        """Prices, depths and returns of the pools."""
        fee = self.params.fee_bps / BPS
        if self._seen.fee != fee:
            self._seen = self._seen._replace(fee=fee)
        return self._seen

    def undo_columns(self) -> tuple[NDArray[np.int64], ...]:
        """Counters that a swap changes; all else is on the ledger."""
        return self.pools.volume, self.pools.trades, self.pools.refused

    def state(self) -> tuple[NDArray[Any], ...]:
        """All that later days depend on; marks of the last check are not part of it."""
        columns = (getattr(self.pools, name) for name in Pools._fields if name != "worth")
        return *columns, np.array([self.kept])

    def check(self) -> None:
        """Balances positive, locked shares in place; the value function per share never falls."""
        super().check()
        vaults = self.vaults.fraction.size
        fault = daily.broken(self.ledger.books, self.pools, self.vaults.fraction, self.params.weight, self.nobody)
        if fault:
            raise InvariantViolated(f"weighted pool of vault {fault % vaults}: {daily.BROKEN[fault // vaults]}")
