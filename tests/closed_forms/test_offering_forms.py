"""Prices and costs of the forms of offering against their own formulas, by Python ints and by the kernels."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.jit import kernel
from model.mechanisms.offerings import bonding_cost, bonding_price, dutch_price, parts_of
from model.mechanisms.offerings.kernels import allot, cost
from model.units import LARGEST_RESERVE, TOKEN
from tests.sales import Sale
from tests.vault_house import House

LARGEST = 10**14  # fractions in base units
WHOLE = TOKEN


@kernel
def compiled_cost(out, amount, sold, price, rise, span):
    out[0] = cost(amount, sold, price, rise, span)


def by_kernel(amount: int, sold: int, price: int, rise: int, span: int) -> int:
    out = np.zeros(1, np.int64)
    compiled_cost(out, amount, sold, price, rise, span)
    return int(out[0])


@st.composite
def lines(draw):
    span = draw(st.integers(1, LARGEST))
    top = max(1, min(LARGEST_RESERVE, LARGEST_RESERVE * TOKEN // span) - 1)
    price = draw(st.integers(1, top))
    rise = draw(st.integers(0, top - price))
    sold = draw(st.integers(0, span - 1))
    return draw(st.integers(1, span - sold)), sold, price, rise, span


@settings(deadline=None)
@given(lines())
def test_the_cost_is_the_area_under_the_line_rounded_up(line):
    amount, sold, price, rise, span = line
    area = Fraction(amount * price, TOKEN) + Fraction(rise * amount * (2 * sold + amount), 2 * span * TOKEN)
    found = bonding_cost(*line)
    assert found == -(-area.numerator // area.denominator)
    if rise:
        assert by_kernel(*line) == found


@given(lines(), st.integers(1, LARGEST))
def test_buying_in_parts_costs_no_less(line, cut):
    amount, sold, price, rise, span = line
    cut = cut % amount
    parts = bonding_cost(cut, sold, price, rise, span) + bonding_cost(amount - cut, sold + cut, price, rise, span)
    assert 0 <= parts - bonding_cost(*line) <= 1


@pytest.mark.parametrize(("n", "sold", "due"), [(1, 0, 11), (3, 2, 37), (10, 0, 130), (10, 5, 160)])
def test_a_line_from_10_rising_by_6_tenths(n, sold, due):
    assert bonding_cost(n, sold, price=10, rise=60, span=100, unit=1) == due  # m = .6: p0 n + .3 n (2 sold + n)
    assert bonding_price(sold + n, 10, 60, 100) == 10 - (-6 * (sold + n) // 10)


@given(st.integers(1, 10**12), st.integers(0, 10**12), st.integers(0, 400), st.integers(1, 200))
def test_a_descending_price_never_rises_and_ends_at_the_reserve(reserve, more, elapsed, duration):
    path = [dutch_price(reserve + more, reserve, t, duration) for t in (elapsed, elapsed + 1)]
    assert reserve + more >= path[0] >= path[1] >= reserve
    assert dutch_price(reserve + more, reserve, duration, duration) == reserve


@pytest.mark.parametrize("hours", [1, 4, 6, 12, 24])
def test_the_descending_path_in_the_market(hours):
    """1.5 times the reserve on the first morning, the reserve after seven days, a straight line between."""
    sale, per_day = Sale("dutch", hours=hours, price=7 * TOKEN), 24 // hours
    seen = [int(sale.offers.price[0])]
    for _ in range(8 * per_day):
        sale.nights(1)
        seen.append(int(sale.offers.price[0]))
    assert seen[::per_day] == [10_500_000 - 500_000 * min(day, 7) for day in range(9)]
    assert seen == sorted(seen, reverse=True)


def test_supply_with_grants_is_split_whole():
    parts = parts_of(10_000 * WHOLE, 1_000, 2_000, 500)
    assert (parts.granted, sum(parts)) == (500 * WHOLE, 10_000 * WHOLE)
    assert parts.offered == 7_083 * WHOLE
    assert parts.kept >= 1_000 * WHOLE


def test_the_opening_is_shared_by_cash_within_budgets():
    """400 on offer at 2 USD: 3 of 4 parts to one who may spend 500 USD, one part to another, none to who stays out."""
    house = House(agents=5)
    seller, *buyers = house.agents
    fraction = int(house.vaults.fraction[house.vault()])
    joins, weight = np.array([True, True, False, True]), np.array([3, 1, 4, 0], np.int64) * WHOLE
    budget = np.array([500, 5_000, 5_000, 5_000], np.int64) * WHOLE
    terms = joins, weight, budget, 400 * WHOLE, 2 * WHOLE, WHOLE
    assert allot(house.ledger.books, fraction, seller, np.array(buyers), *terms) == 350 * WHOLE
    assert [house.held(0, a) // WHOLE for a in (seller, *buyers)] == [650, 250, 100, 0, 0]
    assert [house.cash(a) // WHOLE - 10_000 for a in (seller, *buyers)] == [700, -500, -200, 0, 0]
