"""The pools of all vaults: how one opens, and what happens to it in a day.

One constant-product pool per vault [AdamsEtAl2020]. Its balances are the dollars and fractions of the pool's own
ledger account, so nothing can be swapped that is not there. Income on the pool's fractions never mixes with them: it
goes to a pot, from which holders of pool shares are paid.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.errors import InvariantViolated
from model.joint_venue import JointVenue
from model.mechanism import settles, stage
from model.mechanisms.amm import daily, kernels
from model.mechanisms.amm.formulas import first_shares
from model.mechanisms.amm.public import AddLiquidity, AmmParams, AmmView, RemoveLiquidity, Swap
from model.mechanisms.amm.table import Judged, Pools
from model.pool_shares import LOCKED_SHARES
from model.pool_tables import empty_pools
from model.units import BPS, HOURS_PER_DAY


class Amm(JointVenue):
    """Constant-product pools of fractions against dollars, indexed by vault.

    Attributes:
        pool, pot: accounts of each pool and of its providers' income, -1 for none
        share: asset of each pool's shares, -1 for none
        price, twap: as in `AmmView`
        pools: the whole table
        figures: market-wide numbers of the tick, see `daily`
    """

    key = "amm"
    noun, deposit, withdrawal = "pool", AddLiquidity, RemoveLiquidity
    held_for_ever = LOCKED_SHARES
    Params = AmmParams

    def __init__(self, market: Any, params: AmmParams) -> None:
        super().__init__(market, params, empty_pools(Pools, params.capacity))
        self.pot, self.twap = self.pools.pot, self.pools.twap
        window = self.clock.ticks_of(params.twap_hours / HOURS_PER_DAY) + 1
        self.ring = np.zeros((window, params.capacity))
        self.figures = np.zeros(daily.FIGURES)
        self.judged = Judged(*(getattr(self.pools, name) for name in Judged._fields))
        self._seen = AmmView(fee_bps=0, fee=0.0, **self.columns_of(AmmView))

    # -- opening a pool

    def _first(self, usd: int, fractions: int) -> tuple[int, int, int]:
        return usd, fractions, first_shares(usd, fractions)

    def _start(self, v: int, usd: int, fractions: int) -> None:
        p = self.pools
        p.root_last[v] = p.shares[v] if self.params.protocol_fee else 0
        p.price[v] = p.twap[v] = usd / fractions
        p.reserve_usd[v], p.reserve_fraction[v] = usd, fractions

    # -- the day

    @stage("observe")
    def quote(self) -> None:
        """Pool prices, their time-weighted means and depths are quoted."""
        hours, tick = float(self.clock.hours), self.clock.tick
        daily.quotes(self.ledger.books, self.pools, self.vaults.fraction, self.ring, hours, tick)

    @settles(Swap)
    def swap(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Settle swaps in order."""
        fraction, status = self.vaults.fraction, self.vaults.status
        kernels.settle_swaps(self.ledger.books, self.pools, fraction, status, self.params.fee_bps, rows, order)

    @settles(AddLiquidity)
    def add(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Settle deposits in order; the first for a vault without a pool opens it."""
        order = self.open_missing(rows, order)
        kernels.settle_deposits(
            self.ledger.books,
            self.pools,
            self.vaults.fraction,
            self.vaults.status,
            self.market.platform,
            self.params.protocol_fee,
            rows,
            order,
        )

    @settles(RemoveLiquidity)
    def remove(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Settle withdrawals in order."""
        kernels.settle_withdrawals(
            self.ledger.books,
            self.pools,
            self.vaults.fraction,
            self.market.platform,
            self.params.protocol_fee,
            self.clock.tick,
            rows,
            order,
        )

    @stage("record")
    def mark(self) -> None:
        """Fractions and pool shares are marked at the pools' prices; providers' returns are measured."""
        daily.marks(
            self.ledger.books,
            self.pools,
            self.vaults.fraction,
            self.vaults.status,
            self.ledger.value,
            self.figures,
            self.clock.dt_days,
            self.keep,
            self.clock.new_day,
        )
        self.vaults.mark_stakes()

    def view(self) -> AmmView:
        """Prices, depths and returns of the pools."""
        if self._seen.fee_bps != self.params.fee_bps:
            self._seen = self._seen._replace(fee_bps=self.params.fee_bps, fee=self.params.fee_bps / BPS)
        return self._seen

    def undo_columns(self) -> tuple[NDArray[np.int64], ...]:
        """Counters and marks that a swap, deposit or withdrawal changes."""
        return self.pools.volume, self.pools.trades, self.pools.root_last, self.pools.events

    def state(self) -> tuple[NDArray[Any], ...]:
        """All that later days depend on; marks of the last check are not part of it."""
        marks = ("events", "low_mark", "high_mark")
        columns = (getattr(self.pools, name) for name in Pools._fields if name not in marks)
        return *columns, self.ring, np.array([self.kept])

    def check(self) -> None:
        """Balances positive, locked shares in place; value of a share and cumulative prices never fall."""
        vaults = self.vaults.fraction.size
        fault = daily.broken(self.ledger.books, self.judged, self.vaults.fraction, self.vaults.usd_line, self.nobody)
        if fault:
            raise InvariantViolated(f"pool of vault {fault % vaults}: {daily.BROKEN[fault // vaults]}")
