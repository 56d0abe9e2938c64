"""Weighted pools: the worked example, and the constant product as the case of equal weights."""

import math

import pytest

from model.mechanisms import weighted


def test_worked_example() -> None:
    assert round(weighted.weighted_out(1.0, 100.0, 0.2, 1000.0, 0.8, 0.003), 10) == 2.4770838125
    assert weighted.whole_out(10**12, 10**14, 10**15, 0.2, 0.8, 30) == 2477083812478
    huge = weighted.whole_out(10**24, 10**26, 10**27, 0.2, 0.8, 30)
    assert 0 <= 2477083812478080641694129 - huge <= 2**-48 * 10**25, "integers of any size, still for the pool"


@pytest.mark.parametrize("paid", [10**3, 10**6, 10**9, 3 * 10**11])
def test_equal_weights_are_a_constant_product(paid: int) -> None:
    x, y = 10**12, 7 * 10**11
    exact = paid * 9970 // 10_000 * y // (x + paid * 9970 // 10_000)
    assert weighted.whole_out(paid, x, y, 0.5, 0.5, 30) in (exact, exact - 1)


def test_price_and_depth_are_those_of_the_effective_reserves() -> None:
    usd, fractions, weight = 3_000.0, 40_000.0, 0.8
    u, f = weighted.effective_reserves(usd, fractions, weight)
    assert u / f == pytest.approx(weighted.spot_price(usd, fractions, weight))
    for size in (1e-3, 1e-4):
        bought = weighted.weighted_out(size * usd, usd, 0.2, fractions, 0.8, 0.0)
        assert bought == pytest.approx(f * size * usd / (u + size * usd), rel=size**2 * 2)
        sold = weighted.weighted_out(size * fractions, fractions, 0.8, usd, 0.2, 0.0)
        assert sold == pytest.approx(u * size * fractions / (f + size * fractions), rel=size**2 * 20)


def test_value_function_and_shares() -> None:
    assert weighted.value_function(16.0, 81.0, 0.8) == pytest.approx(16.0**0.2 * 81.0**0.8)
    assert weighted.first_shares(10**9, 10**9) == 10**9 - 1000
    assert weighted.first_shares(0, 10**9) == 0
    assert weighted.later_shares(50, 700, 1_000, 100, 1_000) == 500
    assert weighted.burn_amounts(10, 100, 55, 999) == (5, 99)
    usd, fractions = weighted.opening_balances(10**9, 2 * 10**8, 0.8)
    assert weighted.spot_price(usd, fractions, 0.8) == pytest.approx(5.0)
    assert math.isclose(weighted.spot_price(*weighted.opening_balances(10**9, 10**9, 0.3), 0.3), 1.0, rel_tol=1e-8)
