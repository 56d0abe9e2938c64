"""Calibration: planted parameters are found, intervals cover, the test of the model rejects when it should."""

import math

import numpy as np
import pytest

from experiments.calibrate.distance import Targets, distance, of_gaps, weights
from experiments.calibrate.inference import doubts, infer
from experiments.calibrate.moments import moment
from experiments.calibrate.search import Surface, estimate
from experiments.calibrate.study import student
from model.errors import ScenarioError

DAYS, RUNS = 50, 40
NAN = math.nan
TRUTH = np.array([(0.3 + 2.0) / 4.0, math.log(1.7 / 0.2) / math.log(25.0)])
NAMES = ("mean", "log sd", "mean |x|")


def drawn(seed, runs, fat=False):
    random = np.random.default_rng(seed)
    return random.standard_t(3, (runs, DAYS)) / math.sqrt(3) if fat else random.standard_normal((runs, DAYS))


def moments_of(x):
    return np.stack([x.mean(axis=-1), np.log(x.std(axis=-1, ddof=1)), np.abs(x).mean(axis=-1)], axis=-1)


def simulator(seed=1, runs=RUNS):
    """x = mean + sd e: the mean from -2 to 2, the sd from 0.2 to 5.0 by equal ratios, e the same for all places."""
    shocks = drawn(seed, runs)

    def simulate(places):
        mean, sd = -2.0 + 4.0 * places[:, :1, None], 0.2 * 25.0 ** places[:, 1:2, None]
        return moments_of(mean + sd * shocks[None])

    return simulate


def world(mean, sd, seed, fat=False):
    return moments_of(mean + sd * drawn(seed, 1, fat))[0]


def targets_of(values):
    size = len(values)
    return Targets(NAMES[:size], np.array(values), np.full(size, NAN), np.full(size, NAN))


def fit(values, seed=1, runs=RUNS):
    simulate, size, targets = simulator(seed, runs), len(values), targets_of(values)
    surface = Surface(lambda places: simulate(places)[..., :size])
    found, weight = estimate(surface, targets, 32, 2, 1)
    return surface, found, infer(surface, found.place, targets, len(values), weight)


def test_planted_parameters_are_found_with_intervals():
    _, found, inference = fit(world(0.3, 1.7, seed=99))
    assert found.converged
    assert np.all(np.abs(found.place - TRUTH) < student(RUNS) * inference.errors)
    assert np.all(inference.errors < 0.08)


def test_intervals_cover_planted_parameters():
    inside = np.zeros(2)
    trials = 150
    for trial in range(trials):
        _, found, inference = fit(world(0.3, 1.7, seed=1000 + trial), seed=5000 + trial)
        inside += np.abs(found.place - TRUTH) < student(RUNS) * inference.errors
    assert np.all(inside / trials > 0.89) and np.all(inside / trials < 1.0)


def test_standard_errors_have_the_simulation_factor():
    """Of the mean, sd sqrt((1 + 1/S) / days): a closed form."""
    _, found, inference = fit(world(0.0, 1.0, seed=7)[:2], runs=400)
    sd = 0.2 * 25.0 ** found.place[1]
    assert 4.0 * inference.errors[0] == pytest.approx(sd * math.sqrt((1 + 1 / 400) / DAYS), rel=0.12)


def test_j_accepts_the_right_model_and_rejects_a_wrong_one():
    values = [fit(world(0.3, 1.7, seed=300 + k), seed=600 + k)[2].test.p for k in range(60)]
    assert np.mean(np.array(values) < 0.05) < 0.2
    right = fit(world(0.3, 1.7, seed=99))[2].test
    wrong = np.array([0.3, 0.5, 4.0])  # no normal distribution has such a mean size
    rejected = fit(wrong)[2].test
    assert right.freedom == rejected.freedom == 1
    assert right.p > 0.05 > rejected.p


def test_as_many_moments_as_parameters_are_met_and_not_tested():
    values = world(0.3, 1.7, seed=99)[:2]
    _, found, inference = fit(values)
    assert inference.test is None
    assert found.distance < 1e-3
    assert inference.simulated == pytest.approx(values, abs=0.02)


def test_moments_that_do_not_see_a_parameter_are_said_to():
    shocks = drawn(1, RUNS)

    def simulate(places):  # only the sum of both parameters matters
        return moments_of((places[:, :1, None] + places[:, 1:2, None]) + shocks[None])

    targets = targets_of(world(1.0, 1.0, seed=3))
    surface = Surface(simulate)
    found, weight = estimate(surface, targets, 32, 2, 1)
    inference = infer(surface, found.place, targets, 3, weight)
    assert inference.condition > 1e3
    said = doubts(("a.b", "c.d"), found.place, inference)
    assert "hardly tell parameters apart" in said[0] and "a.b" in said[0] and "c.d" in said[0]


def test_an_estimate_on_its_bound_is_said():
    _, found, inference = fit(world(2.5, 1.0, seed=3))
    assert any("on the bound" in line for line in doubts(("mean", "sd"), found.place, inference))


def test_held_out_moments_are_judged_with_all_errors():
    """|z| of a moment that was not fitted exceeds 1.96 about once in twenty when the model is right."""
    beyond = 0
    for trial in range(60):
        surface, targets = Surface(simulator(2000 + trial)), targets_of(world(0.3, 1.7, seed=4000 + trial))
        part = Surface(lambda places, surface=surface: np.array([m[:, :2] for m in surface.at(places)]))
        found, weight = estimate(part, targets.part(slice(0, 2)), 32, 2, 1)
        [held] = infer(surface, found.place, targets, 2, weight).held_out
        beyond += abs(held.z) > 1.96
    assert beyond <= 9
    surface, targets = Surface(simulator()), targets_of([0.3, 0.5, 4.0])
    found, weight = estimate(
        Surface(lambda places: np.array([m[:, :2] for m in surface.at(places)])), targets.part(slice(0, 2)), 32, 2, 1
    )
    assert infer(surface, found.place, targets, 2, weight).held_out[0].z < -4.0


def test_known_errors_make_the_weights():
    targets = Targets(("a", "b", "c"), np.array([1.0, 2.0, 3.0]), np.array([0.5, NAN, NAN]), np.array([NAN, NAN, 7.0]))
    replicates = np.array([[1.0, 1.0, 1.0], [3.0, 5.0, 1.0]])
    v = of_gaps(targets, replicates)
    assert v[0, 0] == pytest.approx(0.25 + 2.0 / 2)  # the world's, and a half of the runs'
    assert v[1, 1] == pytest.approx(8.0 * 1.5)  # (1 + 1/S) times the runs'
    assert list(weights(targets, replicates)) == pytest.approx([1 / 1.25, 1 / 12.0, 7.0])


def test_a_moment_that_never_varies_is_weighed_by_its_size():
    targets = Targets(("a", "b"), np.array([2.0, 0.0]), np.array([NAN, NAN]), np.array([NAN, NAN]))
    assert list(weights(targets, np.array([[5.0, 5.0], [5.0, 5.0]]))) == [0.25, 1.0]


def test_the_error_of_a_held_out_gap_knows_that_the_parameter_was_estimated():
    """Two means of one parameter: the gap of the second is that of their difference, by (1 + 1/S) times its variance."""
    shocks = np.random.default_rng(3).multivariate_normal([0.0, 0.0], [[1.0, 0.5], [0.5, 2.0]], RUNS)
    surface = Surface(lambda places: places[:, :1, None] + shocks[None])
    place, targets = np.array([0.5]), Targets(NAMES[:2], np.array([0.5, 0.5]), np.full(2, NAN), np.full(2, NAN))
    [held] = infer(surface, place, targets, 1, np.ones(1)).held_out
    spread = (shocks[:, 1] - shocks[:, 0]).std(ddof=1)
    assert held.error == pytest.approx(spread * math.sqrt(1.0 + 1.0 / RUNS))


def test_undefined_moments_are_infinitely_far():
    targets = targets_of([1.0, 2.0, 3.0])
    assert distance(np.array([1.0, NAN, 3.0]), targets, np.ones(3)) == math.inf


def test_places_are_simulated_once():
    calls = []

    def simulate(places):
        calls.append(len(places))
        return simulator()(places)

    surface = Surface(simulate)
    surface.at(np.array([[0.5, 0.5], [0.5, 0.5]]))
    surface.at(np.array([[0.5, 0.5]]))
    assert calls == [1]


PRICE = {"bitcoin.price": np.array([1.0, 2.0, NAN, 4.0])}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("last(bitcoin.price)", 4.0),
        ("mean(bitcoin.price)", 7 / 3),
        ("growth(bitcoin.price)", math.log(4.0)),
        ("mean(log_change(bitcoin.price))", math.log(2.0)),
        ("sd(log_change(bitcoin.price))", 0.0),
        ("mean(square(bitcoin.price))", 7.0),
        ("quantile(bitcoin.price, 0.5)", 2.0),
        ("autocorrelation(change(bitcoin.price), 1)", -0.5),
        ("excess_kurtosis(change(bitcoin.price))", -2.0),
        ("skewness(bitcoin.price)", 20 / 27 / (14 / 9) ** 1.5),
    ],
)
def test_moments_of_a_path(text, value):
    assert moment(text, ["bitcoin.price"]).of({}, PRICE) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sd(bitcoin.prise)", "did you mean 'bitcoin.price'"),
        ("bitcoin.prise", "did you mean 'bitcoin.price'"),
        ("averige(bitcoin.price)", "no such rule"),
        ("log_change(bitcoin.price)", "is a series, not a number"),
        ("quantile(bitcoin.price)", "takes a series and a number"),
        ("sd(", "is no expression"),
        ("sd(twist(bitcoin.price))", "no such transformation"),
    ],
)
def test_bad_moments_are_refused(text, said):
    with pytest.raises(ScenarioError, match=said):
        moment(text, ["bitcoin.price"])
