"""Intervals cover what they promise, exact ones to the last digit; the seeded draws repeat."""

import math

import numpy as np
import pytest
import scipy.stats

from experiments.statistics import (
    bootstrap,
    clopper_pearson,
    difference,
    holm,
    mean,
    mean_interval,
    paired_probability,
    projected,
    quantile,
    reached,
    variance_reduction,
)
from model.errors import ScenarioError


def random(seed=20261120):
    return np.random.default_rng(seed)


def coverage(intervals, truth):
    return np.mean([found.low <= truth <= found.high for found in intervals])


def test_the_t_interval_covers_a_known_mean_in_95_of_100():
    samples = random().normal(3.0, 2.0, size=(4_000, 12))
    assert 0.93 <= coverage([mean(row) for row in samples], 3.0) <= 0.97


def test_undefined_values_are_left_out_of_a_mean():
    assert mean([1.0, math.nan, 3.0])[:2] == (2, 2.0)
    assert mean([math.nan]).note
    assert math.isnan(mean([5.0]).low)


@pytest.mark.parametrize("q", [0.05, 0.5, 0.95])
def test_a_quantile_interval_covers_at_least_95_of_100_whatever_the_distribution(q):
    samples = random().lognormal(0.0, 1.0, size=(2_000, 100))
    truth = float(scipy.stats.lognorm.ppf(q, 1.0))
    assert 0.945 <= coverage([quantile(row, q) for row in samples], truth) <= 1.0


def test_a_quantile_interval_stays_open_where_runs_are_too_few():
    found = quantile(np.arange(20.0), 0.99)
    assert math.isinf(found.high) and "too few" in found.note


@pytest.mark.slow
def test_bca_covers_the_mean_of_a_lognormal_in_95_of_100():
    truth = math.exp(0.5**2 / 2)
    samples = random().lognormal(0.0, 0.5, size=(2_000, 150))
    found = [bootstrap(row, f"sample {i}", draws=400) for i, row in enumerate(samples)]
    assert 0.93 <= coverage(found, truth) <= 0.97


def test_bca_agrees_with_scipy():
    sample = random().lognormal(0.0, 1.0, 80)
    own = bootstrap(sample, "x", draws=20_000)
    other = scipy.stats.bootstrap((sample,), np.mean, n_resamples=20_000, method="BCa", random_state=1)
    width = own.high - own.low
    assert own.low == pytest.approx(other.confidence_interval.low, abs=0.03 * width)
    assert own.high == pytest.approx(other.confidence_interval.high, abs=0.03 * width)


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_means_of_skewed_values_are_covered_better_than_by_t(side):
    truth, draws = side * math.exp(0.5), random()
    samples = side * draws.lognormal(0.0, 1.0, (600, 30))
    own = [mean_interval(x, f"sample {k}") for k, x in enumerate(samples)]
    covered = sum(i.low <= truth <= i.high for i in own) / 600
    by_t = sum(i.low <= truth <= i.high for i in map(mean, samples)) / 600
    assert covered > 0.915 and covered > by_t + 0.02  # .92 to .95 by 400 samples of 20 to 200


def test_turned_round_the_interval_is_turned_round():
    for seed in range(40):
        draws = np.random.default_rng(seed)
        values = np.where(draws.random(30) < 0.2, draws.lognormal(0.0, 1.0, 30), 0.0)
        there, back = mean_interval(values, "x"), mean_interval(-values, "x")
        assert (back.low, back.high) == pytest.approx((-there.high, -there.low))
        assert there.low >= 0.0


def test_few_values_that_differ_have_the_other_interval():
    found = mean_interval([0.0] * 29 + [9.0], "x")
    assert found.method == "BCa bootstrap" and found.low < found.value < found.high


def test_the_bootstrap_depends_on_its_name_alone():
    sample = random().exponential(size=30)
    np.random.seed(1)
    first = bootstrap(sample, "a")
    np.random.seed(2)
    assert first == bootstrap(sample, "a") != bootstrap(sample, "b")


def test_a_bootstrap_of_equal_values_says_that_it_says_nothing():
    found = bootstrap([0.0] * 30, "x")
    assert (found.low, found.high) == (0.0, 0.0) and "same number" in found.note


@pytest.mark.parametrize(("hits", "n"), [(0, 30), (1, 30), (7, 40), (29, 30), (30, 30), (250, 1_000)])
def test_clopper_pearson_ends_solve_the_binomial_sums(hits, n):
    def probability(p, counts):
        return math.fsum(math.comb(n, k) * p**k * (1.0 - p) ** (n - k) for k in counts)

    found = clopper_pearson(hits, n)
    if hits > 0:
        assert probability(found.low, range(hits, n + 1)) == pytest.approx(0.025, rel=1e-9)
    if hits < n:
        assert probability(found.high, range(hits + 1)) == pytest.approx(0.025, rel=1e-9)
    assert found.low <= hits / n <= found.high


def test_none_of_thirty_still_allows_11_6_per_cent_two_sided():
    assert clopper_pearson(0, 30).high == pytest.approx(1 - 0.025 ** (1 / 30)) == pytest.approx(0.116, abs=5e-4)
    assert clopper_pearson(0, 30, level=0.90).high == pytest.approx(1 - 0.05 ** (1 / 30))


def test_clopper_pearson_covers_at_least_95_of_100_exactly():
    n = 25
    found = [clopper_pearson(k, n) for k in range(n + 1)]
    for p in np.linspace(0.01, 0.99, 40):
        covered = [k for k, i in enumerate(found) if i.low <= p <= i.high]
        assert scipy.stats.binom.pmf(covered, n, p).sum() >= 0.95


@pytest.mark.parametrize("wrong", [(-1, 10), (11, 10)])
def test_impossible_counts_are_refused(wrong):
    with pytest.raises(ScenarioError, match="hits lie between"):
        clopper_pearson(*wrong)


def test_newcombes_paired_interval_of_the_two_culture_media():
    """Method 10 of Newcombe 1998 on Armitage and Berry's 20, 12, 2 and 16 pairs: .2, from .0562 to .3292."""
    first, second = [1] * 20 + [0] * 12 + [1] * 2 + [0] * 16, [1] * 20 + [1] * 12 + [0] * 2 + [0] * 16
    found, p = paired_probability(first, second)
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0562, 0.3292), abs=5e-5)
    assert p == pytest.approx(2 * math.fsum(math.comb(14, k) for k in range(3)) / 2**14), "McNemar, exact"


def test_paired_probabilities_cover_95_of_100():
    n, draws = 60, random()
    found = []
    for _ in range(1_000):
        first = draws.random(n) < 0.2
        second = first | (draws.random(n) < 0.25)
        found.append(paired_probability(first, second)[0])
    assert 0.93 <= coverage(found, 0.8 * 0.25) <= 0.985


@pytest.mark.parametrize(
    ("given", "adjusted"),
    [
        ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]),
        ([0.02, 0.02, 0.02], [0.06, 0.06, 0.06]),
        ([0.9, 0.8, 1.0], [1.0, 1.0, 1.0]),
        ([0.001], [0.001]),
        ([], []),
    ],
)
def test_holm_by_hand(given, adjusted):
    assert holm(given) == pytest.approx(adjusted)


def test_holm_leaves_what_is_no_test_out():
    found = holm([0.01, math.nan, 0.02])
    assert found[0] == pytest.approx(0.02) and found[2] == pytest.approx(0.02) and math.isnan(found[1])


def test_holm_keeps_false_findings_below_five_in_a_hundred():
    draws = random().random((2_000, 8))
    assert np.mean([min(holm(row.tolist())) <= 0.05 for row in draws]) <= 0.06


def test_steins_number_of_replicates_reaches_the_half_width():
    draws, kept, short = random(), [], 0
    for _ in range(1_500):
        pilot = draws.normal(0.0, 1.0, 10)
        n = projected(pilot, 0.4)
        every = np.concatenate([pilot, draws.normal(0.0, 1.0, n - 10)])
        kept.append(abs(every.mean()) <= 0.4)
        short += not reached(every, 0.4).reached
    assert np.mean(kept) >= 0.945
    assert short / 1_500 < 0.35, "the spread of all replicates may exceed that of the pilot, then more are asked for"


def test_a_precision_not_reached_asks_for_more():
    found = reached([0.0, 10.0, 20.0], 0.1)
    assert not found.reached and found.projected > 3
    with pytest.raises(ScenarioError, match="half-width"):
        projected([1.0, 2.0], 0.0)
    with pytest.raises(ScenarioError, match="pilot"):
        projected([1.0], 0.5)


def test_pairing_saves_what_the_common_part_brings():
    common, own = random().normal(0.0, 3.0, 5_000), random(7).normal(0.0, 1.0, (2, 5_000))
    assert variance_reduction(common + own[0], common + own[1]) == pytest.approx(10.0, rel=0.1)
    assert variance_reduction(own[0], own[1]) == pytest.approx(1.0, rel=0.1)
    assert math.isinf(variance_reduction([1.0, 2.0], [2.0, 3.0]))
    assert math.isnan(variance_reduction([1.0, 1.0], [2.0, 2.0]))


def test_a_difference_counts_who_is_better_by_the_sense_of_the_metric():
    first, second = [1.0, 2.0, 3.0, 4.0], [2.0, 3.0, 3.0, 3.0]
    assert difference(first, second, "x").better.value == 0.5
    assert difference(first, second, "x", sign=-1).better.value == 0.25
    assert difference(first, second, "x").ties == 1


def test_the_p_value_of_a_difference_is_that_of_the_paired_t_test():
    first, second = random().normal(size=15), random(2).normal(0.5, 1.0, 15)
    assert difference(first, second, "x").p == pytest.approx(scipy.stats.ttest_rel(second, first).pvalue)
    assert difference(first, first, "x").p == 1.0


def test_skewed_differences_are_bootstrapped():
    zeros, jumps = np.zeros(40), random().lognormal(0.0, 1.2, 40)
    assert difference(zeros, jumps, "x").interval.method == "bootstrap-t"
    assert difference(zeros, random().normal(size=40), "x").interval.method == "t"
