"""Vaults in ticks shorter than a day: fees, smoothed income and days at a loss are those of days; and who is paid at the end."""

from types import SimpleNamespace

import numpy as np
import pytest

from model.flows import Flow, Group
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.vaults import VaultStatus
from model.nft_kind import NftKind
from model.pass_through import Passing
from model.units import USD
from tests.vault_house import WHOLE, House

HOURS = pytest.mark.parametrize("hours", [24, 6])


def work(house: House) -> int:
    """A vault with a work of art of the first agent."""
    return house.vaults.create(house.agents[0], 0, kind=NftKind.ART, nft=house.nfts.mint(house.agents[0], 900.0))


@HOURS
def test_the_service_fee_is_a_days(hours: int) -> None:
    """50 TH at .01 USD a day, beside 4 USD of power."""
    house = House(hours=hours, vaults={"service_fee": 0.01})
    v = house.vault(ghs=50_000)
    house.mine(v, 100_000, usd=4 * USD * hours // 24)
    house.morning()
    assert house.vaults.fee[v] == USD // 2 * hours // 24
    assert house.vaults.cost_per_th[v] == pytest.approx(0.09)


@HOURS
def test_smoothed_income_forgets_by_the_day(hours: int) -> None:
    """20 USD in one tick, then nothing: a day forgets a fifth, a quarter of one a twentieth; 1,000 fractions."""
    house = House(hours=hours, vaults={"service_fee": 0.0, "smoothing_days": 5.0})
    rigs, art = house.vault(), work(house)
    days = hours / 24
    house.mine(rigs, 100_000)
    house.rent(art, 20 * USD)
    house.day()
    assert house.vaults.income[[rigs, art]] == pytest.approx(0.02 / days)
    house.day()
    assert house.vaults.income[[rigs, art]] == pytest.approx(0.02 / days * (1.0 - days / 5.0))


@pytest.mark.parametrize(("rents", "losing"), [((10, -2, -2, -2), 0), ((-10, 2, 2, 2), 1)])
def test_a_day_at_a_loss_is_judged_by_all_of_its_ticks(rents: tuple[int, ...], losing: int) -> None:
    house = House(hours=6)
    v = work(house)
    for usd in rents:
        house.rent(v, usd * USD)
        house.day()
    assert house.vaults.losing[v] == losing


def test_at_the_end_of_life_the_operator_is_repaid_before_holders() -> None:
    """50 TH are sold for 250 USD; 2 USD of power were advanced."""
    house = House(vaults={"life_days": 2, "service_fee": 0.0})
    v, capital = house.vault(ghs=50_000), house.cash(house.vaults.operator)
    for _ in range(2):
        house.day()
    house.mine(v, 0, usd=2 * USD)
    house.day()
    assert house.vaults.status[v] == VaultStatus.ENDED
    assert house.cash(house.vaults.operator) == capital
    assert house.cash(int(house.vaults.pot[v])) == 248 * USD
    assert house.ledger.outstanding(house.vaults.advance) == 0
    assert house.ledger.value[house.vaults.fraction[v]] == pytest.approx(0.248 / WHOLE)
    assert "bad_debt" not in {event[1] for event in house.journal.events}


def test_a_vault_that_is_undone_leaves_its_creator_coins_and_dollars() -> None:
    house = House()
    v = house.vaults.create(house.agents[0], 10_000, offered=True)
    for asset, amount in ((BTC_ASSET, 500), (USD_ASSET, 7 * USD)):
        house.ledger.pay(asset, house.ledger.world, int(house.vaults.account[v]), amount, Flow.TRANSFER)
    house.vaults.dissolve(v, house.agents[0])
    assert house.ledger.balance(BTC_ASSET, house.agents[0]) == 500
    assert house.cash(house.agents[0]) == 10_007 * USD
    house.check()


def test_what_comes_late_to_a_vault_that_was_undone_is_its_creators() -> None:
    """A window of shares, pay that was frozen, and a credit for power pay when the vault is gone."""
    house = House()
    v = house.vaults.create(house.agents[0], 10_000, offered=True)
    house.vaults.dissolve(v, house.agents[0])
    for asset, amount in ((BTC_ASSET, 500), (USD_ASSET, 7 * USD)):
        house.ledger.pay(asset, house.ledger.world, int(house.vaults.account[v]), amount, Flow.TRANSFER)
    house.day()
    assert house.ledger.balance(BTC_ASSET, house.agents[0]) == 500
    assert house.cash(house.agents[0]) == 10_007 * USD


def test_where_pools_earn_each_venue_earns_by_what_it_holds() -> None:
    """100 of 1,000 fractions in one venue, 300 in another; what the other 600 would earn is the operator's or theirs."""
    for taker, parts in (("operator", (10_000, 30_000)), ("providers", (25_000, 75_000))):
        rules = {"eligibility": "lp_passthrough", "unstaked_to": taker, "service_fee": 0.0}
        house = House(vaults=rules, pools=True)
        v = house.vault()
        house.amm.seed(v, house.agents[0], 500 * WHOLE, 100 * WHOLE)
        place = house.ledger.open_account("venues", "another venue")
        other = Passing(
            *(np.full(house.vaults.status.size, k) for k in (place, place, -1, 1)), *np.zeros((6, 6), np.int64)
        )
        house.vaults.serve(other)
        house.ledger.pay(int(house.vaults.fraction[v]), house.agents[0], place, 300 * WHOLE, Flow.LIQUIDITY)
        house.mine(v, 100_000)
        house.vaults.accrue()
        assert (house.amm.passing.grant_btc[v], other.grant_btc[v]) == parts


@pytest.mark.parametrize(("rule", "kind"), [("curtail", Flow.LOAN), ("operator_absorbs", Flow.SERVICE_FEE)])
def test_what_the_operator_pays_for_a_vault_is_a_loan_unless_he_absorbs_it(rule: str, kind: Flow) -> None:
    house = House(vaults={"shortfall": rule, "service_fee": 0.0})
    v = house.vault()
    house.mine(v, 0, usd=2 * USD)
    house.ledger.drain()
    house.vaults.accrue()
    giver, taker = (house.ledger.sectors.index(name) for name in ("platform", "vaults"))
    flows = house.ledger.books.flows[:, Group.USD, giver, taker]
    assert flows[kind] == flows.sum() == 2 * USD


@pytest.mark.parametrize(("rule", "owed"), [("curtail", 0.5), ("carry_debt", 0.5), ("operator_absorbs", 0.0)])
def test_a_service_fee_that_cannot_be_paid_is_owed_unless_the_operator_absorbs_it(rule: str, owed: float) -> None:
    """50 TH at .01 USD a day, and nothing earned."""
    house = House(vaults={"shortfall": rule, "service_fee": 0.01})
    v = house.vault(ghs=50_000)
    house.mine(v, 0)
    house.morning()
    assert house.vaults.fee[v] == USD // 2
    assert house.ledger.balance(house.vaults.advance, int(house.vaults.account[v])) == owed * USD


def test_nobody_lends_to_a_vault_that_has_ended() -> None:
    house = House(vaults={"service_fee": 0.0, "life_days": 1})
    v = house.vault()
    for _ in range(2):
        house.day()
    assert house.vaults.status[v] == VaultStatus.ENDED
    capital = house.cash(house.vaults.operator)
    house.mine(v, 0, usd=2 * USD)
    house.morning()
    assert house.cash(house.vaults.operator) == capital
    assert house.ledger.outstanding(house.vaults.advance) == 0


def test_rigs_that_stand_still_are_shown_to_cost_what_they_would_after_the_discount() -> None:
    """.036 USD of power and .01 of service per TH and day, less a fifth; 50 TH behind 1,000 fractions."""
    house = House(vaults={"service_fee": 0.01, "discount": 0.2})
    v = house.vault(ghs=50_000)
    house.day()
    assert house.vaults.cost_per_th[v] == pytest.approx(0.8 * 0.046)
    assert house.vaults.view().cost[v] == pytest.approx(0.8 * 0.046 * 0.05)


def test_what_a_vault_earned_is_of_mining_and_of_rent_in_coins_and_in_dollars() -> None:
    house = House(vaults={"service_fee": 0.0})
    v = house.vault()
    rents = np.zeros((2, house.rigs.registered.size), np.int64)
    rents[:, house.vaults.account[v]] = 20_000, 3_000
    house.vaults.rental = SimpleNamespace(earned=tuple(rents))
    house.mine(v, 100_000)
    house.morning()
    assert house.vaults.gross[v] == 123_000
    assert house.vaults.income[v] == pytest.approx(123_000 * 2e-4 / 1_000)
