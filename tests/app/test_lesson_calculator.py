"""The calculator of lessons: figures of a run by formulas, and nothing else."""

import math

import pytest

from app.lessons.calculate import calculation
from app.lessons.facts import Facts
from model.errors import ScenarioError
from model.scenario import Scenario

FACTS = Facts(
    Scenario.load("smoke"),
    [{"a.b": [1.0, 2.0, 3.0, 9.0], "c.d": [2.0, 4.0, math.nan, 5.0]}, {"a.b": [3.0] * 4, "c.d": [math.nan] * 4}],
    given={"guess": 7.0},
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 + 3 * 4 ** 2 / 8 - 1", 7.0),
        ("-2 ** 2", -4.0),
        ("2 ** 3 ** 2", 512.0),
        ("(1 + 2) * -3", -9.0),
        ("7 - 3 - 2", 2.0),
        ("1_000.5e2", 100_050.0),
        ("sqrt(16) + max(1, 2) + min(1, 2) + abs(-3) + ln(exp(1))", 11.0),
        ("1 < 2 and 3 >= 3", 1.0),
        ("1 > 2 or 2 <= 1", 0.0),
        ("guess", 7.0),
        ("amm.fee_bps", 100.0),
        ("agents.miner.count", 15.0),
        ("clock.ticks", 30.0),
        ("a.b:last", 6.0),
        ("a.b:mean(2, 3)", 2.75),
        ("a.b:at(2)", 2.5),
        ("a.b:sum", 13.5),
        ("c.d:first + c.d:last", 7.0),
        ("mean(a.b)", 3.375),
        ("min(a.b - c.d) + max(a.b - c.d) + last(2 * a.b)", 0.0 - 1.5 + 12.0 + 1.0),
        ("sum(c.d) + first(c.d)", 13.0),
        ("mean(abs(a.b - mean(a.b)))", 1.3125),
        ("max(min(a.b), 2.5)", 2.5),
    ],
)
def test_the_calculator_calculates(text, value):
    assert calculation(text).value(FACTS) == pytest.approx(value, rel=1e-12)


def test_days_of_extremes_and_steps_are_counted_from_one():
    facts = Facts(Scenario.load("smoke"), [{"a.b": [5.0, 5.0, 2.0, 9.0]}])
    found = {rule: facts.figure("a.b", rule, ()) for rule in ("min_day", "max_day", "fall_day", "rise_day")}
    assert found == {"min_day": 3, "max_day": 4, "fall_day": 3, "rise_day": 4}
    assert facts.figure("a.b", "max_day", (1, 3)) == 1
    assert calculation("a.b:at(a.b:fall_day - 1)").value(facts) == 5


def test_paths_add_up_and_are_means_over_runs():
    assert calculation("a.b").path(FACTS, 4) == [2.0, 2.5, 3.0, 6.0]
    assert calculation("total(a.b)").path(FACTS, 4) == [2.0, 4.5, 7.5, 13.5]
    assert calculation("1").path(FACTS, 3) == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 +",
        "(1",
        "1 2",
        "a.b",
        "a.b:",
        "a.b:at()",
        "a.b:at(9)",
        "a.b:at(0)",
        "a.b:mean(1)",
        "x",
        "foo(1)",
        "sqrt()",
        "max(1, 2, 3)",
        "mean(a.b, c.d)",
        "mean()",
        "last",
        "'x'",
        "1; 2",
        "a.b:last.real",
        "(" * 60 + "1" + ")" * 60,
        "1+" * 300 + "1",
        "[1]",
        "x = 1",
        "amm.fee",
    ],
)
def test_whatever_is_no_calculation_is_refused(text):
    with pytest.raises(ScenarioError):
        calculation(text).value(FACTS)
