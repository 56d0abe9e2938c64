"""What shares earn under each scheme, from worked examples."""

import math

import pytest

from model.mechanisms.network import expected_blocks
from model.mechanisms.payout import (
    fpps,
    hop_point,
    hopping_gain,
    pplns,
    pps,
    pps_plus,
    pps_reserve,
    proportional,
    round_worth,
    size_fee,
    solo,
)
from model.mechanisms.payout.table import DEPTH, FILLED, HEAD, grown
from tests.mining import Mine


def test_pplns() -> None:
    assert pplns(6.25, 1000, 2, 300, 0.02) == pytest.approx(0.91875)


def test_proportional() -> None:
    assert proportional(6.25, 800, 300, 0.02) == pytest.approx(2.296875)


def test_reserve() -> None:
    assert pps_reserve(1, 0.02, 1e-3) == pytest.approx(172.7, abs=0.05)
    assert pps_reserve(6.25, 0.02, 1e-3) == pytest.approx(6.25 * math.log(1000) / 0.04)


def test_by_work() -> None:
    assert pps(6.25, 1000, 300, 0.02) == pytest.approx(0.98 * 6.25 * 0.3)
    assert fpps(6.25, 0.25, 1000, 300, 0.02) == pytest.approx(0.98 * 6.5 * 0.3)
    assert fpps(6.25, 0, 1000, 300, 0.02) == pps(6.25, 1000, 300, 0.02)
    assert pps_plus(6.25, 0.25, 1000, 2, 300, 0, 0.02) == pps(6.25, 1000, 300, 0.02)


def test_solo() -> None:
    assert solo(6.25, 1, 0.02) == pytest.approx(6.125)
    assert solo(6.25, 0, 0.02) == 0
    assert solo(6.25, 3, 0) == pytest.approx(18.75)


def test_hopping() -> None:
    assert hop_point() == pytest.approx(0.4348, abs=5e-5)
    assert round_worth(hop_point()) == pytest.approx(1.0)
    assert hopping_gain(hop_point()) == pytest.approx(0.2815, abs=5e-5)
    assert hop_point(0.02) < hop_point()
    assert round_worth(3.0) == pytest.approx(math.exp(3) * 0.01304838, rel=1e-6)
    assert hopping_gain(20.0) == pytest.approx(0.0, abs=1e-8)


def test_fees_by_size() -> None:
    assert [size_fee(0.0, 0.025, s, 0.25) for s in (0, 0.1, 0.25, 0.6)] == pytest.approx([0, 0.01, 0.025, 0.025])


# -- through the market


def test_what_work_was_worth_is_counted_with_fees_and_pps_keeps_those_of_blocks() -> None:
    """A pool by full work and one by work on the subsidy alone: the same work, and fees of a tenth less."""
    pools = [{"name": name, "scheme": name, "fee": 0.02, "network_share": 0.1} for name in ("fpps", "pps")]
    mine = Mine(payout={"pools": pools}, network={"blocks": "expected", "fees": "constant", "fee_ratio": 0.1})
    mine.payout.join(mine.accounts[:3], 0)
    mine.payout.join(mine.accounts[3:], 1)
    for _ in range(10):
        mine.deliver(0.001)
        mine.step()
        work = 3 * int(mine.rigs.delivered[mine.accounts[0]]) * 1e9
        subsidy = sum(expected_blocks(work, s.seconds, s.difficulty) * s.subsidy_sat for s in mine.network.found)
        assert mine.payout.paid[:2].tolist() == pytest.approx([0.98 * 1.1 * subsidy, 0.98 * subsidy], abs=3)
    assert mine.payout.worked[:2] == pytest.approx([mine.payout.earned[0] / 0.98] * 2, rel=1e-6)


@pytest.mark.parametrize("luck", ["expected", "drawn"])
def test_those_alone_and_the_rest_share_what_pools_do_not_find(luck: str) -> None:
    """A pool has half of the market's hash rate and a third has nobody else; every coin of the network is somebody's."""
    pools = [{"name": "a", "scheme": "solo", "fee": 0.0, "network_share": 0.0}]
    mine = Mine(rest_agent=True, payout={"pools": pools, "luck": luck},
                network={"rest": "elastic", "blocks": "expected", "fees": "constant", "fee_ratio": 0.1})  # fmt: skip
    mine.payout.join(mine.accounts[:3], 0)
    mine.payout.join(mine.accounts[3:], mine.payout.alone)
    mine.deliver(0.4)
    mine.rigs.delivered[mine.rest] = int(0.6 * mine.network.start_hashrate / 1e9)
    for _ in range(5):
        mine.step()
        made = sum(s.blocks * (s.subsidy_sat + s.fees_sat_per_block) for s in mine.network.found)
        assert int(mine.payout.gross.sum()) == pytest.approx(made, abs=20)
        if luck == "expected":
            paid = mine.payout.paid.tolist()
            assert paid == pytest.approx([0.2 * made, 0.2 * made, 0.6 * made], rel=1e-6)


def test_a_reserve_is_that_of_the_formula_for_the_members_part_of_the_pool() -> None:
    pools = [
        {"name": name, "scheme": name, "fee": 0.02, "network_share": 0.1, "ruin": 1e-3} for name in ("fpps", "pps")
    ]
    steady = {"blocks": "expected", "fees": "constant", "fee_ratio": 0.1, "simulated_share": 0.02}
    mine = Mine(payout={"pools": pools}, network=steady)
    mine.payout.join(mine.accounts[:3], 0)
    mine.payout.join(mine.accounts[3:], 1)
    mine.deliver(0.02)
    mine.step()
    whole = pps_reserve(6.25e8, 0.02, 1e-3)
    assert mine.payout.table.before.tolist() == pytest.approx([0.1 * 1.1 * whole, 0.1 * whole], rel=1e-6)
    assert mine.payout.size == pytest.approx([0.1, 0.1], rel=1e-6)


def test_outsiders_fill_pools_as_far_as_there_are_any() -> None:
    """Members have .45 of the network each and the pools would have .5: the tenth that is left goes round."""
    pools = [{"name": name, "scheme": "fpps", "fee": 0.02, "network_share": 0.5} for name in ("a", "b")]
    mine = Mine(payout={"pools": pools}, network={"simulated_share": 1.0, "blocks": "expected", "fees": "constant"})
    mine.payout.join(mine.accounts[:2], 0)
    mine.payout.join(mine.accounts[2:], 1)
    mine.deliver(1.0)
    mine.step()
    assert mine.payout.size == pytest.approx([1 / 3, 2 / 3], rel=1e-6)


def test_a_deeper_memory_keeps_the_ticks_in_their_order() -> None:
    pools = [{"name": "a", "scheme": "pplns", "network_share": 0.1}]
    t = Mine(payout={"pools": pools}).payout.table
    depth, n = t.shares.shape[1], t.pool_of.size
    for tick in range(depth + 3):  # the memory is full and goes round
        head = (int(t.marks[HEAD]) + 1) % depth
        t.shares[0, head], t.strength[0, head], t.past[0, head] = tick, (10 * tick, 0.5), 100 * tick
        t.marks[HEAD], t.marks[FILLED] = head, min(tick + 1, depth)
    t.marks[DEPTH] = 4 * depth
    t = grown(t, n)
    ages = [(int(t.marks[HEAD]) - a) % t.shares.shape[1] for a in range(depth)]
    ticks = [depth + 2 - a for a in range(depth)]
    assert t.shares[0, ages].tolist() == ticks
    assert t.strength[0, ages, 0].tolist() == [10 * tick for tick in ticks]
    assert t.past[0, ages, n - 1].tolist() == [100 * tick for tick in ticks]
