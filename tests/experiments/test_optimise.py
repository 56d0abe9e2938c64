"""Optimisation: rules are right and refused when thin, the frontier is the frontier, and a search can be broken off."""

import math
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from experiments.console import fill, grid, printer
from experiments.optimise import report
from experiments.optimise.frontier import Found, Goal, Limit, judged, pareto, undominated
from experiments.optimise.rules import rule, too_thin
from experiments.optimise.search import SAMPLERS, Answer, Dimension, search
from experiments.optimise.study import Frontier, Winner, optimism
from experiments.sensitivity.uncertainty import Interval
from experiments.sweeps.progress import span
from model.errors import ScenarioError
from model.statistics import expected_shortfall, value_at_risk

BOX = [
    Dimension("a", 0.0, 1.0),
    Dimension("b", 0.0, 1.0),
    Dimension("c", 1, 100, log=True, integer=True),
    Dimension("d", choices=("x", "y")),
]


def told(place):
    """Objectives a and 1/a raised by all else that is not at its best; a from .2 on is allowed."""
    worse = 1.0 + place["b"] + math.log(place["c"]) + (place["d"] == "y")
    return Answer((place["a"], worse * (1.0 - math.sqrt(place["a"] / worse))), (0.2 - place["a"],))


def asked(sampler, seed=3, trials=150, evaluate=None):
    each = evaluate or (lambda places: [told(place) for place in places])
    return search(BOX, ("minimise", "minimise"), each, trials=trials, population=20, seed=seed, sampler=sampler)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_equal_seeds_ask_for_equal_places(sampler):
    first = asked(sampler, trials=50)
    assert first == asked(sampler, trials=50)
    assert first != asked(sampler, seed=4, trials=50)
    assert len(first) == 50
    assert all(1 <= p["c"] <= 100 and p["d"] in "xy" and isinstance(p["c"], int) for p in first)


@pytest.mark.parametrize(("sampler", "trials"), [("nsga2", 400), ("tpe", 80)])
def test_searches_learn_from_answers_and_limits(sampler, trials):
    places = asked(sampler, trials=trials)
    early, late = places[:20], places[-40:]
    worse = [[1.0 + p["b"] + math.log(p["c"]) + (p["d"] == "y") for p in some] for some in (early, late)]
    assert np.mean(worse[1]) < np.mean(worse[0]) - 0.5
    assert np.mean([p["a"] < 0.2 for p in late]) < 0.35


def test_places_come_in_batches_and_failed_ones_are_passed_over():
    sizes = []

    def evaluate(places):
        sizes.append(len(places))
        return [None if place["a"] > 0.7 else told(place) for place in places]

    places = asked("nsga2", trials=50, evaluate=evaluate)
    assert sizes == [20, 20, 10]
    assert len(places) == 50


LOSSES = np.random.default_rng(1).lognormal(size=(3, 400))


@pytest.mark.parametrize("level", [0.75, 0.95, 0.975, 0.99])
def test_tails_are_those_of_the_model(level):
    text = f"{100 * level:g}"
    for row, es, var in zip(LOSSES, rule(f"es{text}").of(LOSSES), rule(f"var{text}").of(LOSSES), strict=True):
        assert es == pytest.approx(expected_shortfall(row, level))
        assert var == value_at_risk(row, level)
    assert rule(f"low_es{text}").of(-LOSSES) == pytest.approx(-rule(f"es{text}").of(LOSSES))


def test_plain_rules():
    x = np.array([4.0, 1.0, 2.0, 3.0])
    found = {name: float(rule(name).of(x)) for name in ("mean", "median", "sd", "min", "max", "q25")}
    assert found == pytest.approx(
        {"mean": 2.5, "median": 2.5, "sd": math.sqrt(5 / 3), "min": 1.0, "max": 4.0, "q25": 1.75}
    )


@pytest.mark.parametrize(
    ("text", "replicates", "said"),
    [
        ("es99", 999, "1,000 replicates, or take es98"),
        ("es99", 40, "or take es75"),
        ("var95", 100, "200 replicates, or take var90"),
        ("q05", 100, "or take q10"),
        ("q95", 50, "or take q80"),
        ("es90", 10, "or take mean"),
        ("es99", 1000, ""),
        ("es75", 40, ""),
        ("mean", 2, ""),
    ],
)
def test_a_tail_of_fewer_than_ten_runs_is_refused_with_one_that_is_not(text, replicates, said):
    found = too_thin(rule(text), replicates)
    assert said in found if said else found == ""
    if said:
        assert too_thin(rule(found.split()[-1]), replicates) == ""


def test_unknown_rules_are_refused_with_the_nearest():
    with pytest.raises(ScenarioError, match="did you mean 'mean'"):
        rule("meen")
    with pytest.raises(ScenarioError, match="between 0 and 100"):
        rule("es00")


def test_undominated_by_hand():
    costs = np.array([[1.0, 3.0], [2.0, 2.0], [2.0, 2.0], [3.0, 1.0], [3.0, 3.0], [0.0, 0.0]])
    feasible = np.array([True, True, True, True, True, False])
    assert undominated(costs, feasible).tolist() == [True, True, True, True, False, False]


LESS, MORE = Goal("loss", rule("mean"), False), Goal("use", rule("mean"), True)
FEW = Limit("loss", rule("max"), 30.0, False)


def found_at(name, loss, use):
    noise = np.linspace(-1.0, 1.0, 20)
    return Found(name, {"loss": loss + noise, "use": use + noise})


def test_trials_are_judged_with_intervals_limits_and_support():
    found = [found_at("a", 10, 10), found_at("b", 20, 20), found_at("c", 20.02, 20), found_at("d", 90, 90), "refused"]
    trials = judged([{"k": k} for k in range(5)], found, [LESS, MORE], [FEW], "t")
    assert [t.feasible for t in trials] == [True, True, True, False, False]
    assert [t.number for t in pareto(trials, [LESS, MORE])] == [0, 1]
    assert trials[0].support == 1.0 and trials[3].support == 0.0
    assert trials[0].objectives[0].low < 10.0 < trials[0].objectives[0].high
    assert trials[4].refused == "refused" and trials[4].objectives == ()


def test_support_is_shared_where_noise_decides():
    random = np.random.default_rng(2)
    found = [Found(str(k), {"loss": random.normal(10.0, 1.0, 30)}) for k in range(2)]
    trials = judged([{}, {}], found, [LESS], [], "t")
    assert sum(t.support for t in trials) == pytest.approx(1.0)
    assert min(t.support for t in trials) > 0.01


def test_equal_places_stand_on_the_frontier_once():
    trials = judged([{}, {}], [found_at("a", 1, 1), found_at("a", 1, 1)], [LESS, MORE], [], "t")
    assert [t.number for t in pareto(trials, [LESS, MORE])] == [0]


def test_optimism_is_positive_where_the_search_flattered():
    assert optimism(False, Interval(1, 0, 2), Interval(5, 4, 6)) == pytest.approx(
        (4, 4 - math.sqrt(2), 4 + math.sqrt(2))
    )
    assert optimism(True, Interval(5, 4, 6), Interval(1, 0, 2)).value == 4
    assert optimism(True, Interval(1, 0, 2), Interval(1, 0, 2)).low < 0 < 4


def test_limits_break_on_their_own_side():
    assert FEW.violation(33.0) == pytest.approx(0.1) and FEW.violation(30.0) == 0.0
    assert Limit("x", rule("mean"), 2.0, True).violation(1.0) == pytest.approx(0.5)


def fresh_of(*places):
    """A frontier of places as (loss and use in the search, loss and use afresh, whether it stays)."""
    seen = judged([{"a.k": k} for k in range(len(places))], [found_at(str(k), *p[0]) for k, p in enumerate(places)], [LESS, MORE], [], "t")  # fmt: skip
    again = judged([{"a.k": k} for k in range(len(places))], [found_at(str(k), *p[1]) for k, p in enumerate(places)], [LESS, MORE], [], "t")  # fmt: skip
    winners = tuple(Winner(t, f, (), True, p[2]) for t, f, p in zip(seen, again, places, strict=True))
    problem = SimpleNamespace(asked=SimpleNamespace(variables={"a.k": None}), goals=(LESS, MORE), fresh=20)
    return Frontier(problem, tuple(seen), winners, Path(), 0)


def test_a_place_that_is_proposed_twice_is_counted_once():
    found = fresh_of(((10, 10), (30, 10), False), ((20, 20), (25, 20), True))
    found = replace(found, trials=(*found.trials, replace(found.trials[0], number=2)))
    assert report.counts(found) == {"trials": 3, "different": 2, "judged": 2, "feasible": 2, "winners": 2}


def test_the_answer_tells_of_places_that_stay_under_fresh_seeds():
    lucky = ((10, 10), (30, 10), False)
    told = report.sentence(fresh_of(lucky, ((20, 20), (25, 20), True), ((40, 30), (20, 15), True), lucky))
    assert told.startswith("The frontier has 2 places of 4 that the search found")
    assert told.index("k 2 gives mean(loss) 20") < told.index("k 1 gives mean(loss) 25"), "from the best afresh on"
    assert "k 0" not in told and "k 3" not in told
    assert report.sentence(fresh_of(lucky, ((20, 20), (25, 20), True))).startswith("One place is best of 2 that")
    none = report.sentence(fresh_of(lucky, lucky))
    assert "none of them keeps within all limits" in none and "k 0 gives mean(loss) 10" in none


WIDE = "18,800 (15,500 to 22,000)"
VERDICT = "bettered by another"


def printed(capsys, numbers):
    table = grid("", "trial", *("median(bitcoin.price)",) * numbers, "afresh", numbers=range(1 + numbers))
    fill(table, "6", *(WIDE,) * numbers, VERDICT)
    printer().print(table)
    return capsys.readouterr().out


def test_tables_break_numbers_before_their_intervals_and_lose_nothing(capsys, monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    narrow = printed(capsys, 4)
    assert VERDICT in narrow and narrow.count("(15,500 to 22,000)") == 4 and WIDE not in narrow
    assert WIDE in printed(capsys, 2)
    crowded = printed(capsys, 12)
    assert max(map(len, crowded.split("\n"))) <= 120 and "…" not in crowded
    assert sum(c.isdigit() for c in crowded) == 1 + 12 * sum(c.isdigit() for c in WIDE)


def test_piped_tables_are_as_wide_as_columns_says(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    assert WIDE in printed(capsys, 4)


@pytest.mark.parametrize(("seconds", "said"), [(59.4, "59 s"), (59.7, "1 min 0 s"), (119.7, "2 min 0 s"), (3599.6, "1 h 0 min")])  # fmt: skip
def test_lengths_of_time_are_rounded_before_they_are_split(seconds, said):
    assert span(seconds) == said
