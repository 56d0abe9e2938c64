"""What each form of offering does, from its opening to delivery or refund."""

from types import SimpleNamespace
from typing import Any

import pytest

from model.actions import Status
from model.mechanisms.offerings import Fractionalise, OfferContract, Subscribe, forms
from model.mechanisms.vaults import VaultStatus
from model.metrics.offerings import by_form
from model.nft_kind import NftKind
from model.units import TOKEN, USD
from tests.sales import DAYS, Sale
from tests.vault_house import House

EVERY = sorted(forms())


def test_the_forms_are_found() -> None:
    assert EVERY == ["bonding_curve", "club", "dutch", "editions", "fixed_price", "fixed_price_keep"]


@pytest.mark.parametrize("form", EVERY)
def test_nothing_sold_undoes_the_offering(form: str) -> None:
    sale = Sale(form)
    assert sale.action.rows["status"][0] == Status.DONE
    sale.nights(DAYS)
    assert sale.house.vaults.status[0] == VaultStatus.NONE
    assert sale.house.rigs.registered[sale.agents[0]] == 100_000
    assert [sale.spent(i) for i in range(4)] == [0] * 4


@pytest.mark.parametrize("form", EVERY)
def test_part_sold_at_the_deadline(form: str) -> None:
    sale = Sale(form)
    sale.buy(1, 20)
    sale.nights(DAYS)
    keeps = form in ("fixed_price_keep", "bonding_curve", "editions")
    assert (sale.held(1) == 20) is keeps
    assert (sale.spent(1) > 0) is keeps
    if keeps:
        assert sale.held(0) == int(sale.house.vaults.supply[0]) / TOKEN - 20
        assert -sale.spent(0) == sale.spent(1) * 975 // 1_000  # no pool in this house


@pytest.mark.parametrize("form", EVERY)
def test_a_limit_below_the_price_buys_nothing(form: str) -> None:
    sale = Sale(form)
    assert sale.buy(1, 1, limit=5 * USD - 1)["status"] == Status.LIMIT
    assert sale.buy(1, 0)["status"] == Status.AMOUNT


def test_all_pay_the_clearing_price_of_a_descending_auction() -> None:
    """100 bought at 1.5 times the reserve, the rest on day 4: both pay the price of day 4."""
    sale = Sale("dutch", price=7 * USD)
    sale.buy(1, 100)
    assert sale.spent(1) == 1_050 * USD
    sale.nights(4)
    assert sale.buy(2, 650)["filled"] == 650 * TOKEN
    assert sale.spent(2) == 650 * 8.5 * USD
    sale.nights(1)
    assert (sale.spent(1), sale.held(1)) == (850 * USD, 100)
    assert sale.spent(2) == 650 * 8.5 * USD
    assert -sale.spent(0) == 750 * 8.5 * USD * 0.975
    assert sale.house.ledger.value[sale.house.vaults.fraction[0]] * TOKEN == pytest.approx(8.5)


@pytest.mark.parametrize("hours", [4, 24])
def test_a_descending_price_reaches_the_reserve_in_any_ticks(hours: int) -> None:
    """Both times are rounded up to whole ticks."""
    sale = Sale("dutch", hours=hours, days=7.4, dutch_days=7.1)
    left = sale.house.clock.ticks_of(7.4) - 1  # the first night has passed
    sale.nights(left)
    assert int(sale.offers.price[0]) == sale.price
    assert sale.buy(1, 1)["status"] == Status.DONE
    sale.nights(1)
    assert sale.house.vaults.status[0] == VaultStatus.NONE


def test_a_descending_auction_waits_for_its_buyer() -> None:
    sale = Sale("dutch", price=7 * USD)
    assert sale.buy(1, 10, limit=8 * USD)["status"] == Status.LIMIT
    sale.nights(5)
    assert sale.buy(1, 10, limit=8 * USD)["status"] == Status.DONE


def test_the_early_pay_less_on_a_bonding_curve() -> None:
    """750 on offer from 5 to 10 USD: 300 cost 300 (5 + 1), the next 300 cost 300 (5 + 3)."""
    sale = Sale("bonding_curve")
    sale.buy(1, 300)
    sale.buy(2, 300)
    assert (sale.spent(1), sale.spent(2)) == (1_800 * USD, 2_400 * USD)
    sale.nights(1)
    assert sale.offers.view().price[0] == pytest.approx(5 + 601 * 5 / 750, abs=1e-6)


def test_receipts_are_worth_what_was_paid_for_them() -> None:
    """300 for 1,800 USD, while the next fraction costs 7."""
    sale = Sale("bonding_curve")
    sale.buy(1, 300)
    sale.nights(1)
    house, value = sale.house, sale.house.ledger.value
    assert value[house.vaults.receipts[0]] * TOKEN == pytest.approx(6.0)
    assert value[house.vaults.fraction[0]] * TOKEN == pytest.approx(7.0, rel=1e-3)


def test_a_limit_stops_on_the_curve() -> None:
    """6 USD is reached at 150 of 750."""
    sale = Sale("bonding_curve")
    assert sale.buy(1, 500, limit=6 * USD)["filled"] == 150 * TOKEN
    assert sale.buy(2, 1, limit=6 * USD)["status"] == Status.LIMIT
    sale.nights(1)
    assert sale.buy(2, 5, limit=round(sale.offers.view().price[0] * USD))["filled"] == TOKEN  # the price shown buys one


def test_editions_are_whole_and_open_no_pool() -> None:
    seeds: list[Any] = []
    for asked in (False, True):
        sale = Sale("editions", seed_editions=asked)
        sale.offers.amm = SimpleNamespace(seed=lambda *given: seeds.append(given) or 1)
        assert sale.house.vaults.supply[0] == 50 * TOKEN
        assert sale.buy(1, 0.9)["status"] == Status.AMOUNT
        assert sale.buy(1, 10.7)["filled"] == 10 * TOKEN
        sale.nights(DAYS)
        assert sale.held(1) == 10
        assert len(seeds) == asked
    assert seeds[0][2:4] == (10 * USD, 2 * TOKEN)


def test_a_club_orders_rigs_with_all_its_pledges() -> None:
    """1,000 fractions at 5 USD less 2.5 % buy 325 TH at 15 USD, where 50 were promised."""
    sale = Sale("club")
    house, vault = sale.house, int(sale.house.vaults.account[0])
    assert sale.offers.view().promised_th[0] == 0.05
    sale.buy(1, 600)
    sale.buy(2, 600)
    assert house.rigs.on_order(vault) == 0
    sale.nights(1)
    assert house.rigs.on_order(vault) == 325_000
    assert (sale.held(0), sale.held(1), sale.held(2)) == (0, 600, 400)
    sale.nights(30)
    assert house.vaults.live[0]
    house.rigs.registered[vault], house.rigs.ordered[vault] = 325_000, 0
    sale.nights(1)
    assert house.vaults.ghs[0] == 325_000
    assert house.vaults.born[0] == house.clock.tick - 1


def test_a_club_waits_for_rigs_it_can_pay_and_pays_back() -> None:
    sale = Sale("club")
    sale.house.rigs.price = 98.0
    sale.buy(1, 1_000)
    sale.nights(1)
    assert sale.offers.now == [0]
    assert sale.buy(2, 1)["status"] == Status.DEPTH
    sale.nights(DAYS)
    assert sale.house.vaults.status[0] == VaultStatus.NONE
    assert [sale.spent(i) for i in range(4)] == [0] * 4


@pytest.mark.parametrize("whole", [3, 1_000])  # a part, or all that is left
@pytest.mark.parametrize("form", [f for f in EVERY if f != "club"])
def test_rigs_taken_by_utilities_give_all_back(form: str, whole: int) -> None:
    sale = Sale(form)
    sale.buy(1, whole)
    sale.house.rigs.registered[sale.house.vaults.account[0]] = 0
    sale.nights(1)
    assert sale.house.vaults.status[0] == VaultStatus.NONE
    assert sale.spent(1) == 0


@pytest.mark.parametrize("whole", [3, 1_000])
def test_an_nft_whose_term_ends_on_offer_is_not_sold(whole: int) -> None:
    house = House()
    seller, buyer = house.agents[:2]
    right = house.nfts.mint(seller, 4_000.0)
    v = house.vaults.create(seller, 0, offered=True, kind=NftKind.MINING_RIGHT, nft=right)
    house.offerings.put_on_offer(v, house.offerings.forms["fixed_price"], USD, 100 * TOKEN)
    house.nfts.days_left[right] = 0.0
    house.day(Subscribe(buyer, vault=0, fractions=whole * TOKEN, limit=USD))
    assert house.vaults.status[0] == VaultStatus.NONE
    assert house.cash(buyer) == 10_000 * USD
    assert house.nfts.owner[0] == seller


def test_a_contract_has_its_term() -> None:
    house = House(offerings={"forms": {"hashpower_contract": "dutch"}})
    batch = OfferContract(house.agents[0], ghs=10_000, days=90, price=USD, keep_bps=0)
    house.day(batch)
    assert batch.done[0]
    assert house.vaults.kind[0] == NftKind.HASHPOWER_CONTRACT
    assert house.offerings.form_at(0).name == "dutch"
    assert house.vaults.term[0] == 90
    for days in (0, 5_000):
        batch = OfferContract(house.agents[0], ghs=10_000, days=days, price=USD, keep_bps=0)
        house.day(batch)
        assert batch.rows["status"][0] == Status.AMOUNT


def test_no_nft_where_there_are_none() -> None:
    house = House()
    batch = Fractionalise(house.agents[0], nft=0, price=USD, keep_bps=0)
    house.day(batch)
    assert batch.rows["status"][0] == Status.UNKNOWN


def test_what_became_of_each_form() -> None:
    sale = Sale("fixed_price_keep")
    sale.buy(1, 20)
    sale.nights(DAYS)
    table = by_form(sale.house.market)
    assert table.index.tolist() == ["fixed_price_keep"]
    assert table.iloc[0].tolist() == [1, 1, 0, 20, 100, 0, DAYS]
    sale = Sale("fixed_price")
    sale.buy(1, 20)
    sale.nights(DAYS)
    assert by_form(sale.house.market).loc["fixed_price"].tolist()[:6] == [1, 0, 1, 0, 0, 100]
    sale = Sale("dutch", price=7 * USD)
    sale.buy(1, 100)
    sale.nights(7)
    sale.buy(2, 650)
    sale.nights(1)
    assert by_form(sale.house.market).loc["dutch"].tolist() == [1, 1, 0, 750, 5_250, 350, 8]


def test_the_market_opens_where_the_bonding_curve_ended() -> None:
    """All of 750 are sold from 5 to 10 USD, for 5,625 USD: a fifth of it meets a tenth as many fractions."""
    seeds: list[Any] = []
    sale = Sale("bonding_curve")
    sale.offers.amm = SimpleNamespace(seed=lambda *given: seeds.append(given) or 1)
    sale.buy(1, 750)
    sale.nights(1)
    assert seeds[0][2:4] == (1_125 * USD, 112_500_000)
