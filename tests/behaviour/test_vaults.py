"""What vaults do on good and bad days, and how holders get out."""

import pytest

from model.actions import Bundle, Status
from model.mechanisms.vaults import Redeem, VaultStatus
from model.room import shortages
from model.units import USD
from tests.vault_house import WHOLE, House


def status_of(action: Redeem) -> Status:
    return Status(int(action.rows["status"][0]))


def test_an_unlucky_day_is_advanced_and_netted_first() -> None:
    house = House(vaults={"service_fee": 0.0})
    v, capital = house.vault(), house.cash(house.vaults.operator)
    account = int(house.vaults.account[v])
    house.mine(v, 0, usd=2 * USD)
    house.day()
    assert house.vaults.net_income[v] == 0
    assert house.ledger.balance(house.vaults.advance, account) == 2 * USD
    assert house.vaults.income[v] < 0
    house.mine(v, 100_000, usd=2 * USD)  # 20 USD
    house.day()
    assert house.ledger.balance(house.vaults.advance, account) == 0
    assert house.vaults.net_income[v] == 80_000  # 16 USD: two days of power are paid
    assert house.cash(house.vaults.operator) == capital


def test_an_operator_who_absorbs_asks_for_nothing_back() -> None:
    house = House(vaults={"service_fee": 0.0, "shortfall": "operator_absorbs"})
    v, capital = house.vault(), house.cash(house.vaults.operator)
    house.mine(v, 0, usd=2 * USD)
    house.day()
    house.mine(v, 100_000, usd=2 * USD)
    house.day()
    assert house.vaults.net_income[v] == 90_000
    assert house.cash(house.vaults.operator) == capital - 2 * USD


def test_the_operator_is_paid_for_rigs_that_run_and_bears_the_discount() -> None:
    house = House(vaults={"service_fee": 0.01, "operator_capital": 100.0})
    v = house.vault(ghs=50_000)
    house.mine(v, 100_000, usd=2 * USD)
    house.vaults.accrue()
    assert house.vaults.fee[v] == USD // 2  # 50 TH at .01 USD
    house = House(vaults={"service_fee": 0.01, "discount": 0.2})
    v = house.vault(ghs=50_000)
    house.mine(v, 100_000, usd=4 * USD)
    house.vaults.accrue()
    assert house.vaults.fee[v] == round(0.8 * 4.5 * USD) - 4 * USD  # a rebate on power
    house = House(vaults={"service_fee": 0.01})
    v = house.vault(ghs=50_000)
    house.mine(v, 0, runs=False)
    house.vaults.accrue()
    assert house.vaults.fee[v] == 0


def test_an_operator_without_money_leaves_the_bill_unpaid() -> None:
    house = House(vaults={"operator_capital": 0.0})
    v = house.vault()
    house.mine(v, 0, usd=2 * USD)
    house.day()
    assert house.ledger.balance(2, int(house.vaults.account[v])) == 2 * USD


def test_no_redemption_by_default() -> None:
    house = House()
    v = house.vault()
    action = Redeem(house.agents[0], vault=v, amount=WHOLE)
    house.day(action)
    assert status_of(action) == Status.NOT_ALLOWED


@pytest.mark.parametrize(
    ("vault", "amount", "reason"),
    [(9, 1, Status.UNKNOWN), (-1, 1, Status.UNKNOWN), (0, 0, Status.AMOUNT), (0, 2_000 * WHOLE, Status.FUNDS)],
)
def test_reasons_why_not(vault: int, amount: int, reason: Status) -> None:
    house = House(vaults={"redemption": "in_kind"})
    house.vault()
    action = Redeem(house.agents[0], vault=vault, amount=amount)
    house.day(action)
    assert status_of(action) == reason


def test_in_kind_brings_rigs_pro_rata_and_pays_for_advances() -> None:
    house = House(vaults={"redemption": "in_kind", "service_fee": 0.0})
    v = house.vault(ghs=50_001)
    house.give(v, 0, 1, 250 * WHOLE)
    house.mine(v, 0, usd=2 * USD)
    action = Redeem(house.agents[1], vault=v, amount=250 * WHOLE)
    house.day(action)
    assert action.rows["filled"][0] == 12_500
    assert house.rigs.registered[house.agents[1]] == 112_500
    assert house.cash(house.agents[1]) == 10_000 * USD - USD // 2
    assert house.vaults.ghs[v] == 37_501
    last = Redeem(house.agents[0], vault=v, amount=750 * WHOLE)
    house.day(last)
    assert last.rows["filled"][0] == 37_501
    assert house.vaults.status[v] == VaultStatus.ENDED


@pytest.mark.parametrize("rule", ["whole", "in_kind"])
def test_what_comes_after_the_last_fraction_is_his_who_gave_it_back(rule: str) -> None:
    """Such as the coins of a pool that pays by a window of shares."""
    house = House(vaults={"redemption": rule})
    v = house.vault()
    house.give(v, 0, 1, 1_000 * WHOLE)
    house.day(Redeem(house.agents[1], vault=v, amount=1_000 * WHOLE))
    assert house.vaults.status[v] == VaultStatus.ENDED
    house.mine(v, 500)
    house.day()
    assert [house.coins(who) for who in house.agents[:2]] == [0, 500]


def test_the_whole_vault_for_a_deposit_that_others_claim() -> None:
    house = House(vaults={"redemption": "whole", "supply": 100_000})
    v = house.vault(ghs=50_000)
    house.ledger.value[house.vaults.fraction[v]] = 3e-6  # 3 USD a fraction
    house.give(v, 0, 1, 11 * WHOLE)
    refused = Redeem(house.agents[0], vault=v, amount=99_989 * WHOLE)
    house.day(refused)
    assert status_of(refused) == Status.NOT_ALLOWED
    house.give(v, 1, 0, 1 * WHOLE)
    claim = Redeem(house.agents[1], vault=v, amount=4 * WHOLE)
    house.day(Redeem(house.agents[0], vault=v, amount=99_990 * WHOLE))
    assert house.rigs.registered[house.agents[0]] == 100_000
    assert house.cash(house.agents[0]) == (10_000 - 30) * USD
    assert house.vaults.status[v] == VaultStatus.ENDED
    assert house.ledger.value[house.vaults.fraction[v]] == pytest.approx(3e-6)
    house.day(claim)
    assert claim.rows["filled"][0] == 12 * USD
    house.day(Redeem(house.agents[1], vault=v, amount=6 * WHOLE))
    assert house.cash(house.agents[1]) == (10_000 + 30) * USD


def test_at_the_end_of_life_rigs_are_sold_and_claimed() -> None:
    house = House(vaults={"life_days": 2})
    v = house.vault(ghs=50_000)
    house.give(v, 0, 1, 400 * WHOLE)
    for _ in range(3):
        house.mine(v, 10_000)
        house.day()
    assert house.vaults.status[v] == VaultStatus.ENDED
    assert house.cash(int(house.vaults.pot[v])) == 250 * USD  # 50 TH at 5 USD
    claims = [Redeem(house.agents[who], vault=v, amount=part * WHOLE) for who, part in ((0, 600), (1, 400))]
    house.day(*claims)
    assert [int(c.rows["filled"][0]) for c in claims] == [150 * USD, 100 * USD]
    assert "vault_ended" in {event[1] for event in house.journal.events}


def test_rigs_do_not_move_in_a_bundle() -> None:
    house = House(vaults={"redemption": "in_kind"})
    v = house.vault()
    house.market.mechanisms["vaults"].params = house.vaults.params
    bundle = Bundle([Redeem(house.agents[0], vault=v, amount=WHOLE)])
    house.settlement._run_bundle(bundle)
    assert bundle.status == Status.NOT_ALLOWED
    assert house.vaults.supply[v] == 1_000 * WHOLE


def test_slots_of_failed_vaults_are_used_again_and_a_full_table_says_so() -> None:
    house = House(vaults={"capacity": 2})
    first, second = house.vault(0, 1_000), house.vault(1, 1_000)
    assert house.vault(2, 1_000) == -1
    house.vaults.dissolve(first, house.agents[0])
    house.check()
    assert house.vault(2, 1_000) == first
    assert second == 1
    house.check()


def test_the_first_time_that_no_room_is_left_is_told_once() -> None:
    house = House(vaults={"capacity": 2})
    first = house.vault(0, 1_000)
    assert shortages(house.journal) == []
    house.vault(1, 1_000)
    (told,) = shortages(house.journal)
    assert f"tick {house.journal.tick}:" in told and "vaults.capacity = 2" in told
    house.vaults.dissolve(first, house.agents[0])
    house.vault(2, 1_000)
    assert shortages(house.journal) == [told]


def test_the_view_shows_what_a_fraction_earns_and_costs() -> None:
    house = House(vaults={"service_fee": 0.01})
    v = house.vault(ghs=50_000)
    house.mine(v, 100_000, usd=2 * USD)
    house.day()
    seen = house.vaults.view()
    assert seen.n == 1
    assert seen.live[v]
    assert seen.th_per_fraction[v] == pytest.approx(0.05)
    assert seen.cost[v] == pytest.approx(2.5 / 1_000)
    assert seen.income[v] == pytest.approx(17.5 / 1_000)
    with pytest.raises(ValueError, match="read-only"):
        seen.income[v] = 1.0
