"""Farms under any play: stakes, transfers, claims, pledges and seizures in any order, and every unit has one owner."""

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from model.actions import Status
from model.ledger import BTC_ASSET
from model.mechanisms.amm import AddLiquidity, RemoveLiquidity, Swap
from model.mechanisms.farms import Harvest, TradeToken
from model.mechanisms.farms.table import BURNED, EMITTED
from model.mechanisms.lending import Borrow, Pledge, Repay
from tests.farm_house import ROWS, FarmHouse
from tests.vault_house import WHOLE

AGENTS = 4
agent = st.integers(0, AGENTS - 1)
amount = st.integers(1, 120 * WHOLE)
STAKES = ("chef", "points", "shares", "token", "deposits", "burn")
SUPPLY = 1_000 * WHOLE


class Play(RuleBasedStateMachine):
    """A shadow keeps what each agent's fractions should have earned, wherever they were parked, and his points."""

    @initialize(hours=st.sampled_from([24, 4]), eligibility=st.sampled_from(["all_holders", "staked_only"]))
    def begin(self, hours: int, eligibility: str) -> None:
        self.house = FarmHouse(eligibility, ROWS, AGENTS, hours)
        self.all = eligibility == "all_holders"
        self.made = self.house.ledger.outstanding(self.house.farms.token) - self.emitted()
        self.ticks = 0
        self.due, self.points = np.zeros(AGENTS), np.zeros(AGENTS)
        self.house.do(TradeToken(self.house.agents[1], token=0, side=0, amount=300 * WHOLE, limit=1))
        for a, name in ((1, "chef"), (2, "points"), (1, "token"), (1, "burn"), (3, "deposits")):
            assert self.house.stake(a, name, 40 * WHOLE)[0] == Status.DONE
        self.start = [self.house.satoshi(a) for a in range(AGENTS)]

    def emitted(self) -> int:
        """Tokens that farms have made so far."""
        return sum(int(row.state[EMITTED]) for row in self.house.farms.rows)

    def mine(self, a: int) -> int:
        """Fractions of an agent that earn for him, outside pools."""
        h, account = self.house, self.house.agents[a]
        staked = h.staked(a, "chef") + h.staked(a, "points")
        if not self.all:
            return staked
        pledge = int(h.lending.pledge[h.v])
        return h.held(h.v, account) + staked + (h.ledger.balance(pledge, account) if pledge >= 0 else 0)

    @rule(a=agent, name=st.sampled_from(STAKES), n=amount)
    def stake(self, a: int, name: str, n: int) -> None:
        status, filled = self.house.stake(a, name, n)
        assert filled <= n and status in (Status.DONE, Status.FUNDS)

    @rule(a=agent, name=st.sampled_from(STAKES), n=amount)
    def unstake(self, a: int, name: str, n: int) -> None:
        before = self.house.staked(a, name)
        _, filled = self.house.unstake(a, name, n)
        assert filled == min(n, before)

    @rule(a=agent, b=agent, n=amount)
    def transfer(self, a: int, b: int, n: int) -> None:
        h = self.house
        if a != b and h.held(h.v, h.agents[a]) >= n:
            h.give(h.v, a, b, n)

    @rule(a=agent, b=agent, name=st.sampled_from(STAKES), n=amount)
    def hand_a_claim_over(self, a: int, b: int, name: str, n: int) -> None:
        h = self.house
        if a != b and h.staked(a, name) >= n:
            share = int(h.farms.table.share[h.farm(name)])
            assert h.ledger.move(share, h.agents[a], h.agents[b], n, 0)

    @rule(a=agent, name=st.sampled_from(STAKES), n=amount)
    def claim_and_stake_more(self, a: int, name: str, n: int) -> None:
        self.house.do(Harvest(self.house.agents[a], farm=self.house.farm(name)))
        self.stake(a, name, n)

    @rule(a=agent, n=amount)
    def provide(self, a: int, n: int) -> None:
        h = self.house
        h.do(AddLiquidity(h.agents[a], vault=h.v, usd=n, fractions=n, limit=0))

    @rule(a=agent, n=amount)
    def withdraw(self, a: int, n: int) -> None:
        h = self.house
        h.do(RemoveLiquidity(h.agents[a], vault=h.v, shares=n, limit=0))

    @rule(a=agent, n=amount, side=st.integers(0, 1))
    def trade(self, a: int, n: int, side: int) -> None:
        h = self.house
        h.do(Swap(h.agents[a], vault=h.v, side=side, amount=n, limit=0))
        h.do(TradeToken(h.agents[a], token=0, side=side, amount=n, limit=0))

    @rule(a=agent, n=amount)
    def borrow(self, a: int, n: int) -> None:
        h = self.house
        h.unstake(a, "chef", n)
        h.do(Pledge(h.agents[a], vault=h.v, amount=min(n, 8 * WHOLE)))
        h.do(Borrow(h.agents[a], amount=min(n, 25 * WHOLE)))

    @rule(a=agent, n=amount)
    def repay(self, a: int, n: int) -> None:
        self.house.do(Repay(self.house.agents[a], amount=n))

    @rule(sat=st.integers(0, 10**7), price=st.sampled_from([None, 10.0, 4.0, 1.0]))
    def a_day(self, sat: int, price: float | None) -> None:
        h = self.house
        for a in range(AGENTS):
            self.points[a] += h.staked(a, "points") * h.farms.seconds / h.farms.params.point_seconds
        self.seize(price)
        self.mined(sat)
        self.ticks += 2

    def seize(self, price: float | None) -> None:
        """An evening in which liquidators act at a price, and nothing is earned."""
        h = self.house
        if price is not None:
            h.oracle.price[:] = price
            h.lending.look()
        h.next_day()

    def mined(self, sat: int) -> None:
        """Another evening, without seizures, and a morning with income: who earns it is known before."""
        h = self.house
        for a in range(AGENTS):
            self.points[a] += h.staked(a, "points") * h.farms.seconds / h.farms.params.point_seconds
        prices = h.oracle.price.copy()
        h.oracle.price[:] = 1_000.0  # no more seizures
        h.lending.look()
        h.next_day(sat, float(prices[0]))
        for a in range(AGENTS):
            self.due[a] += sat * self.mine(a) / SUPPLY

    @precondition(lambda self: self.ticks > 0)
    @invariant()
    def everybody_got_what_his_fractions_earned(self) -> None:
        h = self.house
        shares = int(h.amm.share[h.v])
        pooled = h.ledger.outstanding(shares) > 0
        for a in range(AGENTS):
            got = h.satoshi(a) - self.start[a]
            if not pooled or not self.all:
                assert abs(got - self.due[a]) <= 3 * self.ticks + 3
            else:  # shares of the pool earn besides
                assert got >= self.due[a] - 3 * self.ticks - 3

    @precondition(lambda self: self.ticks > 0)
    @invariant()
    def points_are_stake_times_time(self) -> None:
        for a in range(AGENTS):
            assert abs(self.house.points(a) - self.points[a]) <= 2 * self.ticks + 2

    def teardown(self) -> None:
        if not hasattr(self, "house"):
            return
        h = self.house
        for a in range(AGENTS):
            for name in STAKES:
                h.unstake(a, name)
            h.collect(a)
        h.next_day()
        emitted = self.emitted()
        burned = sum(int(row.state[BURNED]) for row in h.farms.rows)
        assert h.ledger.outstanding(h.farms.token) == self.made + emitted - burned
        parked = [int(x) for x in h.farms.table.account if x >= 0]
        t = h.farms.table
        for f, account in enumerate(t.account):
            if account >= 0:
                assert h.ledger.balance(int(t.kept[f]), int(account)) == 0
                assert h.ledger.balance(BTC_ASSET, int(account)) <= t.pending_btc[f] + 60
        assert parked


SETTINGS = settings(
    max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


@pytest.mark.slow
def test_any_play_leaves_every_unit_with_one_owner() -> None:
    run_state_machine_as_test(Play, settings=SETTINGS)
