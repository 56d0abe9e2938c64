"""Laws of farms one by one: who earns on a stake, what time and others change, what a rate does, and foolish rows."""

import pytest

from model import Scenario
from model.actions import Status
from model.errors import ScenarioError
from model.mechanisms.amm import AddLiquidity
from model.mechanisms.farms import MintPeg, RedeemPeg, TradeToken
from model.mechanisms.farms.table import EMITTED
from model.mechanisms.lending import Borrow, Pledge
from tests.farm_house import FarmHouse
from tests.vault_house import WHOLE


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
    h.farms.params = h.farms.params.model_copy(update={"point_seconds": rate})
    h.farms.changed()
    assert abs(h.points(1) - points * WHOLE) <= 1
    h.next_day()
    assert abs(h.points(1) - points * WHOLE - 5 * WHOLE * 86_400 // rate) <= 1


def test_points_already_claimed_stay_when_the_rate_changes() -> None:
    h = FarmHouse()
    h.stake(1, "points", 5 * WHOLE)
    h.next_day()
    assert h.points(1) == 5 * WHOLE
    h.farms.params = h.farms.params.model_copy(update={"point_seconds": 864_000})
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


def test_a_rate_of_points_that_no_index_can_hold_is_refused_with_the_least_that_one_can() -> None:
    least = 130 * 86_400 * 10**12 // 2**62 + 1
    for rate, fits in ((1, False), (least - 1, False), (least, True)):
        if fits:
            Scenario.load("unifty").override({"farms.point_seconds": rate, "clock.ticks": 130})
            continue
        with pytest.raises(ScenarioError, match=rf"farms\.point_seconds = {rate}: .* take {least} or more") as told:
            Scenario.load("unifty").override({"farms.point_seconds": rate, "clock.ticks": 130})
        assert "\n" not in str(told.value)
    changes = [{"tick": 100, "set": {"farms.point_seconds": 2}}]
    with pytest.raises(ScenarioError, match=rf"changes row 1: farms\.point_seconds = 2: .* take {least} or more"):
        Scenario.load("unifty").override({"clock.ticks": 130, "changes": changes})
    Scenario.load("yield_farming").override({"farms.point_seconds": 1, "clock.ticks": 100_000})  # no farm pays points


def test_points_beyond_what_the_books_hold_are_not_made() -> None:
    """A market may be given any rate while it runs: claims stop to grow, and every law holds."""
    h = FarmHouse(point_seconds=1)
    h.stake(1, "points", 100 * WHOLE)
    for days in range(125):
        h.next_day()
        if days == 30:
            h.farms.params = h.farms.params.model_copy(update={"point_seconds": 10**9})
            h.farms.changed()
        if days == 40:
            h.farms.params = h.farms.params.model_copy(update={"point_seconds": 1})
            h.farms.changed()
    assert h.ledger.balance(h.farms.points, h.farms.points_pot) >= 0
    assert h.points(1) > 0
    assert h.ledger.balance(h.farms.points, h.farms.points_pot) >= 0
