"""What shares earn under each scheme, from worked examples."""

import math

import pytest

from model.mechanisms.payout import fpps, pplns, pps, pps_plus, pps_reserve, proportional


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
