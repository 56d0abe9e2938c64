"""The pools of all vaults: how one opens, and what happens to it in a day.

One constant-product pool per vault [AdamsEtAl2020]. Its balances are the dollars and fractions of the pool's own
ledger account, so nothing can be swapped that is not there. Income on the pool's fractions never mixes with them: it
goes to a pot, from which holders of pool shares are paid.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Status
from model.errors import InvariantViolated, ScenarioError
from model.flows import Flow, Group
from model.ledger import BTC_ASSET, NONE, USD_ASSET
from model.mechanism import Mechanism, settles, stage
from model.mechanisms.amm import daily, kernels
from model.mechanisms.amm.formulas import LOCKED_SHARES, first_shares
from model.mechanisms.amm.interface import AddLiquidity, AmmParams, AmmView, RemoveLiquidity, Swap
from model.mechanisms.amm.table import Pools, empty_pools
from model.units import HOURS_PER_DAY, LARGEST_RESERVE, TOKEN, USD
from model.view import frozen

COLUMNS = {"volume": "volume_usd"}  # where the view's name is not the table's


class Amm(Mechanism):
    """Constant-product pools of fractions against dollars, indexed by vault.

    Attributes:
        pool, pot: accounts of each pool and of its providers' income, -1 for none
        share: asset of each pool's shares, -1 for none
        price, twap: as in `AmmView`
        pools: the whole table
        figures: market-wide numbers of the tick, see `daily`
    """

    key = "amm"
    needs = ("vaults",)
    channels = {"liquidity": "what agents keep of their free pool shares, at once, when it falls"}
    Params = AmmParams

    @classmethod
    def room(cls, params: AmmParams) -> tuple[int, int, int]:
        """A share asset, an income line and two accounts per pool, and the account of the locked shares."""
        return params.capacity, params.capacity, 2 * params.capacity + 1

    def __init__(self, market: Any, params: AmmParams) -> None:
        super().__init__(market, params)
        size = params.capacity
        vaults = self.vaults.status.size
        if size < vaults:
            raise ScenarioError(
                f"amm.capacity = {size}: there may be {vaults} vaults; set it to vaults.capacity or more"
            )
        self.nobody = NONE
        self.pools = empty_pools(size)
        self.pool, self.pot, self.share = self.pools.account, self.pools.pot, self.pools.share
        self.price, self.twap = self.pools.price, self.pools.twap
        self.ring = np.zeros((self.clock.ticks_of(params.twap_hours / HOURS_PER_DAY) + 1, size))
        self.figures = np.zeros(daily.FIGURES)
        self.kept = 1.0  # part of free shares left by the shocks so far
        self.keep = 0.5 ** (self.clock.dt_days / params.return_half_life)
        columns = {name: getattr(self.pools, COLUMNS.get(name, name)) for name in AmmView._fields if name != "fee_bps"}
        self._seen = AmmView(fee_bps=0, **{name: frozen(column) for name, column in columns.items()})

    # -- opening a pool

    def seed(self, v: int, provider: int, usd: int, fractions: int, lock_days: float = 0.0) -> int:
        """Open a vault's pool, or add to it, with a provider's dollars and fractions [base units].

        For `lock_days` the shares cannot be given back; a pool has one locked provider at a time.

        Returns:
            the provider's shares; 0, and nothing moves, if the amounts are too small to open a pool

        Raises:
            InvariantViolated: the provider cannot pay, the amounts are too large, or another provider's lock lasts
        """
        v, provider, usd, fractions = int(v), int(provider), int(usd), int(fractions)
        if lock_days > 0 and self._lock_lasts(v) and self.pools.locked_by[v] != provider:
            raise InvariantViolated(f"pool {v} is locked by account {self.pools.locked_by[v]}, not by {provider} too")
        start = self._open if self.pool[v] == NONE else self._add
        shares = start(v, provider, usd, fractions)
        if lock_days > 0 and shares > 0:
            until = max(self.clock.tick, 0) + self.clock.ticks_of(lock_days)
            if self._lock_lasts(v):
                self.pools.locked[v] += shares
                self.pools.locked_until[v] = max(until, self.pools.locked_until[v])
            else:
                self.pools.locked[v], self.pools.locked_by[v], self.pools.locked_until[v] = shares, provider, until
        return shares

    def _lock_lasts(self, v: int) -> bool:
        return bool(self.pools.locked[v] > 0 and max(self.clock.tick, 0) < self.pools.locked_until[v])

    def _open(self, v: int, provider: int, usd: int, fractions: int) -> int:
        ledger, fraction = self.ledger, int(self.vaults.fraction[v])
        if max(usd, fractions) > LARGEST_RESERVE:
            raise InvariantViolated(f"pool {v}: {usd} and {fractions} base units, at most {LARGEST_RESERVE} fit")
        made = first_shares(max(usd, 0), max(fractions, 0))
        if made <= 0:
            return 0
        if self.nobody == NONE:
            self.nobody = ledger.open_account("venues", "pool shares locked for ever")
        pool = ledger.open_account("venues", f"pool {v}")
        pot = ledger.open_account("venues", f"income of pool {v}")
        share = ledger.add_asset(f"pool share {v}", Group.SHARE, (pool,))
        ledger.add_line(share, BTC_ASSET, pot)
        ledger.pay(USD_ASSET, provider, pool, usd, Flow.LIQUIDITY)
        ledger.pay(fraction, provider, pool, fractions, Flow.LIQUIDITY)
        ledger.pay(share, pool, provider, made, Flow.MINT)
        ledger.pay(share, pool, self.nobody, LOCKED_SHARES, Flow.MINT)
        self.pool[v], self.pot[v], self.share[v] = pool, pot, share
        self.pools.root_last[v] = made + LOCKED_SHARES if self.params.protocol_fee else 0
        self.price[v] = self.twap[v] = usd / fractions
        self.pools.reserve_usd[v], self.pools.reserve_fraction[v] = usd, fractions
        self.pools.shares[v] = made + LOCKED_SHARES
        ledger.value[fraction] = self.price[v] / TOKEN
        ledger.value[share] = 2.0 * usd / USD / self.pools.shares[v]
        text = f"pool opens at {self.price[v]:.4g} USD a fraction with {usd / USD:,.0f} USD"
        self.journal.event("pool", text, account=provider, vault=v, amount=usd / USD)
        return made

    def _add(self, v: int, provider: int, usd: int, fractions: int) -> int:
        batch = AddLiquidity(provider, vault=v, usd=usd, fractions=fractions, limit=0)
        self.add(batch.rows, np.zeros(1, np.int64))
        status = Status(int(batch.rows["status"][0]))
        if status not in (Status.DONE, Status.LIMIT):
            raise InvariantViolated(
                f"account {provider} cannot seed pool {v} with {usd} and {fractions}: {status.name}"
            )
        return int(batch.rows["filled"][0])

    # -- the day

    @stage("accrual")
    def pass_income(self) -> None:
        """Income on the pools' fractions reaches holders of pool shares."""
        daily.pass_income(self.ledger.books, self.pools, self.vaults.fraction, self.nobody)

    @stage("accrual")
    def withdraw_in_fear(self) -> None:
        """Agents take liquidity out when a shock says so."""
        factor = self.market.shocks["liquidity"]
        if factor >= self.kept:
            self.kept = min(factor, 1.0)
            return
        part, self.kept = 1.0 - factor / self.kept, factor
        agents = np.zeros(len(self.ledger.sectors), np.bool_)
        agents[[self.ledger.sectors.index(kind) for kind in self.market.populations]] = True
        left = kernels.withdraw_part(
            self.ledger.books,
            self.pools,
            self.vaults.fraction,
            self.market.platform,
            self.params.protocol_fee,
            self.clock.tick,
            agents,
            self.ledger.accounts,
            part,
        )
        self.pools.events[:] += 1
        self.journal.event("liquidity", f"agents take {part:.0%} of their free pool shares out", amount=left / USD)

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
        """Settle deposits in order."""
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
            self.vaults.creator,
            self.ledger.value,
            self.figures,
            self.clock.dt_days,
            self.keep,
            self.clock.new_day,
        )

    def view(self) -> AmmView:
        """Prices, depths and returns of the pools."""
        if self._seen.fee_bps != self.params.fee_bps:
            self._seen = self._seen._replace(fee_bps=self.params.fee_bps)
        return self._seen

    def undo_columns(self) -> tuple[NDArray[np.int64], ...]:
        """Counters and marks that a swap, deposit or withdrawal changes."""
        return self.pools.volume, self.pools.trades, self.pools.root_last, self.pools.events

    def state(self) -> tuple[NDArray[Any], ...]:
        """All that later days depend on; marks of the last check are not part of it."""
        marks = ("events", "least", "highest")
        columns = (getattr(self.pools, name) for name in Pools._fields if name not in marks)
        return *columns, self.ring, np.array([self.kept])

    def check(self) -> None:
        """Balances positive, locked shares in place; value of a share and cumulative prices never fall."""
        vaults = self.vaults.fraction.size
        fault = daily.broken(self.ledger.books, self.pools, self.vaults.fraction, self.nobody)
        if fault:
            raise InvariantViolated(f"pool of vault {fault % vaults}: {daily.BROKEN[fault // vaults]}")
