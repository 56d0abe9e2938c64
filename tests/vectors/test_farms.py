"""Figures of the contracts that farms are modelled on, digit for digit, and the kernels that agree with them."""

import pytest

from model.mechanisms.farms import (
    breakeven_hashprice,
    chef_pending,
    chef_per_share,
    chef_reward,
    minted_again,
    peg_parts,
    points_earned,
    power_cost_per_token,
    reward_earned,
    reward_per_second,
    reward_per_token,
    split_of,
)
from model.mechanisms.farms.kernels import chef_due, points_due
from model.units import muldiv

DAY = 86_400
WEEK = 7 * DAY
WEI = 10**18


def test_five_tokens_earn_five_points_in_a_day() -> None:
    assert points_earned(5, DAY) == 5
    assert points_earned(5 * WEI, 100_000) == 5787037037037037035


@pytest.mark.parametrize("rate", [1, 3_600, DAY, 100_000, 604_800])
@pytest.mark.parametrize("seconds", [1, 3_600, 14_400, DAY, 100_000])
@pytest.mark.parametrize("stake", [1, 5, 999_983, 10**12, 8 * 10**12])
def test_points_of_the_kernel_are_those_of_the_contract(stake: int, seconds: int, rate: int) -> None:
    if seconds * WEI // rate < 1 << 63 and points_earned(stake, seconds, rate) < 1 << 63:
        assert points_due(stake, seconds, rate) == points_earned(stake, seconds, rate)


def test_synthetix_streams_a_thousand_over_a_week() -> None:
    rate = reward_per_second(1_000 * WEI, WEEK)
    assert rate == 1653439153439153
    a, b = 1 * WEI, 3 * WEI
    alone = reward_per_token(0, 2 * DAY, rate, a)
    end = reward_per_token(alone, 5 * DAY, rate, a + b)
    assert reward_earned(a, end, 0) == 464285714285714162400
    assert reward_earned(b, end, alone) == 535714285714285572000
    assert reward_earned(a, end, 0) + reward_earned(b, end, alone) <= rate * WEEK <= 1_000 * WEI


def test_a_top_up_takes_up_what_is_left() -> None:
    rate = reward_per_second(700, 7)
    assert rate == 100
    assert reward_per_second(700, 7, 3 * rate) == 142
    assert reward_per_token(7, 100, rate, 0) == 7  # nobody stakes: the stream is lost


def test_a_chef_pays_a_pool_by_its_weight() -> None:
    """A stakes 10 at block 410, alone; pool two with weight 2 of 3 comes at block 420."""
    acc = chef_per_share(0, chef_reward(10, 1_000, 1, 1), 10)
    assert chef_pending(10, acc) == 10_000
    assert chef_pending(10, chef_per_share(acc, chef_reward(5, 1_000, 1, 3), 10)) == 11_666
    assert chef_pending(10, chef_per_share(acc, chef_reward(10, 1_000, 1, 3), 10)) == 13_333


def test_an_empty_pool_of_a_chef_emits_nothing() -> None:
    assert chef_per_share(5, chef_reward(10, 1_000, 1, 1), 0) == 5
    assert chef_reward(10, 1_000, 1, 0) == 0


@pytest.mark.parametrize("stake", [1, 10, 700, 10**12 + 39])
@pytest.mark.parametrize("acc", [0, 1, 3331428571428, 10**15 + 7])
def test_what_a_line_pays_is_what_a_chef_would(stake: int, acc: int) -> None:
    assert chef_due(stake, acc) == chef_pending(stake, acc) == muldiv(stake, acc, 10**12)


def test_burn_and_mint_gives_back_four_fifths() -> None:
    assert minted_again(1_000_000) == 800_000
    assert split_of(800_000, [0.65, 0.20, 0.10, 0.05]) == [520_000, 160_000, 80_000, 40_000]
    assert sum(split_of(801, [0.65, 0.20, 0.10, 0.05])) == 801


def test_a_pegged_dollar_is_three_quarters_cash() -> None:
    assert peg_parts(1_000_000, 0.75, 64.0) == (750_000, 3_906)
    assert peg_parts(1_000_000, 0.75, 1e-3) == (750_000, 250_000_000)


def test_power_behind_a_token_to_the_last_digit_given() -> None:
    assert power_cost_per_token(0.1, 60, 0.058, 1.03) == pytest.approx(0.00860256, abs=1e-15)
    th = power_cost_per_token(1.0, 35, 0.0583)
    assert th == pytest.approx(0.048972, abs=1e-15)
    assert round(breakeven_hashprice(th, 0.025), 2) == 50.23
