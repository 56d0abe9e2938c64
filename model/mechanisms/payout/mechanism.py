"""Pools receive their blocks' coins and pay their members; luck is drawn for whole pools, members' part is booked."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.errors import InvariantViolated
from model.flows import Flow
from model.ledger import BTC_ASSET
from model.mechanism import Mechanism, stage
from model.mechanisms.payout import kernels
from model.mechanisms.payout.formulas import SCHEMES, pps_reserve
from model.mechanisms.payout.luck import (
    BY_ROUND,
    BY_WINDOW,
    COST,
    FEES,
    GIGAHASHES_PER_SHARE,
    LOW,
    RULES,
    SUBSIDY,
    draw_luck,
)
from model.mechanisms.payout.params import PayoutParams
from model.mechanisms.payout.past import Past
from model.streams import uniforms
from model.units import BTC, SECONDS_PER_DAY
from model.view import frozen

if TYPE_CHECKING:
    from model.marketplace import Marketplace

GIGAHASH = 1e9
MOST_HITS = 4096
ALONE, DIRECT = 0, 1  # places after the pools


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
        operator: account of each pool
        pool_of: pool of each account; `alone` mines for itself, `direct` gets its share of blocks (rest of the network)
        gross: satoshi paid in this tick, by account
        open: whether each pool still lives
        members: GH/s delivered, by pool, then alone and direct
        received, paid, retained: of this tick, by pool [satoshi]; `paid` has places for alone and direct
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
        pools = params.pools
        n = len(pools)
        self.operator = np.array([self.ledger.open_account("mining_pools", f"pool {p.name}") for p in pools], np.int64)
        self.alone, self.direct = n + ALONE, n + DIRECT
        self.rules = np.array([[RULES[part] for part in SCHEMES[p.scheme]] for p in pools], np.int64)
        self.by_work = np.array([SCHEMES[p.scheme].subsidy == "work" for p in pools])
        self.fee = np.array([p.fee for p in pools])
        self.open_ = np.ones(n, np.bool_)
        self.endowed = np.zeros(n, np.bool_)
        self.cumulative = self._weights()
        self.pool_of, self.gross = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self.assigned = 0
        self.members = np.zeros(n + 2)
        self.pools = np.zeros((n, 5))
        self.result, self.since = np.zeros((n, 5)), np.zeros(n)
        self.hits = np.zeros((MOST_HITS, 3))
        lucky = np.isin(self.rules, (BY_WINDOW, BY_ROUND)).any(axis=1)
        self.past = Past(n, np.flatnonzero(lucky))
        self.names = tuple(p.name for p in pools)
        self.received, self.paid, self.before = np.zeros(n, np.int64), np.zeros(n + 2, np.int64), np.zeros(n, np.int64)
        self.retained, self.indirect = np.zeros(n, np.int64), 0.0

    # -- members

    def _admit(self) -> None:
        """New accounts choose a pool by weight; accounts of the rest of the network stay outside."""
        ledger = self.ledger
        size, first, last = ledger.books.sector.size, self.assigned, ledger.accounts
        if size > self.pool_of.size:
            more = size - self.pool_of.size
            self.pool_of = np.concatenate([self.pool_of, np.full(more, self.alone)])
            self.gross = np.concatenate([self.gross, np.zeros(more, np.int64)])
        if last > first:
            draws = uniforms(self.streams.key("choice of pool"), ledger.uid[first:last].copy(), 0)
            kernels.assign(draws, self.cumulative, first, self.pool_of)
            outside = ledger.books.sector[first:last] == ledger.sectors.index("rest_of_network")
            new = self.pool_of[first:last]
            new[~self.open_[new]] = self.alone
            new[outside] = self.direct
            self.assigned = last

    def _weights(self) -> NDArray[np.float64]:
        """Cumulative weights with which open pools are chosen."""
        shares = [p.share if alive else 0.0 for p, alive in zip(self.params.pools, self.open_, strict=True)]
        total: NDArray[np.float64] = np.cumsum(shares)
        return total / total[-1] if total[-1] > 0.0 else total

    def join(self, accounts: NDArray[np.int64], pool: int) -> None:
        """Let accounts join a pool, or mine alone."""
        self._admit()
        self.pool_of[accounts] = pool

    def open(self) -> None:
        """Members choose their pools."""
        self._admit()

    # -- the day

    @stage("production")
    def pay(self) -> None:
        """Pools receive their members' part of blocks and pay members, by work or by luck."""
        self._admit()
        network, delivered = self.network, self.rigs.delivered
        self.gross[:] = 0
        self.paid[:] = 0
        self.indirect = float(kernels.sum_members(delivered, self.pool_of, self.members))
        total = network.hashrate / GIGAHASH
        segments = np.array(network.found, np.float64).reshape(-1, 5)
        self._weigh_pools(total)
        self._endow()
        self.before = self.ledger.books.balances[BTC_ASSET, self.operator]
        self.pools[:, 4] = self.before
        seconds = self.clock.dt_days * SECONDS_PER_DAY
        past = self.past
        past.reserve(self._ticks_of_window(seconds), self.pool_of.size)
        drawn = self.params.luck == "drawn"
        hits = draw_luck(
            self.streams.key("finder"),
            drawn,
            network.first_height,
            segments,
            total,
            float(self.members[self.alone]),
            self.pools,
            self.rules,
            self.since,
            past.weight,
            past.shares,
            past.hashrate,
            past.head,
            past.filled,
            self.result,
            self.hits,
        )
        subsidy, fees = self.result[:, SUBSIDY].astype(np.int64), self.result[:, FEES].astype(np.int64)
        self.received = subsidy + fees
        books, protocol, world = self.ledger.books, self.ledger.protocol, self.ledger.world
        kernels.receive(books, protocol, world, self.operator, subsidy, fees)
        lone = self.hits[:hits]
        if hits:
            kernels.pay_hits(books, protocol, world, self.alone, self.pool_of, delivered, lone, self.paid, self.gross)
        rate, fee_rate, budget, broke = self._rates(total, drawn, subsidy, fees, lone)
        kernels.pay_by_work(
            books,
            protocol,
            world,
            self.operator,
            self.pool_of,
            delivered,
            rate,
            fee_rate,
            budget,
            self.paid,
            self.gross,
        )
        self._pay_windows(delivered, seconds)
        self.retained = self.reserve - self.before
        for k in broke:
            self._close(k)

    def _weigh_pools(self, total: float) -> None:
        """Hash rate of whole pools: members, and outsiders up to the pool's part of the network, as far as there are."""
        members = self.members[: self.operator.size]
        outside = [
            max(0.0, p.network_share * total - m) if alive else 0.0
            for p, m, alive in zip(self.params.pools, members.tolist(), self.open_, strict=True)
        ]
        there = total - self.indirect
        wanted = float(np.cumsum(outside)[-1])
        scale = max(0.0, min(1.0, there / wanted)) if wanted > 0.0 else 0.0
        for k, pool in enumerate(self.params.pools):
            self.pools[k, :4] = members[k] + outside[k] * scale, members[k], pool.fee, pool.window

    def _endow(self) -> None:
        """The world gives an operator who bears the luck his reserve, for the members' part, when he first has some."""
        for k in np.flatnonzero(self.by_work & ~self.endowed & (self.pools[:, 1] > 0.0)):
            pool, net = self.params.pools[k], self.network
            fees = net.fees_per_block if pool.scheme == "fpps" else 0
            whole = pps_reserve(net.subsidy + fees, pool.fee, pool.ruin)
            amount = round(whole * float(self.pools[k, 1] / self.pools[k, 0]))
            self.ledger.pay(BTC_ASSET, self.ledger.world, int(self.operator[k]), amount, Flow.ENDOWMENT)
            self.endowed[k] = True

    def _rates(
        self, total: float, drawn: bool, subsidy: NDArray[np.int64], fees: NDArray[np.int64], lone: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64], list[int]]:
        """Satoshi per GH/s by pool, alone and direct, of subsidy and fees; budgets; pools that cannot pay any more."""
        n, found = self.operator.size, self.network.found
        rate, fee_rate = np.zeros(n + 2), np.zeros(n + 2)
        budget, broke = np.zeros(n, np.int64), []
        for k in np.flatnonzero(self.by_work & self.open_):
            owed = int(self.result[k, COST])
            have = int(self.before[k] + self.received[k])
            if self.pools[k, 1] > 0.0 and owed > 0:
                have -= self._by_luck(k)
                budget[k] = min(owed, have)
                rate[k] = self.result[k, COST] / self.pools[k, 1] * (1.0 if owed <= have else have / owed)
                if owed > have or self.result[k, LOW] < 0.0:
                    broke.append(int(k))
        coins = sum(s.blocks * s.subsidy_sat for s in found)
        tips = sum(s.blocks * s.fees_sat_per_block for s in found)
        if not drawn and total > 0.0:
            rate[self.alone], fee_rate[self.alone] = coins / total, tips / total
        direct = float(self.members[self.direct])
        if direct > 0.0:
            outside = max(direct, total - self.indirect)
            alone = float(self.members[self.alone])
            left = coins - int(subsidy.sum()) - sum(lone[:, 1].tolist()) - rate[self.alone] * alone
            left_tips = tips - int(fees.sum()) - sum(lone[:, 2].tolist()) - fee_rate[self.alone] * alone
            rate[self.direct], fee_rate[self.direct] = max(0.0, left) / outside, max(0.0, left_tips) / outside
        return rate, fee_rate, budget, broke

    def _by_luck(self, k: int) -> int:
        """What pool k passes on of rewards that it pays over a window of shares [satoshi]."""
        parts = [int(self.result[k, part]) for part in (SUBSIDY, FEES) if self.rules[k, part] in (BY_WINDOW, BY_ROUND)]
        return int(sum(parts) * (1.0 - self.params.pools[k].fee))

    def _pay_windows(self, delivered: NDArray[np.int64], seconds: float) -> None:
        past = self.past
        for w, k in enumerate(past.pools):
            fee = self.params.pools[k].fee
            past.weight[k] *= 1.0 - fee
            budget = np.zeros(self.operator.size, np.int64)
            budget[k] = self._by_luck(k)
            kernels.pay_by_window(
                self.ledger.books,
                int(self.operator[k]),
                int(k),
                self.pool_of,
                delivered,
                past.weight,
                past.delivered[w],
                past.head,
                past.filled,
                budget,
                self.paid,
                self.gross,
            )
        past.keep(self.pools[:, 0], self.pools[:, 1], seconds)

    def _ticks_of_window(self, seconds: float) -> int:
        """Earlier ticks that the longest window reaches into."""
        most = 0
        for k in self.past.pools:
            here = self.pools[k, 0] * seconds / GIGAHASHES_PER_SHARE
            if here > 0.0:
                windowed = BY_WINDOW in self.rules[k]
                length = self.pools[k, 3] * self.network.difficulty if windowed else float(self.since[k]) + here
                most = max(most, int(min(length / here, 1e6)) + 1)
        return most

    def _close(self, k: int) -> None:
        """An operator without reserve gives up; his members mine alone from the next tick on."""
        pool = self.params.pools[k]
        self.open_[k] = False
        self.pool_of[self.pool_of == k] = self.alone
        self.cumulative = self._weights()
        self.journal.event(
            "pool ruined",
            f"pool {pool.name} ({pool.scheme}) ran out of reserve in a streak of bad luck; its members mine alone",
            account=int(self.operator[k]),
            amount=float(self.pools[k, 4]) / BTC,
        )

    # -- looks and laws

    @property
    def reserve(self) -> NDArray[np.int64]:
        """Coins of the operators [satoshi], by pool."""
        held: NDArray[np.int64] = self.ledger.books.balances[BTC_ASSET, self.operator]
        return held

    def view(self) -> PayoutView:
        """Pools this morning."""
        return PayoutView(
            self.names, frozen(self.fee), frozen(self.open_), self.reserve, frozen(self.pool_of), frozen(self.gross)
        )

    def check(self) -> None:
        """Payouts + retained = received, and what is paid by luck is at most received less fees."""
        n = self.operator.size
        wrong = np.flatnonzero(self.paid[:n] + self.retained != self.received)
        if wrong.size:
            k = int(wrong[0])
            raise InvariantViolated(
                f"payout: pool {self.params.pools[k].name} received {self.received[k]}, paid {self.paid[k]}, "
                f"retained {self.retained[k]} satoshi"
            )
        lucky = ~self.by_work & (self.paid[:n] > self.received * (1.0 - self.fee))
        if lucky.any():
            raise InvariantViolated(f"payout: pool {int(np.argmax(lucky))} paid more than it received less its fee")

    def state(self) -> Iterable[NDArray[Any]]:
        """Membership, payments, luck."""
        yield from (self.pool_of[: self.assigned], self.gross[: self.assigned], self.open_, self.endowed, self.since)
        yield from self.past.state(self.assigned)
