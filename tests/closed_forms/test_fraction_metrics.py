"""Premium of fractions: gaps between price and value weigh by value, so that a value near nothing moves nothing."""

from types import SimpleNamespace

import numpy as np
import pytest

from model.metric import summarise
from model.metrics.fractions import FAIR, FIGURES, GAP, NEAR, PREMIUM, VALUE, measure
from model.units import TOKEN

PRICES, VALUES, SUPPLY = [2.0, 1.0, 1.0], [1.0, 4.0, 1e-5], 100 * TOKEN


def figures(prices, values):
    """Of vaults with these prices and reference values of a fraction [USD]."""
    n, out = len(prices), np.empty(FIGURES)
    whole, parts = np.full(n, SUPPLY), np.ones(n)
    table = SimpleNamespace(
        status=np.ones(n, np.int64), live=np.ones(n, np.bool_), supply=whole, ghs=whole, holders=whole, income=parts,
        cost_per_th=parts, fraction=np.arange(n),
    )  # fmt: skip
    plain = getattr(measure, "py_func", measure)
    plain(table, n, np.array(prices) / TOKEN, np.array(values), np.zeros(n, np.int64), out)
    return out


def test_gaps_weigh_by_value():
    found = figures(PRICES, VALUES)
    whole = sum(VALUES)
    assert found[VALUE] == pytest.approx(100.0 * whole)
    up, down, wide = np.log([2.0, 0.25, 1e5])
    assert found[PREMIUM] == pytest.approx((1.0 * up + 4.0 * down + 1e-5 * wide) / whole)
    assert found[GAP] == pytest.approx((1.0 * up - 4.0 * down + 1e-5 * wide) / whole)
    assert found[FAIR] == pytest.approx(1 / 3) and found[NEAR] == pytest.approx(1 / 3)


def test_without_value_there_is_no_premium_and_nobody_is_near():
    found = figures([1.0, 1.0], [-1.0, 0.0])
    assert np.isnan(found[PREMIUM]) and np.isnan(found[GAP]) and found[VALUE] == 0.0 and found[NEAR] == 0.0


def test_a_day_on_which_fractions_are_worth_next_to_nothing_does_not_make_the_mean():
    days = [figures([1.0], [1.0]), figures([1.0], [1e-5]), figures([1.0], [-1.0])]
    mean = summarise([day[PREMIUM] for day in days], "mean", [day[VALUE] for day in days])
    assert mean == pytest.approx(np.log(1e5) * 1e-5 / (1.0 + 1e-5))
