"""A pause stops every transfer of a vault's fractions, by whatever action: farms and editions move them under other names."""

from typing import Any

import pytest

from model.actions import Status
from model.mechanisms.buyouts import OpenBuyout
from model.mechanisms.farms import BuyFromShop, Farms, FarmsParams, Harvest, StakeFarm, UnstakeFarm
from model.mechanisms.vaults import AssembleBasket, Redeem
from model.settlement import Settlement
from tests.buyout_house import CAPACITY, COLLECTIBLE, RIGS, BuyoutHouse
from tests.vault_house import WHOLE

FARMS = [
    {"name": "fractions", "design": "staking_rewards", "stake": "fraction"},
    {"name": "shares", "design": "staking_rewards", "stake": "amm"},
    {"name": "token", "design": "unifty_points", "stake": "token"},
]
NUMBERS = (-(2**63), -1, 10**6, 2**63 - 1)


class PausedHouse(BuyoutHouse):
    """A house with farms, in which the collectible's fractions stand still once its buy-out is open."""

    spare = (90, 220)

    def __init__(self, eligibility: str = "all_holders", **params: Any) -> None:
        super().__init__("niftex_v1", pools=True, vaults={"eligibility": eligibility}, **params)
        self.market.shocks["emission"] = 1.0
        self.farms = self._add(Farms, FarmsParams(capacity=CAPACITY, farm=FARMS))
        self.farms.open()
        self.settlement = Settlement(self.market)
        self.farms.accrue()

    def farm(self, row: int, v: int) -> int:
        """Number of the farm of a row and vault."""
        return self.farms.rows[row].first + v

    def open(self) -> None:
        """Somebody offers a dollar for each fraction of the collectible."""
        self.do(OpenBuyout(self.agents[1], vault=COLLECTIBLE, fractions=100 * WHOLE, usd=900 * WHOLE))
        assert self.buyouts.is_open(COLLECTIBLE)


@pytest.mark.parametrize("eligibility", ["all_holders", "staked_only"])
@pytest.mark.parametrize("pauses", ["design", "never"])
def test_paused_fractions_are_neither_staked_nor_given_back(pauses, eligibility):
    house, status = PausedHouse(eligibility, pauses=pauses), Status.CLOSED if pauses == "design" else Status.DONE
    holder, other = house.agents[2], house.agents[3]
    mine, rigs = house.farm(0, COLLECTIBLE), house.farm(0, RIGS)
    for farm in (mine, rigs):
        assert house.do(StakeFarm(holder, farm=farm, amount=10 * WHOLE)) == (Status.DONE, 10 * WHOLE)
    house.open()
    before = house.held(COLLECTIBLE, holder), house.held(COLLECTIBLE, other)
    assert house.do(UnstakeFarm(holder, farm=mine, amount=WHOLE))[0] == status
    assert house.do(StakeFarm(other, farm=mine, amount=WHOLE))[0] == status
    assert ((house.held(COLLECTIBLE, holder), house.held(COLLECTIBLE, other)) == before) == (pauses == "design")
    assert house.do(UnstakeFarm(holder, farm=rigs, amount=WHOLE))[0] == Status.DONE
    house.next_day()


def test_shares_of_pools_and_rewards_still_move_in_a_pause():
    house = PausedHouse()
    creator, holder = house.agents[0], house.agents[2]
    house.do(StakeFarm(holder, farm=house.farm(0, COLLECTIBLE), amount=10 * WHOLE))
    house.open()
    assert house.do(StakeFarm(creator, farm=house.farm(1, COLLECTIBLE), amount=WHOLE))[0] == Status.DONE
    assert house.do(Harvest(holder, farm=house.farm(0, COLLECTIBLE)))[0] == Status.DONE


def test_a_pause_ends_with_its_buyout():
    house = PausedHouse(shotgun_days=2.0)
    house.open()
    stake = StakeFarm(house.agents[2], farm=house.farm(0, COLLECTIBLE), amount=WHOLE)
    assert house.do(stake)[0] == Status.CLOSED
    assert house.buyouts.pausing and house.vaults.paused[COLLECTIBLE]
    house.next_day(3)
    assert not house.buyouts.pausing and not house.vaults.paused[COLLECTIBLE]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("action", [StakeFarm, UnstakeFarm, BuyFromShop])
def test_rubbish_numbers_in_a_pause_end_in_a_status(action, number):
    house = PausedHouse()
    house.open()
    columns = dict.fromkeys(action.fields, 1) | {action.fields[0]: number}
    batch = action(house.agents[2], **columns)
    house.act(batch)
    assert batch.rows["status"][0] not in (Status.PENDING, Status.DONE)


def test_a_basket_stands_still_with_its_member():
    basket = {"name": "both", "members": [RIGS, COLLECTIBLE], "per_fraction": [1.0, 1.0]}
    house = BuyoutHouse("niftex_v1", vaults={"baskets": [basket]}, shotgun_days=2.0)
    number, holder = house.vaults.made["both"], house.agents[2]
    trades = [AssembleBasket, Redeem]
    assert [house.do(trade(holder, vault=number, amount=WHOLE))[0] for trade in trades] == [Status.DONE] * 2
    house.do(AssembleBasket(holder, vault=number, amount=2 * WHOLE))
    house.do(OpenBuyout(house.agents[1], vault=COLLECTIBLE, fractions=100 * WHOLE, usd=900 * WHOLE))
    assert [house.do(trade(holder, vault=number, amount=WHOLE))[0] for trade in trades] == [Status.CLOSED] * 2
    assert house.held(number, holder) == 2 * WHOLE
    house.next_day(3)
    assert house.do(Redeem(holder, vault=number, amount=WHOLE))[0] == Status.DONE
