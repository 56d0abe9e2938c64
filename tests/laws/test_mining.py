"""Laws of the network and of pools: no block, no second and no satoshi is lost."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.errors import ScenarioError
from model.ledger import BTC_ASSET
from model.mechanisms.network import block_subsidy, expected_blocks, retarget
from model.mechanisms.network.tables import chain_at
from tests.mining import Mine

SHARE = 0.0005
FPPS = {"name": "a", "scheme": "fpps", "fee": 0.02}


def test_the_chain_of_january_2023() -> None:
    from datetime import date

    start = chain_at(date(2023, 1, 1))
    assert start.height == pytest.approx(769_787, abs=60)
    assert start.difficulty == pytest.approx(35.364e12, rel=0.002)
    network = Mine().network
    assert network.start_hashrate == pytest.approx(255e18, rel=0.05)
    assert network.hashprice == pytest.approx(60 * 20_000 / 16_520, rel=0.1)


def test_a_start_without_figures_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"set network\.difficulty"):
        Mine(start="2025-06", ticks=5)
    assert (
        Mine(start="2025-06", ticks=5, network={"difficulty": 1e14, "height": 900_000}).network.subsidy == 312_500_000
    )
    with pytest.raises(ScenarioError, match="take fewer"):
        Mine(start="2024-06", ticks=400, network={"rest": "history"})


def test_expected_blocks_lose_no_work() -> None:
    steady = {"blocks": "expected", "difficulty": 1e13, "height": 100 * 2016 - 1, "fees": "constant"}
    for hours in (24, 6):
        mine = Mine(hours=hours, network=steady)
        for _ in range(13 * 24 // hours):
            mine.step()
        exact = expected_blocks(mine.network.hashrate, 13 * 86_400, 1e13)
        assert mine.network.height - (100 * 2016 - 1) == int(exact)


@pytest.mark.parametrize("blocks", ["poisson", "expected"])
def test_blocks_do_not_depend_on_the_tick(blocks: str) -> None:
    heights = []
    for hours in (24, 4):
        mine = Mine(hours=hours, network={"blocks": blocks})
        for _ in range(30 * 24 // hours):
            mine.step()
        heights.append((mine.network.height, mine.network.difficulty))
    assert heights[0][0] == heights[1][0]
    assert heights[0][1] == pytest.approx(heights[1][1], rel=1e-9)


def test_lost_hash_rate_stretches_the_epoch_and_the_retarget_heals_it() -> None:
    lost = 0.4
    first = {"blocks": "expected", "difficulty": 1e13, "height": 100 * 2016 - 1, "fees": "constant"}
    mine = Mine(network=first)
    mine.factors["hashrate"] = 1 - lost
    mine.deliver(0)
    mine.network.params = mine.network.params.model_copy(update={"simulated_share": 1e-9})
    days, before = 0, mine.network.hashprice
    while mine.network.difficulty == 1e13:
        mine.step()
        days += 1
    assert days == pytest.approx(14 / (1 - lost), abs=1)
    assert mine.network.difficulty == pytest.approx(retarget(1e13, 2015 * 600 / (1 - lost)), rel=1e-9)
    assert mine.network.hashprice / before == pytest.approx(1 / (1 - lost), rel=1e-3)


def test_retarget_and_halving_split_the_tick() -> None:
    mine = Mine(
        network={"blocks": "expected", "height": 840_000 - 51, "difficulty": 1e13, "fee_ratio": 0.1, "fees": "constant"}
    )
    mine.step()
    first, second = mine.network.found
    assert (first.blocks, first.subsidy_sat, second.subsidy_sat) == (50, 625_000_000, 312_500_000)
    assert (first.fees_sat_per_block, second.fees_sat_per_block) == (62_500_000, 31_250_000)
    assert first.seconds + second.seconds == pytest.approx(86_400)
    assert mine.network.height > 840_000
    (halving,) = mine.market.events().query("kind == 'halving'").text
    assert halving == "subsidy is 3.125 BTC from block 840000"
    mine = Mine(network={"blocks": "expected", "height": 100 * 2016 - 11, "difficulty": 1e13})
    mine.network.chain[3] = -2005 * 300.0  # blocks came twice as fast as they should
    mine.step()
    first, second = mine.network.found
    assert first.blocks == 10
    assert second.difficulty > 1.5 * first.difficulty


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([1, 4, 24]), st.lists(st.floats(0, 40), min_size=3, max_size=12))
def test_segments_fill_the_tick_whatever_the_hash_rate(seed: int, hours: int, factors: list[float]) -> None:
    mine = Mine(seed=seed, hours=hours, network={"height": 629_900})
    for factor in factors:
        mine.factors["hashrate"] = factor
        before = mine.network.height
        mine.deliver(SHARE)
        mine.step()
        found = mine.network.found
        assert sum(s.seconds for s in found) == pytest.approx(hours * 3600)
        assert sum(s.blocks for s in found) == mine.network.height - before
        assert found[-1].subsidy_sat == block_subsidy(mine.network.height + 1)


def test_fees_stay_in_the_range_of_the_fit() -> None:
    mine = Mine(ticks=3000)
    ratios = []
    for mine.market.clock.tick in range(2500):
        mine.network.demand_for_blocks()
        ratios.append(mine.network.fee_ratio)
    logs = np.log(ratios)
    assert -4.6 < logs.mean() < -2.4
    assert 0.7 < logs.std() < 1.3
    assert 0.9 < np.corrcoef(logs[1:], logs[:-1])[0, 1] < 0.98
    assert max(ratios) <= 3


def test_history_follows_the_table_less_the_simulated_share() -> None:
    mine = Mine(network={"rest": "history", "fees": "history", "simulated_share": 0.5}, ticks=200)
    for _ in range(200):
        mine.step()
    h0 = mine.network.start_hashrate
    assert mine.network.rest_hashrate == pytest.approx(374e18 - 0.5 * h0, rel=0.03)
    assert mine.network.fees_per_block == pytest.approx(20.59 / 145.2 * 1e8, rel=0.3)


# -- pools


def coins(mine: Mine, accounts: np.ndarray) -> int:
    return int(mine.ledger.books.balances[BTC_ASSET, accounts].sum())


@settings(max_examples=15, deadline=None)
@given(
    st.integers(0, 10**6),
    st.sampled_from([1, 24]),
    st.sampled_from(["fpps", "pps", "pps_plus", "pplns", "proportional"]),
    st.sampled_from(["drawn", "expected"]),
    st.lists(st.floats(0, 0.3), min_size=3, max_size=12),
)
def test_payouts_and_retained_are_received(seed: int, hours: int, scheme: str, luck: str, shares: list[float]) -> None:
    pools = [{"name": "a", "scheme": scheme, "fee": 0.03, "network_share": 0.02}, {"name": "b", "scheme": "pplns"}]
    mine = Mine(members=9, seed=seed, hours=hours, payout={"pools": pools, "luck": luck})
    for share in shares:
        mine.deliver(share)
        mine.step()
        found = mine.network.found
        made = sum(s.blocks * (s.subsidy_sat + s.fees_sat_per_block) for s in found)
        p = mine.payout
        assert int(p.table.received.sum()) + int(p.paid[p.alone]) <= made + 2
        assert int(p.gross.sum()) == int(p.paid.sum())


def test_fpps_pays_expected_work_whatever_the_luck() -> None:
    mine = Mine(payout={"pools": [FPPS]})
    for _ in range(20):
        mine.deliver(SHARE)
        mine.step()
        owed = sum(
            expected_blocks(mine.rigs.delivered[mine.accounts[0]] * 1e9, s.seconds, s.difficulty)
            * (s.subsidy_sat + s.fees_sat_per_block)
            * 0.98
            for s in mine.network.found
        )
        assert mine.payout.gross[mine.accounts].tolist() == pytest.approx([owed] * 6, abs=1)


def test_pplns_pays_by_luck_and_as_much_in_the_mean() -> None:
    pools = [{"name": "a", "scheme": "pplns", "fee": 0.01, "network_share": 0.05}]
    mine = Mine(payout={"pools": pools}, network={"fees": "constant"})
    paid, work = [], 0.0
    for _ in range(300):
        mine.deliver(SHARE)
        mine.step()
        paid.append(int(mine.payout.gross.sum()))
        share = mine.payout.table.members[0] * 1e9 / mine.network.hashrate
        work += share * sum(s.blocks * (s.subsidy_sat + s.fees_sat_per_block) for s in mine.network.found) * 0.99
    assert np.std(paid) / np.mean(paid) == pytest.approx((0.05 * 144) ** -0.5, rel=0.25)
    assert sum(paid) == pytest.approx(work, rel=0.1)


def test_a_pplns_window_reaches_back_over_ticks() -> None:
    """A pool with a block in ten days pays members for the days before, also one who has left."""
    pools = [{"name": "a", "scheme": "pplns", "fee": 0.0, "network_share": 0.0007, "window": 2.0}]
    mine = Mine(payout={"pools": pools, "luck": "expected"}, network={"blocks": "expected", "fees": "constant"})
    mine.deliver(SHARE)
    for _ in range(40):
        mine.step()
    leaver, rest = mine.accounts[0], mine.accounts[1:]
    full = int(mine.payout.gross[leaver])
    mine.rigs.delivered[leaver] = 0
    after = []
    for _ in range(25):
        mine.step()
        after.append(int(mine.payout.gross[leaver]))
    assert 0.9 * full < after[0] < full
    assert after[10] < 0.6 * full
    assert after[-1] == 0
    assert all(mine.payout.gross[rest] > 0)


def test_expected_luck_leaves_the_operator_his_fee() -> None:
    mine = Mine(payout={"pools": [FPPS], "luck": "expected"}, network={"blocks": "expected"})
    mine.deliver(SHARE)
    mine.step()
    for _ in range(30):
        mine.step()
    t = mine.payout.table
    assert t.alive.all()
    assert int(t.retained[0]) > 0


def test_an_empty_reserve_closes_the_pool() -> None:
    pool = {**FPPS, "fee": 0.001, "ruin": 0.999999, "network_share": 0.01}
    mine = Mine(payout={"pools": [pool]})
    for _ in range(60):
        mine.deliver(0.005)
        mine.step()
    assert not mine.payout.table.alive[0]
    assert [e[1] for e in mine.market.journal.events].count("pool ruined") == 1
    assert set(mine.payout.pool_of[mine.accounts]) == {mine.payout.alone}


def test_those_alone_have_their_own_luck() -> None:
    mine = Mine(payout={"pools": [FPPS]}, network={"simulated_share": 0.3})
    mine.payout.join(mine.accounts, mine.payout.alone)
    won = 0
    for _ in range(20):
        mine.deliver(0.3)
        mine.step()
        rewards = {s.subsidy_sat + s.fees_sat_per_block for s in mine.network.found}
        if len(rewards) == 1:
            assert all(int(g) % rewards.copy().pop() == 0 for g in mine.payout.gross)
        won += int(mine.payout.paid[mine.payout.alone])
    expected = 0.3 * 20 * 144 * 6.4e8
    assert won == pytest.approx(expected, rel=0.15)


def test_every_coin_is_somebodys_when_all_hash_rate_is_simulated() -> None:
    mine = Mine(rest_agent=True, network={"rest": "elastic"})
    holders = np.append(np.append(mine.accounts, mine.rest), mine.payout.table.operator)
    mine.deliver(SHARE)
    mine.rigs.delivered[mine.rest] = int((1 - SHARE) * mine.network.start_hashrate / 1e9)
    endowed = 0
    for _ in range(10):
        before = coins(mine, holders)
        mine.step()
        made = sum(s.blocks * (s.subsidy_sat + s.fees_sat_per_block) for s in mine.network.found)
        if endowed:  # reserves of the opening are not mined
            assert coins(mine, holders) - before == pytest.approx(made, abs=300)
        endowed = 1


def test_same_seed_same_state_and_accounts_may_grow() -> None:
    states = []
    for _ in range(2):
        mine = Mine(hours=4)
        for t in range(40):
            if t == 20:
                mine.accounts = np.append(mine.accounts, mine.ledger.open_accounts("vaults", 50))
            mine.deliver(SHARE)
            mine.step()
        states.append(
            b"".join(np.ascontiguousarray(a).tobytes() for m in (mine.network, mine.payout) for a in m.state())
        )
    assert states[0] == states[1]
