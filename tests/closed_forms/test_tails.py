"""Heavy tails: Hill's exponent is recovered from Pareto numbers, and says nothing where there is nothing to say."""

import math

import numpy as np
import pytest

from model.statistics import ascending, hill, value_at_risk

N, K = 20_000, 2_000


@pytest.mark.parametrize("alpha", [0.8, 1.5, 3.0])
def test_the_exponent_of_pareto_numbers_is_recovered(alpha):
    drawn = (1.0 - np.random.default_rng(1).random(N)) ** (-1.0 / alpha)
    assert hill(drawn) == pytest.approx(alpha, abs=3.0 * alpha / math.sqrt(K)), "three standard errors, a / sqrt(k)"


def test_it_is_the_inverse_mean_log_excess():
    values = np.array([0.0, -1.0, *[math.e] * 10, *[1.0] * 90])
    assert hill(values) == pytest.approx(1.0), "ten values one log above the next"
    assert hill(3.0 * values) == pytest.approx(hill(values)), "units do not matter"


def test_too_few_or_equal_values_have_no_tail():
    assert math.isnan(hill(np.arange(1.0, 100.0))), "nine of 99 are too few"
    assert math.isnan(hill(np.ones(1_000)))
    assert math.isnan(hill(np.zeros(0)))
    assert math.isnan(hill(np.zeros(1_000)))


@pytest.mark.parametrize("low", [0.0, -1.0, 1e-300])
def test_many_values_sorted_by_digits_are_in_the_order_of_a_plain_sort(low):
    draws = np.random.default_rng(1)
    values = np.maximum(draws.lognormal(7.0, 3.0, 12_000) - 500.0, low)
    values[:3] = math.inf, 5e-324, 1.0
    assert ascending(values).tobytes() == np.sort(values).tobytes()


def test_zeros_are_no_part_of_a_tail():
    values = 0.5 ** np.arange(200.0)
    assert hill(np.concatenate([np.zeros(300), values])) == hill(values)


@pytest.mark.parametrize(("level", "loss"), [(0.07, 7.0), (0.071, 8.0), (0.0, 1.0), (1.0, 100.0)])
def test_value_at_risk_is_the_smallest_loss_that_is_likely_enough_not_exceeded(level, loss):
    assert value_at_risk(np.arange(100.0, 0.0, -1.0), level) == loss
