"""The coin's price: processes against their closed forms, real months, users' files, trade with the world."""

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model import Marketplace, Scenario
from model.actions import Status
from model.errors import ScenarioError
from model.flows import Flow
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.bitcoin import TradeCoins, table_price
from model.tables import month_series
from model.units import BTC, USD


def market(ticks: int = 30, hours: int = 24, start: str = "2023-01", seed: int = 1, **bitcoin: Any) -> Marketplace:
    clock = {"ticks": ticks, "hours_per_tick": hours, "start": start}
    shocks = bitcoin.pop("shocks", [])
    folder = bitcoin.pop("folder", Path())
    tables = {"clock": clock, "bitcoin": bitcoin, "shocks": shocks}
    return Marketplace(Scenario.from_tables(tables, "test", folder=folder), rng=seed)


def path(m: Marketplace) -> list[float]:
    """Prices at the end of each day."""
    coin = m.mechanisms["bitcoin"]
    closes = []
    while m.running:
        m.step()
        closes.append(coin.price)
    return closes[m.clock.per_day - 1 :: m.clock.per_day]


def test_constant_stays() -> None:
    assert path(market(process="constant", price=20_000)) == [20_000] * 30


def test_start_is_the_last_close_of_the_table() -> None:
    assert market(process="constant").mechanisms["bitcoin"].price == 16_520
    assert 16_520 < market(process="constant", start="2023-01-16").mechanisms["bitcoin"].price < 23_130
    with pytest.raises(ScenarioError, match=r"set bitcoin\.price"):
        market(start="2026-01")


@pytest.mark.parametrize("process", ["gbm", "garch", "history"])
def test_daily_closes_do_not_depend_on_the_tick(process: str) -> None:
    daily = path(market(process=process))
    assert path(market(120, 6, process=process)) == pytest.approx(daily, rel=1e-12)


def returns(process: str, days: int = 2500, hours: int = 24, **more: Any) -> np.ndarray:
    """Log returns of ticks, without a market around the process."""
    m = market(days * 24 // hours, hours, process=process, price=20_000, **more)
    coin, out = m.mechanisms["bitcoin"], []
    for tick in range(days * 24 // hours):
        m.clock.tick = tick
        coin.move_price()
        out.append(coin.log_return)
    return np.array(out)


def test_gbm_has_its_volatility_at_any_tick() -> None:
    for hours, days in ((24, 4000), (4, 700)):
        r = returns("gbm", days, hours, volatility=0.5, drift=0.0)
        assert r.std() * math.sqrt(365 * 24 / hours) == pytest.approx(0.5, rel=0.04)
        assert abs(np.corrcoef(r[1:], r[:-1])[0, 1]) < 0.06


def test_garch_meets_the_moments_of_the_fit() -> None:
    paths = [returns("garch", seed=seed) for seed in range(1, 9)]
    variance = np.mean([r.var() for r in paths])
    assert math.sqrt(variance * 365) == pytest.approx(0.69, rel=0.12)
    kurtosis = [((r - r.mean()) ** 4).mean() / r.var() ** 2 - 3 for r in paths]
    assert np.median(kurtosis) > 3
    size = np.abs(np.array(paths))
    acf = [np.mean([np.corrcoef(s[k:], s[:-k])[0, 1] for k in range(1, 31)]) for s in size]
    assert 0.04 < np.median(acf) < 0.16
    assert abs(np.median([np.corrcoef(r[1:], r[:-1])[0, 1] for r in paths])) < 0.1


def test_volatility_scales_returns_and_may_change() -> None:
    m, twice = market(20, price=1000, drift=0.0), market(20, price=1000, drift=0.0, volatility=1.38)
    for _ in range(5):
        m.step()
        twice.step()
        pair = [x.mechanisms["bitcoin"].log_return for x in (m, twice)]
        assert pair[1] == pytest.approx(2 * pair[0])
    m.change({"bitcoin.volatility": 1.38})
    m.step()
    twice.step()
    assert m.mechanisms["bitcoin"].log_return == pytest.approx(twice.mechanisms["bitcoin"].log_return)


def test_history_hits_every_monthly_close() -> None:
    closes = path(market(365, process="history", start="2019-01"))
    ends = np.cumsum([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) - 1
    real = month_series("btc_monthly", "price_usd_close", "2019-01", "2019-12")
    assert np.array(closes)[ends] == pytest.approx(real, rel=1e-12)
    assert path(market(40, process="history", start="2019-01", seed=2))[:30] != closes[:30]


def test_history_beyond_the_table_is_refused() -> None:
    with pytest.raises(ScenarioError, match="take fewer ticks"):
        market(400, process="history", start="2024-06")


def test_a_shock_to_the_level_is_a_return() -> None:
    shock = {"channel": "price", "size": -0.3, "day": 2, "source": "test"}
    assert path(market(4, process="constant", price=100, shocks=[shock])) == pytest.approx([100, 100, 70, 70])


def test_a_price_that_no_posting_holds_is_refused_with_what_drives_it() -> None:
    shock = {"channel": "price", "size": 1000.0, "day": 2, "source": "test"}
    m = market(120, seed=7, process="gbm", price=1e9, drift=5, volatility=0, shocks=[shock])
    told = "tick 111, seed 7, with shocks of price x 1,001: a coin comes to 4.642e+12 USD"
    with pytest.raises(ScenarioError, match=f"^{re.escape(told)}"):
        m.run()


def test_csv(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("date,price_usd\n" + "".join(f"2023-01-{d:02d},{1000 + d}\n" for d in range(1, 11)))
    assert path(market(10, process="csv", file="p.csv", folder=tmp_path)) == pytest.approx(range(1001, 1011))
    late = market(18, 12, "2023-01-02", process="csv", file="p.csv", folder=tmp_path)
    assert late.mechanisms["bitcoin"].price == 1001
    assert path(late) == pytest.approx(range(1002, 1011))
    with pytest.raises(ScenarioError, match="2023-01-11") as refused:
        market(11, process="csv", file="p.csv", folder=tmp_path)
    assert "\n" not in str(refused.value)
    with pytest.raises(ScenarioError, match=r"q\.csv"):
        market(1, process="csv", file="q.csv", folder=tmp_path)


def test_bad_tables_are_refused() -> None:
    for wrong in ({"process": "csv"}, {"file": "p.csv"}, {"beta": 0.99}, {"process": "history", "price": 1.0}):
        with pytest.raises(ScenarioError, match="bitcoin"):
            market(**wrong)


def test_table_price_meets_closes() -> None:
    from datetime import date

    assert table_price(date(2023, 2, 1)) == 23_130
    assert 16_520 < table_price(date(2023, 1, 2)) < table_price(date(2023, 1, 31)) < 23_130


def trader(m: Marketplace, usd: int, coins: int) -> int:
    account = m.ledger.open_account("vaults", "trader")
    m.ledger.pay(USD_ASSET, m.ledger.world, account, usd, Flow.ENDOWMENT)
    m.ledger.pay(BTC_ASSET, m.ledger.world, account, coins, Flow.ENDOWMENT)
    return account


def test_trade_at_price_and_spread_rounds_against_the_trader() -> None:
    m = market(process="constant", price=20_000)
    a, b, c = trader(m, 1000 * USD, 0), trader(m, 0, BTC), trader(m, 500, 0)
    batch = TradeCoins(np.array([a, b, c, a, c]), side=[0, 1, 0, 1, 0], amount=[1000 * USD, BTC // 2, 600, 0, 5])
    m.submit(batch)
    m.step()
    assert batch.rows["status"].tolist() == [Status.DONE, Status.DONE, Status.FUNDS, Status.AMOUNT, Status.AMOUNT]
    assert m.ledger.balance(BTC_ASSET, a) == math.floor(1000 / 20_020 * BTC)
    assert m.ledger.balance(USD_ASSET, b) == 9_990 * USD
    assert m.ledger.value[BTC_ASSET] == 20_000 / BTC


def test_there_and_back_never_gains() -> None:
    m = market(process="constant", price=12_345.678)
    a = trader(m, 777 * USD + 1, 0)
    coin = m.mechanisms["bitcoin"]
    order = np.zeros(1, np.int64)
    for side, asset in ((0, USD_ASSET), (1, BTC_ASSET)):
        coin.trade(TradeCoins(a, side=side, amount=m.ledger.balance(asset, a)).rows, order)
    assert m.ledger.balance(USD_ASSET, a) <= 777 * USD * (0.999 / 1.001) + 1


def test_raise_cash_sells_just_enough() -> None:
    m = market(process="constant", price=30_000)
    rich, poor, none = trader(m, 0, BTC), trader(m, 3, 1000), trader(m, 0, 0)
    needed = np.array([1234 * USD + 567, 500 * USD, 5 * USD])
    m.mechanisms["bitcoin"].raise_cash(np.array([rich, poor, none]), needed)
    got = m.ledger.balance(USD_ASSET, rich)
    assert needed[0] <= got < needed[0] + 30_000 * USD / BTC + 1
    assert m.ledger.balance(BTC_ASSET, poor) == 0
    assert m.ledger.balance(USD_ASSET, poor) == 3 + 299_700
    m.ledger.check()


@pytest.mark.parametrize("hours", [24, 6])
def test_realised_volatility_and_mean_price_forget_in_days(hours: int) -> None:
    """The coin stands still but for a fall by .3, after which half a memory goes by."""
    shock = {"channel": "price", "size": -0.3, "day": 2, "source": "test"}
    m = market(
        17 * 24 // hours, hours, process="constant", price=100.0, volatility=0.5, memory_days=30.0, shocks=[shock]
    )
    coin, per_day = m.mechanisms["bitcoin"], 24 // hours
    weight, ticks = 1.0 - math.exp(-hours / 24 / 30.0), 15 * per_day
    m.run()
    variance = 0.25 * math.exp(-17.0 / 30.0) + weight * math.log(0.7) ** 2 * 365 * per_day * (1.0 - weight) ** (
        ticks - 1
    )
    assert coin.volatility == pytest.approx(math.sqrt(variance))
    assert coin.ema == pytest.approx(70.0 + 30.0 * math.exp(-15.0 / 30.0))
