"""Answers of sweeps: an effect is found with its sign, none is made up, and what is missing is told."""

import re

import numpy as np
import pandas as pd
import pytest

from experiments.answers import NO_RUN, answer, answers
from experiments.answers.effects import contrast, crossed, shared
from experiments.sweeps.study import load


def table(effect, n=12, noise=1.0, label="fees"):
    """Runs of a grid of two fees and two depths, in which the fee moves the metric by `effect`."""
    luck, rows = np.random.default_rng(3).normal(size=n), []
    for k, (fee, depth) in enumerate((f, d) for f in (10, 50) for d in (1, 2)):
        for r in range(n):
            own = 0.01 * np.random.default_rng(100 * k + r).normal()
            value = 5.0 + effect * (fee == 50) + noise * luck[r] + own
            rows.append((f"{label}{k}-{r}", f"p{k}", f"fee {fee}, depth {depth}", r, r, 3, "f", fee, depth, value))
    heads = ("run", "point", "label", "replicate", "seed", "ticks", "fingerprint")
    return pd.DataFrame(rows, columns=[*heads, "param.amm.fee_bps", "param.amm.capacity", "amm.depth"])


def test_an_effect_is_found_with_its_sign_and_none_is_made_up():
    up, none = answer("x", table(0.5), ["amm.depth"]), answer("x", table(0.0), ["amm.depth"])
    assert "fee bps 10 to 50" in up and abs(float(re.search(r"goes up by ([\d.]+)", up).group(1)) - 0.5) < 0.01
    assert "No clear effect on amm.depth" in none and "goes" not in none
    assert "goes down by" in answer("x", table(-0.5), ["amm.depth"])


def test_pairs_take_out_the_luck_that_points_share():
    change = contrast(table(0.5), "param.amm.fee_bps", "amm.depth", 10, 50)
    assert change.n == 12 and change.interval.low < 0.5 < change.interval.high and change.reduction > 100
    assert crossed(table(0.5)) and not crossed(table(0.5).iloc[:36])


@pytest.mark.parametrize("replicates", [6, 12])
def test_where_a_number_is_undefined_at_one_level_no_other_variable_is_taken_for_its_effect(replicates):
    runs = table(0.0)
    runs["amm.depth"] += 3.0 * (runs["param.amm.capacity"] == 2)
    runs.loc[(runs["point"] == "p1") & (runs["replicate"] < replicates), "amm.depth"] = np.nan
    change = contrast(runs, "param.amm.fee_bps", "amm.depth", 10, 50)
    assert abs(change.interval.value) < 0.01 and change.n == (6 if replicates == 6 else 12)
    kept = shared(runs, "param.amm.fee_bps", "amm.depth")
    assert kept.groupby("param.amm.fee_bps")["amm.depth"].mean().diff().abs().max() < 0.01


def test_an_answer_says_over_how_few_replicates_a_difference_may_be():
    runs = table(0.5)
    runs["amm.volume"] = runs["amm.depth"].where(runs["replicate"] < 4)
    assert "Each difference is over 4 to 12 replicates" in answer("x", runs, ["amm.depth", "amm.volume"])


def test_missing_runs_are_told_at_the_end_of_any_answer():
    assert "3 that were asked for failed or are missing" in answer("x", table(0.5), ["amm.depth"], None, 3)
    assert answer("x", table(0.5).iloc[:0], ["amm.depth"]) == NO_RUN


def test_an_answer_of_a_sweep_with_other_columns_is_the_general_one():
    assert "amm.depth" in answer("fee-by-depth", table(0.5), ["amm.depth"])


SWEEPS = sorted(set(answers()) - {"lending_frontier"})


@pytest.mark.parametrize("name", SWEEPS)
def test_every_answer_has_its_sweep_and_says_nothing_clear_of_pure_noise(name):
    study, module = load(name), answers()[name]
    random, rows = np.random.default_rng(7), []
    metrics = [need for need in module.NEEDS if not need.startswith("param.")]
    for point in study.points:
        for r in range(6):
            values = {f"param.{path}": value for path, value in point.values.items()}
            head = {"run": f"{point.id}-{r:05d}", "point": point.id, "label": point.label, "replicate": r, "seed": r}
            rows.append(head | values | {metric: float(random.uniform(0.4, 0.6)) for metric in metrics})
    noise = pd.DataFrame(rows)
    assert set(module.NEEDS) <= set(noise.columns)
    said = answer(name, noise, metrics)
    assert said.endswith(".") and "nan" not in said and "\n" not in said and len(said) > 80
    still = noise.assign(**dict.fromkeys(metrics, 0.5))
    assert " goes up" not in answer(name, still, metrics) and " goes down" not in answer(name, still, metrics)
