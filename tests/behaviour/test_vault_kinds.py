"""What vaults of each kind hold, earn and leave behind."""

import pytest

from model.actions import Status
from model.errors import InvariantViolated, ScenarioError
from model.mechanisms.vaults import Redeem, VaultStatus
from model.nft_kind import NftKind
from model.scenario import Scenario
from model.units import USD
from tests.vault_house import WHOLE, House


def why(house: House, action: Redeem) -> Status:
    house.day(action)
    return Status(int(action.rows["status"][0]))


def art(house: House, usd: float = 5_000.0) -> int:
    """A vault with a work of the first agent."""
    nft = house.nfts.mint(house.agents[0], usd)
    return house.vaults.create(house.agents[0], 0, kind=NftKind.ART, nft=nft)


def dollars(house: House, v: int, who: int) -> int:
    """USD that an agent has gained since the beginning, with all that he is owed."""
    house.coins(house.agents[who])
    return house.cash(house.agents[who]) - 10_000 * USD


def test_an_nft_earns_dollars_for_all_holders() -> None:
    house = House()
    v = art(house)
    assert house.nfts.owner[0] == house.vaults.account[v]
    assert house.ledger.value[house.vaults.fraction[v]] * 1_000 * WHOLE == pytest.approx(5_000.0)
    house.give(v, 0, 1, 250 * WHOLE)
    house.rent(v, 8 * USD)
    house.day()
    assert house.vaults.usd_income[v] == 8 * USD
    assert house.vaults.income[v] == pytest.approx(0.008)
    assert (dollars(house, v, 0), dollars(house, v, 1)) == (6 * USD, 2 * USD)
    seen = house.vaults.view()
    assert (seen.kind[v], seen.nft[v], seen.ghs[v]) == (NftKind.ART, 0, 0)
    assert house.vaults.live[v]


def test_a_standing_charge_is_a_negative_income_and_netted_first() -> None:
    house = House()
    v = art(house)
    house.rent(v, -3 * USD)
    house.day()
    assert house.vaults.income[v] == pytest.approx(-0.003)
    assert house.ledger.balance(house.vaults.advance, int(house.vaults.account[v])) == 3 * USD
    house.rent(v, 5 * USD)
    house.day()
    assert dollars(house, v, 0) == 2 * USD


def test_on_offer_dollars_are_the_sellers() -> None:
    house = House()
    nft = house.nfts.mint(house.agents[0], 100.0)
    v = house.vaults.create(house.agents[0], 0, offered=True, kind=NftKind.ART, nft=nft)
    house.rent(v, USD)
    house.vaults.accrue()
    assert house.cash(house.agents[0]) == 10_001 * USD
    house.vaults.dissolve(v, house.agents[0])
    assert (house.nfts.owner[nft], house.nfts.vault[nft]) == (house.agents[0], -1)
    house.check()


@pytest.mark.parametrize("rule", ["whole", "in_kind"])
def test_an_nft_is_taken_whole_or_not_at_all(rule: str) -> None:
    house = House(vaults={"redemption": rule, "supply": 100_000})
    v = art(house)
    house.give(v, 0, 1, 11 * WHOLE)
    assert why(house, Redeem(house.agents[0], vault=v, amount=99_989 * WHOLE)) is Status.NOT_ALLOWED
    house.give(v, 1, 0, WHOLE)
    assert why(house, Redeem(house.agents[0], vault=v, amount=99_990 * WHOLE)) is Status.DONE
    assert house.nfts.owner[0] == house.agents[0]
    assert house.vaults.status[v] == VaultStatus.ENDED
    assert why(house, Redeem(house.agents[1], vault=v, amount=10 * WHOLE)) is Status.DONE
    assert house.cash(house.agents[1]) == 10_000 * USD + USD // 2


def test_at_the_end_an_nft_is_sold_and_claimed_apart_from_income() -> None:
    house = House(vaults={"life_days": 2})
    v = art(house)
    house.give(v, 0, 1, 400 * WHOLE)
    for _ in range(3):
        house.rent(v, 10 * USD)
        house.day()
    assert house.vaults.status[v] == VaultStatus.ENDED
    assert house.nfts.owner[0] == -1
    assert why(house, Redeem(house.agents[1], vault=v, amount=400 * WHOLE)) is Status.DONE
    assert dollars(house, v, 1) == 2_000 * USD + 12 * USD
    assert dollars(house, v, 0) == 18 * USD


def test_a_vault_ends_with_its_nft() -> None:
    house = House()
    v = art(house)
    house.nfts.days_left[0] = 1.0
    house.day()
    assert house.vaults.life_left[v] == 1.0
    house.nfts.days_left[0] = 0.0
    house.day()
    assert house.vaults.status[v] == VaultStatus.ENDED


def test_a_contract_gives_its_rigs_back_after_its_term() -> None:
    house = House(vaults={"redemption": "in_kind"})
    creator = house.agents[0]
    v = house.vaults.create(creator, 40_000, kind=NftKind.HASHPOWER_CONTRACT, term_days=3)
    assert house.rigs.registered[creator] == 60_000
    assert why(house, Redeem(creator, vault=v, amount=WHOLE)) is Status.NOT_ALLOWED
    for left in (2.0, 1.0):
        house.mine(v, 50_000, usd=USD)
        house.day()
        assert house.vaults.life_left[v] == left - 0.0
    house.day()
    assert house.vaults.status[v] == VaultStatus.ENDED
    assert house.rigs.registered[creator] == 100_000


def test_a_club_waits_for_its_rigs_and_then_lives() -> None:
    house = House(vaults={"life_days": 5})
    v = house.vaults.create(house.agents[0], 0, kind=NftKind.CLUB)
    account = int(house.vaults.account[v])
    house.rigs.ordered[account] = 10_000
    for _ in range(8):
        house.day()
    assert house.vaults.live[v]
    assert (house.vaults.ghs[v], house.vaults.life_left[v]) == (0, 5.0)
    house.rigs.registered[account], house.rigs.ordered[account] = 6_000, 4_000
    house.day()
    assert (house.vaults.ghs[v], house.vaults.life_left[v]) == (6_000, 5.0)
    house.rigs.registered[account], house.rigs.ordered[account] = 10_000, 0
    house.day()
    assert (house.vaults.ghs[v], house.vaults.awaits[v]) == (10_000, 0)
    house.mine(v, 10_000)
    for _ in range(5):
        house.day()
    assert house.vaults.status[v] == VaultStatus.ENDED


@pytest.mark.parametrize(("there", "coming", "waits"), [(10_000, 1, True), (10_000, 0, False), (0, 0, True)])
def test_a_club_waits_for_the_whole_of_its_order(there: int, coming: int, waits: bool) -> None:
    house = House(vaults={"life_days": 5})
    v = house.vaults.create(house.agents[0], 0, kind=NftKind.CLUB)
    account = int(house.vaults.account[v])
    house.rigs.registered[account], house.rigs.ordered[account] = there, coming
    for _ in range(3):
        house.day()
    assert (house.vaults.life_left[v] == 5.0) == waits
    assert (house.vaults.th_coming[v] > 0.0) == (coming > 0)


@pytest.mark.parametrize("rule", ["whole", "in_kind"])
def test_nobody_takes_all_rigs_out_while_others_are_on_order(rule: str) -> None:
    """They would come to a vault that has ended, and stay there."""
    house = House(vaults={"redemption": rule})
    v = house.vaults.create(house.agents[0], 0, kind=NftKind.CLUB)
    account = int(house.vaults.account[v])
    house.rigs.registered[account], house.rigs.ordered[account] = 6_000, 4_000
    house.day()
    early, late = (Redeem(house.agents[0], vault=v, amount=house.vaults.supply[v]) for _ in range(2))
    house.day(early)
    house.rigs.registered[account], house.rigs.ordered[account] = 10_000, 0
    house.day()
    house.day(late)
    assert [early.rows["status"][0], late.rows["status"][0]] == [Status.CLOSED, Status.DONE]
    assert late.rows["filled"][0] == 10_000


def test_a_part_of_the_rigs_that_have_come_can_be_had_at_once() -> None:
    house = House(vaults={"redemption": "in_kind"})
    v = house.vaults.create(house.agents[0], 0, kind=NftKind.CLUB)
    account = int(house.vaults.account[v])
    house.rigs.registered[account], house.rigs.ordered[account] = 6_000, 4_000
    house.day()
    half = Redeem(house.agents[0], vault=v, amount=house.vaults.supply[v] // 2)
    house.day(half)
    assert (half.rows["status"][0], half.rows["filled"][0]) == (Status.DONE, 3_000)


def test_a_club_does_not_end_by_losses_while_rigs_are_on_order() -> None:
    house = House(vaults={"shortfall": "terminate_after_days", "terminate_days": 2, "service_fee": 0.0})
    v = house.vaults.create(house.agents[0], 0, kind=NftKind.CLUB)
    account = int(house.vaults.account[v])
    house.rigs.registered[account], house.rigs.ordered[account] = 6_000, 4_000
    house.day()
    for _ in range(4):
        house.mine(v, 0, usd=USD)
        house.day()
        assert house.vaults.live[v]
    house.rigs.ordered[account] = 0
    house.mine(v, 0, usd=USD)
    house.day()
    assert house.vaults.status[v] == VaultStatus.ENDED


def test_after_too_many_days_at_a_loss_the_vault_ends() -> None:
    house = House(vaults={"shortfall": "terminate_after_days", "terminate_days": 3, "service_fee": 0.0})
    v = house.vault()
    for sat in (0, 0, 90_000, 0, 0):
        house.mine(v, sat, usd=2 * USD)
        house.day()
        assert house.vaults.live[v]
    house.mine(v, 0, usd=2 * USD)
    house.day()
    assert house.vaults.status[v] == VaultStatus.ENDED
    assert house.vaults.ends.tolist() == [0, 1, 0]


def test_a_carried_debt_is_the_vaults_own_and_netted_first() -> None:
    house = House(vaults={"shortfall": "carry_debt", "service_fee": 0.04})
    v = house.vault()
    capital = house.cash(house.vaults.operator)
    house.mine(v, 0, usd=2 * USD)
    house.day()
    account = int(house.vaults.account[v])
    assert house.cash(house.vaults.operator) == capital
    assert house.ledger.balance(2, account) == 2 * USD  # the bill waits
    assert house.ledger.balance(house.vaults.advance, account) == 2 * USD  # and so does the fee of 50 TH
    house.mine(v, 100_000, usd=2 * USD)
    house.day()
    assert house.vaults.net_income[v] == 60_000  # 20 USD less two days of 4 USD
    assert house.ledger.balance(2, account) == 0


def test_a_kind_of_nfts_needs_one() -> None:
    house = House()
    with pytest.raises(InvariantViolated, match="'art'"):
        house.vaults.create(house.agents[0], 0, kind=NftKind.ART)
    with pytest.raises(InvariantViolated, match="'rig'"):
        house.vaults.create(house.agents[0], 0, nft=0)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"name": "a", "members": ["b"], "per_fraction": [1.0]}], "no basket is called 'b'"),
        (
            [
                {"name": "a", "members": ["b"], "per_fraction": [1.0]},
                {"name": "b", "members": [0, "a"], "per_fraction": [1.0, 1.0]},
            ],
            "in a circle",
        ),
        ([{"name": "a", "members": [0, 1], "per_fraction": [1.0]}], "2 members and 1 entries"),
        ([{"name": "a", "members": [0, 0], "per_fraction": [1.0, 1.0]}], "names a member twice"),
        ([{"name": "a", "members": [-1], "per_fraction": [1.0]}], "numbered from 0"),
        ([{"name": "a", "members": [0], "per_fraction": [1.0]}] * 2, "two are called 'a'"),
    ],
)
def test_baskets_that_cannot_be(rows: list[dict[str, object]], message: str) -> None:
    tables = {"bitcoin": {}, "power": {}, "rigs": {}, "network": {}, "payout": {}, "vaults": {"baskets": rows}}
    with pytest.raises(ScenarioError, match=message):
        Scenario.from_tables(tables, "baskets")
