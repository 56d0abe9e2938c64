"""The protocol's own numbers: retarget, compact integers, subsidy, hash price."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.mechanisms.network import (
    block_subsidy,
    breakeven_power_price,
    expected_blocks,
    hashprice,
    retarget,
    retarget_bits,
)

TARGET = 1_209_600


def test_retarget() -> None:
    assert retarget(1, 1_022_578) == pytest.approx(1.1828926, abs=5e-8)
    assert retarget(1000, 1) == 4000
    assert retarget(1000, 10**9) == 250
    assert retarget(2, 10**9) == 1
    assert retarget(1000, TARGET) == 1000


@pytest.mark.parametrize(
    ("bits", "seconds", "after"),
    [  # src/test/pow_tests.cpp of the reference client
        (0x1D00FFFF, 1_262_152_739 - 1_261_130_161, 0x1D00D86A),
        (0x1D00FFFF, 1_233_061_996 - 1_231_006_505, 0x1D00FFFF),
        (0x1C05A3F4, 1_279_297_671 - 1_279_008_237, 0x1C0168FD),
        (0x1C387F6F, 1_269_211_443 - 1_263_163_443, 0x1D00E1FD),
    ],
)
def test_retarget_bits(bits: int, seconds: int, after: int) -> None:
    assert retarget_bits(bits, seconds) == after


@given(st.floats(4, 1e15), st.integers(0, 10**8))
def test_a_step_is_between_a_quarter_and_four(difficulty: float, seconds: int) -> None:
    assert 0.25 - 1e-12 <= retarget(difficulty, seconds) / difficulty <= 4 + 1e-12


@pytest.mark.parametrize(
    ("height", "subsidy"),
    [
        (0, 5_000_000_000),
        (209_999, 5_000_000_000),
        (210_000, 2_500_000_000),
        (840_000, 312_500_000),
        (32 * 210_000, 1),
        (33 * 210_000, 0),
        (64 * 210_000, 0),
        (10**9, 0),
    ],
)
def test_block_subsidy(height: int, subsidy: int) -> None:
    assert block_subsidy(height) == subsidy


def test_all_coins() -> None:
    assert sum(block_subsidy(210_000 * i) * 210_000 for i in range(64)) == 2_099_999_997_690_000


def test_hashprice() -> None:
    assert hashprice(79.5e12, 3.275, 0) == pytest.approx(0.000828701, abs=5e-10)
    assert hashprice(79.5e12, 3.125, 0.15, 60_000) == pytest.approx(60_000 * 0.000828701, rel=1e-6)
    lost = 0.3  # hash rate that leaves: after the retarget those who stay earn 1/(1 - q) more
    assert hashprice(79.5e12 * (1 - lost), 3.275, 0) == pytest.approx(hashprice(79.5e12, 3.275, 0) / (1 - lost))


def test_breakeven_power_price() -> None:
    usd_per_th_day = 0.048972  # 35 J/TH at .0583 USD/kWh
    assert breakeven_power_price(1000 * usd_per_th_day, 35) == pytest.approx(0.0583)
    assert 1000 * usd_per_th_day / (1 - 0.025) == pytest.approx(50.23, abs=0.005)


def test_expected_blocks() -> None:
    assert expected_blocks(2**32 * 1e6 / 600, 86_400, 1e6) == pytest.approx(144)
