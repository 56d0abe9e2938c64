"""Sensitivity: known indices within their intervals, exact effects, noise told apart, and no rank where none is known."""

import json
import math

import numpy as np
import pandas as pd
import pytest

from experiments.sensitivity import effects, indices, picture, report
from experiments.sensitivity.analysis import analyse, metrics_of
from experiments.sensitivity.ranking import Rank, ranks
from experiments.sensitivity.uncertainty import Interval, intervals
from experiments.store.layout import run_files
from experiments.store.manifest import read_manifest, write_manifest
from experiments.sweeps.designs import kinds
from experiments.sweeps.points import Block, Point
from experiments.sweeps.study import Study
from model import Scenario
from model.errors import ScenarioError

SMOKE = Scenario.load("smoke")


def study_of(kind, variables, function, replicates=1, noise=None, common=True, **keys):
    """A finished study of a made-up function, with noise `noise(row, replicate)` added."""
    module = kinds()[kind]
    design = module.Keys.model_validate({"kind": kind, "vars": variables, **keys})
    made = module.rows(design, 7)
    names = tuple(variables)
    ids = [f"{i:016x}" for i in range(len(made.rows))]
    points = tuple(Point(id, id, row, SMOKE) for id, row in zip(ids, made.rows, strict=True))
    settings = design.model_dump(mode="json", exclude={"kind", "vars", "rows"})
    block = Block(kind, names, dict(design.vars), tuple(ids), tuple(ids), made.unit, made.problem, settings)
    rows = [
        {
            "point": id,
            "replicate": r,
            "y": function(*(row[n] for n in names)) + (noise(i, r) if noise else 0.0),
        }
        for i, (id, row) in enumerate(zip(ids, made.rows, strict=True))
        for r in range(replicates)
    ]
    study = Study("made up", "", points, replicates, common=common, blocks=(block,))
    return study, pd.DataFrame(rows)


def judge(*args, **kwargs):
    return analyse(*study_of(*args, **kwargs), ["y"])[0]


def ishigami(x, y, z):
    return math.sin(x) + 7.0 * math.sin(y) ** 2 + 0.1 * z**4 * math.sin(x)


ANGLES = {f"a.{n}": {"low": -math.pi, "high": math.pi} for n in "xyz"}
FIRST, TOTAL, XZ = (0.31391, 0.44241, 0.0), (0.55759, 0.44241, 0.24368), 0.24368  # Ishigami and Homma 1990, a 7, b .1


def test_ishigami_indices_lie_in_their_intervals():
    found = judge("saltelli", ANGLES, ishigami, n=1024, second_order=True)
    for name, truth in (("first", FIRST), ("total", TOTAL)):
        for interval, true in zip(found.measures[name], truth, strict=True):
            assert interval.low <= true <= interval.high
            assert interval.high - interval.low < 0.25
    assert found.pairs["a.x", "a.z"].low <= XZ <= found.pairs["a.x", "a.z"].high
    assert found.pairs["a.x", "a.y"].low <= 0.0 <= found.pairs["a.x", "a.y"].high
    assert found.ranks[2] == Rank(3, 3)


def test_indices_agree_with_salib():
    from SALib.analyze import sobol

    study, table = study_of("saltelli", ANGLES, ishigami, n=256, second_order=True)
    y = table["y"].to_numpy()
    other = sobol.analyze(study.blocks[0].problem, y, calc_second_order=True, seed=1)
    own = analyse(study, table, ["y"])[0]
    assert [i.value for i in own.measures["total"]] == pytest.approx(other["ST"], abs=0.02)
    assert [i.value for i in own.measures["first"]] == pytest.approx(other["S1"], abs=0.02)
    assert own.pairs["a.x", "a.z"].value == pytest.approx(other["S2"][0, 2], abs=0.05)


def test_morris_is_exact_on_a_linear_function():
    variables = {"a.x": {"low": 0, "high": 10}, "a.y": {"low": -1, "high": 1}, "a.z": {"low": 1, "high": 2}}
    found = judge("morris", variables, lambda x, y, z: 3.0 * x - 2.0 * y, n=10)
    assert [i.value for i in found.measures["mu*"]] == pytest.approx([30.0, 4.0, 0.0])
    assert [i.value for i in found.measures["mu"]] == pytest.approx([30.0, -4.0, 0.0])
    assert [i.value for i in found.measures["sigma"]] == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)
    assert [rank.words() for rank in found.ranks] == ["1", "2", "3"]


def test_morris_agrees_with_salib():
    from SALib.analyze import morris

    study, table = study_of("morris", ANGLES, ishigami, n=20, levels=4)
    found = analyse(study, table, ["y"])[0]
    cube = np.array(study.blocks[0].unit)
    other = morris.analyze(study.blocks[0].problem, cube, table["y"].to_numpy(), num_levels=4, seed=1)
    assert [i.value for i in found.measures["mu*"]] == pytest.approx(list(other["mu_star"]))
    assert [i.value for i in found.measures["sigma"]] == pytest.approx(list(other["sigma"]))


def independent(sd):
    random = np.random.default_rng(3)
    return lambda row, replicate: sd * random.standard_normal()


LINEAR = {"a.x": {"low": 0, "high": 1}, "a.y": {"low": 0, "high": 1}}


def test_noise_share_and_corrected_indices_of_a_known_case():
    """x + noise: variance 1/12 of the mean, noise s²/R; raw total indices have the noise in them, corrected ones not."""
    sd, replicates = 0.5, 4
    share = sd**2 / replicates / (1 / 12 + sd**2 / replicates)
    found = judge("saltelli", LINEAR, lambda x, y: x, replicates, independent(sd), common=False, n=2048)
    assert found.noise == pytest.approx(share, abs=0.03)
    assert found.measures["raw total"][1].value == pytest.approx(share, abs=0.05)
    for interval, true in zip(found.measures["total"], (1.0, 0.0), strict=True):
        assert interval.low <= true <= interval.high


def test_what_seeds_move_everywhere_alike_is_no_noise():
    found = judge("saltelli", LINEAR, lambda x, y: x + 2 * y, 5, lambda row, replicate: 100.0 * replicate, n=256)
    assert found.noise == pytest.approx(0.0, abs=1e-9)
    assert [i.value for i in found.measures["total"]] == pytest.approx([0.2, 0.8], abs=0.02)


def test_morris_tells_noise_from_effects():
    found = judge("morris", LINEAR, lambda x, y: x, 5, independent(0.05), n=20)
    assert any("a.y" in note and "not told from the noise" in note for note in found.notes)
    assert not any(note.startswith("a.x") for note in found.notes)
    assert 0.0 < found.noise < 0.1


def test_equal_parameters_cannot_be_ranked_and_unequal_ones_can():
    even = judge("saltelli", LINEAR, lambda x, y: x + y, n=64)
    assert even.ranks == (Rank(1, 2), Rank(1, 2))
    assert "cannot be told" in report.sentence(even)
    odd = judge("saltelli", LINEAR, lambda x, y: x + 5 * y, n=64)
    assert odd.ranks == (Rank(2, 2), Rank(1, 1))
    assert report.sentence(odd).startswith("a.y matters most")


def test_a_metric_that_nothing_moves_has_no_ranks():
    for kind in ("saltelli", "morris"):
        found = judge(kind, LINEAR, lambda x, y: 3.0, n=8)
        assert found.ranks == (Rank(1, 2), Rank(1, 2))
        assert any("nothing to rank" in note for note in found.notes)
        assert report.sentence(found) == "Nothing that the design varies changes y."


def test_other_designs_are_judged_by_regression():
    found = judge("lhs", LINEAR, lambda x, y: 3 * x - 4 * y, n=64)
    size = math.hypot(3, 4)
    assert [i.value for i in found.measures["on values"]] == pytest.approx([3 / size, -4 / size], abs=0.03)
    assert any("explains 100%" in note for note in found.notes)
    bent = judge(
        "lhs", {"a.x": {"low": 0, "high": 9}, "a.y": {"low": 0, "high": 1}}, lambda x, y: math.exp(3 * x), n=64
    )
    assert bent.main == "on ranks"
    assert bent.measures["on ranks"][0].value == pytest.approx(1.0)


def test_words_are_left_out_of_regression():
    variables = {"a.x": {"values": [1, 2, 3, 4]}, "a.word": {"choices": ["one", "two"]}}
    found = judge("grid", variables, lambda x, word: x + (word == "two"))
    assert found.parameters == ("a.x",)
    assert any("a.word" in note for note in found.notes)


def test_groups_with_a_missing_run_are_left_out_and_many_are_refused():
    study, table = study_of("saltelli", LINEAR, lambda x, y: x + 5 * y, n=64)
    table.loc[5, "y"] = math.nan
    found = analyse(study, table.drop(index=100), ["y"])[0]
    assert any(note.startswith("2 of 64 groups") for note in found.notes)
    table.loc[:200, "y"] = math.nan
    with pytest.raises(ScenarioError, match="undefined or its run failed"):
        analyse(study, table, ["y"])


def test_unknown_metrics_are_refused_with_the_nearest_name():
    study, _ = study_of("lhs", LINEAR, lambda x, y: x, n=8)
    with pytest.raises(ScenarioError, match=r"did you mean 'bitcoin\.price'"):
        metrics_of(study, ["bitcoin.prise"])


def test_intervals_cover_the_truth():
    """Means of exponential numbers: 200 trials, 95 % nominal."""
    random, inside = np.random.default_rng(1), 0
    for trial in range(200):
        y = random.exponential(1.0, 40)
        [found] = intervals(lambda rows, _, y=y: np.array([y[rows].mean()]), 40, 1, f"trial {trial}")
        inside += found.low <= 1.0 <= found.high
    assert 0.88 <= inside / 200 <= 0.98


def test_replicates_that_disagree_widen_intervals():
    y = np.array([[0.0, 0.0, 9.0]] * 20)
    [found] = intervals(lambda rows, seeds: np.array([y[rows][:, seeds].mean()]), 20, 3, "t")
    assert found.low < 0.0 < found.high
    assert found.high - found.value == pytest.approx(1.96 * y[0].std(ddof=1) / 3**0.5, rel=1e-3), (
        "that of a mean of three"
    )


def test_touching_intervals_share_ranks():
    found = ranks([Interval(3, 2, 4), Interval(-5, -6, -4), Interval(1, 0, 1.5)])
    assert found == (Rank(1, 2), Rank(1, 2), Rank(3, 3))


def test_noise_floor_is_the_size_of_effects_of_nothing():
    random = np.random.default_rng(5)
    y, moved, steps = random.standard_normal((400, 2, 4)), np.zeros((400, 1), np.int64), np.full((400, 1), 0.5)
    floor = effects.noise_floor(y, moved, steps)[0]
    seen = np.abs(effects.elementary(y, moved, steps)).mean()
    assert floor == pytest.approx(seen, rel=0.1)


def test_noise_is_the_part_of_a_mean_change_that_its_replicates_do_not_share():
    """Changes of 1 and 3: a mean of 2, whose variance is 2 / 2."""
    assert effects.noise_share(np.array([[[0.0, 5.0], [1.0, 8.0]]])) == pytest.approx(0.25)
    assert effects.noise_share(np.array([[[0.0, 5.0], [2.0, 7.0]]])) == 0.0


def test_products_of_different_replicates_are_unbiased():
    random = np.random.default_rng(5)
    x = 2.0 + random.standard_normal((4000, 3))
    assert indices.product(x, x) == pytest.approx(4.0, abs=0.1)
    assert indices.product(x, x, corrected=False) == pytest.approx(4.0 + 1 / 3, abs=0.1)


def test_picture_is_written_twice(tmp_path):
    found = [judge("saltelli", ANGLES, ishigami, 3, n=64), judge("morris", ANGLES, ishigami, 3, n=10)]
    first = [path.read_bytes() for path in picture.draw(found, tmp_path)]
    assert first[0].startswith(b"\x89PNG") and b"</svg>" in first[1]
    assert first == [path.read_bytes() for path in picture.draw(found, tmp_path)]


SWEEP = """
[experiment]
name = "which"
question = "What moves the price?"
base = "coin.toml"
[[design]]
kind = "morris"
n = 2
[design.vars]
"bitcoin.drift" = { low = -1.0, high = 3.0 }
"bitcoin.volatility" = { low = 0.2, high = 1.2 }
[replicates]
n = 2
[outputs]
summary = ["bitcoin.price"]
"""
COIN = 'question = "coin alone"\n[clock]\nstart = "2023-01"\nticks = 10\n[bitcoin]\nprocess = "gbm"\n'


def test_the_verb_runs_a_sweep_and_reads_its_folder(tmp_path):
    from typer.testing import CliRunner

    import run

    (tmp_path / "coin.toml").write_text(COIN)
    (tmp_path / "which.toml").write_text(SWEEP)
    out = tmp_path / "results"
    first = CliRunner().invoke(run.app, ["sensitivity", str(tmp_path / "which.toml"), "--out", str(out), "--json"])
    assert first.exit_code == 0, first.output
    second = CliRunner().invoke(run.app, ["sensitivity", str(out / "which"), "--json"])
    assert second.exit_code == 0, second.output
    assert json.loads(first.stdout) == json.loads(second.stdout)
    [found] = json.loads(first.stdout)["sensitivities"]
    assert {row["parameter"] for row in found["parameters"]} == {"bitcoin.drift", "bitcoin.volatility"}
    assert (out / "which" / "sensitivity.png").exists() and (out / "which" / "sensitivity.svg").exists()
    shown = CliRunner().invoke(run.app, ["sensitivity", str(out / "which")])
    assert shown.exit_code == 0 and "noise share" in shown.stdout
    bad = CliRunner().invoke(run.app, ["sensitivity", str(out / "which"), "--metric", "bitcoin.prise"])
    assert bad.exit_code == 2 and "did you mean" in bad.output
    (out / "which" / "sensitivity.png").unlink()
    (out / "which" / "sensitivity.png").mkdir()
    kept = CliRunner().invoke(run.app, ["sensitivity", str(out / "which"), "--out", str(tmp_path)])
    assert kept.exit_code == 2 and "copy the study to where you may write" in kept.output
    (out / "which" / "sensitivity.png").rmdir()
    for path in list(run_files(out / "which"))[:2]:
        path.unlink()
    lost = CliRunner().invoke(run.app, ["sensitivity", str(out / "which")])
    assert lost.exit_code == 0, "the table has all runs still"
    write_manifest(out / "which", read_manifest(out / "which") | {"state": "running"})  # as a killed driver leaves it
    half = CliRunner().invoke(run.app, ["sensitivity", str(out / "which")])
    assert half.exit_code == 2 and "2 runs are missing; give the sweep file, which runs them" in half.output
