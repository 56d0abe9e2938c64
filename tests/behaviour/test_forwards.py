"""Forwards where somebody cannot or will not pay: calls that are followed, last days, close-outs, and who gets what is left."""

from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.actions import Status
from model.flows import Flow
from model.mechanisms.forwards import CancelForward, OrderForward, PostMargin, WithdrawMargin
from model.mechanisms.forwards.dues import pay_dues
from model.mechanisms.forwards.table import LONG
from model.units import BTC, USD
from tests.rental_house import PH, RentalHouse

DAYS = 10
RISE = {"channel": "price", "size": 0.9, "day": 4, "days": 4, "shape": "ramp", "source": "a test"}
FALL = {"channel": "price", "size": -0.7, "day": 4, "source": "a test"}


def house(tenor: float = DAYS, **others: Any) -> RentalHouse:
    """A house without fees and with one term."""
    return RentalHouse(people=5, ph=(100,), forwards={"fee": 0.0, "tenors": [tenor]}, **others)


def trade(h: RentalHouse, long: int, short: int, ph: int, times: float = 1.0) -> None:
    """A forward between two people, by number, at a multiple of the index; a tick goes by."""
    limit = int(times * h.forwards.index[0])
    for side, who in ((0, long), (1, short)):
        h.act(OrderForward(h.people[who], side=side, ghs=ph * PH, limit=limit, tenor=0, currency=0))
    h.step()


def wealth(h: RentalHouse, who: int) -> int:
    """Dollars of a person, those in margin included [base units]."""
    return h.cash(who) + h.forwards.held(0, h.people[who])


def kinds(h: RentalHouse) -> list[str]:
    return h.market.events()["kind"].tolist()


@pytest.mark.parametrize("hours", [6, 24])
def test_the_index_is_the_mean_hashprice_of_the_last_day_in_dollars_and_in_coins(hours: int) -> None:
    h, per_day = house(hours=hours, shocks=[RISE]), 24 // hours
    seen = []
    for _ in range(6 * per_day):
        h.step()
        hashprice, coin = h.market.mechanisms["network"].hashprice, h.market.mechanisms["bitcoin"].price
        seen.append((hashprice * USD, hashprice / coin * BTC))
        if len(seen) >= per_day:
            assert h.forwards.index == pytest.approx(np.mean(seen[-per_day:], axis=0), abs=1.0)
    assert coin > 1.5 * 20_000


@pytest.mark.parametrize("part", [1.0, 0.5])
def test_a_call_that_is_paid_in_full_is_over_and_half_of_it_is_not(part: float) -> None:
    """What the day of the payment takes away is asked for anew; it does not count as a call that nobody followed."""
    h = house(shocks=[RISE])
    trade(h, 1, 2, 50)
    for _ in range(DAYS):
        called = int(h.forwards.lacks[0, h.people[2]])
        if called > 0:
            h.act(PostMargin(h.people[2], amount=int(called * part), currency=0))
        h.step()
    assert kinds(h).count("margin call") == (3 if part == 1.0 else 1)
    assert ("forward close-out" in kinds(h)) == (part < 1.0)


def test_an_order_that_brings_the_margin_follows_the_call_too() -> None:
    h = house(shocks=[RISE])
    trade(h, 1, 2, 50)
    while not h.forwards.due:
        h.step()
    low = OrderForward(h.people[2], side=0, ghs=1_000, limit=1, tenor=0, currency=0)
    number = h.act(low)[0][1]
    assert not h.forwards.due
    h.act(CancelForward(h.people[2], number=number))
    h.step()
    assert "forward close-out" not in kinds(h)


@pytest.mark.parametrize("tenor", [1, 7])
def test_nobody_takes_out_the_margin_of_a_settlement_to_come(tenor: int) -> None:
    """Whoever takes out all that he may on each morning pays as much as whoever leaves it there."""
    ends = []
    for takes in (False, True):
        h = house(tenor)
        trade(h, 1, 2, 50, 1.2)
        assert h.forwards.contracts.shape[0] == 1
        for _ in range(tenor):
            if takes:
                h.market.settlement.submit(WithdrawMargin([h.people[1]], amount=10**15, currency=0))
            h.step()
        assert not h.forwards.lost.any() and h.forwards.contracts.shape[0] == 0
        ends.append([wealth(h, who) for who in (1, 2)])
    assert ends[0] == ends[1]


def test_the_need_that_is_seen_in_the_morning_counts_today(monkeypatch: pytest.MonkeyPatch) -> None:
    h, seen = house(2), list[int]()
    trade(h, 1, 2, 50)
    first = h.forwards.held(0, h.people[1])
    withdraw = h.forwards.withdraw

    def look(*row: int) -> Any:
        seen.append(int(h.forwards.view().needed[0, h.people[1]]))
        return withdraw(*row)

    monkeypatch.setattr(h.forwards, "withdraw", look)
    for _ in range(2):
        h.market.settlement.submit(WithdrawMargin([h.people[1]], amount=1, currency=0))
        h.step()
    assert seen == [first, -(-first // 2)]


def stage(rows: list[tuple[int, int, int, float]], margins: dict[int, int]) -> tuple[RentalHouse, list[int]]:
    """A house with positions (long, short, PH/s, strike over index) of ten more ticks, and margins [USD]; wealth of all."""
    h = house()
    f, tick = h.forwards, h.market.clock.tick
    made = [
        (h.people[a], h.people[b], ph * PH, int(f.index[0] * times), 0, tick + DAYS, DAYS) for a, b, ph, times in rows
    ]
    f.contracts = np.array(made, np.int64)
    for who, amount in margins.items():
        h.act(PostMargin(h.people[who], amount=amount * USD, currency=0))
    return h, [wealth(h, who) for who in range(5)]


def gains(h: RentalHouse, before: list[int]) -> list[int]:
    h.market.check()
    return [wealth(h, who) - was for who, was in enumerate(before)]


OWES = [(1, 2, 50, 1.5), (3, 1, 50, 1.5), (1, 4, 300, 1.5)]  # 1 owes 2 and 4, and is owed by 3


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_who_fails_pays_in_proportion_gets_nothing_and_the_order_of_contracts_decides_nothing(order: Any) -> None:
    h, before = stage([OWES[k] for k in order], {1: 7_000, 3: 500_000})
    h.forwards._close_out(0, h.people[1])
    assert gains(h, before) == [0, -7_000 * USD, 1_000 * USD, 0, 6_000 * USD]
    assert h.forwards.contracts.shape[0] == 0
    gap = int(h.forwards.index[0] * 1.5) - int(h.forwards.index[0])
    assert int(h.forwards.lost[0]) == 350 * DAYS * gap - 7_000 * USD


def test_whoever_fails_on_purpose_cannot_cash_what_he_would_win() -> None:
    """Long below the index with 2 and without margin, he is closed out: the contract is over, and 2 keeps his money."""
    h, before = stage([(1, 2, 500, 0.5)], {2: 900_000})
    h.forwards._close_out(0, h.people[1])
    assert gains(h, before) == [0] * 5 and not h.forwards.lost.any()
    assert h.forwards.contracts.shape[0] == 0


def test_what_is_closed_out_is_measured_as_uncovered() -> None:
    h = house(30.0, shocks=[FALL])
    trade(h, 1, 2, 50)
    while "forward close-out" not in kinds(h):
        h.step()
    table, events = h.market.metrics(), h.market.events()
    amount = float(events.loc[events["kind"] == "forward close-out", "amount"].iloc[0])
    assert table["forwards.uncovered"].iloc[-1] >= amount > 0.0


def test_a_close_out_in_dollars_leaves_orders_in_coins() -> None:
    h, _ = stage([(1, 2, 50, 1.5)], {1: 1_000})
    for currency in (0, 1):
        order = OrderForward(h.people[1], side=0, ghs=1_000, limit=1, tenor=0, currency=currency)
        assert h.act(order)[0][0] == Status.DONE
    h.forwards._close_out(0, h.people[1])
    assert h.forwards.orders[:, 6].tolist() == [1]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_days_gains_are_passed_on_to_whom_one_owes(order: Any) -> None:
    """1 has no margin; what 3 pays him goes on to 2 and 4 in proportion, whoever's contract comes first."""
    h, before = stage([OWES[k] for k in order], {2: 500_000, 3: 500_000, 4: 2_000_000})
    gap = int(h.forwards.index[0] * 1.5) - int(h.forwards.index[0])
    h.step()
    paid = 50 * gap
    expected = [0, 0, paid / 7, -paid, paid * 6 / 7]
    assert np.abs(np.array(gains(h, before)[1:]) - expected[1:]).max() <= 1
    assert int(h.forwards.lost[0]) == pytest.approx(300 * gap, abs=1)


def test_debts_that_go_round_leave_what_one_owes_more() -> None:
    """1 owes 2 a hundred, 2 owes 1 ninety, and each has five: 1 ends with nothing, 2 with ten, and five are lost."""
    h, before = stage([(1, 2, 50, 1.5), (2, 1, 45, 1.5)], {})
    f = h.forwards
    gap = int(f.index[0] * 1.5) - int(f.index[0])
    f.post(h.people[1], gap * 5 // 2, 0)
    f.post(h.people[2], gap * 5 // 2, 0)
    dues, won = np.array([50 * gap, 45 * gap], np.int64), np.zeros_like(f.required)
    pay_dues(h.ledger.books, f.contracts, f.index, dues, f.receipts, f.required, f.means, won, int(Flow.MARGIN))
    paid = gap * 5 // 2
    assert dues.tolist() == [5 * gap - paid, 0]
    assert gains(h, before)[1:3] == [-paid, paid]


edges = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4), st.integers(0, 10**12)), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(edges=edges, margins=st.lists(st.integers(0, 10**12), min_size=5, max_size=5), shuffle=st.randoms())
def test_laws_of_dues(shared_house: RentalHouse, edges: Any, margins: Any, shuffle: Any) -> None:
    """Where debts form no circle: who leaves anything unpaid has nothing left, and it is the same in any order of rows."""
    h, f = shared_house, shared_house.forwards
    rows = [(a, max(a + 1, b), due) for a, b, due in edges]  # creditors have the higher number
    ends = []
    for _ in range(2):
        for who, amount in zip(h.people, margins, strict=True):
            f.give_back(who, f.held(0, who), 0)
            h.ledger.pay(0, h.ledger.world, who, amount, Flow.ENDOWMENT)
            if amount:
                f.post(who, amount, 0)
        contracts, dues = np.zeros((len(rows), 7), np.int64), np.array([due for *_, due in rows], np.int64)
        for c, (loser, winner, _) in enumerate(rows):
            contracts[c] = (h.people[loser], h.people[winner], PH, f.index[0] + 1, 0, 9, 9)
        won = np.zeros_like(f.required)
        pay_dues(h.ledger.books, contracts, f.index, dues, f.receipts, f.required, f.means, won, int(Flow.MARGIN))
        assert won.sum() == 0 and (dues >= 0).all()
        for who, amount in zip(h.people, margins, strict=True):
            assert f.held(0, who) == amount + won[0, who]
            if dues[contracts[:, LONG] == who].any():
                assert f.held(0, who) == 0
        ends.append(won[0, h.people])
        shuffle.shuffle(rows)
    assert np.abs(ends[0] - ends[1]).max() <= 40  # a unit for each division


@pytest.fixture(scope="module")
def shared_house() -> RentalHouse:
    return house()
