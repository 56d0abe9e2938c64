"""Intervals of means do not know where zero is, and of runs that hardly differ make nothing absurd."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from experiments.statistics import expected_shortfall, mean_interval
from experiments.statistics.studentised import skewness

FEW = settings(max_examples=60, deadline=None)
PRICE, HIGHER = 9380.86, 9474.67


def ends(found):
    return np.array([found.value, found.low, found.high])


@pytest.mark.parametrize("values", [[PRICE] * 19 + [HIGHER], [HIGHER] + [PRICE] * 19, [PRICE] * 27 + [HIGHER] * 3])
def test_few_runs_that_differ_from_a_constant_have_the_interval_of_their_gaps(values):
    found, gaps = mean_interval(values, "x"), mean_interval([value - PRICE for value in values], "x")
    assert found.method == gaps.method == "BCa bootstrap"
    assert PRICE <= found.low < found.value < found.high <= HIGHER
    assert ends(found) == pytest.approx(ends(gaps) + PRICE)


def test_rounding_is_no_spread():
    noise = np.random.default_rng(1).integers(-3, 4, 19) * np.spacing(PRICE)
    found = mean_interval([*(PRICE + noise), HIGHER], "x")
    assert found.method == "BCa bootstrap" and found.high <= HIGHER


@pytest.mark.parametrize("value", [0.1, 9380.86, 1e9 + 0.1])
def test_equal_values_are_not_skewed(value):
    assert skewness(np.full(30, value)) == 0.0
    assert ends(mean_interval([value] * 30, "x")).tolist() == [value] * 3


@FEW
@given(
    st.lists(st.sampled_from([0.0, 0.0, 0.0, 1.0, 2.5, 40.0]) | st.floats(0.0, 50.0), min_size=2, max_size=40),
    st.sampled_from([0.0, 0.1, PRICE, -PRICE, 1e6, -(2.0**20)]),
)
def test_a_constant_moves_the_interval_of_a_mean_and_nothing_else(values, constant):
    rows = np.round(np.array(values) * 2.0**10) / 2.0**10  # so that adding rounds a little, and never joins two values
    assume(abs(abs(skewness(rows)) - 1.0) > 1e-6)
    here, there = mean_interval(rows, "x"), mean_interval(rows + constant, "x")
    assert here.method == there.method
    assert ends(there) - constant == pytest.approx(ends(here), rel=1e-4, abs=1e-7)


def test_a_constant_moves_an_expected_shortfall_and_nothing_else():
    losses = np.where(np.arange(240) % 12, 0.0, np.arange(240.0))
    here, there = expected_shortfall(losses, 0.95, "x"), expected_shortfall(losses + PRICE, 0.95, "x")
    assert here.method == there.method
    assert ends(there) - PRICE == pytest.approx(ends(here))
