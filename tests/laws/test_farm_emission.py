"""What farms pay against what they emit: the schedules reckoned apart, every staker's part, and points of stake and time.

The shadow knows the schedules, the shock on them, and who has staked what each morning; of the farms it knows nothing.
"""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.actions import Status
from model.flows import Flow
from model.mechanisms.amm import AddLiquidity
from model.mechanisms.farms import Harvest
from model.mechanisms.farms.table import BURNED_WEEK, EMITTED
from model.units import INDEX
from tests.farm_house import FarmHouse
from tests.vault_house import WHOLE

AGENTS = 4
DAY, WEEK = 86_400, 7 * 86_400  # seconds
CHEF_DAILY, STREAM_DAILY = 333, 50  # tokens
WEIGHTS = {"chef": 1, "shares": 2}
ROWS: list[dict[str, Any]] = [
    {"name": "chef", "design": "master_chef", "stake": "fraction"},
    {"name": "shares", "design": "master_chef", "stake": "amm", "weight": 2},
    {"name": "token", "design": "staking_rewards", "stake": "token", "emission": {"rate": STREAM_DAILY}},
    {"name": "points", "design": "unifty_points", "stake": "fraction"},
]
NAMES = [row["name"] for row in ROWS]
PAYING = NAMES[:3]
step = st.tuples(
    st.sampled_from(["stake", "stake", "unstake", "hand over", "harvest", "day", "day", "shock"]),
    st.integers(0, AGENTS - 1), st.sampled_from(NAMES), st.integers(1, 60),
)  # fmt: skip
PLAY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Shadow:
    """A house with farms, and what its stakers should have got."""

    def __init__(self, hours: int) -> None:
        self.house = FarmHouse("all_holders", ROWS, AGENTS, hours, chef={"rate": CHEF_DAILY})
        self.hours, self.ticks = hours, 0
        self.rate = STREAM_DAILY * WHOLE * 7 // WEEK  # base units a second of the running week
        self.emitted, self.due, self.points = 0, np.zeros(AGENTS), np.zeros(AGENTS)
        for a in (1, 2):
            self.house.do(AddLiquidity(self.house.agents[a], vault=0, usd=100 * WHOLE, fractions=20 * WHOLE, limit=0))

    def share(self, name: str) -> int:
        """Asset of the claims on a farm's stakes."""
        return int(self.house.farms.table.share[self.house.farm(name)])

    def morning(self) -> None:
        """Next day, or part of one: what each farm with stakes gets, by the stakes of this morning."""
        h = self.house
        self.ticks += 1
        now, seconds, factor = self.ticks * self.hours * 3_600, self.hours * 3_600, h.market.shocks["emission"]
        staked = {name: np.array([h.staked(a, name) for a in range(AGENTS)]) for name in NAMES}
        day = CHEF_DAILY * WHOLE
        chef = int(((now + seconds) * day // DAY - now * day // DAY) * factor)
        if now % WEEK == 0:
            self.rate = int(STREAM_DAILY * WHOLE * 7 * factor) // WEEK
        for name in PAYING:
            whole = int(staked[name].sum())
            paid = chef * WEIGHTS[name] // sum(WEIGHTS.values()) if name in WEIGHTS else self.rate * seconds
            if whole > 0:
                self.emitted += paid
                self.due += paid * staked[name] / whole
        self.points += staked["points"] * seconds / DAY
        h.next_day()

    def do(self, what: str, a: int, name: str, whole: int) -> None:
        h, farm = self.house, self.house.farm(name)
        if what == "day":
            self.morning()
        elif what == "shock":
            h.market.shocks["emission"] = (0.0, 0.5, 1.0, 2.0)[whole % 4]
        elif what == "harvest":
            h.do(Harvest(h.agents[a], farm=farm))
        elif what == "stake":
            have = h.ledger.balance(int(h.farms.table.asset[farm]), h.agents[a])
            if have >= WHOLE:
                assert h.stake(a, name, min(whole, have // WHOLE) * WHOLE)[0] is Status.DONE
        elif what == "unstake":
            h.unstake(a, name, whole * WHOLE)
        elif h.staked(a, name) >= whole * WHOLE:
            to = (a + 1) % AGENTS
            assert h.ledger.move(self.share(name), h.agents[a], h.agents[to], whole * WHOLE, 0)
            if name == "token":  # rewards that he had staked again
                self.due[[a, to]] += np.array([-whole, whole]) * WHOLE

    def paid(self, a: int) -> int:
        """Tokens that an agent has, staked ones included; at the start nobody has any."""
        return self.house.ledger.balance(self.house.farms.token, self.house.agents[a]) + self.house.staked(a, "token")

    def pending(self, a: int) -> int:
        """Tokens that wait for him, as a contract shows them: floor(stake (index - settled)) of each farm."""
        view, account, total = self.house.farms.view(), self.house.agents[a], 0
        for name in PAYING:
            line = int(view.line[self.house.farm(name)])
            gap = int(view.line_index[line]) - int(view.settled[line, account])
            total += self.house.staked(a, name) * gap // INDEX
        return total

    def check(self) -> None:
        """Paid and pending are what the schedules gave to stakes, but for dust, and never more."""
        h, slack = self.house, 4 * len(PAYING) * (self.ticks + 1)
        got = np.array([self.paid(a) + self.pending(a) for a in range(AGENTS)])
        assert got.sum() <= self.emitted <= sum(int(row.state[EMITTED]) for row in h.farms.rows)
        assert np.abs(got - self.due).max() <= slack
        assert self.emitted - got.sum() <= slack * AGENTS


@pytest.mark.parametrize("hours", [24, 4])
@PLAY
@given(steps=st.lists(step, min_size=20, max_size=60))
def test_paid_and_pending_are_each_stakers_part_of_what_was_emitted(
    hours: int, steps: list[tuple[str, int, str, int]]
) -> None:
    play = Shadow(hours)
    play.do("stake", 1, "chef", 40)
    for move in steps:
        play.do(*move)
        play.check()
    for a in range(AGENTS):
        for name in NAMES:
            play.house.unstake(a, name)
    assert sum(play.pending(a) for a in range(AGENTS)) == 0
    play.check()


@pytest.mark.parametrize("hours", [24, 4])
@PLAY
@given(steps=st.lists(step, min_size=20, max_size=60))
def test_points_grow_with_own_stake_and_time_alone(hours: int, steps: list[tuple[str, int, str, int]]) -> None:
    """Whatever others stake, whatever farms emit, and however often somebody harvests."""
    play = Shadow(hours)
    for what, a, name, whole in steps:
        play.do(what, a, "points" if a % 2 else name, whole)
        points = np.array([play.house.points(a) for a in range(AGENTS)])
        assert np.abs(points - play.points).max() <= 4 * (play.ticks + 1)


def test_the_play_pays_at_every_farm() -> None:
    """Stakes of all kinds get tokens, through a day without emissions and into a new week."""
    play = Shadow(24)
    for move in (("stake", 1, "chef", 50), ("stake", 2, "shares", 10), ("stake", 3, "points", 5)):
        play.do(*move)
    for days in range(9):
        play.do("shock", 0, "chef", 0 if days == 4 else 2)
        before = play.emitted
        play.morning()
        alone = play.rate * DAY  # a period that is paid for streams on
        assert play.emitted - before <= alone if days == 4 else play.emitted - before > alone
        play.do("harvest", 1, "chef", 1)
        play.do("stake", 1, "token", 20)
        play.check()
    assert play.house.staked(1, "token") > 0 and play.house.points(3) == 9 * 5 * WHOLE
    assert min(play.due[1:3]) > 100 * WHOLE and play.due[0] == play.due[3] == 0.0


def test_a_shock_does_not_take_more_than_the_cap() -> None:
    house = FarmHouse(
        rows=[{"name": "a", "design": "master_chef", "stake": "fraction"}], chef={"rate": 1000, "cap": 3000}
    )
    house.market.shocks["emission"] = 2.0
    house.stake(0, "a", WHOLE)
    for _ in range(8):
        house.clock.tick += 1
        house.morning()
    assert house.farms.rows[0].state[EMITTED] == 3000 * WHOLE


@pytest.mark.parametrize("hours", [24, 6])
def test_a_period_that_ends_within_a_tick_is_followed_at_once(hours: int) -> None:
    row = {"name": "s", "design": "staking_rewards", "stake": "token", "emission": {"rate": 1000}, "duration_days": 2.6}
    house = FarmHouse(rows=[row], hours=hours)
    for _ in range(12 * 24 // hours):
        house.clock.tick += 1
        house.morning()
    begun = int(house.clock.tick * hours / 24 / 2.6) + 1
    assert house.farms.rows[0].state[EMITTED] == pytest.approx(begun * 2600 * WHOLE)


@pytest.mark.parametrize("hours", [24, 6, 1])
@pytest.mark.parametrize(("start", "days", "last"), [(5.0, 0.0, 9.0), (0.0, 10.0, 12.0), (1.25, 8.3, 11.0)])
def test_rewards_stream_from_the_first_day_of_the_schedule_to_its_last(
    start: float, days: float, last: float, hours: int
) -> None:
    """A period is a week; none begins before the schedule, and the last one is cut with it."""
    emission = {"rate": DAY, "start_day": start, "days": days}  # a token a second
    house = FarmHouse(
        rows=[{"name": "s", "design": "staking_rewards", "stake": "fraction", "emission": emission}], hours=hours
    )
    house.stake(1, "s", 10 * WHOLE)
    farms, end = house.farms, start + days if days else float("inf")
    farm, tick = house.farm("s"), hours / 24
    pot, had = int(farms.table.pot[farm]), 0
    while house.clock.tick * tick < last:
        house.next_day()
        day, has = house.clock.tick * tick, house.ledger.balance(farms.token, pot)
        lasted = max(0.0, min(day + tick, end) - max(day, start))
        assert has - had == pytest.approx(DAY * WHOLE * lasted, rel=1e-6, abs=DAY)
        assert farms.table.per_day[farm] == pytest.approx(DAY * WHOLE if start < day + tick <= end + 1e-9 else 0.0)
        had = has


@pytest.mark.parametrize(("row", "told"), [
    ({"design": "staking_rewards", "stake": "token", "emission": {"clocked_by": "blocks"}}, "streams by the second"),
    ({"design": "master_chef", "vaults": [1, 1]}, "names one twice"),
])  # fmt: skip
def test_rows_that_would_not_do_what_they_say_are_refused(row: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        FarmHouse(rows=[{"name": "a", **row}])


def test_a_weeks_mint_is_streamed_so_one_evening_earns_one_day() -> None:
    rows = [{"name": "burn", "design": "burn_and_mint", "stake": "token", "split": [1.0], "split_to": ["stakers"]}]
    house = FarmHouse("all_holders", rows)
    farms, token = house.farms, house.farms.token
    for a in (1, 2):
        house.ledger.pay(token, farms.issuer, house.agents[a], 100 * WHOLE, Flow.MINT)
    house.stake(1, "burn", 100 * WHOLE)
    while (house.clock.tick + 1) % 7:
        house.next_day()
    farms.rows[0].state[BURNED_WEEK] = 1_000 * WHOLE
    house.stake(2, "burn", 100 * WHOLE)
    paid = []
    for day in range(7):
        before = house.tokens(1) + house.tokens(2)
        house.next_day()
        paid.append(house.tokens(1) + house.tokens(2) - before)
        if day == 0:
            house.unstake(2, "burn")
    assert paid == pytest.approx([800 * WHOLE / 7] * 7, abs=2)
    assert house.tokens(2) - 100 * WHOLE == pytest.approx(800 * WHOLE / 14, abs=2)
    assert house.ledger.balance(token, farms.rows[0].pot) == 0
