"""What an offering does from its opening to delivery or refund."""

from typing import Any

import pytest

from model.actions import Status
from model.ledger import PAYABLE_ASSET
from model.mechanisms.offerings import Subscribe, Tokenise
from model.mechanisms.vaults import VaultStatus
from model.units import USD
from tests.vault_house import WHOLE, House

PRICE = 5 * USD


def offer(house: House, **given: Any) -> Tokenise:
    action = Tokenise(house.agents[0], **{"ghs": 50_000, "price": PRICE, "keep_bps": 1_000, **given})
    house.day(action)
    return action


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"ghs": 500}, Status.AMOUNT),
        ({"ghs": 200_000}, Status.FUNDS),
        ({"price": 0}, Status.AMOUNT),
        ({"price": 10**15}, Status.AMOUNT),
        ({"keep_bps": 9_500}, Status.NOT_ALLOWED),
        ({"keep_bps": -1}, Status.NOT_ALLOWED),
        ({}, Status.DONE),
    ],
)
def test_reasons_for_an_offering(given: dict[str, int], reason: Status) -> None:
    assert offer(House(), **given).rows["status"][0] == reason


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"vault": 3}, Status.UNKNOWN),
        ({"limit": PRICE - 1}, Status.LIMIT),
        ({"fractions": 0}, Status.AMOUNT),
        ({"fractions": 2_500 * WHOLE}, Status.DONE),  # as many as are left
    ],
)
def test_reasons_for_a_subscription(given: dict[str, int], reason: Status) -> None:
    house = House()
    offer(house)
    action = Subscribe(house.agents[1], **{"vault": 0, "fractions": WHOLE, "limit": PRICE, **given})
    house.day(action)
    assert action.rows["status"][0] == reason


def test_more_than_cash_buys_nothing() -> None:
    house = House()
    offer(house, price=100 * USD)
    action = Subscribe(house.agents[1], vault=0, fractions=200 * WHOLE, limit=100 * USD)
    house.day(action)
    assert action.rows["status"][0] == Status.FUNDS


def test_a_full_offering_is_delivered_and_seeds_the_pool() -> None:
    house = House()
    seeds: list[tuple[Any, ...]] = []

    class Pools:
        def seed(self, *given: Any) -> int:
            seeds.append(given)
            return 1

    house.offerings.amm = Pools()
    offer(house)
    house.day(Subscribe(house.agents[1], vault=0, fractions=2_000 * WHOLE, limit=PRICE))
    assert house.vaults.status[0] == VaultStatus.LIVE
    assert house.held(0, house.agents[1]) == 750 * WHOLE
    assert house.held(0, house.agents[0]) == 250 * WHOLE
    assert house.cash(house.agents[0]) == 10_000 * USD + 3_750 * USD * 975 // 1_000
    assert house.cash(house.market.platform) == 93.75 * USD
    assert seeds == [(0, house.agents[0], 750 * USD, 150 * WHOLE, 30.0)]
    assert house.vaults.born[0] == 1


def test_income_in_escrow_is_the_sellers() -> None:
    house = House(vaults={"service_fee": 0.0})
    offer(house)
    house.act(Subscribe(house.agents[1], vault=0, fractions=10 * WHOLE, limit=PRICE))
    house.mine(0, 10_000)
    house.day()
    assert house.coins(house.agents[0]) == 10_000
    assert house.coins(house.agents[1]) == 0


def test_a_failed_offering_hands_debts_to_its_creator() -> None:
    house = House(vaults={"service_fee": 0.0}, offerings={"days": 2})
    offer(house)
    house.mine(0, 0, usd=3 * USD)
    for _ in range(3):
        house.day()
    assert house.vaults.status[0] == VaultStatus.NONE
    assert house.rigs.registered[house.agents[0]] == 100_000
    assert house.cash(house.agents[0]) == 9_997 * USD
    assert house.ledger.outstanding(house.vaults.advance) == 0
    assert [e[1] for e in house.journal.events] == ["offering", "offering_failed"]


@pytest.mark.parametrize(("rule", "paid", "owed"), [("curtail", 3 * USD, 0), ("carry_debt", 0, 3 * USD)])
def test_a_seller_pays_what_the_time_on_offer_cost(rule: str, paid: int, owed: int) -> None:
    """Advances are repaid out of his proceeds, bills go along; holders start without debts."""
    house = House(vaults={"service_fee": 0.0, "shortfall": rule})
    offer(house)
    house.mine(0, 0, usd=3 * USD)
    house.day(Subscribe(house.agents[1], vault=0, fractions=750 * WHOLE, limit=PRICE))
    seller, vault = house.agents[0], int(house.vaults.account[0])
    assert house.vaults.status[0] == VaultStatus.LIVE
    assert house.cash(seller) == 10_000 * USD + 3_750 * USD * 975 // 1_000 - paid
    assert house.ledger.balance(PAYABLE_ASSET, seller) == owed
    assert house.ledger.balance(PAYABLE_ASSET, vault) == house.ledger.outstanding(house.vaults.advance) == 0


def test_an_offering_without_rigs_is_refunded_at_once() -> None:
    house = House()
    offer(house)
    house.act(Subscribe(house.agents[1], vault=0, fractions=10 * WHOLE, limit=PRICE))
    house.rigs.registered[house.vaults.account[0]] = 0
    house.day()
    assert house.vaults.status[0] == VaultStatus.NONE
    assert house.cash(house.agents[1]) == 10_000 * USD


def test_the_view_shows_what_is_on_offer() -> None:
    house = House(hours=6)
    assert not house.offerings.view().any_open
    offer(house)
    house.day()
    seen = house.offerings.view()
    assert seen.any_open
    assert seen.open[0]
    assert (seen.price[0], seen.left[0], seen.seller[0]) == (5.0, 750 * WHOLE, house.agents[0])
    assert seen.days_left[0] == pytest.approx(13.75)


def test_strategies_see_how_many_vaults_can_still_be_made() -> None:
    house = House(vaults={"capacity": 2})
    seen = [house.offerings.view().room]
    for seller in house.agents[:2]:
        house.day(Tokenise(seller, ghs=50_000, price=PRICE, keep_bps=1_000))
        seen.append(house.offerings.view().room)
    assert seen == [2, 1, 0]
