"""The pools of all vaults: parameters, actions, and what happens to a pool in a day.

One constant-product pool per vault [AdamsEtAl2020]. Its balances are the dollars and fractions of the pool's own
ledger account, so nothing can be swapped that is not there. Income on the pool's fractions never mixes with them: it
goes to a pot, from which holders of pool shares are paid.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.actions import Action, Status, Trade
from model.errors import InvariantViolated, ScenarioError
from model.flows import Flow, Group
from model.ledger import BTC_ASSET, NONE, USD_ASSET
from model.mechanism import Mechanism, settles, stage
from model.mechanisms.amm import daily, kernels
from model.mechanisms.amm.formulas import LOCKED_SHARES, first_shares
from model.params import Params, param
from model.units import HOURS_PER_DAY, LARGEST_RESERVE, TOKEN, USD
from model.view import frozen


class AmmParams(Params):
    """Reserved table `[amm]`."""

    fee_bps: int = param(
        100,
        "1e-4",
        "part of a swap's input that the pool keeps for its providers",
        live=True,
        ge=0,
        le=1000,
        source="fractional NFT pools on Uniswap v3 chose the 1 % tier; Uniswap v2 itself charges 30",
    )
    protocol_fee: bool = param(
        False,
        "1",
        "whether the platform gets one sixth of the growth of sqrt(x y), as pool shares",
        live=True,
        source="Uniswap v2 white paper, section 2.4",
    )
    capacity: int = param(40, "1", "pools that may exist in a run; at least vaults.capacity", ge=1, le=10_000)
    twap_hours: float = param(
        72.0, "hours", "window of the time-weighted mean price, rounded up to ticks", gt=0, le=8760, source="3 days"
    )
    return_half_life: float = param(
        14.0, "days", "half-life of the running mean of providers' daily return", gt=0, le=365
    )


class Swap(Trade):
    """Pay `amount` into a vault's pool, dollars (`side` 0) or fractions (1), for at least `limit`; filled: bought."""

    fields = ("vault", "side", "amount", "limit")


class AddLiquidity(Action):
    """Add up to `usd` and `fractions` at the pool's ratio for at least `limit` shares; filled: shares."""

    fields = ("vault", "usd", "fractions", "limit")
    phase = "liquidity"


class RemoveLiquidity(Action):
    """Give back `shares` for their part of both balances, at least `limit` of it dollars; filled: dollars."""

    fields = ("vault", "shares", "limit")
    phase = "liquidity"


class AmmView(NamedTuple):
    """What strategies see of the pools; arrays by vault, NaN or 0 where a vault has no pool.

    Attributes:
        price, twap: this morning's price and its time-weighted mean [USD per whole fraction]
        reserve_usd, reserve_fraction: balances [base units]
        fee_bps: part of the input kept [1e-4]
        share: asset of the pool's shares, -1 for none
        shares: shares in circulation [base units]
        volume: yesterday's trade [USD a day]
        lp_return: running mean of fees and income minus loss against holding [1/day]
    """

    price: NDArray[np.float64]
    twap: NDArray[np.float64]
    reserve_usd: NDArray[np.int64]
    reserve_fraction: NDArray[np.int64]
    fee_bps: int
    share: NDArray[np.int64]
    shares: NDArray[np.int64]
    volume: NDArray[np.float64]
    lp_return: NDArray[np.float64]


class Amm(Mechanism):
    """Constant-product pools of fractions against dollars, indexed by vault.

    Attributes:
        pool, pot: accounts of each pool and of its providers' income, -1 for none
        share: asset of each pool's shares, -1 for none
        price, twap, reserve_usd, reserve_fraction, shares, volume_usd, lp_return: as in `AmmView`
        income: income on the pool's fractions handed to providers this tick [satoshi]
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
        self.nobody = self.ledger.open_account("venues", "pool shares locked for ever")
        self.pool, self.pot, self.share = (np.full(size, NONE, np.int64) for _ in range(3))
        self.price, self.twap = np.full(size, np.nan), np.full(size, np.nan)
        self.reserve_usd, self.reserve_fraction, self.shares = (np.zeros(size, np.int64) for _ in range(3))
        self.locked, self.locked_until, self.age = (np.zeros(size, np.int64) for _ in range(3))
        self.locked_by = np.full(size, NONE, np.int64)
        self.pending, self.income = np.zeros(size, np.int64), np.zeros(size, np.int64)
        self.volume, self.trades, self.traded_today = (np.zeros(size, np.int64) for _ in range(3))
        self.root_last, self.events = np.zeros(size, np.int64), np.zeros(size, np.int64)
        self.volume_usd, self.lp_return, self.cumulative = np.zeros(size), np.zeros(size), np.zeros(size)
        self.ring = np.zeros((self.clock.ticks_of(params.twap_hours / HOURS_PER_DAY) + 1, size))
        self.last = np.zeros((3, size), np.int64)
        self.least, self.highest = np.zeros(size), np.zeros(size)
        self.figures = np.zeros(daily.FIGURES)
        self.kept = 1.0  # part of free shares left by the shocks so far
        self.keep = 0.5 ** (self.clock.dt_days / params.return_half_life)
        self._seen = tuple(
            frozen(a)
            for a in (self.price, self.twap, self.reserve_usd, self.reserve_fraction)
            + (self.share, self.shares, self.volume_usd, self.lp_return)
        )

    # -- opening a pool

    def seed(self, v: int, provider: int, usd: int, fractions: int, lock_days: float = 0.0) -> int:
        """Open a vault's pool, or add to it, with a provider's dollars and fractions [base units].

        Args:
            lock_days: days for which the shares cannot be given back; a pool has one locked provider at a time

        Returns:
            the provider's shares; 0, and nothing moves, if the amounts are too small to open a pool

        Raises:
            InvariantViolated: the provider cannot pay, the amounts are too large, or another provider's lock lasts
        """
        v, provider, usd, fractions = int(v), int(provider), int(usd), int(fractions)
        now = max(self.clock.tick, 0)
        if lock_days > 0 and self.locked_by[v] not in (NONE, provider) and now < self.locked_until[v]:
            raise InvariantViolated(f"pool {v} is locked by account {self.locked_by[v]}, not by {provider} too")
        shares = (
            self._add(v, provider, usd, fractions) if self.pool[v] != NONE else self._open(v, provider, usd, fractions)
        )
        if lock_days > 0 and shares > 0:
            lasting = self.locked[v] if self.locked_by[v] == provider and now < self.locked_until[v] else 0
            self.locked[v], self.locked_by[v] = lasting + shares, provider
            self.locked_until[v] = max(now + self.clock.ticks_of(lock_days), self.locked_until[v] if lasting else 0)
        return shares

    def _open(self, v: int, provider: int, usd: int, fractions: int) -> int:
        ledger, fraction = self.ledger, int(self.vaults.fraction[v])
        if max(usd, fractions) > LARGEST_RESERVE:
            raise InvariantViolated(f"pool {v}: {usd} and {fractions} base units, at most {LARGEST_RESERVE} fit")
        made = first_shares(max(usd, 0), max(fractions, 0))
        if made <= 0:
            return 0
        pool = ledger.open_account("venues", f"pool {v}")
        pot = ledger.open_account("venues", f"income of pool {v}")
        share = ledger.add_asset(f"pool share {v}", Group.SHARE, (pool,))
        ledger.add_line(share, BTC_ASSET, pot)
        ledger.pay(USD_ASSET, provider, pool, usd, Flow.LIQUIDITY)
        ledger.pay(fraction, provider, pool, fractions, Flow.LIQUIDITY)
        ledger.pay(share, pool, provider, made, Flow.MINT)
        ledger.pay(share, pool, self.nobody, LOCKED_SHARES, Flow.MINT)
        self.pool[v], self.pot[v], self.share[v] = pool, pot, share
        self.root_last[v] = made + LOCKED_SHARES if self.params.protocol_fee else 0
        self.price[v] = self.twap[v] = usd / fractions
        self.reserve_usd[v], self.reserve_fraction[v], self.shares[v] = usd, fractions, made + LOCKED_SHARES
        ledger.value[fraction] = self.price[v] / TOKEN
        ledger.value[share] = 2.0 * usd / USD / self.shares[v]
        text = f"pool opens at {self.price[v]:.4g} USD a fraction with {usd / USD:,.0f} USD"
        self.journal.event("pool", text, account=provider, vault=v, amount=usd / USD)
        return made

    def _add(self, v: int, provider: int, usd: int, fractions: int) -> int:
        batch = AddLiquidity(provider, vault=v, usd=usd, fractions=fractions, limit=0)
        self.add(batch.rows, np.zeros(1, np.int64))
        if batch.rows["status"][0] == Status.FUNDS:
            raise InvariantViolated(f"account {provider} cannot seed pool {v} with {usd} and {fractions} base units")
        return int(batch.rows["filled"][0])

    # -- the day

    @stage("accrual")
    def pass_income(self) -> None:
        """Income on the pools' fractions reaches holders of pool shares."""
        daily.pass_income(
            self.ledger.books,
            self.vaults.n,
            self.pool,
            self.share,
            self.pot,
            self.vaults.fraction,
            self.nobody,
            self.pending,
            self.income,
        )

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
            self.vaults.n,
            self.pool,
            self.share,
            self.vaults.fraction,
            self.market.platform,
            self.params.protocol_fee,
            self.clock.tick,
            self.locked,
            self.locked_by,
            self.locked_until,
            agents,
            self.ledger.accounts,
            part,
            self.root_last,
        )
        self.events += 1
        self.journal.event("liquidity", f"agents take {part:.0%} of their free pool shares out", amount=left / USD)

    @stage("observe")
    def quote(self) -> None:
        """Pool prices, their time-weighted means and depths are quoted."""
        daily.quotes(
            self.ledger.books,
            self.vaults.n,
            self.pool,
            self.share,
            self.vaults.fraction,
            float(self.clock.hours),
            self.clock.tick,
            self.price,
            self.twap,
            self.reserve_usd,
            self.reserve_fraction,
            self.shares,
            self.cumulative,
            self.ring,
            self.age,
        )

    @settles(Swap)
    def swap(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Settle swaps in order."""
        kernels.settle_swaps(
            self.ledger.books,
            self.vaults.n,
            self.pool,
            self.vaults.fraction,
            self.vaults.status,
            self.params.fee_bps,
            rows,
            order,
            self.volume,
            self.trades,
        )

    @settles(AddLiquidity)
    def add(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Settle deposits in order."""
        kernels.settle_deposits(
            self.ledger.books,
            self.vaults.n,
            self.pool,
            self.share,
            self.vaults.fraction,
            self.vaults.status,
            self.market.platform,
            self.params.protocol_fee,
            rows,
            order,
            self.root_last,
            self.events,
        )

    @settles(RemoveLiquidity)
    def remove(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Settle withdrawals in order."""
        kernels.settle_withdrawals(
            self.ledger.books,
            self.vaults.n,
            self.pool,
            self.share,
            self.vaults.fraction,
            self.market.platform,
            self.params.protocol_fee,
            self.clock.tick,
            self.locked,
            self.locked_by,
            self.locked_until,
            rows,
            order,
            self.root_last,
            self.events,
        )

    @stage("record")
    def mark(self) -> None:
        """Fractions and pool shares are marked at the pools' prices; providers' returns are measured."""
        daily.marks(
            self.ledger.books,
            self.vaults.n,
            self.pool,
            self.share,
            self.vaults.fraction,
            self.vaults.status,
            self.vaults.creator,
            self.ledger.value,
            self.clock.dt_days,
            self.keep,
            self.clock.new_day,
            self.income,
            self.volume,
            self.trades,
            self.traded_today,
            self.volume_usd,
            self.lp_return,
            self.last,
            self.figures,
        )

    def view(self) -> AmmView:
        """Prices, depths and returns of the pools."""
        price, twap, usd, fraction, share, shares, volume, lp_return = self._seen
        return AmmView(price, twap, usd, fraction, self.params.fee_bps, share, shares, volume, lp_return)

    def undo_columns(self) -> tuple[NDArray[np.int64], ...]:
        """Counters and marks that a swap, deposit or withdrawal changes."""
        return self.volume, self.trades, self.root_last, self.events

    def state(self) -> tuple[NDArray[Any], ...]:
        """Everything that later days depend on."""
        return (
            *self.undo_columns(),
            *(self.pool, self.pot, self.share, self.locked, self.locked_by, self.locked_until, self.age),
            *(self.pending, self.price, self.twap, self.cumulative, self.ring, self.lp_return, self.last),
            np.array([self.kept]),
        )

    def check(self) -> None:
        """Balances positive, locked shares in place, value of a share and cumulative prices never fall."""
        n = self.vaults.n
        fault = daily.broken(
            self.ledger.books,
            n,
            self.pool,
            self.share,
            self.pot,
            self.vaults.fraction,
            self.nobody,
            self.pending,
            self.root_last,
            self.events,
            self.least,
            self.cumulative,
            self.highest,
        )
        if fault:
            raise InvariantViolated(f"pool of vault {fault % n}: {daily.BROKEN[fault // n]}")
