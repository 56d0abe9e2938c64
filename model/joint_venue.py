"""Venues whose providers bring dollars and fractions together: how a pool opens, is added to, and is taken from."""

from abc import abstractmethod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from model.actions import Action, Status, flat_of
from model.errors import InvariantViolated
from model.flows import Flow, Group
from model.jit import kernel
from model.ledger import BTC_ASSET, NONE, USD_ASSET
from model.units import LARGEST_RESERVE, TOKEN, USD
from model.venue import Venue


@kernel
def _asked(live: Any, pool: Any, n: int, flat: Any, width: int, order: Any) -> int:
    """How many rows of int64 columns, the vault second, are for one of the first n that circulates and has no pool."""
    asked = 0
    for i in order:
        v = flat[i * width + 1]
        asked += 0 <= v < n and live[v] and pool[v] == NONE
    return asked


class JointVenue(Venue):
    """A venue with one kind of shares, some of which nobody can give back; subclasses say how many a deposit makes.

    A pool is opened by `seed`, or by the first deposit for a vault that has none.
    """

    noun: ClassVar[str]  # what a pool is called
    deposit: ClassVar[type[Action]]  # vault, usd, fractions, limit
    withdrawal: ClassVar[type[Action]]  # vault, shares, limit

    @classmethod
    def room(cls, params: Any) -> tuple[int, int, int]:
        """A share asset, two income lines and two accounts per pool, and the account of the locked shares."""
        return params.capacity, 2 * params.capacity, 2 * params.capacity + 1

    @abstractmethod
    def add(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Settle deposits in order."""

    @abstractmethod
    def remove(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Settle withdrawals in order."""

    @abstractmethod
    def _first(self, usd: int, fractions: int) -> tuple[int, int, int]:
        """What a new pool takes of positive amounts, and its provider's shares; not positive if too little."""

    @abstractmethod
    def _start(self, v: int, usd: int, fractions: int) -> None:
        """Set price, balances and whatever else a new pool begins with; its shares are made."""

    def _open(self, v: int, provider: int, usd: int, fractions: int) -> tuple[int, ...]:
        ledger, p, fraction = self.ledger, self.pools, int(self.vaults.fraction[v])
        usd, fractions, made = self._first(max(usd, 0), max(fractions, 0))
        if made <= 0:
            return (0,)
        if max(usd, fractions) > LARGEST_RESERVE:
            raise InvariantViolated(f"{self.noun} {v}: {usd} and {fractions} base units, at most {LARGEST_RESERVE} fit")
        if self.nobody == NONE:
            self.nobody = ledger.open_account("venues", f"{self.noun} shares locked for ever")
        p.account[v] = pool = ledger.open_account("venues", f"{self.noun} {v}")
        p.pot[v] = ledger.open_account("venues", f"income of {self.noun} {v}")
        self.share[v] = share = ledger.add_asset(f"{self.noun} share {v}", Group.SHARE, (pool,))
        ledger.add_line(share, BTC_ASSET, int(p.pot[v]))
        ledger.pay(USD_ASSET, provider, pool, usd, Flow.LIQUIDITY)
        ledger.pay(fraction, provider, pool, fractions, Flow.LIQUIDITY)
        ledger.pay(share, pool, provider, made, Flow.MINT)
        ledger.pay(share, pool, self.nobody, self.held_for_ever, Flow.MINT)
        p.shares[v] = made + self.held_for_ever
        self._start(v, usd, fractions)
        if not self.served()[v]:
            ledger.value[fraction] = p.price[v] / TOKEN
        ledger.value[share] = (usd / USD + fractions * ledger.value[fraction]) / p.shares[v]
        text = f"{self.noun} opens at {p.price[v]:.4g} USD a fraction with {usd / USD:,.0f} USD"
        self.journal.event("pool", text, account=provider, vault=v, amount=usd / USD)
        return (made,)

    def _add(self, v: int, provider: int, usd: int, fractions: int) -> tuple[int, ...]:
        batch = self.deposit(provider, vault=v, usd=usd, fractions=fractions, limit=0)
        self.add(batch.rows, np.zeros(1, np.int64))
        status = Status(int(batch.rows["status"][0]))
        if status not in (Status.DONE, Status.LIMIT):
            raise InvariantViolated(
                f"account {provider} cannot seed {self.noun} {v} with {usd} and {fractions}: {status.name}"
            )
        return (int(batch.rows["filled"][0]),)

    def _take(self, v: int, kind: int, accounts: NDArray[np.int64], shares: NDArray[np.int64]) -> int:
        batch = self.withdrawal(accounts, vault=v, shares=shares, limit=0)
        self.remove(batch.rows, np.arange(len(batch)))
        return int(batch.rows["filled"].sum())

    def open_missing(self, rows: NDArray[Any], order: NDArray[np.int64]) -> NDArray[np.int64]:
        """Settle deposits for live vaults without a pool, in order, until one opens it; the order of all others.

        A bundle opens none, since accounts and assets cannot be taken back.
        """
        n = self.vaults.n
        if self.ledger.books.logging[0] != 0 or not _asked(
            self.vaults.live, self.pools.account, n, flat_of(rows), self.deposit.width, order
        ):
            return order
        v = rows["vault"]
        known = (v >= 0) & (v < n)
        place = np.where(known, v, 0)
        asked = known & (self.pool[place] == NONE) & self.vaults.live[place]
        settled = np.zeros(rows.size, np.bool_)
        for i in order[asked[order]]:
            if self.pool[v[i]] == NONE:
                rows[i]["status"], rows[i]["filled"] = self._try_to_open(rows[i])
                settled[i] = True
        return order[~settled[order]]

    def _try_to_open(self, row: Any) -> tuple[Status, int]:
        """Open the pool that a deposit asks for, or say why not; and the shares made."""
        account, v, usd, fractions, limit = (int(row[name]) for name in ("account", *self.deposit.fields))
        if min(usd, fractions) <= 0 or max(usd, fractions) > LARGEST_RESERVE:
            return Status.AMOUNT, 0
        balance, fraction = self.ledger.balance, int(self.vaults.fraction[v])
        put_usd, put_fractions, made = self._first(usd, fractions)
        if balance(USD_ASSET, account) < put_usd or balance(fraction, account) < put_fractions:
            return Status.FUNDS, 0
        if made < max(1, limit):
            return Status.LIMIT, 0
        return Status.DONE, self._open(v, account, usd, fractions)[0]
