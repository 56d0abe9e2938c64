"""2,332 sat over 700 staked fractions through the running mechanism, by both rules that pay stakers."""

import numpy as np
import pytest

from model.ledger import BTC_ASSET
from model.mechanisms.vaults import Stake, part_of_income
from tests.vault_house import House


def staked(house: House, v: int, account: int) -> int:
    """Coins of an account after all that its stakes earned is collected."""
    house.ledger.collect(int(house.vaults.stake[v]), np.array([account]))
    return house.ledger.balance(BTC_ASSET, account)


@pytest.mark.parametrize("supply", [700, 1_000])
def test_income_over_700_staked(supply: int) -> None:
    """The unstaked 300 of 1,000 give way: the stakers take all."""
    house = House(vaults={"service_fee": 0.0, "eligibility": "staked_only", "unstaked_to": "stakers"})
    v, (first, second, *_) = house.vault(supply=supply), house.agents
    house.give(v, 0, 1, 100)
    house.day(Stake(first, vault=v, amount=600), Stake(second, vault=v, amount=100))
    house.mine(v, 2332)
    house.day()
    assert house.ledger.books.line_index[house.vaults.stake_line[v]] == 3331428571428
    assert (staked(house, v, second), staked(house, v, first)) == (333, 1998)
    pot = house.ledger.balance(BTC_ASSET, int(house.vaults.stakes[v]))
    assert pot == 1  # dust
    assert house.coins(first) == 1998  # unstaked fractions earn nothing


def test_the_unstaked_part_is_the_takers() -> None:
    house = House(vaults={"service_fee": 0.0, "eligibility": "staked_only", "unstaked_to": "treasury"})
    v = house.vault(supply=1_000)
    house.day(Stake(house.agents[0], vault=v, amount=700))
    house.mine(v, 2332)
    house.day()
    assert staked(house, v, house.agents[0]) in (part_of_income(2332, 700, 1_000), part_of_income(2332, 700, 1_000) - 1)
    assert house.ledger.balance(BTC_ASSET, house.market.platform) == 2332 - part_of_income(2332, 700, 1_000)
    assert house.vaults.taken[v].tolist() == [700, 0]
