"""Price impact: absent unless asked for; no round trip gains; what is needed is raised; a part of it fades."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model import Marketplace, Scenario
from model.actions import Bundle, Status
from model.flows import Flow
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.bitcoin import TradeCoins
from model.units import BTC, USD

PRICE = 20_000.0
ONE = np.zeros(1, np.int64)


def market(ticks: int = 10, hours: int = 24, **coin: Any) -> Marketplace:
    clock = {"ticks": ticks, "hours_per_tick": hours, "start": "2023-01"}
    tables = {"clock": clock, "bitcoin": {"process": "constant", "price": PRICE, **coin}}
    return Marketplace(Scenario.from_tables(tables, "test"), rng=1)


def trader(m: Marketplace, usd: int, coins: int) -> int:
    account = m.ledger.open_account("vaults", "trader")
    m.ledger.pay(USD_ASSET, m.ledger.world, account, usd, Flow.ENDOWMENT)
    m.ledger.pay(BTC_ASSET, m.ledger.world, account, coins, Flow.ENDOWMENT)
    return account


def trade(m: Marketplace, account: int, side: int, amount: int) -> int:
    """What one trade bought."""
    batch = TradeCoins(account, side=side, amount=amount)
    m.mechanisms["bitcoin"].trade(batch.rows, ONE)
    assert batch.rows["status"][0] == Status.DONE
    return int(batch.rows["filled"][0])


def test_a_sale_pays_the_mean_price_on_its_way_and_moves_tomorrows() -> None:
    m = market(impact=0.2, impact_lasting=0.25, impact_days=2.0, spread=0.0)
    a, coin = trader(m, 0, 1000 * BTC), m.mechanisms["bitcoin"]
    m.step()
    got = trade(m, a, 1, 1000 * BTC)
    assert got == pytest.approx(1000 * PRICE * USD * (1 - math.exp(-0.2)) / 0.2, rel=1e-9)
    for day in (1, 2, 3):
        m.step()
        assert coin.price == pytest.approx(PRICE * math.exp(-0.05 - 0.15 * 0.5 ** (day / 2)))


def test_parts_of_a_sale_pay_what_the_whole_would() -> None:
    whole, parts = (market(impact=0.5) for _ in range(2))
    one, many = (trader(m, 0, 900 * BTC) for m in (whole, parts))
    together = trade(whole, one, 1, 900 * BTC)
    assert sum(trade(parts, many, 1, 300 * BTC) for _ in range(3)) == pytest.approx(together, rel=1e-9)


@pytest.fixture(scope="module")
def pressed() -> Marketplace:
    return market(impact=0.3, spread=0.0)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(usd=st.integers(1, 10**8), before=st.integers(-2000, 2000), parts=st.integers(1, 3))
def test_there_and_back_never_gains(pressed: Marketplace, usd: int, before: int, parts: int) -> None:
    coin = pressed.mechanisms["bitcoin"]
    coin.impact.sold[0] = before * BTC
    a = trader(pressed, usd * USD, 0)
    for _ in range(parts):
        trade(pressed, a, 0, usd * USD // parts)
    trade(pressed, a, 1, pressed.ledger.balance(BTC_ASSET, a))
    assert pressed.ledger.balance(USD_ASSET, a) <= usd * USD
    assert coin.impact.sold[0] == before * BTC


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(usd=st.integers(1, 10**12), held=st.integers(0, 1000 * BTC))
def test_bills_are_met_by_just_enough_coins(pressed: Marketplace, usd: int, held: int) -> None:
    coin = pressed.mechanisms["bitcoin"]
    coin.impact.sold[0] = 0
    a = trader(pressed, 0, held)
    coin.raise_cash(np.array([a]), np.array([usd]))
    got, left = pressed.ledger.balance(USD_ASSET, a), pressed.ledger.balance(BTC_ASSET, a)
    if left:
        assert usd <= got <= usd + 4 * (PRICE * USD / BTC + 1)
    else:
        most = 1000 * BTC / 0.3 * -math.expm1(-0.3 * held / (1000 * BTC)) * PRICE * USD / BTC
        assert got <= most + 1
    assert coin.impact.sold[0] == held - left


def test_steps_of_any_length_forget_alike() -> None:
    ends = []
    for hours in (1, 4, 6, 12, 24):
        m = market(240 // hours, hours, impact=0.2, impact_days=3.0)
        a = trader(m, 0, 500 * BTC)
        m.step()
        trade(m, a, 1, 500 * BTC)
        m.run()
        fading = m.mechanisms["bitcoin"].impact.fading
        ends.append(fading * 2 ** ((240 - hours) / 24 / 3.0))
    assert ends == pytest.approx([-0.05] * 5)


def test_a_bundle_that_fails_leaves_no_pressure() -> None:
    m = market(impact=0.2)
    a = trader(m, 0, 10 * BTC)
    sale, dear = TradeCoins(a, side=1, amount=10 * BTC), TradeCoins(a, side=0, amount=10**13)
    m.submit(Bundle([sale, dear]))
    m.step()
    assert m.ledger.balance(BTC_ASSET, a) == 10 * BTC
    assert m.mechanisms["bitcoin"].impact.sold[0] == 0


def test_without_impact_any_amount_trades_at_the_days_price() -> None:
    m = market()
    a = trader(m, 0, 10**5 * BTC)
    assert trade(m, a, 1, 10**5 * BTC) == 10**5 * 19_980 * USD
    assert m.mechanisms["bitcoin"].impact is None and not m.mechanisms["bitcoin"].undo_columns()
