"""Designs: how many rows, where they lie, what equal seeds give; one contract for all kinds."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.sweeps.designs import Table, kinds
from experiments.sweeps.ranges import Variable, at, corners, grid_levels, listed

TWO = {"bitcoin.volatility": {"low": 0.4, "high": 1.2}, "amm.fee_bps": {"low": 1, "high": 100, "type": "int"}}
LISTED = {"bitcoin.volatility": [0.4, 0.8], "amm.fee_bps": [10, 30]}
KEYS = {
    "grid": {"vars": TWO, "levels": 3},
    "zip": {"vars": LISTED},
    "list": {"rows": [{"bitcoin.volatility": 0.4}, {"bitcoin.volatility": 0.9, "label": "wild"}]},
    "lhs": {"vars": TWO, "n": 7},
    "sobol": {"vars": TWO, "n": 8},
    "halton": {"vars": TWO, "n": 7},
    "random": {"vars": TWO, "n": 7},
    "morris": {"vars": TWO, "n": 5},
    "saltelli": {"vars": TWO, "n": 8},
}
SAMPLED = ("lhs", "sobol", "halton", "random", "morris", "saltelli")
GROWING = ("sobol", "halton", "random", "saltelli")


def keys_of(kind, **more):
    return kinds()[kind].Keys.model_validate({"kind": kind, **KEYS[kind], **more})


def made(kind, seed=1, **more) -> Table:
    return kinds()[kind].rows(keys_of(kind, **more), seed)


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_keeps_the_contract(kind):
    assert kind in KEYS, "give an example of a new kind above"
    table = made(kind)
    assert len(table.rows) == kinds()[kind].count(keys_of(kind))
    assert table == made(kind), "the same seed gives the same rows"
    assert all(not table_part or len(table_part) == len(table.rows) for table_part in (table.labels, table.unit))
    for row in table.rows:
        assert set(row) <= set(TWO)
        assert 0.4 <= row["bitcoin.volatility"] <= 1.2
        assert "amm.fee_bps" not in row or (type(row["amm.fee_bps"]) is int and 1 <= row["amm.fee_bps"] <= 100)
    assert kinds()[kind].__doc__ and kinds()[kind].Keys.__doc__ and kinds()[kind].rows.__doc__


@pytest.mark.parametrize("kind", kinds())
def test_the_seed_decides_and_nothing_global(kind):
    np.random.seed(3)
    before = np.random.get_state()[1].tolist()
    first, second = made(kind, seed=1), made(kind, seed=2)
    assert np.random.get_state()[1].tolist() == before
    assert (first.unit != second.unit) == (kind in SAMPLED)


@pytest.mark.parametrize("kind", SAMPLED)
def test_sampled_rows_are_their_places_in_the_unit_cube(kind):
    table, variables = made(kind), keys_of(kind).vars
    for row, unit in zip(table.rows, table.unit, strict=True):
        assert all(0.0 <= u <= 1.0 for u in unit)
        assert list(row.values()) == [at(v, u) for v, u in zip(variables.values(), unit, strict=True)]


@pytest.mark.parametrize("kind", GROWING)
def test_more_points_keep_the_first(kind):
    few, many = made(kind, n=8), made(kind, n=16)
    assert many.rows[: len(few.rows)] == few.rows


def test_a_grid_has_every_combination_once_with_the_last_variable_fastest():
    table = made("grid", vars={"a.x": [1, 2], "a.y": {"start": 0.4, "stop": 1.2, "step": 0.2}, "a.z": [True]})
    assert len(table.rows) == 2 * 5 * 1
    assert [(row["a.x"], row["a.y"]) for row in table.rows[:6]] == [
        (1, 0.4), (1, 0.6), (1, 0.8), (1, 1.0), (1, 1.2), (2, 0.4),
    ]  # fmt: skip


def test_a_grid_takes_levels_of_the_variable_before_those_of_the_block():
    own = {"a.x": {"low": 0.0, "high": 1.0, "levels": 2}, "a.y": {"low": 0.0, "high": 1.0}}
    assert len(made("grid", vars=own, levels=5).rows) == 10


def test_a_zip_sets_its_columns_side_by_side():
    assert made("zip").rows == [
        {"bitcoin.volatility": 0.4, "amm.fee_bps": 10},
        {"bitcoin.volatility": 0.8, "amm.fee_bps": 30},
    ]


def test_a_latin_hypercube_has_one_point_in_each_stratum():
    n = 16
    unit = np.array(made("lhs", n=n).unit)
    for column in unit.T:
        assert sorted(np.floor(column * n).astype(int)) == list(range(n))


@pytest.mark.parametrize("power", [1, 2, 3, 5])
def test_a_sobol_sequence_is_balanced(power):
    unit = np.array(made("sobol", n=2**power).unit)
    for column in unit.T:
        counts = np.bincount(np.floor(column * 2**power).astype(int), minlength=2**power)
        assert counts.tolist() == [1] * 2**power, "one point in each of n equal parts"


def test_a_sobol_sequence_fills_squares_evenly():
    unit = np.array(made("sobol", n=64).unit)
    cells = np.floor(unit * 8).astype(int)
    assert len({tuple(cell) for cell in cells}) == 64, "a (0, 6, 2)-net has one point in each of 8 x 8 squares"


def test_morris_moves_one_variable_at_a_time_by_the_same_jump():
    table = made("morris", n=9, levels=4)
    unit = np.array(table.unit).reshape(9, 3, 2)
    jump = 4 / (2 * (4 - 1))
    for trajectory in unit:
        steps = np.abs(np.diff(trajectory, axis=0))
        assert sorted(np.flatnonzero(step > 1e-9).tolist() for step in steps) == [[0], [1]]
        assert np.allclose(steps.max(axis=1), jump)
    assert table.problem["names"] == list(TWO)


@pytest.mark.parametrize(("second", "rows"), [(False, 8 * 4), (True, 8 * 6)])
def test_saltelli_mixes_two_samples_column_by_column(second, rows):
    unit = np.array(made("saltelli", n=8, second_order=second).unit)
    assert len(unit) == rows
    blocks = unit.reshape(8, -1, 2)
    for block in blocks:
        first, last = block[0], block[-1]
        assert block[1].tolist() == [last[0], first[1]]
        assert block[2].tolist() == [first[0], last[1]]


def test_salib_finds_the_indices_of_a_line_from_our_rows():
    from SALib.analyze import morris, sobol

    table = made("saltelli", n=1024, vars={"a.x": {"low": 0, "high": 1}, "a.y": {"low": 0, "high": 1}})
    unit = np.array(table.unit)
    line = unit @ np.array([1.0, 2.0])
    found = sobol.analyze(table.problem, line, calc_second_order=False, seed=1)
    assert found["S1"] == pytest.approx([0.2, 0.8], abs=0.02), "1 / (1 + 4) and 4 / (1 + 4) of the variance"
    table = made("morris", n=10, vars={"a.x": {"low": 0, "high": 1}, "a.y": {"low": 0, "high": 1}})
    unit = np.array(table.unit)
    found = morris.analyze(table.problem, unit, unit @ np.array([1.0, 2.0]), num_levels=4, seed=1)
    assert np.asarray(found["mu"]) == pytest.approx([1.0, 2.0])
    assert np.asarray(found["sigma"]) == pytest.approx([0.0, 0.0], abs=1e-9)


REFUSED = {
    "sobol": ({"n": 100}, "take 64 or 128"),
    "saltelli": ({"n": 5}, "take 4 or 8"),
    "zip": ({"vars": {"a.x": [1, 2], "a.y": [1, 2, 3]}}, "a.x has 2, a.y has 3"),
    "grid": ({"levels": None}, "vars.bitcoin.volatility: a range on a grid needs levels"),
    "list": ({"rows": [{"label": 3}]}, "label = 3"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_rows_that_cannot_be_made_are_refused_with_the_way_out(kind):
    more, said = REFUSED[kind]
    with pytest.raises(ValueError, match=said):
        kinds()[kind].count(keys_of(kind, **more))


@pytest.mark.parametrize(
    ("given", "values"),
    [
        ([0.3, "a", True], [0.3, "a", True]),
        ({"start": 0.4, "stop": 1.2, "step": 0.2}, [0.4, 0.6, 0.8, 1.0, 1.2]),
        ({"start": 0.1, "stop": 0.3, "step": 0.1}, [0.1, 0.2, 0.3]),
        ({"start": 1, "stop": 10, "step": 3}, [1, 4, 7, 10]),
        ({"start": 2, "stop": 2, "step": 1}, [2]),
        ({"start": 0, "stop": 1, "step": 0.3333333333333333}, [0.0, 0.3333333333333333, 0.6666666666666666, 1.0]),
    ],
)
def test_listed_values(given, values):
    found = listed(Variable.model_validate(given))
    assert found == pytest.approx(values) if isinstance(values[-1], float) else found == values
    assert [type(x) for x in found] == [type(x) for x in values]


@pytest.mark.parametrize(
    ("given", "values"),
    [
        ({"low": 0.0, "high": 1.0}, [0.0, 0.25, 0.5, 0.75, 1.0]),
        ({"low": 1, "high": 10_000, "scale": "log"}, [1.0, 10.0, 100.0, 1_000.0, 10_000.0]),
        ({"low": 1, "high": 100, "type": "int"}, [1, 26, 50, 75, 100]),
        ({"low": 1, "high": 3, "type": "int"}, [1, 2, 3]),
    ],
)
def test_levels_of_a_range_have_both_ends(given, values):
    assert grid_levels(Variable.model_validate(given), 5) == pytest.approx(values)


@given(low=st.integers(-1000, 1000), span=st.integers(1, 60))
def test_whole_numbers_are_equally_probable_ends_included(low, span):
    variable, n = Variable(low=low, high=low + span, type="int"), 10 * (span + 1)
    found = [at(variable, (i + 0.5) / n) for i in range(n)]
    assert {found.count(k) for k in range(low, low + span + 1)} == {10}
    assert (at(variable, 0.0), at(variable, 1.0)) == (low, low + span)


@given(st.integers(1, 50), st.integers(1, 50), st.floats(0, 1))
def test_whole_numbers_on_a_log_scale_have_the_probability_of_their_part(low, span, u):
    variable = Variable(low=low, high=low + span, type="int", scale="log")
    k = at(variable, u)
    width = math.log((low + span + 1) / low)
    assert math.log(k / low) / width <= u + 1e-9
    assert u <= math.log((k + 1) / low) / width + 1e-9


@given(st.floats(1e-6, 1e6), st.floats(1.001, 1e6), st.floats(0, 1), st.floats(0, 1))
def test_a_log_range_has_equal_ratios_for_equal_parts(low, ratio, u, part):
    variable = Variable(low=low, high=low * ratio, scale="log")
    assert at(variable, 0.0) == low
    assert at(variable, 1.0) == pytest.approx(low * ratio)
    assert low <= at(variable, u) <= low * ratio
    assert at(variable, part * u) / low == pytest.approx(ratio ** (part * u), rel=1e-9)


@given(st.integers(1, 12))
def test_choices_are_equal_parts(n):
    variable = Variable(choices=[f"c{i}" for i in range(n)])
    found = [at(variable, (i + 0.5) / (5 * n)) for i in range(5 * n)]
    assert {found.count(c) for c in variable.choices} == {5}
    assert at(variable, 1.0) == f"c{n - 1}"


@settings(max_examples=50)
@given(st.floats(-100, 100), st.floats(0.01, 100), st.integers(2, 40))
def test_every_level_and_every_draw_lies_between_the_corners(low, span, n):
    variable = Variable(low=low, high=low + span)
    ends = corners(variable)
    values = grid_levels(variable, n) + [at(variable, i / n) for i in range(n + 1)]
    assert min(ends) == min(values)
    assert max(ends) == pytest.approx(max(values))
    assert max(values) <= max(ends)


BAD = {
    "nothing": ({}, "exactly one of"),
    "two forms": ({"values": [1], "low": 1, "high": 2}, "exactly one of"),
    "half a range": ({"low": 1}, "high missing beside low"),
    "half of steps": ({"start": 1, "step": 1}, "stop missing beside start and step"),
    "upside down": ({"low": 2, "high": 1}, "high 1 must be above low 2"),
    "log of zero": ({"low": 0, "high": 1, "scale": "log"}, "needs low above 0"),
    "half an int": ({"low": 0.5, "high": 3, "type": "int"}, "needs whole numbers"),
    "no step": ({"start": 0, "stop": 1, "step": 0}, "step must be above 0"),
    "no end of steps": ({"start": 0, "stop": 1, "step": 1e-9}, "at most 1,000,000 are allowed"),
    "scale of values": ({"values": [1], "scale": "log"}, "scale goes with low and high"),
    "infinite": ({"low": 0, "high": math.inf}, "finite number"),
    "true": ({"low": False, "high": True}, "finite number"),
    "empty": ({"values": []}, "at least 1 item"),
    "a number": (3, "write a list"),
    "misspelt": ({"low": 0, "hihg": 1}, "hihg"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_variable_that_makes_no_sense_is_refused(case):
    given, said = BAD[case]
    with pytest.raises(ValueError, match=said):
        Variable.model_validate(given)
