"""Laws of joining, leaving and ruin: whoever comes or goes, what pools receive is paid, kept, or still theirs."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.actions import Status
from model.ledger import BTC_ASSET
from model.mechanisms.payout import SCHEMES, JoinPool
from tests.mining import Mine

SHARE = 0.0005
STEADY = {"blocks": "expected", "fees": "constant"}


def join(mine: Mine, who: Any, pool: Any) -> np.ndarray:
    batch = JoinPool(mine.accounts[np.atleast_1d(who)], pool=pool)
    mine.payout.move(batch.rows, np.arange(len(batch)))
    mine.ledger.check()
    return batch.rows


def coins(mine: Mine, accounts: Any) -> Any:
    return mine.ledger.books.balances[BTC_ASSET, accounts].astype(object)


MOVE = st.tuples(st.integers(0, 8), st.integers(-2, 8))
STEP = st.tuples(st.floats(0, 0.3), st.lists(MOVE, max_size=6))


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 10**6),
    st.sampled_from([1, 6, 24]),
    st.sampled_from(["drawn", "expected"]),
    st.sampled_from([0.0, 0.02]),
    st.lists(STEP, min_size=3, max_size=12),
)
def test_every_satoshi_received_is_paid_or_retained(
    seed: int, hours: int, luck: str, outside: float, steps: list[tuple[float, list[tuple[int, int]]]]
) -> None:
    pools = [{"name": s, "scheme": s, "fee": 0.01, "network_share": outside, "ruin": 0.9} for s in SCHEMES]
    mine = Mine(members=9, seed=seed, hours=hours, payout={"pools": pools, "luck": luck})
    p, t = mine.payout, mine.payout.table
    for share, moves in steps:
        if moves:
            who, pool = np.array(moves).T
            rows = join(mine, who, pool)
            known = (pool >= 0) & (pool <= p.alone)
            assert (rows["status"][~known] == Status.UNKNOWN).all()
            ruined = known & (pool < p.alone) & ~np.append(t.alive, True)[np.clip(pool, 0, p.alone)]
            assert (rows["status"][ruined] == Status.CLOSED).all()
            assert (rows["status"][known & ~ruined] == Status.DONE).all()
        mine.deliver(share)
        operators, members = coins(mine, t.operator), coins(mine, mine.accounts)
        mine.step()
        t = p.table
        endowed = t.before.astype(object) - operators
        assert min(endowed) >= 0
        assert (coins(mine, t.operator) == operators + endowed + t.received - t.paid[: p.alone]).all()
        assert (coins(mine, t.operator) == t.before + t.retained).all()
        assert (coins(mine, mine.accounts) - members == p.gross[mine.accounts]).all()
        assert min(t.retained.tolist()) >= -int(t.before.max())
        assert not np.isin(p.pool_of[mine.accounts], np.flatnonzero(~t.alive)).any()
        made = sum(s.blocks * (s.subsidy_sat + s.fees_sat_per_block) for s in mine.network.found)
        assert int(t.received.sum()) + int(p.paid[p.alone]) <= made + 2


def test_a_solo_pool_pays_finders_less_its_fee() -> None:
    pool = {"name": "a", "scheme": "solo", "fee": 0.02, "network_share": 0.2}
    mine = Mine(members=9, payout={"pools": [pool]}, network={"fees": "constant"})
    for _ in range(10):
        mine.deliver(0.2)
        mine.step()
        (reward,) = {s.subsidy_sat + s.fees_sat_per_block for s in mine.network.found}
        each = int(reward * 0.98)
        assert all(int(g) % each == 0 for g in mine.payout.gross)
        assert int(mine.payout.paid[0]) // each == int(mine.payout.table.received[0]) // reward > 0


@pytest.mark.parametrize("leavers", [1, 6])
def test_shares_of_the_window_earn_for_members_who_left(leavers: int) -> None:
    """A pool with a block in two days pays those gone for the window they worked, even when nobody stays."""
    pools: list[dict[str, Any]] = [
        {"name": "a", "scheme": "pplns", "fee": 0.0, "network_share": 0.0007, "share": 1.0},
        {"name": "b", "scheme": "fpps", "share": 0.0},
    ]
    mine = Mine(payout={"pools": pools, "luck": "expected"},
                network=STEADY)  # fmt: skip
    mine.deliver(SHARE)
    for _ in range(60):
        mine.step()
    gone, full = np.arange(leavers), mine.payout.gross[mine.accounts].copy()
    join(mine, gone, mine.payout.alone)
    alone = 0.98 * full[0]
    left = []
    for _ in range(60):
        mine.step()
        left.append(int(mine.payout.paid[0]) - int(mine.payout.gross[mine.accounts[leavers:]].sum()))
    assert left[0] == pytest.approx(leavers * full[0], rel=0.1)
    assert left[-1] == 0
    assert mine.payout.gross[mine.accounts[0]] == pytest.approx(alone, rel=0.1)


def test_shares_of_the_round_earn_for_members_who_left() -> None:
    pools = [{"name": "a", "scheme": "proportional", "fee": 0.0, "network_share": 0.0}]
    for seed in range(50):
        mine = Mine(members=2, hours=1, seed=seed, payout={"pools": pools}, network={"fees": "constant"})
        mine.deliver(0.003)
        for _ in range(40):
            mine.step()
        if mine.payout.earned[0]:
            continue  # a block came before he leaves
        join(mine, 0, mine.payout.alone)
        ticks = 0
        while not mine.payout.paid[0]:
            mine.step()
            ticks += 1
        stayed = int(mine.payout.gross[mine.accounts[1]])
        left = int(mine.payout.paid[0]) - stayed
        assert 40 / (40 + ticks) <= left / stayed <= 40 / (39 + ticks)
        mine.step()
        assert mine.payout.paid[0] == 0 or mine.payout.gross[mine.accounts[0]] == 0
        return
    raise AssertionError("no long round in fifty seeds")


def test_a_booked_reserve_follows_members_who_replace_outsiders() -> None:
    pools = [{"name": "a", "scheme": "fpps", "fee": 0.02, "network_share": 0.1}]
    mine = Mine(payout={"pools": pools, "luck": "expected"}, network=STEADY)
    mine.deliver(0.01)
    mine.step()
    operator = mine.payout.table.operator
    whole = int(coins(mine, operator)[0])
    join(mine, [0, 1, 2], mine.payout.alone)
    assert int(coins(mine, operator)[0]) == pytest.approx(whole / 2, rel=1e-6)
    join(mine, [0, 1, 2], 0)
    assert int(coins(mine, operator)[0]) == pytest.approx(whole, rel=1e-6)


def test_a_pool_without_outsiders_keeps_its_reserve() -> None:
    pools = [{"name": "a", "scheme": "fpps", "fee": 0.02, "network_share": 0.0}]
    mine = Mine(payout={"pools": pools, "luck": "expected"}, network=STEADY)
    mine.deliver(0.01)
    mine.step()
    operator = mine.payout.table.operator
    before = coins(mine, operator)[0]
    join(mine, [0, 1, 2], mine.payout.alone)
    assert coins(mine, operator)[0] == before


def test_the_rest_of_the_network_and_newcomers_stay_outside() -> None:
    mine = Mine(rest_agent=True, network={"rest": "elastic"})
    late = mine.ledger.open_account("vaults", "late")
    batch = JoinPool([mine.rest, late], pool=0)
    mine.payout.move(batch.rows, np.arange(2))
    assert (batch.rows["status"] == Status.NOT_ALLOWED).all()


def test_staying_is_done_and_nothing_moves() -> None:
    mine = Mine(payout={"pools": [{"name": "a", "fee": 0.02}]})
    rows = join(mine, [0, 1], [0, mine.payout.alone])
    assert rows["status"].tolist() == [Status.DONE, Status.DONE]
    assert rows["filled"].tolist() == [0, 1]
    assert int(mine.payout.moved[0]) == 1
