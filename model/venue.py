"""What venues with providers have in common: one pool per vault, locked seeds, who marks a price, flight in fear."""

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.errors import InvariantViolated, ScenarioError
from model.ledger import NONE
from model.mechanism import Mechanism, stage
from model.pass_through import none_waits, pass_through, passing_of
from model.units import USD
from model.view import frozen


class Venue(Mechanism, ABC):
    """A market of fractions with one pool per vault; subclasses say how a pool opens and grows, and what it pays.

    The table `pools` has columns `account` (NONE for no pool), `locked_by`, `locked_until`, `price`, `volume_usd` and
    those of `model.pass_through` by vault, and `share` and `locked` by kind of share and vault.

    Args:
        market: the marketplace it belongs to
        params: its own parameters, with `capacity` and `return_half_life`
        pools: the table, still empty
        earning: kind of share that the income on the pools' fractions belongs to

    Attributes:
        pools: the whole table
        share: asset of each pool's shares of the first kind, NONE for none
        price: this morning's prices [USD per whole fraction], NaN for none
        keep: part of a running mean of returns that a tick keeps
        passing: columns of the income on the pools' fractions, see `model.pass_through`
        nobody: account of `held_for_ever` shares of each pool, NONE while there are none
    """

    needs = ("vaults",)
    channels = {"liquidity": "what agents keep of their free pool shares, at once, when it falls"}
    nobody = NONE
    held_for_ever = 0  # shares of each pool that nobody can give back [base units]
    kept = 1.0  # part of free shares left by the shocks so far

    def __init__(self, market: Any, params: Any, pools: Any, earning: int = 0) -> None:
        super().__init__(market, params)
        vaults = self.vaults.status.size
        if params.capacity < vaults:
            raise ScenarioError(
                f"{self.key}.capacity = {params.capacity}: there may be {vaults} vaults; "
                "set it to vaults.capacity or more"
            )
        self.pools, self.share, self.price = pools, pools.share[0], pools.price
        self.passing = passing_of(pools, earning)
        self.vaults.serve(self.passing)
        self.keep = 0.5 ** (self.clock.dt_days / params.return_half_life)

    @property
    def pool(self) -> NDArray[np.int64]:
        """Accounts of the pools by vault, NONE for none."""
        accounts: NDArray[np.int64] = self.pools.account
        return accounts

    def columns_of(self, view: Any) -> dict[str, NDArray[Any]]:
        """Read-only columns of the pools that a view shows, by its names; `volume` is in dollars a day."""
        table = self.pools._asdict() | {"volume": self.pools.volume_usd}
        if len(self.pools.share) == 1:
            table["share"] = self.share
        return {name: frozen(table[name]) for name in view._fields if name in table}

    @abstractmethod
    def _open(self, v: int, provider: int, usd: int, fractions: int) -> tuple[int, ...]:
        """Open a pool; the provider's shares of each kind, zeros if the amounts are too small."""

    @abstractmethod
    def _add(self, v: int, provider: int, usd: int, fractions: int) -> tuple[int, ...]:
        """Add to a pool; the provider's new shares of each kind."""

    @abstractmethod
    def _take(self, v: int, kind: int, accounts: NDArray[np.int64], shares: NDArray[np.int64]) -> int:
        """Let accounts give shares of one kind back; the dollars that leave the pool [base units]."""

    def seed(self, v: int, provider: int, usd: int, fractions: int, lock_days: float = 0.0) -> int:
        """Open a vault's pool, or add to it, with a provider's dollars and fractions [base units].

        For `lock_days` the shares cannot be given back; a pool has one locked provider at a time.

        Returns:
            the provider's shares, of the first kind where there are several; 0, and nothing moves, if the amounts are
            too small to open a pool

        Raises:
            InvariantViolated: the provider cannot pay, the amounts are too large, or another provider's lock lasts
        """
        v, provider, p = int(v), int(provider), self.pools
        lasts = self._lock_lasts(v)
        if lock_days > 0 and lasts and p.locked_by[v] != provider:
            raise InvariantViolated(f"{self.key} pool {v} is locked by account {p.locked_by[v]}, not by {provider} too")
        start = self._open if p.account[v] == NONE else self._add
        made = start(v, provider, int(usd), int(fractions))
        if lock_days > 0 and max(made) > 0:
            until = max(self.clock.tick, 0) + self.clock.ticks_of(lock_days)
            p.locked[:, v] = np.array(made) + (p.locked[:, v] if lasts else 0)
            p.locked_by[v], p.locked_until[v] = provider, max(until, int(p.locked_until[v]) if lasts else 0)
        return int(made[0])

    def _lock_lasts(self, v: int) -> bool:
        p = self.pools
        return bool(p.locked[:, v].any() and max(self.clock.tick, 0) < p.locked_until[v])

    def served(self) -> NDArray[np.bool_]:
        """Vaults whose fractions a venue before this one marks: those with a pool at a venue that this one wants."""
        found = np.zeros(self.vaults.status.size, np.bool_)
        for key in self.wants:
            other = getattr(self, key)
            if other is not None:
                found |= other.pool[: found.size] != NONE
        return found

    @stage("accrual")
    def pass_income(self) -> None:
        """Income on the pools' fractions reaches holders of pool shares."""
        pass_through(self.ledger, self.passing, self.vaults.fraction, self.held_for_ever, self.nobody)

    @stage("accrual")
    def withdraw_in_fear(self) -> None:
        """Agents take liquidity out when a shock says so."""
        factor = self.market.shocks["liquidity"]
        if factor >= self.kept:
            self.kept = min(factor, 1.0)
            return
        part, self.kept = 1.0 - factor / self.kept, factor
        ledger, left = self.ledger, 0
        kinds = [ledger.sectors.index(kind) for kind in self.market.populations]
        accounts = np.flatnonzero(np.isin(ledger.books.sector[: ledger.accounts], kinds))
        for v in np.flatnonzero(self.pool != NONE):
            for kind, share in enumerate(self.pools.share[:, v]):
                free = ledger.books.balances[share, accounts]
                if self._lock_lasts(int(v)):
                    free = free - np.where(accounts == self.pools.locked_by[v], self.pools.locked[kind, v], 0)
                burned = (np.maximum(free, 0) * part).astype(np.int64)
                who = burned > 0
                if who.any():
                    left += self._take(int(v), kind, accounts[who], burned[who])
        text = f"agents take {part:.0%} of their free pool shares out of [{self.key}]"
        self.journal.event("liquidity", text, amount=left / USD)

    def check(self) -> None:
        """No dollars of income wait to be collected by a pool's next trade."""
        v = none_waits(self.ledger, self.passing, self.vaults.fraction, self.vaults.usd_line)
        if v != NONE:
            raise InvariantViolated(f"{self.key} pool of vault {v}: income in dollars waits beside its balance")
