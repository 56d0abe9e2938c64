"""Calibration of a market: read again, recovered, faults of its file told at once, answers of the verb."""

import json
import math

import numpy as np
import pytest

from experiments.calibrate.distance import Targets
from experiments.calibrate.file import load
from experiments.calibrate.search import Surface
from experiments.calibrate.study import calibrate, fitted, planted
from experiments.laboratory import Options
from model.errors import ScenarioError

FILE = """
[experiment]
name = "coin"
question = "Which drift and volatility?"
base = "coin_only"
ticks = {ticks}
[params]
"bitcoin.process" = "gbm"
[calibrate]
replicates = {replicates}
points = 8
[vars]
"bitcoin.volatility" = {{ low = 0.2, high = 1.6, scale = "log" }}
"bitcoin.drift" = {{ low = -2.0, high = 3.0 }}
[[target]]
moment = "sd(log_change(bitcoin.price))"
value = {sd}
source = "planted"
[[target]]
moment = "mean(log_change(bitcoin.price))"
value = {mean}
source = "planted"
[[target]]
moment = "mean(abs(log_change(bitcoin.price)))"
value = {size}
source = "planted"
[[held_out]]
moment = "excess_kurtosis(log_change(bitcoin.price))"
value = {kurtosis}
source = "planted"
"""
BASE = 'question = "coin alone"\n[clock]\nstart = "2023-01"\nticks = 60\nseed = 1\n[bitcoin]\nprocess = "gbm"\n'


def problem(folder, ticks=40, replicates=4, sd=0.03, mean=0.0, size=0.024, kurtosis=0.0):
    (folder / "coin_only.toml").write_text(BASE)
    path = folder / "fit.toml"
    path.write_text(FILE.format(ticks=ticks, replicates=replicates, sd=sd, mean=mean, size=size, kurtosis=kurtosis))
    return path


def test_a_market_is_calibrated_and_read_again(tmp_path):
    asked, out = load(problem(tmp_path)), Options(tmp_path / "results", progress=False)
    found = calibrate(asked, out)
    again = calibrate(asked, out)
    assert again.estimates == found.estimates and again.inference.test == found.inference.test
    volatility = found.estimates["bitcoin.volatility"]
    assert volatility.low < 0.03 * math.sqrt(365) < volatility.high
    assert found.inference.test.freedom == 1
    assert [held.name for held in found.inference.held_out] == ["excess_kurtosis(log_change(bitcoin.price))"]


@pytest.mark.slow
def test_planted_market_is_recovered(tmp_path):
    """Volatility .8 and drift .5 over two years of coin prices, one history of the world."""
    asked, out = load(problem(tmp_path, ticks=730, replicates=20)), Options(tmp_path / "results", progress=False)
    values = planted(asked, out, (0.8, 0.5), 77, 1)[0]
    path = problem(tmp_path, 730, 20, *values)
    found = calibrate(load(path), out)
    for truth, interval in zip((0.8, 0.5), found.estimates.values(), strict=True):
        assert interval.low < truth < interval.high
    assert found.estimates["bitcoin.volatility"].high - found.estimates["bitcoin.volatility"].low < 0.2
    assert found.inference.test.p > 0.01
    assert abs(found.inference.held_out[0].z) < 3.0


def test_all_faults_of_a_file_are_told_at_once(tmp_path):
    path = problem(tmp_path)
    text = path.read_text().replace('"bitcoin.drift"', '"bitcoin.drif"').replace("sd(log", "sdd(log")
    path.write_text(text.replace("points = 8", "point = 8").replace('source = "planted"\n[[held', "[[held"))
    with pytest.raises(ScenarioError) as caught:
        load(path)
    lines = str(caught.value).split("\n")
    for said in ("did you mean 'bitcoin.drift'", "no such rule", "did you mean 'points'", "source: missing"):
        assert any(said in line for line in lines), said
    assert all(line.startswith(f"{tmp_path / 'fit.toml'}: ") for line in lines)


@pytest.mark.slow
def test_the_verb_prints_json_and_pictures(tmp_path):
    from typer.testing import CliRunner

    import run

    out = tmp_path / "results"
    result = CliRunner().invoke(run.app, ["calibrate", str(problem(tmp_path)), "--out", str(out), "--json"])
    assert result.exit_code == 0, result.output
    record = json.loads(result.stdout)
    assert set(record["estimates"]) == {"bitcoin.volatility", "bitcoin.drift"}
    assert record["answer"].startswith("Best fit")
    assert all((out / "coin" / name).exists() for name in ("calibration.png", "calibration.svg", "calibration.json"))
    shown = CliRunner().invoke(run.app, ["calibrate", str(problem(tmp_path)), "--out", str(out)])
    assert shown.exit_code == 0 and "held-out moments" in shown.stdout


def test_runs_that_failed_for_want_of_time_are_tried_again_by_the_same_command(tmp_path):
    asked = load(problem(tmp_path))
    late = Options(tmp_path / "results", progress=False, deadline=1e-9)
    with pytest.raises(ScenarioError, match=r"runs failed, .*the same command tries them again"):
        calibrate(asked, late)
    assert calibrate(asked, late._replace(deadline=None)).estimates


def test_a_fit_is_a_function_of_its_surface(tmp_path):
    asked = load(problem(tmp_path))
    targets = Targets(
        asked.targets.names, np.array([0.03, 0.0, 0.024, 0.0]), np.full(4, math.nan), np.full(4, math.nan)
    )
    shocks = np.random.default_rng(1).standard_normal((8, 50))

    def simulate(places):
        x = places[:, 1:2, None] - 0.4 + 0.08 * (0.1 + places[:, :1, None]) * shocks[None]
        fat = np.mean(x**4, axis=-1) / np.mean(x**2, axis=-1) ** 2
        return np.stack([x.std(axis=-1, ddof=1), x.mean(axis=-1), np.abs(x).mean(axis=-1), fat], axis=-1)

    first = fitted(asked._replace(targets=targets), Surface(simulate), tmp_path)
    second = fitted(asked._replace(targets=targets), Surface(simulate), tmp_path)
    assert first.estimates == second.estimates
