"""Institutions: risk of a portfolio, and how the desk cuts orders."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.institutions.desk import part_today
from agents.institutions.risk import portfolio_volatility, value_at_risk, within_limit

WEIGHTS = st.lists(st.floats(0, 1), min_size=1, max_size=8)


def test_risk_of_one_asset_and_of_two() -> None:
    assert portfolio_volatility([1.0], [0.69], 0.6) == pytest.approx(0.69)
    two = portfolio_volatility([0.4, 0.6], [0.5, 0.8], 0.3)
    assert two == pytest.approx(math.sqrt(0.04 + 0.2304 + 2 * 0.3 * 0.2 * 0.48))
    assert portfolio_volatility([], [], 0.6) == 0.0


def test_ten_days_at_99_percent() -> None:
    assert value_at_risk(0.69, 10.0, 2.326) == pytest.approx(2.326 * 0.69 * math.sqrt(10 / 365))


@given(weights=WEIGHTS, correlation=st.floats(0, 1), limit=st.floats(0.01, 1))
def test_shrunk_weights_keep_the_limit(weights: list[float], correlation: float, limit: float) -> None:
    def loss(factor: float) -> float:
        sigma = portfolio_volatility([factor * w for w in weights], [0.7] * len(weights), correlation)
        return value_at_risk(sigma, 10.0, 2.326)

    factor = within_limit(loss(1.0), limit)
    assert loss(factor) <= limit * (1 + 1e-9)
    assert factor == 1.0 or loss(factor) == pytest.approx(limit)


@given(first=WEIGHTS, correlation=st.floats(0, 1), more=st.floats(0, 1))
def test_risk_of_a_sum_is_at_most_the_sum_of_risks(first: list[float], correlation: float, more: float) -> None:
    whole = portfolio_volatility([*first, more], [0.7] * (len(first) + 1), correlation)
    parts = portfolio_volatility(first, [0.7] * len(first), correlation) + 0.7 * more
    assert whole <= parts + 1e-9


@given(depth=st.floats(1, 1e6), part=st.floats(0.001, 0.2), least=st.floats(0, 500), v=st.integers(0, 40))
def test_slices_keep_to_the_part_on_average(depth: float, part: float, least: float, v: int) -> None:
    ticks = max(1, math.ceil(least / (part * depth)))
    parts = [part_today(tick, v, depth, part, least) for tick in range(min(ticks, 10_000))]
    assert all(p == 0.0 or p * depth >= least * (1 - 1e-9) for p in parts)
    if ticks <= 10_000:
        assert math.fsum(parts) == pytest.approx(part * ticks)
