"""Leverage loops and flash loans are bundles: whole or not at all, to the last bit."""

import numpy as np
import pytest

from model.actions import Bundle, Status
from model.mechanisms.amm import Swap
from model.mechanisms.lending import Borrow, FlashBorrow, FlashRepay, Pledge, StandBy
from tests.lending_house import LendingHouse
from tests.vault_house import WHOLE


def test_a_leverage_loop_is_one_bundle() -> None:
    house = LendingHouse(cash=2_000.0, pools=True, cap_share=10.0, price=10.0)
    who = house.agents[3]

    def bundle(last: int) -> Bundle:
        return Bundle(
            [
                Pledge(who, vault=0, amount=100 * WHOLE),
                Borrow(who, amount=200 * WHOLE),
                Swap(who, vault=0, side=0, amount=200 * WHOLE, limit=0),
                Pledge(who, vault=0, amount=15 * WHOLE),
                Borrow(who, amount=last),
            ]
        )

    before = dump(house)
    failing = bundle(10**12)
    house.act(failing)
    assert failing.status is Status.NOT_ALLOWED and dump(house) == before
    loop = bundle(20 * WHOLE)
    house.act(loop)
    assert loop.status is Status.DONE, loop.status
    assert house.lending.owed_by(who) == 220 * WHOLE
    house.evening()


def dump(house: LendingHouse) -> list[bytes]:
    """Every bit that a bundle might change."""
    books, count = house.ledger.books, int(house.ledger.books.touched[0])
    arrays = [books.balances, books.settled, books.line_index, books.flows, books.touched[: count + 1]]
    arrays += [*house.lending.undo_columns(), *house.amm.pools]
    return [np.ascontiguousarray(a).tobytes() for a in arrays]


def test_flash_loans_end_with_their_bundle() -> None:
    house = LendingHouse(cash=1_000.0, flash_bps=10)
    who, cash = house.agents[2], house.cash(house.agents[2])
    amount = 1_000 * WHOLE
    assert house.do(FlashBorrow(who, amount=WHOLE))[0] is Status.NOT_ALLOWED
    for actions, status in (
        ([FlashBorrow(who, amount=amount)], Status.NOT_ALLOWED),
        ([FlashBorrow(who, amount=amount), FlashRepay(who, amount=amount - 1)], Status.NOT_ALLOWED),
        ([FlashBorrow(who, amount=amount + 1)], Status.DEPTH),
        ([FlashRepay(who, amount=1)], Status.AMOUNT),
        ([StandBy(who, capital=1, least=0)], Status.NOT_ALLOWED),
        ([FlashBorrow(who, amount=amount), FlashRepay(who, amount=amount)], Status.DONE),
    ):
        bundle = Bundle(actions)
        house.act(bundle)
        assert bundle.status is status
        assert house.lending.desk.sums[3] == 0
    assert cash - house.cash(who) == WHOLE, "10 bps of 1,000 USD"
    house.next_day()
    assert house.lending.deposits + house.lending.reserves == pytest.approx(1_001 * WHOLE, abs=2)
    assert house.lending.reserves == 200_000
