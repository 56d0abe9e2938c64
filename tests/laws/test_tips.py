"""Priority fees: who bids more comes first and pays it; by lot, tips change nothing; load raises the base fee."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import Marketplace, Scenario
from model.actions import Bundle, Status
from model.flows import Flow
from model.ledger import USD_ASSET
from model.mechanisms.bitcoin import TradeCoins
from model.ordering import places, tips_of
from model.units import USD

BUYERS = 6


def market(**fees: Any) -> tuple[Marketplace, list[int]]:
    """A market with a few accounts of 100 USD each."""
    tables = {
        "clock": {"ticks": 50},
        "bitcoin": {"process": "constant", "price": 20_000.0},
        "fees": {"transaction_fee": 1.0, **fees},
    }
    m = Marketplace(Scenario.from_tables(tables, "tips"))
    accounts = m.ledger.open_accounts("vaults", BUYERS, np.arange(BUYERS, dtype=np.int64) * 7919 + 13).tolist()
    for account in accounts:
        m.ledger.pay(USD_ASSET, m.ledger.world, account, 100 * USD, Flow.ENDOWMENT)
    return m, accounts


def transcript(m: Marketplace, accounts: list[int], tips: Any) -> list[int]:
    """Places in the line of accounts in the order in which their rows reach the mechanism."""
    seen: list[int] = []
    inner = m.settlement.handlers[TradeCoins]

    def listen(rows: Any, order: Any) -> None:
        seen.extend(accounts.index(int(a)) for a in rows["account"][order])
        inner(rows, order)

    m.settlement.handlers[TradeCoins] = listen
    batch = TradeCoins(accounts, side=0, amount=USD)
    batch.tip = tips
    m.submit(batch)
    m.step()
    m.settlement.handlers[TradeCoins] = inner
    assert batch.done.all()
    return seen


def test_highest_tip_first_then_by_lot() -> None:
    m, accounts = market(ordering="random")
    with m:
        lot = transcript(m, accounts, None)
    tips = np.array([0, 3, 0, 9, 3, 0], np.int64) * USD
    m, accounts = market(ordering="fee_priority")
    with m:
        served = transcript(m, accounts, tips)
        assert served[0] == 3
        assert served[1:3] == [a for a in lot if a in (1, 4)]
        assert served[3:] == [a for a in lot if a in (0, 2, 5)]
        spent = [100 * USD - m.ledger.balance(USD_ASSET, a) for a in accounts]
        assert spent == [2 * USD + int(tip) for tip in tips]
        assert m.mechanisms["fees"].tipped == int(tips.sum())
        assert m.flows().loc["transaction fee", "vaults"] == -(BUYERS * USD + int(tips.sum()))
        m.check()


def test_arrival_is_as_handed_in() -> None:
    m, accounts = market(ordering="arrival")
    with m:
        assert transcript(m, accounts, np.arange(BUYERS)) == list(range(BUYERS))
        assert m.mechanisms["fees"].tipped == 0


def test_by_lot_tips_neither_order_nor_cost() -> None:
    prints = []
    for tips in (None, np.arange(BUYERS, dtype=np.int64) * USD):
        m, accounts = market()
        with m:
            order = transcript(m, accounts, tips)
            prints.append((order, m.fingerprint()))
    assert prints[0] == prints[1]


def test_who_cannot_pay_his_tip_is_refused() -> None:
    m, (a, b, *_) = market(ordering="fee_priority")
    batch = TradeCoins([a, b], side=0, amount=USD)
    batch.tip = np.array([99 * USD + 1, 98 * USD], np.int64)
    m.submit(batch)
    m.step()
    assert batch.rows["status"].tolist() == [Status.FEE, Status.DONE]
    assert m.ledger.balance(USD_ASSET, a) == 100 * USD
    assert m.mechanisms["fees"].tipped == 98 * USD


def test_bundles_queue_by_the_tip_of_their_first_action() -> None:
    m, accounts = market(ordering="fee_priority")
    rich, poor = (Bundle([TradeCoins(a, side=0, amount=USD)]) for a in accounts[:2])
    rich.actions[0].tip = np.array([5 * USD], np.int64)
    batch = TradeCoins(accounts[2:4], side=0, amount=USD)
    batch.tip = np.array([9, 2], np.int64) * USD
    seen: list[int] = []
    inner = m.settlement.handlers[TradeCoins]
    m.settlement.handlers[TradeCoins] = lambda rows, order: (
        seen.extend(rows["account"][order].tolist()),
        inner(rows, order),
    )  # type: ignore[assignment, func-returns-value]
    m.settlement.bundles = [poor, rich]
    m.settlement.inbox[TradeCoins].append(batch)
    m.settlement.settle(TradeCoins, True)
    assert seen == [accounts[2], accounts[0], accounts[3], accounts[1]]
    assert 100 * USD - m.ledger.balance(USD_ASSET, accounts[0]) == 7 * USD


@settings(max_examples=200, deadline=None)
@given(rows=st.lists(st.tuples(st.integers(0, 99), st.integers(0, 4)), min_size=1, max_size=20),
       cut=st.integers(0, 20))  # fmt: skip
def test_places_are_a_ranking_by_tip_then_word(rows: list[tuple[int, int]], cut: int) -> None:
    words, tips = np.array([w for w, _ in rows], np.uint64), np.array([t for _, t in rows], np.int64)
    first, last = places("fee_priority", words[:cut], words[cut:], tips[:cut], tips[cut:])
    place = np.concatenate([first, last])
    assert sorted(place.tolist()) == list(range(len(rows)))
    ranked = [rows[i] for i in np.argsort(place)]
    assert ranked == sorted(rows, key=lambda row: (-row[1], row[0]))


def test_tips_of_batches_of_all_sorts() -> None:
    batches = [TradeCoins([1, 2], side=0, amount=1) for _ in range(3)]
    batches[0].tip, batches[2].tip = np.array([4, -1], np.int64), np.int64(2)
    assert tips_of(batches).tolist() == [4, 0, 0, 0, 2, 2]


@pytest.mark.parametrize("capacity", [0, 4])
def test_the_base_fee_follows_the_load(capacity: int) -> None:
    m, accounts = market(capacity=capacity)
    fees, paid = m.mechanisms["fees"], []
    for tick in range(30):
        if tick < 6:
            m.submit(TradeCoins(accounts[:4], side=0, amount=USD))
        m.step()
        paid.append(fees.network_fee)
    if capacity == 0:
        assert set(paid) == {USD}
    else:
        assert paid[:7] == [round(USD * 1.125**n) for n in range(7)]
        assert paid[7] < paid[6]
        assert paid[-1] == USD


@pytest.mark.parametrize(("batches", "factor"), [((2,), 1.0), ((2, 1), 1.0625), ((1, 2), 1.0625), ((6, 3, 1), 1.125)])
def test_all_batches_of_a_tick_are_one_load_and_raise_the_fee_by_a_step_at_most(
    batches: tuple[int, ...], factor: float
) -> None:
    """Two of four places are the target: a third transaction raises the fee by a sixteenth, four and more by an eighth."""
    m, accounts = market(capacity=4)
    fees = m.mechanisms["fees"]
    for rows in batches:
        fees.charge(TradeCoins(accounts[:rows], side=0, amount=USD).rows, np.arange(rows))
    assert fees.load == sum(batches)
    m.step()
    assert fees.network_fee == round(USD * factor)
