"""Numbers of vaults and offerings from their sources, by the formulas and by the kernels."""

import pytest

from model.ledger import USD_ASSET
from model.mechanisms.offerings import cost_of, fee_of, lot, parts_of
from model.mechanisms.vaults import Redeem, claim_of, ends, income_dust, income_index, income_of, net_income
from model.units import TOKEN
from tests.vault_house import House


def test_net_income_of_50_th_on_one_day() -> None:
    assert net_income(18446.9, 13835.1, 2279.4) == pytest.approx(2332.4)
    assert net_income(18446.9, 13835.1, 2279.4, discount=0.2) == pytest.approx(18446.9 - 0.8 * 16114.5)


def test_income_over_700_staked() -> None:
    step = income_index(2332, 700)
    assert step == 3331428571428
    assert (income_of(100, step), income_of(600, step)) == (333, 1998)
    assert income_dust(2332, [100, 600]) == 1


def test_the_ledger_shares_income_alike() -> None:
    house = House(vaults={"service_fee": 0.0})
    v = house.vault(supply=700)
    house.give(v, 0, 1, 100)
    house.mine(v, 2332)
    house.day()
    assert house.vaults.net_income[v] == 2332
    assert house.ledger.books.line_index[house.vaults.line[v]] == 3331428571428
    assert house.coins(house.agents[1]) == 333
    assert house.coins(house.agents[0]) == 1998


def test_the_kernel_nets_a_day_of_50_th_as_the_formula() -> None:
    """Electricity and fee in satoshi at 20,000 USD a coin: costs are paid in USD, rounded against holders."""
    house = House(vaults={"service_fee": 2279.4 * 2e-4 / 50})
    v = house.vault()
    house.mine(v, 18_447, usd=round(13835.1 * 200))
    house.day()
    assert house.vaults.net_income[v] in (2331, 2332)
    assert house.vaults.cost[v] == 16_115


@pytest.mark.parametrize(("keep", "seed"), [(0, 2000), (1000, 2000), (9000, 5000), (3333, 777)])
def test_the_supply_is_split_whole(keep: int, seed: int) -> None:
    supply = 10_000 * TOKEN
    parts = parts_of(supply, keep, seed)
    assert sum(parts) == supply
    assert parts.offered % TOKEN == 0
    assert parts.kept >= supply * keep // 10_000


def test_lots_cost_whole_units() -> None:
    for price in (1, 3, 1_570_000, 999_983, 12_345_678):
        assert lot(price) * price % TOKEN == 0
        assert cost_of(7 * lot(price), price) * TOKEN == 7 * lot(price) * price


def test_the_fee_is_rounded_against_the_seller() -> None:
    assert fee_of(1, 250) == 1
    assert fee_of(0, 250) == 0


def test_claims_on_an_ended_vault_are_the_formula() -> None:
    house = House()
    v, ledger = house.vault(0), house.ledger
    house.give(v, 0, 1, 333_333_333)
    ends.wind_up(house.vaults, v)
    for agent in house.agents[:2]:
        amount = house.held(v, agent) // 7
        pot, supply, before = int(house.vaults.pot[v]), int(house.vaults.supply[v]), house.cash(agent)
        due = claim_of(amount, ledger.balance(USD_ASSET, pot), supply)
        house.act(Redeem(agent, vault=v, amount=amount))
        assert house.cash(agent) - before == due > 0
