"""Figures of the contracts that farms are modelled on, digit for digit, and the kernels that agree with them."""

import pytest

from model.mechanisms.farms import (
    chef_pending,
    chef_per_share,
    chef_reward,
    minted_again,
    peg_parts,
    points_earned,
    reward_earned,
    reward_per_second,
    reward_per_token,
    split_of,
)
from model.mechanisms.network import breakeven_hashprice, power_cost_per_token
from model.units import INDEX, muldiv
from tests.farm_house import FarmHouse
from tests.vault_house import WHOLE

DAY = 86_400
WEEK = 7 * DAY
WEI = 10**18


def test_five_tokens_earn_five_points_in_a_day() -> None:
    assert points_earned(5, DAY) == 5
    assert points_earned(5 * WEI, 100_000) == 5787037037037037035


@pytest.mark.parametrize("rate", [3_600, DAY, 100_000, 604_800])
@pytest.mark.parametrize("hours", [1, 4, 24])
@pytest.mark.parametrize("stake", [1, 5, 999_983, 140 * 10**6 + 1])
def test_points_of_a_farm_are_those_of_the_contract(stake: int, hours: int, rate: int) -> None:
    """To the unit over whole days at the usual rate; in between the index, 1e12 where the contract has 1e18, may round."""
    row = {"name": "points", "design": "unifty_points", "stake": "fraction"}
    house = FarmHouse(rows=[row], hours=hours, point_seconds=rate)
    house.next_day()  # the stake begins where the index is no whole number
    house.stake(1, "points", stake)
    line, books = int(house.farms.table.line[house.farm("points")]), house.ledger.books
    for tick in range(1, 27):
        house.next_day()
        seconds = tick * hours * 3_600
        waits = stake * int(books.line_index[line] - books.settled[line, house.agents[1]]) // INDEX
        contract = points_earned(stake, seconds, rate)
        assert abs(waits - contract) <= 1
        assert waits == contract or rate != DAY or seconds % DAY
    assert house.points(1) == waits


def test_points_of_a_large_stake_differ_by_what_the_index_rounds() -> None:
    """Five million tokens for 28 hours: the index of 1e12 rounds by up to a unit in 1e12 staked."""
    stake, seconds = 5 * 10**12, 28 * 3_600
    assert points_earned(stake, seconds) == 5_833_333_333_333
    for begun in range(0, DAY, 4 * 3_600):
        gap = (begun + seconds) * INDEX // DAY - begun * INDEX // DAY
        assert abs(muldiv(stake, gap, INDEX) - points_earned(stake, seconds)) <= stake // INDEX + 1


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


@pytest.mark.parametrize("stake", [1_000_000, 10_000_039, 149_999_983])
@pytest.mark.parametrize("daily", [0.01, 333, 123_456])
def test_what_a_farm_pays_is_what_a_chef_would(stake: int, daily: float) -> None:
    """One stakes alone, then beside another; what waits is as in the contract, but for dust that is credited later."""
    house = FarmHouse(rows=[{"name": "chef", "design": "master_chef", "stake": "fraction"}], chef={"rate": daily})
    house.stake(1, "chef", stake)
    house.next_day()
    reward = chef_reward(1, round(daily * WHOLE), 1, 1)
    acc = chef_per_share(0, reward, stake)
    assert house.tokens(1) == chef_pending(stake, acc)
    house.stake(2, "chef", 50 * WHOLE)
    debt = chef_pending(50 * WHOLE, acc)
    house.next_day()
    acc = chef_per_share(acc, reward, stake + 50 * WHOLE)
    assert abs(house.tokens(1) - chef_pending(stake, acc)) <= 1
    assert abs(house.tokens(2) - chef_pending(50 * WHOLE, acc, debt)) <= 1


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
