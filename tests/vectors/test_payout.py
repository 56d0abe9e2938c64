"""What shares earn under each scheme, from worked examples."""

import math

import pytest

from model.mechanisms.payout import (
    fpps,
    hop_point,
    hopping_gain,
    pplns,
    pps,
    pps_plus,
    pps_reserve,
    proportional,
    round_worth,
    size_fee,
    solo,
)


def test_pplns() -> None:
    assert pplns(6.25, 1000, 2, 300, 0.02) == pytest.approx(0.91875)


def test_proportional() -> None:
    assert proportional(6.25, 800, 300, 0.02) == pytest.approx(2.296875)


def test_reserve() -> None:
    assert pps_reserve(1, 0.02, 1e-3) == pytest.approx(172.7, abs=0.05)
    assert pps_reserve(6.25, 0.02, 1e-3) == pytest.approx(6.25 * math.log(1000) / 0.04)


def test_by_work() -> None:
    assert pps(6.25, 1000, 300, 0.02) == pytest.approx(0.98 * 6.25 * 0.3)
    assert fpps(6.25, 0.25, 1000, 300, 0.02) == pytest.approx(0.98 * 6.5 * 0.3)
    assert fpps(6.25, 0, 1000, 300, 0.02) == pps(6.25, 1000, 300, 0.02)
    assert pps_plus(6.25, 0.25, 1000, 2, 300, 0, 0.02) == pps(6.25, 1000, 300, 0.02)


def test_solo() -> None:
    assert solo(6.25, 1, 0.02) == pytest.approx(6.125)
    assert solo(6.25, 0, 0.02) == 0
    assert solo(6.25, 3, 0) == pytest.approx(18.75)


def test_hopping() -> None:
    assert hop_point() == pytest.approx(0.4348, abs=5e-5)
    assert round_worth(hop_point()) == pytest.approx(1.0)
    assert hopping_gain(hop_point()) == pytest.approx(0.2815, abs=5e-5)
    assert hop_point(0.02) < hop_point()
    assert round_worth(3.0) == pytest.approx(math.exp(3) * 0.01304838, rel=1e-6)
    assert hopping_gain(20.0) == pytest.approx(0.0, abs=1e-8)


def test_fees_by_size() -> None:
    assert [size_fee(0.0, 0.025, s, 0.25) for s in (0, 0.1, 0.25, 0.6)] == pytest.approx([0, 0.01, 0.025, 0.025])
