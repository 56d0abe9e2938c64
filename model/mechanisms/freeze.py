"""Frozen payouts: an operator books his members' pay as promises, and pays it back when he can, in whole or in part.

While the channel `withdrawals` is below 1, members of the frozen pools can take out that part of their pay; the operator
keeps the rest in custody and gives promises, one for each satoshi. When the freeze is over he pays back a part of them
and keeps the rest, which is a default. What a vault gets back is income of its holders on that day.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.books import Books, post
from model.errors import InvariantViolated, ScenarioError, nearest
from model.flows import Flow, Group
from model.jit import kernel
from model.ledger import BTC_ASSET
from model.mechanism import Mechanism, stage
from model.params import Params, param
from model.units import BTC, PPM, muldiv
from model.view import frozen

PAYOUT, MINT, BURN, DEFAULT = int(Flow.PAYOUT), int(Flow.MINT), int(Flow.BURN), int(Flow.DEFAULT)


class FreezeParams(Params):
    """Which operators may freeze, and what they pay back."""

    pools: list[str] = param([], "", "names of the pools that the channel `withdrawals` freezes; none for all")
    paid_back: float = param(
        1.0, "1", "part of frozen pay that comes back when the freeze is over", ge=0, le=1, live=True,
        source="assumption; Poolin promised all and had paid back nothing after four months (CoinDesk 2023-01-06)",
    )  # fmt: skip


class FreezeView(NamedTuple):
    """What strategies see.

    Attributes:
        paid_out: part of its members' pay that each pool pays out today, 1 for those who mine alone, who come last
        owed: frozen satoshi by account
    """

    paid_out: Any
    owed: Any


@kernel
def freeze(
    books: Books, promise: int, custody: int, hit: Any, pool_of: Any, part_ppm: int, gross: Any, kept_by: Any
) -> None:  # fmt: skip
    """Keep a part of what members of frozen pools were paid today.

    Args:
        promise: asset of promises; custody: account of what is kept
        hit: whether a pool is frozen, by pool
        part_ppm: kept, parts of a million
        gross: paid in the tick by account, brought down by what is kept
        kept_by: frozen so far [satoshi] by pool, brought up by what is kept
    """
    for i in range(gross.size):
        if gross[i] <= 0 or pool_of[i] >= hit.size or not hit[pool_of[i]]:
            continue
        kept = min(muldiv(gross[i], part_ppm, PPM), max(0, books.balances[BTC_ASSET, i]))
        if kept > 0:
            post(books, BTC_ASSET, i, custody, kept, PAYOUT)
            post(books, promise, custody, i, kept, MINT)
            gross[i] -= kept
            kept_by[pool_of[i]] += kept


@kernel
def thaw(
    books: Books, promise: int, custody: int, operator: Any, part_ppm: int, gross: Any, kept_by: Any
) -> int:  # fmt: skip
    """Pay back a part of all promises, rounded down; the rest is the operators'. What was paid back [satoshi].

    Args:
        operator: account by pool; each gets his part of the rest by what he kept
        kept_by: frozen so far [satoshi] by pool, set to nothing
    """
    paid = 0
    for i in range(gross.size):
        owed = books.balances[promise, i]
        if owed <= 0:
            continue
        back = muldiv(owed, part_ppm, PPM)
        post(books, BTC_ASSET, custody, i, back, PAYOUT)
        post(books, promise, i, custody, owed, BURN if back == owed else DEFAULT)
        gross[i] += back
        paid += back
    left, whole, before = books.balances[BTC_ASSET, custody], kept_by.sum(), 0
    for k in range(operator.size):
        taken = muldiv(left, before, whole)
        before += kept_by[k]
        post(books, BTC_ASSET, custody, operator[k], muldiv(left, before, whole) - taken, DEFAULT)
        kept_by[k] = 0
    return paid


class Freeze(Mechanism):
    """Operators of mining pools who freeze payouts of their members.

    Attributes:
        promise: asset of promises; custody: account of what is kept
        hit: whether a pool may be frozen, by pool
        kept_by: frozen [satoshi] by pool; paid_out: part of pay that frozen pools pay out today
        lost, returned: satoshi that operators kept, and paid back, so far
    """

    key = "freeze"
    needs = ("payout",)
    channels = {"withdrawals": "part of their pay that members of frozen pools can take out, at most all of it"}
    Params = FreezeParams

    @classmethod
    def room(cls, params: FreezeParams) -> tuple[int, int, int]:
        """Promises; custody."""
        return 1, 0, 1

    def __init__(self, market: Any, params: FreezeParams) -> None:
        super().__init__(market, params)
        names = self.payout.names
        for name in params.pools:
            if name not in names:
                raise ScenarioError(f"freeze.pools: no pool is called '{name}'{nearest(name, names)}")
        self.hit = np.array([not params.pools or name in params.pools for name in names], np.bool_)
        self.custody = self.ledger.open_account("mining_pools", "frozen pay")
        self.promise = self.ledger.add_asset("promise of a frozen pool", Group.RECEIPT, (self.custody,))
        self.kept_by = np.zeros(len(names), np.int64)
        self.lost = self.returned = 0
        self.paid_out = 1.0

    @property
    def owed(self) -> int:
        """Frozen in all [satoshi]."""
        return int(self.kept_by.sum())

    @stage("production")
    def keep(self) -> None:
        """Frozen pools keep their members' pay; after the freeze they pay back what they will."""
        self.paid_out = min(1.0, self.market.shocks["withdrawals"])
        table, ledger = self.payout.table, self.ledger
        if self.paid_out < 1.0:
            part = round((1.0 - self.paid_out) * PPM)
            freeze(
                ledger.books, self.promise, self.custody, self.hit, table.pool_of, part, table.gross, self.kept_by
            )  # fmt: skip
        elif self.owed:
            self._thaw()
        ledger.value[self.promise] = self.params.paid_back * ledger.value[BTC_ASSET]

    def _thaw(self) -> None:
        part, books, table, owed = round(self.params.paid_back * PPM), self.ledger.books, self.payout.table, self.owed
        back = int(thaw(books, self.promise, self.custody, table.operator, part, table.gross, self.kept_by))
        text = f"{back / BTC:,.4f} of {owed / BTC:,.4f} frozen BTC are paid back"
        self.journal.event("payouts resumed", text, amount=back / BTC)
        self.lost, self.returned = self.lost + owed - back, self.returned + back

    def pass_dues(self, source: int, target: int) -> None:
        """Frozen pay."""
        self.ledger.pay(self.promise, source, target, self.ledger.balance(self.promise, source), Flow.TRANSFER)

    def view(self) -> FreezeView:
        """Who pays out, and what is frozen."""
        paid = np.append(np.where(self.hit, self.paid_out, 1.0), 1.0)
        return FreezeView(frozen(paid), frozen(self.ledger.books.balances[self.promise]))

    def state(self) -> Iterable[NDArray[Any]]:
        """What is frozen, lost, returned."""
        return self.kept_by, np.array([self.lost, self.returned], np.int64), np.array([self.paid_out])

    def check(self) -> None:
        """Custody holds a satoshi for each promise."""
        held, owed = self.ledger.balance(BTC_ASSET, self.custody), self.ledger.outstanding(self.promise)
        if held != owed or owed != self.owed:
            raise InvariantViolated(
                f"freeze: custody holds {held}, promises are {owed}, frozen are {self.owed} satoshi"
            )
