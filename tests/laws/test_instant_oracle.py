"""Lending on unguarded spot reads the pool at that moment, in the midst of a bundle too; on any report it does not."""

from typing import Any

import numpy as np
import pytest

from model.actions import BUY, SELL, Bundle, Status
from model.ledger import NONE, USD_ASSET
from model.mechanisms.amm import Swap
from model.mechanisms.lending import Borrow, FlashBorrow, FlashRepay, Pledge, Release
from tests.lending_house import LendingHouse
from tests.vault_house import WHOLE

PUMP = 1_100  # USD into a pool of 1,000 raises the price from 10 to about 44
LOAN = 200


def house_of(instant: bool) -> LendingHouse:
    house = LendingHouse(cash=5_000.0, pools=True, cap_share=10.0)
    house.oracle.instant = instant

    def now() -> Any:
        price = house.oracle.price.copy()
        there = house.amm.pool[: price.size] != NONE
        pool = house.amm.pool[: price.size][there]
        usd, fractions = house.ledger.books.balances[USD_ASSET, pool], house.vaults.fraction[: price.size][there]
        price[there] = usd / house.ledger.books.balances[fractions, pool]
        return price

    house.oracle.now = now
    return house


def pump(house: LendingHouse, loan: int = LOAN, flash: int = PUMP) -> Bundle:
    who = house.agents[2]
    bundle = Bundle([
        FlashBorrow(who, amount=flash * WHOLE),
        Swap(who, vault=0, side=BUY, amount=PUMP * WHOLE, limit=50 * WHOLE),
        Pledge(who, vault=0, amount=25 * WHOLE),
        Borrow(who, amount=loan * WHOLE),
        Swap(who, vault=0, side=SELL, amount=50 * WHOLE, limit=1),
        FlashRepay(who, amount=flash * WHOLE),
    ])  # fmt: skip
    house.settlement.submit(bundle)
    for _, _, call in house.settlement.lines():
        call()
    return bundle


def test_a_pump_within_a_bundle_is_seen_on_instant_spot() -> None:
    house = house_of(instant=True)
    assert pump(house).status == Status.DONE
    assert house.lending.owed_by(house.agents[2]) == LOAN * WHOLE, "worth 250 in the morning, .38 of it is 95"
    house.evening()
    assert house.lending.health[house.agents[2]] < 1.0


def test_it_is_not_seen_on_a_report() -> None:
    house = house_of(instant=False)
    bundle = pump(house)
    assert bundle.status == Status.NOT_ALLOWED
    assert house.lending.owed_by(house.agents[2]) == 0


def test_a_bundle_that_asks_for_too_much_leaves_nothing_behind() -> None:
    house = house_of(instant=True)
    before = house.ledger.books.balances.copy()
    assert pump(house, loan=600).status == Status.NOT_ALLOWED
    assert np.array_equal(before, house.ledger.books.balances)
    house.evening()
    status, _ = house.do(Pledge(house.agents[2], vault=0, amount=25 * WHOLE))
    assert status == Status.DONE
    assert house.do(Borrow(house.agents[2], amount=LOAN * WHOLE))[0] == Status.NOT_ALLOWED, "the pool is back"


@pytest.mark.parametrize("instant", [True, False])
def test_release_looks_at_the_same_price(instant: bool) -> None:
    house = house_of(instant)
    who = house.agents[2]
    house.do(Pledge(who, vault=0, amount=25 * WHOLE))
    assert house.do(Borrow(who, amount=80 * WHOLE))[0] == Status.DONE
    house.do(Swap(house.agents[1], vault=0, side=BUY, amount=PUMP * WHOLE, limit=1))
    status, _ = house.do(Release(who, vault=0, amount=15 * WHOLE))
    assert status == (Status.DONE if instant else Status.NOT_ALLOWED)
