"""Baskets are put together and taken apart in kind, and pass on what their members earn."""

import pytest

from model.actions import Status
from model.flows import Flow
from model.mechanisms.vaults import AssembleBasket, Redeem, VaultStatus
from model.nft_kind import NftKind
from model.units import USD
from tests.vault_house import WHOLE, House

ROWS = [
    {"name": "miners", "members": [0, 1], "per_fraction": [2.0, 0.5]},
    {"name": "all", "members": ["miners", 2], "per_fraction": [1.0, 1.0]},
]


def furnished() -> House:
    """Two vaults with rigs, one with a work, all of the first agent; a basket of the first two, and one of that."""
    house = House(vaults={"service_fee": 0.0, "baskets": ROWS})
    house.vault(), house.vault(ghs=10_000)
    house.vaults.create(house.agents[0], 0, kind=NftKind.ART, nft=house.nfts.mint(house.agents[0], 900.0))
    house.day()
    assert house.vaults.made == {"miners": 3, "all": 4}
    return house


def done(house: House, action: AssembleBasket | Redeem) -> Status:
    house.act(action)
    return Status(int(action.rows["status"][0]))


def test_in_and_out_is_even() -> None:
    house, who = furnished(), 0
    agent = house.agents[who]
    assert done(house, AssembleBasket(agent, vault=3, amount=100 * WHOLE + 1)) is Status.DONE
    assert (house.held(0, agent), house.held(1, agent)) == (800 * WHOLE - 2, 950 * WHOLE - 1)
    assert done(house, Redeem(agent, vault=3, amount=100 * WHOLE + 1)) is Status.DONE
    assert (house.held(0, agent), house.held(1, agent)) == (1_000 * WHOLE, 1_000 * WHOLE)
    house.day()
    assert house.vaults.live[3]  # an empty basket does not end


@pytest.mark.parametrize(
    ("vault", "amount", "who", "reason"),
    [
        (3, 600 * WHOLE, 0, Status.FUNDS),
        (3, 1, 1, Status.FUNDS),
        (3, 0, 0, Status.AMOUNT),
        (3, 1_001 * WHOLE, 0, Status.AMOUNT),
        (0, WHOLE, 0, Status.UNKNOWN),
        (9, WHOLE, 0, Status.UNKNOWN),
    ],
)
def test_reasons_why_not(vault: int, amount: int, who: int, reason: Status) -> None:
    house = furnished()
    assert done(house, AssembleBasket(house.agents[who], vault=vault, amount=amount)) is reason
    house.check()


def test_income_of_members_reaches_holders_of_baskets_of_baskets() -> None:
    house = furnished()
    a, b, *_ = house.agents
    assert done(house, AssembleBasket(a, vault=3, amount=400 * WHOLE)) is Status.DONE
    assert done(house, AssembleBasket(a, vault=4, amount=100 * WHOLE)) is Status.DONE
    house.ledger.pay(int(house.vaults.fraction[4]), a, b, 25 * WHOLE, Flow.TRADE)
    before = house.cash(b)
    house.mine(0, 100_000)
    house.rent(2, 40 * USD)
    house.day()
    assert house.vaults.net_income[3] == 80_000  # 800 of 1,000 fractions
    assert house.vaults.net_income[4] == 20_000  # a quarter of the first basket
    assert house.vaults.usd_income[4] == 4 * USD
    assert house.coins(b) == 5_000
    assert house.cash(b) - before == USD
    assert house.coins(a) == 95_000
    worth = house.ledger.value[house.vaults.fraction[:5]]
    assert worth[3] == pytest.approx(2 * worth[0] + 0.5 * worth[1])
    assert worth[4] == pytest.approx(worth[3] + worth[2])


def test_a_basket_with_an_ended_member_takes_no_more_and_gives_all_back() -> None:
    house = furnished()
    agent = house.agents[0]
    assert done(house, AssembleBasket(agent, vault=3, amount=10 * WHOLE)) is Status.DONE
    house.rigs.registered[house.vaults.account[1]] = 0
    house.day()
    assert house.vaults.status[1] == VaultStatus.ENDED
    assert done(house, AssembleBasket(agent, vault=3, amount=WHOLE)) is Status.CLOSED
    assert done(house, Redeem(agent, vault=3, amount=10 * WHOLE)) is Status.DONE
    assert house.held(1, agent) == 1_000 * WHOLE


def test_the_number_of_another_basket_is_no_vault() -> None:
    rows = [ROWS[0], {"name": "twice", "members": ["miners", 2], "per_fraction": [1.0, 1.0]}]
    house = House(vaults={"service_fee": 0.0, "baskets": rows})
    house.vault(), house.vault()
    house.day(), house.day()
    assert house.vaults.made == {"miners": 2}  # the second waits for a vault of number 2, which this one is not
