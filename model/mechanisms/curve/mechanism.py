"""The curves of all vaults: how one opens, and what happens to it in a day.

One curve per vault, as NIFTEX v2 made them [NIFTEX2021]. It quotes on virtual balances; what it pays out are the dollars
and fractions on the pool's own ledger account, lent by two groups of providers. Those of dollars buy fractions below the
first price, those of fractions sell them above it. When one balance is used up the pool has run dry on that side.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Status
from model.errors import InvariantViolated
from model.flows import Flow, Group
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanism import settles, stage
from model.mechanisms.curve import daily, kernels
from model.mechanisms.curve.formulas import curve_start
from model.mechanisms.curve.public import AddCurve, CurveParams, CurveSwap, CurveView, RemoveCurve
from model.mechanisms.curve.table import BY_SIDE, COINS, FRACTIONS, SIDES, WIDE, Pools
from model.pool_tables import empty_pools
from model.units import BPS, LARGEST_RESERVE, TOKEN, USD
from model.venue import Venue

DRY = ("dollars", "fractions")


class Curve(Venue):
    """NIFTEX curves of fractions against dollars, indexed by vault.

    Attributes:
        pool: accounts of the curves, -1 for none
        share: asset of the shares of those who lend dollars, -1 for none; `pools.share` has both sides
        price: as in `CurveView`
        pools: the whole table
        figures: market-wide numbers of the tick, see `daily`
    """

    key = "curve"
    wants = ("amm", "weighted")
    Params = CurveParams

    @classmethod
    def room(cls, params: CurveParams) -> tuple[int, int, int]:
        """Two share assets, two income lines and two accounts per curve."""
        return SIDES * params.capacity, 2 * params.capacity, 2 * params.capacity

    def __init__(self, market: Any, params: CurveParams) -> None:
        super().__init__(market, params, empty_pools(Pools, params.capacity, SIDES, BY_SIDE, WIDE), FRACTIONS)
        self.figures = np.zeros(daily.FIGURES)
        self._seen = CurveView(fee=0.0, **self.columns_of(CurveView))

    @property
    def fees(self) -> tuple[int, int, int]:
        """Fees of providers, artist and platform [1e-4]."""
        return self.params.lp_bps, self.params.artist_bps, self.params.platform_bps

    # -- opening a curve

    def _open(self, v: int, provider: int, usd: int, fractions: int) -> tuple[int, ...]:
        ledger, p, fraction = self.ledger, self.pools, int(self.vaults.fraction[v])
        if usd <= 0 or fractions <= 0:
            return 0, 0
        supply, price = int(self.vaults.supply[v]), usd * TOKEN // fractions
        x, k = curve_start(supply, price, self.params.stretch, TOKEN)
        if x <= 0 or k // x <= 0:
            return 0, 0
        if max(usd, fractions, x, k // x) > LARGEST_RESERVE:
            raise InvariantViolated(
                f"curve {v}: {usd} and {fractions} base units, {k // x} and {x} virtual; at most {LARGEST_RESERVE} fit"
            )
        p.account[v] = pool = ledger.open_account("venues", f"curve {v}")
        p.pot[v] = ledger.open_account("venues", f"income of curve {v}")
        p.x[v] = p.start[v] = x
        p.k_high[v], p.k_low[v] = k >> 64, k & ((1 << 64) - 1)
        for side, name in enumerate(DRY):
            p.share[side, v] = ledger.add_asset(f"curve share {v} {name}", Group.SHARE, (pool,))
        ledger.add_line(int(p.share[FRACTIONS, v]), BTC_ASSET, int(p.pot[v]))
        self._lend(v, provider, usd, fractions)
        p.reserve_usd[v], p.reserve_fraction[v], p.price[v] = k // x, x, k // x / x
        p.shares[:, v] = usd, fractions
        if not self.served()[v]:
            ledger.value[fraction] = p.price[v] / TOKEN
        ledger.value[p.share[COINS, v]] = 1 / USD
        ledger.value[p.share[FRACTIONS, v]] = ledger.value[fraction]
        text = f"curve opens at {p.price[v]:.4g} USD a fraction with {usd / USD:,.0f} USD"
        self.journal.event("pool", text, account=provider, vault=v, amount=usd / USD)
        return usd, fractions

    def _lend(self, v: int, provider: int, usd: int, fractions: int) -> None:
        """The first providers' deposits: a share for each base unit."""
        p, pool = self.pools, int(self.pools.account[v])
        for side, (asset, amount) in enumerate(((USD_ASSET, usd), (int(self.vaults.fraction[v]), fractions))):
            self.ledger.pay(asset, provider, pool, amount, Flow.LIQUIDITY)
            self.ledger.pay(int(p.share[side, v]), pool, provider, amount, Flow.MINT)
            p.nominal[side, v] = p.lent[side, v] = amount

    def _add(self, v: int, provider: int, usd: int, fractions: int) -> tuple[int, ...]:
        made = [0, 0]
        for side, amount in ((COINS, usd), (FRACTIONS, fractions)):
            if amount <= 0:
                continue
            batch = AddCurve(provider, vault=v, side=side, amount=amount, limit=0)
            self.add(batch.rows, np.zeros(1, np.int64))
            status, made[side] = Status(int(batch.rows["status"][0])), int(batch.rows["filled"][0])
            if status not in (Status.DONE, Status.LIMIT):
                raise InvariantViolated(
                    f"account {provider} cannot seed curve {v} with {amount} {DRY[side]}: {status.name}"
                )
        return tuple(made)

    # -- the day

    @stage("observe")
    def quote(self) -> None:
        """Prices of curves are quoted, and what their real balances can still pay."""
        books, vaults = self.ledger.books, self.vaults
        daily.quotes(books, self.pools, vaults.fraction, *self.fees)

    @settles(CurveSwap)
    def swap(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Settle swaps in order."""
        books, vaults = self.ledger.books, self.vaults
        kernels.settle_swaps(
            books,
            self.pools,
            vaults.fraction,
            vaults.status,
            vaults.creator,
            self.market.platform,
            *self.fees,
            rows,
            order,
        )

    @settles(AddCurve)
    def add(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Settle deposits in order."""
        kernels.settle_deposits(self.ledger.books, self.pools, self.vaults.fraction, self.vaults.status, rows, order)

    @settles(RemoveCurve)
    def remove(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Settle withdrawals in order."""
        kernels.settle_withdrawals(self.ledger.books, self.pools, self.vaults.fraction, self.clock.tick, rows, order)

    def _take(self, v: int, kind: int, accounts: NDArray[np.int64], shares: NDArray[np.int64]) -> int:
        before = self.ledger.balance(USD_ASSET, int(self.pool[v]))
        batch = RemoveCurve(accounts, vault=v, side=kind, shares=shares, limit=0)
        self.remove(batch.rows, np.arange(len(batch)))
        return before - self.ledger.balance(USD_ASSET, int(self.pool[v]))

    @stage("record")
    def mark(self) -> None:
        """Curves that ran dry are noted; fractions and shares are marked, and providers' returns measured."""
        self._note_dry()
        ledger, vaults = self.ledger, self.vaults
        daily.marks(
            ledger.books,
            self.pools,
            vaults.fraction,
            vaults.status,
            self.served(),
            ledger.value,
            self.figures,
            self.clock.dt_days,
            self.keep,
        )
        vaults.mark_stakes()
        self.pools.dry[:] = self.pools.refused
        self.pools.refused[:] = 0

    def _note_dry(self) -> None:
        """An event for each side of a curve on the first of the ticks in which it refuses trades for want of depth."""
        p = self.pools
        for side, v in np.argwhere((p.refused > 0) & (p.dry == 0)):
            asset = USD_ASSET if side == COINS else int(self.vaults.fraction[v])
            held, count = self.ledger.balance(asset, int(p.account[v])), int(p.refused[side, v])
            text = f"curve runs dry: {count} swaps refused, {held / TOKEN:,.2f} {DRY[side]} left"
            self.journal.event("dry", text, vault=int(v), amount=held / TOKEN)

    # -- looks and laws

    def view(self) -> CurveView:
        """Prices, virtual balances and what can be traded."""
        fee = sum(self.fees) / BPS
        if self._seen.fee != fee:
            self._seen = self._seen._replace(fee=fee)
        return self._seen

    def undo_columns(self) -> tuple[NDArray[np.int64], ...]:
        """Counters and balances that a swap, deposit or withdrawal changes."""
        p = self.pools
        return p.x, p.nominal, p.lent, p.refused, p.volume, p.trades

    def state(self) -> tuple[NDArray[Any], ...]:
        """All that later days depend on; marks of the last check are not part of it."""
        columns = (getattr(self.pools, name) for name in Pools._fields if name != "backing")
        return *columns, np.array([self.kept])

    def check(self) -> None:
        """Virtual balances are positive and covered by what trades left; what is lent per share never falls."""
        super().check()
        vaults = self.vaults.fraction.size
        fault = daily.broken(self.ledger.books, self.pools, self.vaults.fraction)
        if fault:
            raise InvariantViolated(f"curve of vault {fault % vaults}: {daily.BROKEN[fault // vaults]}")
