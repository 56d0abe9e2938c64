"""Transaction fees: who cannot pay is refused, who can has paid, whatever becomes of the row."""

from typing import Any

import numpy as np
import pytest

from model import Marketplace, Scenario
from model.actions import Bundle, Status, settlement_order
from model.desk import Desk
from model.flows import Flow
from model.ledger import USD_ASSET
from model.mechanisms.bitcoin import TradeCoins
from model.units import USD


def market(shocks: tuple[dict[str, Any], ...] = (), **fees: Any) -> tuple[Marketplace, list[int]]:
    """A market with three accounts of 100, 2 and 0 USD."""
    tables = {
        "clock": {"ticks": 5},
        "bitcoin": {"process": "constant", "price": 20_000.0},
        "fees": fees,
        "shocks": list(shocks),
    }
    m = Marketplace(Scenario.from_tables(tables, "fees"))
    accounts = m.ledger.open_accounts("vaults", 3).tolist()
    for account, cash in zip(accounts, (100, 2, 0), strict=True):
        m.ledger.pay(USD_ASSET, m.ledger.world, account, cash * USD, Flow.ENDOWMENT)
    return m, accounts


def test_each_row_pays_and_who_cannot_is_refused() -> None:
    m, (rich, poor, none) = market(transaction_fee=1.5, market_fee=0.25)
    batch = TradeCoins([rich, poor, none], side=0, amount=[10 * USD, 10 * USD, USD])
    m.submit(batch)
    m.step()
    assert batch.rows["status"].tolist() == [Status.DONE, Status.FUNDS, Status.FEE]
    assert m.ledger.balance(USD_ASSET, rich) == 88_250_000
    assert m.ledger.balance(USD_ASSET, poor) == 250_000
    assert m.ledger.balance(USD_ASSET, m.platform) == 500_000
    flows = m.flows()
    assert flows.loc["transaction fee", "vaults"] == -3 * USD
    assert m.mechanisms["fees"].view().per_transaction == 1.75
    m.check()


def test_second_layer_and_congestion() -> None:
    m, (rich, *_) = market(
        ({"channel": "fees", "size": 9.0, "day": 1, "source": "test"},), transaction_fee=2.0, layer2_fee=0.1
    )
    spent = []
    for tick in range(3):
        if tick == 1:
            m.change({"fees.layer2": True})
        before = m.ledger.balance(USD_ASSET, rich)
        m.submit(TradeCoins(rich, side=0, amount=USD))
        m.step()
        spent.append((before - m.ledger.balance(USD_ASSET, rich)) / USD - 1)
    assert spent == pytest.approx([2.0, 1.0, 1.0])


def test_a_bundle_pays_once_and_pays_though_it_fails() -> None:
    m, (rich, *_) = market(transaction_fee=1.0)
    parts = [TradeCoins(rich, side=0, amount=USD), TradeCoins(rich, side=1, amount=10**12)]
    before = m.ledger.balance(USD_ASSET, rich)
    bundle = Bundle(parts)
    one = np.zeros(1, np.int64)
    for charge in m.settlement.charges:
        assert charge(bundle.actions[0].rows, one).size == 1
    assert before - m.ledger.balance(USD_ASSET, rich) == USD


def test_free_transactions_cost_nothing() -> None:
    m, (_, _, none) = market(transaction_fee=0.0)
    order = np.arange(1)
    assert m.mechanisms["fees"].charge(TradeCoins(none, side=0, amount=1).rows, order) is order
    assert m.mechanisms["fees"].view().per_transaction == 0


@pytest.mark.parametrize("rows", [1, 20, 200])
def test_rows_on_the_desk_are_charged_like_rows_of_their_own(rows: int) -> None:
    found = []
    for together in (False, True):
        m, accounts = market(transaction_fee=1.0, market_fee=0.5)
        batch = TradeCoins(np.resize(accounts, rows), side=0, amount=np.arange(rows))
        fees, key = m.mechanisms["fees"], m.streams.key("ordering", "", 3)
        if together:
            desk = Desk([TradeCoins])
            desk.lay({TradeCoins: [batch]}, key, m.ledger.uid)
            _, flat, order, words = desk.take(TradeCoins)
            order = order[: fees.admit(flat, TradeCoins.width, order)]
        else:
            order, words = settlement_order(key, m.ledger.uid, batch.rows)
            order = fees.charge(batch.rows, order)
        cash = [m.ledger.balance(USD_ASSET, account) for account in accounts]
        found.append((order.tolist(), words.tolist(), batch.rows.tolist(), fees.load, cash))
    assert found[0] == found[1]
    assert len(found[0][0]) < rows or rows == 1
