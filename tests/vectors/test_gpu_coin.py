"""The second coin's difficulty block by block, what cards earn, and where its table may be written."""

import math
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from model import Scenario
from model.errors import ScenarioError
from model.mechanisms.gpu_coin import (
    GpuCoinParams,
    breakeven_card_power_price,
    gpu_hashprice,
    mean_block_seconds,
    next_difficulty,
    resale_after,
)
from model.mechanisms.gpu_coin.formulas import LARGEST_DIFFICULTY
from model.mechanisms.gpu_coin.kernels import find_blocks
from model.mechanisms.gpu_coin.prices import log_return
from model.streams import u01
from model.units import USD
from tests.rental_house import RentalHouse

KEY = np.uint64(12_345)
HASHRATE = 9e14


@pytest.mark.parametrize(
    ("seconds", "uncles", "wanted"),
    [
        (1, False, 2_049_000),
        (8, False, 2_049_000),
        (9, False, 2_048_000),
        (17, False, 2_048_000),
        (18, False, 2_047_000),
        (27, False, 2_046_000),
        (1, True, 2_050_000),
        (9, True, 2_049_000),
        (899, False, 1_950_000),  # 1 - 99 = -98
        (900, False, 1_949_000),  # -99
        (10**9, False, 1_949_000),  # never below -99
    ],
)
def test_difficulty_of_the_next_block_by_eip_100(seconds, uncles, wanted):
    assert next_difficulty(2_048_000, seconds, uncles) == wanted


def test_difficulty_never_falls_below_that_of_the_first_block():
    assert next_difficulty(131_072, 10_000) == 131_072
    assert next_difficulty(10**30, 9) == 10**30  # whole numbers of any size


def test_the_compiled_chain_is_the_formula_block_by_block():
    chain = np.array([11_340_000_000_000_000, -3], np.int64)
    found = find_blocks(KEY, HASHRATE, 3_600, chain)
    difficulty, stamp, now = 11_340_000_000_000_000, -3, 0.0
    for n in range(found):
        now += -math.log1p(-float(u01(KEY, n, 0))) * difficulty / HASHRATE
        at = max(stamp + 1, int(now))
        difficulty, stamp = next_difficulty(difficulty, at - stamp), at
    assert now < 3_600 and found > 200
    assert chain.tolist() == [difficulty, stamp - 3_600]


def test_the_compiled_chain_stops_where_64_bits_would_end():
    chain = np.array([LARGEST_DIFFICULTY - 1, 0], np.int64)
    found = find_blocks(KEY, 1e22, 6, chain)
    assert found > 1_000 and chain[0] == LARGEST_DIFFICULTY


def test_blocks_settle_at_their_mean_time_whatever_the_hash_rate():
    for factor in (0.1, 1.0, 10.0):
        chain = np.array([11_340_000_000_000_000, 0], np.int64)
        find_blocks(np.uint64(1), factor * HASHRATE, 5 * 86_400, chain)  # catches up
        blocks = sum(find_blocks(np.uint64(2 + day), factor * HASHRATE, 86_400, chain) for day in range(30))
        assert 30 * 86_400 / blocks == pytest.approx(mean_block_seconds(), rel=0.01)


def test_without_hash_rate_there_are_no_blocks():
    chain = np.array([10**15, -7], np.int64)
    assert find_blocks(KEY, 0.0, 86_400, chain) == 0
    assert chain.tolist() == [10**15, -7 - 86_400]


def test_a_card_before_the_merge():
    """900 TH/s, 2.1 coins at 1,600 USD: 97 MH/s bring 2.4 USD a day, 2.3 were measured (Tom's Hardware 2022-09-15)."""
    difficulty = 9e14 * 13.0
    assert gpu_hashprice(difficulty, 2.0, 0.1, 1_600.0) * 0.097 == pytest.approx(2.41, abs=0.01)
    assert gpu_hashprice(difficulty, 2.0, 0.1) == pytest.approx(86_400e9 * 2.1 / difficulty)
    assert breakeven_card_power_price(24.0, 2.0) == pytest.approx(0.5)
    assert [resale_after(6.0, 0.5, t, 30.0) for t in (-9.0, 0.0, 15.0, 30.0, 99.0)] == [6.0, 6.0, 4.5, 3.0, 3.0]


def test_price_moves_as_its_process_says():
    assert log_return(GpuCoinParams(process="constant"), 0.3, 1 / 365, 2.0) == 0.0
    gbm = GpuCoinParams(process="gbm", volatility=0.8, drift=0.1)
    assert log_return(gbm, 0.3, 0.01, 2.0) == pytest.approx((0.1 - 0.32) * 0.01 + 0.8 * 0.1 * 2.0)
    tied = GpuCoinParams(process="correlated", beta=1.2, own_volatility=0.4)
    assert log_return(tied, 0.3, 0.01, 2.0) == pytest.approx(0.36 + 0.4 * 0.1 * 2.0 - 0.08 * 0.01)


def test_its_table_is_network_gpu():
    base = Scenario.load("smoke")
    nested = base.override({"network.gpu.reward": 3.0})
    assert nested.mechanisms["gpu_coin"].reward == 3.0
    assert nested.fingerprint() == base.override({"gpu_coin.reward": 3.0}).fingerprint()
    assert "gpu_coin" not in base.mechanisms
    assert "gpu_coin" not in base.override({"network.gpu.enabled": False}).mechanisms
    for values, said in (
        ({"network.gpu.rewrd": 3.0}, "did you mean 'reward'"),
        ({"network.gpu": 3}, "a mechanism is a table"),
        ({"network.gpu.merge": "soon"}, "YYYY-MM"),
        ({"network.gpu.process": "csv"}, "file go together"),
    ):
        with pytest.raises(ScenarioError, match=said):
            base.override(values)


def test_a_file_of_own_prices(tmp_path):
    rows = "\n".join(f"2023-01-{day:02d},{1_000 + day}" for day in range(1, 31))
    (tmp_path / "coin.csv").write_text("date,price_usd\n" + rows, encoding="utf-8")
    (tmp_path / "own.toml").write_text(
        'extends = "smoke"\n[clock]\nticks = 3\n[network.gpu]\nmerge = ""\nprocess = "csv"\nfile = "coin.csv"\n', encoding="utf-8"
    )  # fmt: skip
    from model import Marketplace

    with Marketplace(tmp_path / "own.toml") as market:
        market.run()
        assert market.metrics()["gpu.price"].tolist() == [1_001.0, 1_002.0, 1_003.0]
    with pytest.raises(ScenarioError, match="has prices of 2023-01-01 to 2023-01-30"):
        Marketplace(tmp_path / "own.toml", clock__ticks=99)


# -- through the market


def with_cards(hours: int = 24, **others: Any) -> tuple[RentalHouse, Any, int]:
    house = RentalHouse(hours=hours, gpu_coin={"process": "constant", "price": 1_500.0, "merge": "2024-01"}, **others)
    coin, who = house.market.mechanisms["gpu_coin"], house.people[0]
    coin.add(np.array([who]), np.array([20_000]), np.array([2.5]), np.array([0.08]))
    return house, coin, who


def test_other_cards_run_as_far_as_they_earn_their_power_and_its_taxes_after_the_pools_fee() -> None:
    house, coin, _ = with_cards(power={"level": 1.25}, regulation={"power_tax": 0.01, "power_tax_share": 0.1})
    house.step()
    p = coin.params
    price = (coin.hashprice * (1 - p.pool_fee) / (24.0 * p.rest_joules) - 0.01) / (1.25 * 1.1)
    z = math.log(price / p.rest_power) / p.rest_power_sd
    assert coin._wanted() == pytest.approx(NormalDist().cdf(z))


@pytest.mark.parametrize("hours", [24, 6])
def test_other_cards_come_back_by_half_in_their_days_whatever_the_tick(hours: int, monkeypatch: Any) -> None:
    table = {"process": "constant", "price": 1_500.0, "rest": "elastic", "rest_days": 4.0, "merge": "2024-01"}
    house = RentalHouse(hours=hours, gpu_coin=table)
    coin = house.market.mechanisms["gpu_coin"]
    monkeypatch.setattr(coin, "_wanted", lambda: 1.0)
    coin.rest_on = 0.0
    house.step(8 * 24 // hours)
    assert coin.rest_on == pytest.approx(0.75)


@pytest.mark.parametrize(("over", "runs"), [(0.985, True), (0.995, False)])
def test_a_card_stands_still_where_the_pools_fee_is_more_than_it_leaves(over: float, runs: bool) -> None:
    house, coin, who = with_cards()
    coin.power_price[who] = over * breakeven_card_power_price(coin.hashprice, 2.5)
    house.step()
    assert bool(coin.running[who]) == runs


def test_the_states_part_of_a_cards_bill_is_its_tax_and_what_it_earned_is_paid_coins_at_the_days_price() -> None:
    house, coin, who = with_cards(power={"level": 2.0}, regulation={"power_tax_share": 0.25})
    power, before = house.market.mechanisms["power"], int(house.market.mechanisms["power"].raised)
    house.step()
    assert coin.bill[who] == pytest.approx(20_000 * 2.5 * 86_400 / 3.6e6 * 0.08 * 2.0 * 1.25 * USD, rel=1e-6)
    others = sum(float(house.rigs.meter.tax[a]) * USD for a in house.people)
    assert power.raised - before == pytest.approx(0.2 * coin.bill[who] + others, rel=1e-4)
    paid = 0.99 * coin.blocks * (coin.params.reward + coin.params.fees) * 20_000 / coin.hashrate
    assert coin.gross[who] == pytest.approx(paid * 1_500.0 * USD, rel=1e-4)
