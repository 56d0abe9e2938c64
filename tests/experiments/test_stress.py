"""`stress`: answers from planted tables agree with what was planted; refused and hatched where runs are too few."""

import math

import numpy as np
import pandas as pd
import pytest

from experiments.statistics import clopper_pearson
from experiments.stress.analysis import analyse
from experiments.stress.fans import fan, together
from experiments.stress.heat import edges, heat, save
from experiments.stress.parts import WORST


def table(label="x", n=200, insolvent=10, seed=1):
    """Runs of which the last few are insolvent, by 100, 200, ... USD on days 30, 31, ..."""
    left = np.r_[np.zeros(n - insolvent), 100.0 * np.arange(1, insolvent + 1)]
    days = np.r_[np.full(n - insolvent, np.nan), 30.0 + np.arange(insolvent)]
    draws = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "run": [f"{label}-{r:05d}" for r in range(n)],
            "label": label,
            "replicate": np.arange(n),
            "seed": 1_000 + np.arange(n),
            "lending.lost_depositors": left,
            "lending.lost_reserve": np.full(n, 7.0),
            "lending.lost_fund": np.zeros(n),
            "lending.liquidated_debt": draws.exponential(1_000.0, n),
            "insolvency.lending_day": days,
            "insolvency.miners": (np.arange(n) % 4 == 0) * 2.0,
            "insolvency.miners_day": np.where(np.arange(n) % 4 == 0, 12.0, np.nan),
            "gains.lender": draws.normal(-50.0, 10.0, n) - left,
            "gains.miner": draws.normal(20.0, 5.0, n),
        }
    )


def answers(runs, **more):
    labels = list(dict.fromkeys(runs["label"]))
    places = more.pop("places", {label: {} for label in labels})
    return analyse(runs, "base", places, {label: f"run {label}" for label in labels}, **more)


def test_insolvency_has_the_planted_probability_and_days():
    point = answers(table()).points[0]
    assert point.protocol.hits == 10
    assert point.protocol.probability[1:4] == clopper_pearson(10, 200)[1:4]
    assert point.protocol.days == tuple(30.0 + np.arange(10))
    assert point.protocol.median_day.value == 34.0
    days, share = point.protocol.by_day()
    assert (days[0], share[0], share[-1]) == (30.0, 1 / 200, 10 / 200)
    assert point.miners.probability.value == 0.25 and point.miners.failed.value == 0.5


def test_dust_is_no_insolvency_and_the_bound_can_be_set():
    runs = table()
    runs.loc[0, "lending.lost_depositors"] = 0.001
    assert answers(runs).points[0].protocol.hits == 10
    assert answers(runs, least=550.0).points[0].protocol.hits == 5


def test_losses_have_means_tails_and_warnings():
    debt, left, liquidated = answers(table()).points[0].losses
    assert debt.mean.value == pytest.approx(7.0 + 5_500 / 200)
    assert left.largest == 1_000.0
    at95, at99 = left.tails
    assert at95.expected_shortfall.value == pytest.approx(550.0), "the ten insolvent runs"
    assert at95.expected_shortfall.low < 550.0 < at95.expected_shortfall.high
    assert "1,000 runs" in at99.refused and math.isnan(at99.expected_shortfall.value)
    assert "heavy tail" in left.warning and not liquidated.warning
    assert liquidated.tails[0].value_at_risk.value == pytest.approx(1_000.0 * math.log(20.0), rel=0.25)


def test_who_loses_is_told_by_kind_and_by_the_shocks():
    calm = table("calm", seed=1)
    calm["gains.lender"] += 30.0
    result = answers(pd.concat([table(), calm]), calm="calm")
    lender, miner = result.points[0].losers
    assert (lender.kind, miner.kind) == ("lender", "miner")
    assert lender.by_shock.interval.value == pytest.approx(-30.0)
    assert lender.losing.value == 1.0 and miner.losing.value == 0.0
    assert lender.worst > 1_000.0
    assert result.calm is not None and len(result.points) == 1


def test_the_worst_runs_come_with_their_commands():
    worst = answers(table()).worst
    assert len(worst) == WORST
    assert [run.left for run in worst] == [1_000.0 - 100.0 * i for i in range(10)]
    assert worst[0].command == "run x --seed 1199"
    assert all(run.bad_debt == run.left + 7.0 for run in worst)


def test_of_two_pools_the_first_to_fail_sets_the_day():
    runs = table()
    runs["nft_loans.lost_by_depositors"], runs["insolvency.nft_loans_day"] = runs["lending.lost_depositors"], 25.0
    runs.loc[199, "insolvency.nft_loans_day"] = 60.0
    assert answers(runs).points[0].protocol.days == (25.0,) * 9 + (39.0,)


def test_the_tail_of_a_kind_is_that_of_its_losses_and_who_gains_nothing_loses_nothing():
    runs = table()
    runs["gains.miner"] = 0.0
    lender, miner = answers(runs).points[0].losers
    worst = np.sort(-runs["gains.lender"])[-10:]
    assert lender.tail.expected_shortfall.value == pytest.approx(worst.mean())
    assert (miner.losing.value, miner.worst) == (0.0, 0.0)


def test_who_loses_most_by_the_shocks_comes_first_and_without_a_calm_run_who_loses_most():
    runs, calm = table(), table("calm")
    calm["gains.miner"] += 500.0
    kinds = [[loser.kind for loser in answers(pd.concat(some), calm=name).points[0].losers]
             for some, name in (([runs, calm], "calm"), ([runs], None))]  # fmt: skip
    assert kinds == [["miner", "lender"], ["lender", "miner"]]


def test_among_equal_debts_the_worst_run_has_most_failed_miners_then_least_gained():
    runs = table(n=6, insolvent=0)
    runs["lending.lost_reserve"] = [0.0, 0.0, 0.0, 5.0, 0.0, 0.0]
    runs["insolvency.miners"] = [0.0, 0.0, 3.0, 0.0, 1.0, 1.0]
    runs["gains.lender"], runs["gains.miner"] = 0.0, [9.0, 8.0, 7.0, 6.0, 5.0, 4.0]
    assert [run.replicate for run in answers(runs).worst] == [3, 2, 5, 4, 1, 0]


def test_a_scenario_without_a_pool_says_nothing_of_it():
    runs = table().drop(columns=[n for n in table() if n.startswith(("lending", "insolvency.lending"))])
    point = answers(runs).points[0]
    assert point.protocol is None and point.losses == ()
    assert answers(runs).worst[0].miners == 2.0
    assert math.isnan(answers(runs).worst[0].left)


def grid(n=400):
    """A map whose right column is insolvent in a tenth of runs."""
    labels = {f"{x}{y}": {"lending.loan_to_value": x, "size": y} for x in (0.3, 0.5) for y in (1, 2)}
    parts = [
        table(label, n, n // 10 if values["lending.loan_to_value"] > 0.4 else 0) for label, values in labels.items()
    ]
    return answers(pd.concat(parts), places=labels)


@pytest.mark.slow
def test_the_one_per_cent_line_runs_between_cells_and_thin_ones_are_marked(tmp_path):
    found = grid().maps["protocol"]
    assert (found.x, found.y, found.xs, found.ys) == ("lending.loan_to_value", "size", (0.3, 0.5), (1, 2))
    assert found.above.tolist() == [[False, True], [False, True]]
    assert edges(found.above) == [((0.5, -0.5), (0.5, 0.5)), ((0.5, 0.5), (0.5, 1.5))]
    assert not found.thin.any(), "0 of 400 leaves .9 %"
    assert grid(300).maps["protocol"].thin.tolist() == [[True, False], [True, False]], "0 of 300 leaves 1.2 %"
    paths = save(found, "title", tmp_path)
    assert {p.suffix for p in paths} == {".png", ".svg"} and all(p.stat().st_size > 5_000 for p in paths)
    first = paths[1].read_bytes()
    assert b"1 %" in first or b"<path" in first


def test_a_map_needs_no_more_than_its_cells():
    found = heat([({"a.b": "low", "c.d": True}, clopper_pearson(0, 30))], "miners")
    assert found.thin.all() and not found.above.any()


def test_a_fan_holds_the_quantiles_of_runs():
    paths = np.arange(101.0)[:, None] * np.array([1.0, 2.0])
    found = fan(paths, np.array([0.0, 1.0]), "x")
    assert found.bands[:, 1].tolist() == [10.0, 50.0, 100.0, 150.0, 190.0] and not found.note
    assert fan(paths[:5], np.array([0.0, 1.0]), "x").note


def test_runs_that_end_early_leave_the_fan_early():
    long, short = (pd.DataFrame({"m": np.ones(n)}, index=pd.RangeIndex(n, name="tick")) for n in (4, 2))
    found = together([long, short], "m", 0.5)
    assert found.runs.tolist() == [2, 2, 1, 1] and found.days.tolist() == [0.0, 0.5, 1.0, 1.5]


def test_everything_can_be_held_by_json():
    import json

    text = json.dumps(grid().record(), allow_nan=False)
    assert "maps" in json.loads(text)
    frame = grid().table()
    assert frame["p_protocol"].tolist() == [0.0, 0.0, 0.1, 0.1]
