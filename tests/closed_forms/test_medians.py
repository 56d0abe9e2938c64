"""Medians of few values, sorted one by one, are those of all ways to find them."""

import math

import numpy as np
import pytest

from model import Marketplace, Scenario
from model.metrics import oracle
from model.metrics.oracle import middle
from model.statistics import median


@pytest.mark.parametrize("size", range(1, 12))
def test_a_median_of_few_is_that_of_many(size):
    for seed in range(20):
        values = np.random.default_rng(seed).integers(0, 9, 12) / 7.0
        assert middle(values.copy(), size) == median(values[:size]) == float(np.median(values[:size]))


def test_nothing_has_no_median():
    assert math.isnan(middle(np.ones(3), 0))


def test_reports_are_the_same_however_medians_are_found(monkeypatch):
    with Marketplace(Scenario.load("credit_baseline").with_agents(60), rng=2, clock__ticks=15) as market:
        market.run()
        found = oracle._reports(market)
        monkeypatch.setattr(oracle, "FEW", 0)
        again = oracle._reports(market)
        assert again == found
        assert found.price > 0.0
