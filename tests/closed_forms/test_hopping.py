"""Hopping a proportional pool pays what the formula says; a pool's worth is its mean less half its variance."""

import numpy as np
import pytest

from agents.pool_choice import certainty_equivalent
from model.mechanisms.payout import JoinPool, hop_point, hopping_gain
from tests.mining import Mine

POOLS = [
    {"name": "young", "scheme": "proportional", "fee": 0.0, "network_share": 0.0055},  # a round of 30 ticks
    {"name": "fair", "scheme": "fpps", "fee": 0.0005, "network_share": 0.2, "ruin": 1e-9},
]
HOPPER, LOYAL = 0, 1
TICKS = 5_000


def hop(mine: Mine, age: float) -> None:
    batch = JoinPool(mine.accounts[HOPPER], pool=int(mine.payout.table.since[0] / mine.network.difficulty >= age))
    mine.payout.move(batch.rows, np.arange(1))


@pytest.mark.parametrize("age", [hop_point(), 1.5])
def test_a_small_hopper_gains_what_the_formula_says(age: float) -> None:
    mine = Mine(members=2, hours=1, ticks=TICKS, payout={"pools": POOLS}, network={"fees": "constant"})
    mine.deliver(2e-6)
    join = JoinPool(mine.accounts, pool=0)
    mine.payout.move(join.rows, np.arange(2))
    earned, worth = np.zeros(2), 0.0
    for _ in range(TICKS):
        hop(mine, age)
        mine.step()
        earned += mine.payout.gross[mine.accounts]
        worth += (
            float(mine.payout.table.members[:2].sum())
            / 2
            / (mine.network.hashrate / 1e9)
            * sum(s.blocks * (s.subsidy_sat + s.fees_sat_per_block) for s in mine.network.found)
        )
    gain, loyal = earned / worth - 1
    assert gain == pytest.approx(hopping_gain(age), abs=0.1)  # a tick is a thirtieth of a round; 170 rounds of luck
    assert gain > loyal + 0.08


def test_certainty_equivalent() -> None:
    assert certainty_equivalent(0.03, 1.0, 0.0, 1.0, 10.0) == pytest.approx(0.97)
    assert certainty_equivalent(0.01, 1.0, 1.0, 900.0, 10.0) == pytest.approx(0.99 - 5 * 0.99**2 / 900)
    small, large = (certainty_equivalent(0.01, 1.0, 1.0, n, 10.0) for n in (30.0, 3000.0))
    assert small < certainty_equivalent(0.03, 1.0, 0.0, 1.0, 10.0) < large
