"""A precision is reached where the interval that is printed says so, and never by runs that are all the same."""

import dataclasses
import math

import numpy as np
import pytest

from experiments.report.page import write
from experiments.statistics import estimated, mean_interval, projected, reached
from experiments.statistics.precision import longer_side
from experiments.store.manifest import read_manifest
from experiments.sweeps.batches import next_total, state, told
from experiments.sweeps.driver import execute
from experiments.sweeps.study import Precision
from experiments.sweeps.told import means
from model.errors import ScenarioError
from tests.experiments.tiny import add_poison, poisoned, study

CONSTANT = "offerings.failed"  # nothing fails in a few ticks


def skewed(n=40):
    return np.random.default_rng(20261121).lognormal(0.0, 2.0, n)


def asked(metric, half_width, most, replicates=3):
    return dataclasses.replace(study(replicates=replicates), stop=Precision(metric, half_width, most))


def test_runs_that_are_all_the_same_have_reached_nothing():
    found = state("calm", [0.0] * 10, "bad_debt")
    assert math.isinf(found.half_width) and found.same and found.n == 10
    totals = [10]
    while (more := next_total([found], totals[-1], 0.05, 100)) != totals[-1]:
        totals.append(more)
    assert totals[-1] == 100
    said = told("bad_debt", [found], 0.05)
    assert "the same in all 10 runs at 1 of 1 points, first calm" in said and "0 to 0" not in said


def test_a_pair_of_scenarios_that_never_differ_has_reached_nothing():
    found = reached([0.0] * 10, 0.05, "difference bad_debt")
    assert not found.reached and found.same and math.isinf(found.achieved) and found.projected > 10
    assert not reached([0.0, 1.0] * 5, 5.0).same
    with pytest.raises(ScenarioError, match="infinite"):
        reached([1.0, 2.0, math.inf], 0.05)


def test_where_nothing_has_an_interval_it_is_said():
    none = [state("a", [math.nan, 1.0], "x"), state("b", [math.inf, 1.0], "x")]
    said = told("x", none, 1.0)
    assert "no half-width" in said and "without an interval" in said and "at 2 of 2 points" in said


@pytest.mark.parametrize("values", [skewed(), -skewed(), skewed(12), np.append(np.zeros(19), 1.0)])
def test_what_decides_is_the_longer_side_of_what_is_printed(values):
    printed = estimated(values, "x")
    side = max(printed.high - printed.mean, printed.mean - printed.low)
    assert longer_side(values, "x") == state("a", values.tolist(), "x").half_width == pytest.approx(side)
    for wanted in (side * 0.999, side * 1.001):
        found = reached(values, wanted, "x")
        assert found.reached == (side <= wanted) and found.achieved == pytest.approx(side)
        assert found.projected == len(values) if found.reached else found.projected > len(values)


def test_a_sweep_whose_runs_are_all_the_same_goes_on_to_the_most_it_may(tmp_path, capsys):
    done = execute(asked(CONSTANT, 0.05, 7), tmp_path)
    assert done.table[CONSTANT].nunique() == 1 and done.table.groupby("point").size().tolist() == [7, 7]
    said = capsys.readouterr().err
    assert "the same in all 7 runs at 2 of 2 points" in said and "0 to 0" not in said
    page = write(done.folder).path.read_text()
    assert "the same in all 7 runs" in page and "not known" in page
    again = execute(asked(CONSTANT, 0.05, 7), tmp_path, progress=False)
    assert (again.folder / "summary.parquet").read_bytes() == (done.folder / "summary.parquet").read_bytes()
    assert read_manifest(done.folder)["replicates"] == 7


def test_runs_that_all_fail_ask_for_no_more_of_them(tmp_path, monkeypatch):
    add_poison(tmp_path, monkeypatch)
    failing = dataclasses.replace(poisoned(("raises",), replicates=3), stop=Precision("agents.gini", 1e-9, 6))
    done = execute(failing, tmp_path, progress=False)
    assert len(done.failed) == 3 and not len(done.table)
    mixed = dataclasses.replace(poisoned(("raises", "mean_variance"), replicates=3), stop=failing.stop)
    done = execute(mixed, tmp_path / "mixed", progress=False)
    assert len(done.failed) == len(done.table) == 6


def test_the_interval_printed_is_as_narrow_as_was_asked_for(tmp_path):
    whole = asked("agents.gini", 1.0, 60)
    pilot = execute(dataclasses.replace(whole, stop=None), tmp_path / "pilot", progress=False)
    widest = max(longer_side(part["agents.gini"], "agents.gini") for _, part in pilot.table.groupby("point"))
    whole = asked("agents.gini", widest / 2, 60)
    done = execute(whole, tmp_path / "whole", progress=False)
    for _, metric, e in means(whole, done):
        assert metric.name == "agents.gini" and e.n < 60
        assert max(e.high - e.mean, e.mean - e.low) <= widest / 2


def test_replicates_of_a_skewed_mean_are_projected_from_the_interval_that_is_printed():
    found = reached(skewed(), 0.5, "skewed")
    assert found.projected == math.ceil(40 * (found.achieved / 0.5) ** 2) > projected(skewed(), 0.5)


@pytest.mark.parametrize(("n", "method"), [(19, "t"), (20, "bootstrap-t")])
def test_a_skewness_of_fewer_than_twenty_values_says_nothing(n, method):
    assert mean_interval(2.0 ** np.arange(n), "powers").method == method
