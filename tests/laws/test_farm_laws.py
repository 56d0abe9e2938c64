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
from model.mechanisms.farms import Harvest, MintPeg, RedeemPeg, TradeToken
from model.mechanisms.farms.table import EMITTED
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
        self.ticks = 0
        self.due, self.points = np.zeros(AGENTS), np.zeros(AGENTS)
        self.house.do(TradeToken(self.house.agents[1], token=0, side=0, amount=300 * WHOLE, limit=1))
        for a, name in ((1, "chef"), (2, "points"), (1, "token"), (1, "burn"), (3, "deposits")):
            assert self.house.stake(a, name, 40 * WHOLE)[0] == Status.DONE
        self.start = [self.house.satoshi(a) for a in range(AGENTS)]

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
            self.points[a] += h.staked(a, "points") * h.farms.seconds / h.farms.params.points_rate
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
            self.points[a] += h.staked(a, "points") * h.farms.seconds / h.farms.params.points_rate
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
        emitted = sum(int(row.state[EMITTED]) for row in h.farms.rows)
        tokens = sum(h.ledger.balance(h.farms.token, h.agents[a]) for a in range(AGENTS))
        pool = h.farms.pools.balances(0)[1]
        assert tokens + pool <= emitted + h.ledger.outstanding(h.farms.token)
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


@pytest.mark.parametrize("hours", [24, 4])
@pytest.mark.parametrize("eligibility", ["all_holders", "staked_only", "lp_passthrough"])
def test_a_staked_fraction_earns_as_its_vault_says(eligibility: str, hours: int) -> None:
    h = FarmHouse(eligibility, hours=hours)
    h.stake(1, "chef", 150 * WHOLE)
    before = [h.satoshi(a) for a in range(4)]
    h.next_day(1_000_000)
    got = [h.satoshi(a) - b for a, b in enumerate(before)]
    assert got[1] == 150_000
    assert got[2] == (150_000 if eligibility == "all_holders" else 0)
    h.unstake(1, "chef")
    h.next_day(1_000_000)
    assert h.satoshi(1) - before[1] - got[1] == (150_000 if eligibility == "all_holders" else 0)


@pytest.mark.parametrize("eligibility", ["all_holders", "lp_passthrough"])
def test_staked_pool_shares_pass_the_pools_income_on(eligibility: str) -> None:
    h = FarmHouse(eligibility)
    h.do(AddLiquidity(h.agents[1], vault=h.v, usd=500 * WHOLE, fractions=50 * WHOLE, limit=0))
    h.do(AddLiquidity(h.agents[2], vault=h.v, usd=500 * WHOLE, fractions=50 * WHOLE, limit=0))
    h.stake(1, "shares", 1 << 40)
    before = [h.satoshi(a) for a in range(4)]
    h.next_day(1_000_000)
    staker, holder = (h.satoshi(a) - before[a] for a in (1, 2))
    own = 100_000 if eligibility == "all_holders" else 0  # fractions that they still have at hand
    assert abs(staker - holder) <= 2
    assert abs(holder - own - 50_000) <= 3


def test_deposit_shares_keep_accruing_while_staked() -> None:
    h = FarmHouse()
    h.stake(3, "deposits", 1 << 40)
    h.do(Pledge(h.agents[1], vault=h.v, amount=8 * WHOLE))
    h.do(Borrow(h.agents[1], amount=20 * WHOLE))
    worth = h.staked(3, "deposits") * h.ledger.value[h.farms.table.share[h.farm("deposits")]]
    for _ in range(30):
        h.next_day()
    assert h.staked(3, "deposits") * h.ledger.value[h.farms.table.share[h.farm("deposits")]] > worth


def test_points_do_not_depend_on_other_stakers() -> None:
    alone, crowded = FarmHouse(), FarmHouse()
    for house in (alone, crowded):
        house.stake(1, "points", 5 * WHOLE)
    for a in (2, 3):
        crowded.stake(a, "points", 100 * WHOLE)
    for house in (alone, crowded):
        for _ in range(3):
            house.next_day()
    assert alone.points(1) == crowded.points(1) == 15 * WHOLE


@pytest.mark.parametrize(("rate", "points"), [(43_200, 20), (172_800, 5), (86_400, 10)])
def test_a_change_of_the_rate_counts_for_points_not_yet_claimed(rate: int, points: int) -> None:
    h = FarmHouse()
    h.stake(1, "points", 5 * WHOLE)
    h.next_day()
    h.next_day()
    h.farms.params = h.farms.params.model_copy(update={"points_rate": rate})
    h.farms.changed()
    assert abs(h.points(1) - points * WHOLE) <= 1
    h.next_day()
    assert abs(h.points(1) - points * WHOLE - 5 * WHOLE * 86_400 // rate) <= 1


def test_points_already_claimed_stay_when_the_rate_changes() -> None:
    h = FarmHouse()
    h.stake(1, "points", 5 * WHOLE)
    h.next_day()
    assert h.points(1) == 5 * WHOLE
    h.farms.params = h.farms.params.model_copy(update={"points_rate": 864_000})
    h.farms.changed()
    assert h.points(1) == 5 * WHOLE


def test_an_empty_farm_of_a_chef_emits_nothing_and_an_idle_stream_is_lost() -> None:
    h = FarmHouse()
    h.next_day()
    state = {row.params.name: row for row in h.farms.rows}
    assert state["chef"].state[EMITTED] == 0
    funded = int(state["token"].state[EMITTED])
    assert funded == 350 * WHOLE
    h.do(TradeToken(h.agents[1], token=0, side=0, amount=100 * WHOLE, limit=1))
    bought = h.tokens(1)
    h.stake(1, "token", bought)
    for _ in range(5):
        h.next_day()
    h.unstake(1, "token")
    assert 0 < h.tokens(1) - bought < funded
    assert h.ledger.balance(h.farms.token, state["token"].pot) > 0


def test_a_failed_bundle_leaves_no_trace() -> None:
    from model.actions import Bundle

    h = FarmHouse(peg={})
    a = h.agents[1]
    h.do(TradeToken(a, token=1, side=0, amount=50 * WHOLE, limit=1))
    before = h.ledger.books.balances.copy(), [c.copy() for c in h.farms.state()]
    parts = [
        TradeToken(a, token=0, side=0, amount=20 * WHOLE, limit=1),
        RedeemPeg(a, amount=10 * WHOLE, limit=1),
        MintPeg(a, amount=10 * WHOLE),
        TradeToken(a, token=7, side=0, amount=1, limit=0),
    ]
    h.settlement.submit(Bundle(parts))
    h.settlement.settle(h.settlement.order[[x.__name__ for x in h.settlement.order].index("Swap")], True)
    assert (h.ledger.books.balances == before[0]).all()
    assert all((x == y).all() for x, y in zip(h.farms.state(), before[1], strict=True))


@pytest.mark.parametrize("value", [-(1 << 63), -1, 0, 1, 1 << 52, 1 << 53, (1 << 63) - 1])
def test_foolish_rows_end_in_a_status(value: int) -> None:
    from model.mechanism import actions_of
    from model.mechanisms.farms import Farms

    h = FarmHouse(peg={})
    for action in actions_of(Farms):
        for name in action.fields:
            columns = dict.fromkeys(action.fields, 1) | {name: value}
            batch = action(h.agents[1], **columns)
            h.act(batch)
            assert batch.rows["status"][0] != Status.PENDING, action.__name__
    h.next_day()
