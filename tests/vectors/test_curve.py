"""The NIFTEX curve's worked example in 1e18 fixed point, digit for digit."""

import pytest

from model.mechanisms import curve

E18 = 10**18
SUPPLY, PRICE = 1000 * E18, E18 // 1000


def test_purchase_of_the_contract() -> None:
    x, k = curve.curve_start(SUPPLY, PRICE, 4, E18)
    assert (x, k) == (400 * E18, 16 * 10**37)
    cost, after = curve.curve_cost(5 * E18, x, k, 30, 10, 0)
    assert (cost, after) == (5083801711479062, 394_995 * E18 // 1000)
    assert curve.curve_cost(5 * E18, x, k, 0, 0, 0)[0] == k // (395 * E18) - k // (400 * E18)


def test_sale_of_the_contract() -> None:
    x, k = curve.curve_start(SUPPLY, PRICE, 4, E18)
    gross = k // x - k // (x + 5 * E18)
    assert gross == 4938271604938272
    assert curve.curve_gross(5 * E18, x, k) == gross
    assert curve.curve_proceeds(5 * E18, x, k, 30, 10, 0) == (gross * 996 // 1000, 405 * E18)


def test_the_first_price_is_the_price_that_was_given() -> None:
    for stretch in (1, 4, 10):
        x, k = curve.curve_start(SUPPLY, PRICE, stretch, E18)
        assert k * E18 // x**2 == PRICE


def test_the_end_of_the_curve() -> None:
    with pytest.raises(ValueError, match="ask for less"):
        curve.curve_cost(400 * E18, *curve.curve_start(SUPPLY, PRICE, 4, E18))
