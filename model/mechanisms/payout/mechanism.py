"""Pools receive their blocks' coins and pay their members; luck is drawn for whole pools, members' part is booked."""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.actions import columns_of
from model.errors import InvariantViolated
from model.ledger import BTC_ASSET
from model.mechanism import Mechanism, settles, stage
from model.mechanisms.payout.formulas import SCHEMES, size_fee
from model.mechanisms.payout.kernels import admit, settle
from model.mechanisms.payout.members import JoinPool, settle_joining
from model.mechanisms.payout.params import PayoutParams
from model.mechanisms.payout.table import BY_WORK, DEPTH, FEE, grown, lay_out
from model.units import BTC, DAYS_PER_WEEK, GIGAHASH, SECONDS_PER_DAY
from model.view import Aliases

if TYPE_CHECKING:
    from model.marketplace import Marketplace


class PayoutView(NamedTuple):
    """Pools as strategies see them."""

    names: tuple[str, ...]
    schemes: tuple[str, ...]  # names in `SCHEMES`, by pool
    fee: NDArray[np.float64]  # now, by pool
    open: NDArray[np.bool_]  # by pool
    reserve: NDArray[np.int64]  # of the operator [satoshi], by pool
    hashrate: NDArray[np.float64]  # of the whole pool in the last tick [GH/s], by pool
    round_shares: NDArray[np.float64]  # since the pool's last block [shares of difficulty 1], by pool
    pool_of: NDArray[np.int64]  # by account; number of pools = alone
    gross: NDArray[np.int64]  # satoshi paid in this tick, by account


class Payout(Mechanism):
    """Mining pools that pay their members by six schemes, with reserves that may run out.

    Attributes:
        table: columns of pools and members
        alone, direct: places after the pools: who mines alone; the rest of the network, who gets its part of blocks
        assigned: accounts that have chosen a pool so far
        moved: moves between pools in this tick, int64[1]
        finders: key of the draws of who finds each block
        earned: satoshi paid so far, by pool and to those alone
        worked: what their members' work was worth on average, before fees [satoshi], by pool and alone
    """

    key = "payout"
    needs = ("bitcoin", "network", "rigs")
    wants = ("rental",)
    Params = PayoutParams

    @classmethod
    def room(cls, params: PayoutParams) -> tuple[int, int, int]:
        """One account for each pool's operator."""
        return 0, 0, len(params.pools)

    def __init__(self, market: "Marketplace", params: PayoutParams) -> None:
        super().__init__(market, params)
        self.names, self.aliases = tuple(pool.name for pool in params.pools), Aliases()
        operators = [self.ledger.open_account("mining_pools", f"pool {name}") for name in self.names]
        self.table = lay_out(params, operators)
        self.schemes = tuple(pool.scheme for pool in params.pools)
        self._drawn_by = b"", np.zeros(0)  # which pools are open, and their weights
        self.alone, self.direct = len(self.names), len(self.names) + 1
        self.assigned, self.moved, self.finders = 0, np.zeros(1, np.int64), self.streams.key("finder")
        self.earned, self.worked = np.zeros(self.direct, np.int64), np.zeros(self.direct)

    @property
    def fee(self) -> NDArray[np.float64]:
        """Part of rewards that each pool keeps now."""
        fee: NDArray[np.float64] = self.table.terms[:, FEE]
        return fee

    @property
    def size(self) -> NDArray[np.float64]:
        """Share of each whole pool in the network's hash rate in the last tick."""
        share: NDArray[np.float64] = self.table.hashrate / max(self.network.hashrate / GIGAHASH, 1.0)
        return share

    @property
    def work(self) -> NDArray[np.int64]:
        """GH/s by the account whose payout they earn: that of rented rigs is their renter's."""
        work: NDArray[np.int64] = self.rigs.delivered if self.rental is None else self.rental.work
        return work

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
        held: NDArray[np.int64] = self.ledger.books.balances[BTC_ASSET].take(self.table.operator)
        return held

    # -- members

    def _admit(self) -> None:
        """New accounts choose an open pool by weight; accounts of the rest of the network stay outside."""
        ledger, t = self.ledger, self.table
        if ledger.books.sector.size > t.pool_of.size or t.marks[DEPTH] > t.shares.shape[1]:
            self.table = t = grown(t, ledger.books.sector.size)
        first, last = self.assigned, ledger.accounts
        if last > first:
            weights = self._weights(t.alive.tobytes())
            admit(
                self.streams.key("choice of pool"), ledger.uid, ledger.books.sector, ledger.sectors.index("rest_of_network"),
                first, last, weights, t.alive, t.pool_of,
            )  # fmt: skip
            self.assigned = last

    def _weights(self, alive: bytes) -> NDArray[np.float64]:
        """Cumulative weights of the pools that are open."""
        if self._drawn_by[0] != alive:
            shares = [p.share if there else 0.0 for p, there in zip(self.params.pools, alive, strict=True)]
            weights = np.cumsum(shares)
            self._drawn_by = alive, weights / weights[-1] if weights[-1] > 0.0 else weights
        return self._drawn_by[1]

    def join(self, accounts: NDArray[np.int64], pool: int) -> None:
        """Let accounts join a pool, or mine alone."""
        self._admit()
        self.pool_of[accounts] = pool if pool < self.alone and self.table.alive[pool] else self.alone

    def pass_dues(self, source: int, target: int) -> None:
        """Shares in windows and rounds that later blocks pay for."""
        self._admit()
        past = self.table.past
        past[:, :, target] += past[:, :, source]
        past[:, :, source] = 0.0

    def open(self) -> None:
        """Members choose their pools."""
        self._admit()

    @settles(JoinPool)
    def move(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Accounts join other pools, or mine alone; `filled` is 1 for those who moved."""
        ledger = self.ledger
        moved, short = settle_joining(
            ledger.books, self.table, columns_of(rows), order, self.work, self.assigned, ledger.world
        )
        self.moved[0] += moved
        if short >= 0:
            raise InvariantViolated(
                f"payout: pool {self.names[short]} cannot give back the reserve of members who left it"
            )

    # -- the day

    @stage("environment")
    def set_fees(self) -> None:
        """Operators move their fees with the size of their pools."""
        self.moved[0] = 0
        p = self.params
        if p.fees == "fixed" or not self.clock.new_week or self.clock.tick == 0:
            return
        gap = -math.expm1(-DAYS_PER_WEEK / p.fee_days)
        for k, share in enumerate(self.size.tolist()):
            by_work = SCHEMES[self.schemes[k]].subsidy == "work"
            low, high = (p.work_fee_low, p.work_fee_high) if by_work else (p.luck_fee_low, p.luck_fee_high)
            self.fee[k] += (size_fee(low, high, share, p.full_size) - self.fee[k]) * gap

    @stage("production")
    def pay(self) -> None:
        """Pools receive their members' part of blocks and pay members, by work or by luck."""
        self._admit()
        network, ledger, t, delivered = self.network, self.ledger, self.table, self.work
        books, drawn = ledger.books, self.params.luck == "drawn"
        segments, total = network.rows, network.hashrate / GIGAHASH
        seconds = self.clock.dt_days * SECONDS_PER_DAY
        if settle(
            books, t, ledger.protocol, ledger.world, self.finders, drawn, network.first_height, segments, total,
            seconds, delivered, self.earned, self.worked,
        ):  # fmt: skip
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
        terms, alive, *others = self.aliases.of(t.terms, t.alive, t.hashrate, t.since, t.pool_of, t.gross)
        return PayoutView(self.names, self.schemes, terms[:, FEE], alive, self.reserve, *others)

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
            t.terms, t.members, t.hashrate, self.earned, self.worked,
        )  # fmt: skip

    def undo_columns(self) -> Iterable[NDArray[Any]]:
        """Columns that a move changes."""
        return self.table.pool_of, self.table.members, self.table.hashrate, self.moved
