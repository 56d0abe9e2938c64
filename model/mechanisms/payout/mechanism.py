"""Pools receive their blocks' coins and pay their members; luck is drawn for whole pools, members' part is booked."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.errors import InvariantViolated
from model.ledger import BTC_ASSET
from model.mechanism import Mechanism, stage
from model.mechanisms.payout.kernels import assign, settle
from model.mechanisms.payout.luck import draw_luck
from model.mechanisms.payout.params import PayoutParams
from model.mechanisms.payout.table import BY_WORK, DEPTH, grown, lay_out
from model.streams import uniforms
from model.units import BTC, SECONDS_PER_DAY
from model.view import frozen

if TYPE_CHECKING:
    from model.marketplace import Marketplace

GIGAHASH = 1e9


class PayoutView(NamedTuple):
    """Pools as strategies see them."""

    names: tuple[str, ...]
    fee: NDArray[np.float64]  # by pool
    open: NDArray[np.bool_]  # by pool
    reserve: NDArray[np.int64]  # of the operator [satoshi], by pool
    pool_of: NDArray[np.int64]  # by account; number of pools = alone
    gross: NDArray[np.int64]  # satoshi paid in this tick, by account


class Payout(Mechanism):
    """Mining pools.

    Attributes:
        table: columns of pools and members
        alone, direct: places after the pools: who mines alone; the rest of the network, who gets its part of blocks
        assigned: accounts that have chosen a pool so far
    """

    key = "payout"
    needs = ("bitcoin", "network", "rigs")
    Params = PayoutParams

    @classmethod
    def room(cls, params: PayoutParams) -> tuple[int, int, int]:
        """One account for each pool's operator."""
        return 0, 0, len(params.pools)

    def __init__(self, market: "Marketplace", params: PayoutParams) -> None:
        super().__init__(market, params)
        self.names = tuple(pool.name for pool in params.pools)
        self.table = lay_out(params, [self.ledger.open_account("mining_pools", f"pool {name}") for name in self.names])
        self.fee = np.array([pool.fee for pool in params.pools])
        self.alone, self.direct = len(self.names), len(self.names) + 1
        self.assigned = 0

    @property
    def pool_of(self) -> NDArray[np.int64]:
        """Pool of each account; `alone` and `direct` are no pools."""
        return self.table.pool_of

    @property
    def gross(self) -> NDArray[np.int64]:
        """Satoshi paid in this tick, by account."""
        return self.table.gross

    @property
    def paid(self) -> NDArray[np.int64]:
        """Satoshi paid in this tick by pool, then to those alone and to the direct ones."""
        return self.table.paid

    @property
    def reserve(self) -> NDArray[np.int64]:
        """Coins of the operators [satoshi], by pool."""
        held: NDArray[np.int64] = self.ledger.books.balances[BTC_ASSET, self.table.operator]
        return held

    # -- members

    def _admit(self) -> None:
        """New accounts choose an open pool by weight; accounts of the rest of the network stay outside."""
        ledger, t = self.ledger, self.table
        if ledger.books.sector.size > t.pool_of.size or t.marks[DEPTH] > t.shares.shape[1]:
            self.table = t = grown(t, ledger.books.sector.size)
        first, last = self.assigned, ledger.accounts
        if last > first:
            shares = [p.share if alive else 0.0 for p, alive in zip(self.params.pools, t.alive, strict=True)]
            weights = np.cumsum(shares)
            draws = uniforms(self.streams.key("choice of pool"), ledger.uid[first:last].copy(), 0)
            assign(draws, weights / weights[-1] if weights[-1] > 0.0 else weights, first, t.pool_of)
            new = t.pool_of[first:last]
            new[~t.alive[new]] = self.alone
            new[ledger.books.sector[first:last] == ledger.sectors.index("rest_of_network")] = self.direct
            self.assigned = last

    def join(self, accounts: NDArray[np.int64], pool: int) -> None:
        """Let accounts join a pool, or mine alone."""
        self._admit()
        self.pool_of[accounts] = pool if pool < self.alone and self.table.alive[pool] else self.alone

    def open(self) -> None:
        """Members choose their pools."""
        self._admit()

    # -- the day

    @stage("production")
    def pay(self) -> None:
        """Pools receive their members' part of blocks and pay members, by work or by luck."""
        self._admit()
        network, ledger, t, delivered = self.network, self.ledger, self.table, self.rigs.delivered
        books, drawn = ledger.books, self.params.luck == "drawn"
        segments, total = network.rows, network.hashrate / GIGAHASH
        seconds = self.clock.dt_days * SECONDS_PER_DAY
        draw_luck(
            books, t, self.streams.key("finder"), drawn, network.first_height, segments, total, seconds, delivered
        )
        if settle(books, t, ledger.protocol, ledger.world, drawn, segments, total, delivered, seconds):
            self._close()

    def _close(self) -> None:
        """Operators without reserve have given up; their members mine alone from the next tick on."""
        t = self.table
        for k in range(self.alone):
            members = t.pool_of == k
            if t.alive[k] or not members.any():
                continue
            t.pool_of[members] = self.alone
            pool = self.params.pools[k]
            self.journal.event(
                "pool ruined",
                f"pool {pool.name} ({pool.scheme}) ran out of reserve in a streak of bad luck; its members mine alone",
                account=int(t.operator[k]),
                amount=float(t.before[k]) / BTC,
            )

    # -- looks and laws

    def view(self) -> PayoutView:
        """Pools this morning."""
        t = self.table
        return PayoutView(
            self.names, frozen(self.fee), frozen(t.alive), self.reserve, frozen(t.pool_of), frozen(t.gross)
        )

    def check(self) -> None:
        """Payouts + retained = received, and what is paid by luck is at most received less fees."""
        t = self.table
        for name, by, fee, received, paid, retained in zip(
            self.names,
            t.rules[:, 0].tolist(),
            self.fee.tolist(),
            t.received.tolist(),
            t.paid.tolist(),
            t.retained.tolist(),
            strict=False,
        ):
            if paid + retained != received:
                raise InvariantViolated(
                    f"payout: pool {name} received {received}, paid {paid}, retained {retained} satoshi"
                )
            if by != BY_WORK and paid > received * (1.0 - fee):
                raise InvariantViolated(
                    f"payout: pool {name} paid {paid} of {received} satoshi, more than its fee leaves"
                )

    def state(self) -> Iterable[NDArray[Any]]:
        """Membership, payments, luck, shares of earlier ticks."""
        t, n = self.table, self.assigned
        return (
            t.pool_of[:n], t.gross[:n], t.alive, t.endowed, t.since, t.shares, t.strength, t.past[:, :, :n], t.marks[:2],
        )  # fmt: skip
