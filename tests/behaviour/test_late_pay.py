"""What a vault is still owed for its time on offer is its creator's: frozen pay, shares in a window, credits for power."""

from typing import Any

import numpy as np
import pytest

from model.actions import Status
from model.mechanisms.offerings import Subscribe, Tokenise
from model.units import TOKEN, USD
from model.vault_status import VaultStatus
from tests.rental_house import PH, RentalHouse

FROZEN = {"channel": "withdrawals", "size": -1.0, "day": 2, "days": 6, "shape": "pulse", "source": "test"}
FPPS = {"name": "one", "scheme": "fpps", "fee": 0.02, "network_share": 0.2}
WINDOW = {"name": "one", "scheme": "pplns", "fee": 0.0, "network_share": 0.002}
SELLER, NEXT, BUYER = range(3)
LATE = pytest.mark.parametrize(("pool", "shocks"), [(FPPS, (FROZEN,)), (WINDOW, ())], ids=["frozen", "window"])


def offered(pool: dict[str, Any], *shocks: dict[str, Any]) -> tuple[RentalHouse, int]:
    """Half of the first person's rigs on offer for three days, where there is room for one vault; and its account."""
    house = RentalHouse(
        vaults={"capacity": 1, "supply": 100, "service_fee": 0.0},
        offerings={"initial": 0, "days": 3.0, "seed_bps": 0, "fee_bps": 0},
        payout={"luck": "expected", "pools": [pool]},
        shocks=list(shocks),
        freeze={},
    )
    house.act(Tokenise(house.people[SELLER], ghs=50 * PH, price=100 * USD, keep_bps=0))
    return house, int(house.market.mechanisms["vaults"].account[0])


def until_over(house: RentalHouse) -> None:
    while house.market.mechanisms["vaults"].status[0] == VaultStatus.OFFERED:
        house.step()


def late_pay(pool: dict[str, Any], shocks: Any, used_again: bool) -> int:
    """Satoshi that come to the creator of a failed offering after he has left, its place used again or not."""
    house, vault = offered(pool, *shocks)
    until_over(house)
    house.rigs.take(house.people[SELLER], 10**12)
    house.step()
    before = house.coins(SELLER)
    if used_again:
        ((status, _),) = house.act(Tokenise(house.people[NEXT], ghs=50 * PH, price=100 * USD, keep_bps=0))
        assert status == Status.DONE and house.market.mechanisms["vaults"].account[0] == vault
    house.step(9)
    return house.coins(SELLER) - before


@LATE
def test_late_pay_of_a_failed_offering_is_its_creators_whoever_comes_next(pool: Any, shocks: Any) -> None:
    assert (
        late_pay(pool, shocks, used_again=True) == pytest.approx(late_pay(pool, shocks, used_again=False), abs=20) != 0
    )


@LATE
def test_late_pay_for_the_time_on_offer_is_the_sellers_once_sold(pool: Any, shocks: Any) -> None:
    house, vault = offered(pool, *shocks)
    house.step(2)
    house.act(Subscribe(house.people[BUYER], vault=0, fractions=100 * TOKEN, limit=10**15))
    until_over(house)
    house.rigs.take(vault, house.rigs.held(vault) - 1)  # what is left earns next to nothing
    house.step(9)
    house.ledger.collect(int(house.market.mechanisms["vaults"].fraction[0]), np.array(house.people))
    assert house.coins(BUYER) - house.coins(BUYER + 1) < 10


def test_credits_for_power_go_along() -> None:
    house, vault = offered(FPPS)
    power = house.market.mechanisms["power"]
    house.step()
    power.owed[vault] = 7 * USD
    house.market.mechanisms["vaults"].dissolve(0, house.market.mechanisms["offerings"].escrow)
    assert (power.owed[vault], power.owed[house.people[SELLER]]) == (0, 7 * USD)
