"""Tails: closed forms of value at risk and expected shortfall, refusal on thin ones, warnings on heavy ones."""

import math

import numpy as np
import pytest
import scipy.stats

from experiments.statistics import expected_shortfall, heavy_tail, tail_runs, value_at_risk
from experiments.statistics.tails import tail, with_error, worst_mean
from model.errors import ScenarioError
from model.statistics import expected_shortfall as shortfall_of


@pytest.mark.parametrize("at", [0.95, 0.99])
def test_var_and_es_of_exponential_losses_agree_with_their_closed_forms(at):
    """VaR = -ln(1 - at), ES = VaR + 1 for a mean of 1."""
    losses = scipy.stats.expon.ppf((np.arange(100_000) + 0.5) / 100_000)
    found = tail(losses[:: 20 if at < 0.99 else 10], at, "exponential")
    truth = -math.log(1.0 - at)
    assert found.value_at_risk.value == pytest.approx(truth, abs=0.05)
    assert found.expected_shortfall.value == pytest.approx(truth + 1.0, abs=0.05)
    assert found.value_at_risk.low < truth < found.value_at_risk.high
    assert found.expected_shortfall.low < truth + 1.0 < found.expected_shortfall.high


@pytest.mark.slow
@pytest.mark.parametrize("n", [200, 500])
@pytest.mark.parametrize("power", [False, True])
def test_es_covers_the_truth_of_normal_and_lognormal_losses(n, power):
    """ES = phi(z) / (1 - at), of lognormal losses e^(1/2) Phi(1 - z) / (1 - at); the tail holds 10 or 25 runs."""
    at, draws, norm = 0.95, np.random.default_rng(5), scipy.stats.norm
    z = norm.ppf(at)
    truth = (math.exp(0.5) * norm.cdf(1.0 - z) if power else norm.pdf(z)) / (1.0 - at)
    samples = draws.normal(size=(100, n))
    found = [expected_shortfall(np.exp(x) if power else x, at, f"sample {i}") for i, x in enumerate(samples)]
    assert {e.method for e in found} == {"bootstrap-t"}
    assert np.mean([e.low <= truth <= e.high for e in found]) >= 0.89
    assert np.mean([e.value for e in found]) == pytest.approx(truth, rel=0.1)


def test_es_of_few_values_that_differ_has_the_other_interval():
    losses = np.array([0.0] * 197 + [5.0] * 3)
    found = expected_shortfall(losses, 0.95, "x")
    assert found.method == "BCa bootstrap" and found.value == pytest.approx(1.5)
    assert found.low < found.value < found.high
    found = expected_shortfall(np.array([0.0] * 150 + [5.0] * 50), 0.95, "x")
    assert (found.low, found.value, found.high) == pytest.approx((5.0, 5.0, 5.0))


def test_the_standard_error_is_that_of_many_samples():
    draws, statistic = np.random.default_rng(2), with_error(0.9)
    value, error = statistic(draws.exponential(size=(4_000, 300)))
    assert error.mean() == pytest.approx(value.std(), rel=0.05)
    assert value.mean() == pytest.approx(1.0 - math.log(0.1), rel=0.02)


@pytest.mark.parametrize("n", [1, 7, 40, 333, 1_000])
@pytest.mark.parametrize("at", [0.5, 0.9, 0.975, 0.99])
def test_the_statistic_of_the_bootstrap_is_the_expected_shortfall_of_the_model(n, at):
    losses = np.random.default_rng(n).normal(size=n)
    assert worst_mean(at)(losses[None, :])[0] == pytest.approx(shortfall_of(losses, at))


def test_a_tail_of_nine_runs_is_refused_and_of_ten_is_not():
    losses = np.random.default_rng(1).exponential(size=200)
    refused = tail(losses[:199], 0.95, "x")
    assert math.isnan(refused.value_at_risk.value) and math.isnan(refused.expected_shortfall.value)
    assert "9 of 199 runs" in refused.refused and "200 runs" in refused.refused
    assert not tail(losses, 0.95, "x").refused
    assert tail_runs(1_000, 0.99) == 10 and tail_runs(999, 0.99) == 9
    assert "1,000 runs" in value_at_risk(losses, 0.99).note


def test_undefined_losses_do_not_fill_a_tail():
    losses = np.concatenate([np.arange(195.0), np.full(10, math.nan)])
    assert "of 195 runs" in tail(losses, 0.95, "x").refused


def test_a_level_that_is_no_probability_is_refused():
    with pytest.raises(ScenarioError, match="probability"):
        value_at_risk([1.0], 95.0)


def test_pareto_of_exponent_one_and_a_half_is_warned_of():
    for seed in range(20):
        losses = np.random.default_rng(seed).pareto(1.5, 1_000) + 1.0
        assert "heavy tail" in heavy_tail(losses)


@pytest.mark.parametrize("n", [20, 30, 100, 1_000, 5_000])
def test_normal_and_uniform_values_are_not_warned_of(n):
    for seed in range(40):
        draws = np.random.default_rng(seed)
        assert not heavy_tail(draws.normal(size=n))
        assert not heavy_tail(1e6 + draws.random(n))


def test_exponential_values_are_seldom_warned_of():
    draws = np.random.default_rng(2)
    for n in (30, 100, 1_000):
        assert np.mean([bool(heavy_tail(draws.exponential(size=n))) for _ in range(200)]) < 0.1


def test_one_loss_among_zeros_is_warned_of_and_few_runs_are_not_judged():
    assert "carries 100%" in heavy_tail([0.0] * 49 + [5.0])
    assert not heavy_tail([0.0] * 10 + [5.0])
    assert not heavy_tail([0.0] * 50)


@pytest.mark.parametrize(("n", "heavy"), [(170, False), (190, True)])
def test_excess_kurtosis_is_that_above_a_normal_distributions(n, heavy):
    """Ten values of +-1 among zeros have a fourth moment of n / 10: 14 or 16 in excess of 3."""
    assert bool(heavy_tail([1.0, -1.0] * 5 + [0.0] * (n - 10))) is heavy
