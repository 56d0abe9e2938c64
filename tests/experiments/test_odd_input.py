"""Odd values of options, files and parameters: refused at once, in one sentence."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import run
from experiments.calibrate.moments import moment
from experiments.engines import check
from experiments.laboratory import Laboratory, Options
from experiments.runs import settings
from experiments.store.layout import MANIFEST
from experiments.sweeps.driver import execute
from experiments.sweeps.ranges import Variable
from experiments.sweeps.study import load
from model.errors import ScenarioError
from model.scenario import Scenario
from tests.experiments.tiny import study, sweep_file

cli = CliRunner()


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def refuse(*words):
    """What a refused command says; it wrote nothing."""
    answer = cli.invoke(run.app, [str(word) for word in words])
    assert answer.exit_code == 2, answer.output
    assert not answer.stdout and not Path("results").exists()
    return answer.stderr.strip()


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), 0.0, -1.0, 1e7])
def test_a_deadline_is_a_time_that_a_timer_can_keep(seconds, tmp_path):
    told = re.escape(f"--deadline {seconds:g}: give seconds above 0 and at most 1,000,000")
    with pytest.raises(ScenarioError, match=told):
        execute(study(), tmp_path / "results", deadline=seconds, progress=False)
    with pytest.raises(ScenarioError, match=told):
        Laboratory("search", "", Options(tmp_path / "results", deadline=seconds), Scenario.load("smoke"))
    assert not (tmp_path / "results").exists()


WRONG_TYPES = {
    "amm.fee_bps": (True, "30", "allowed 0 to 1000"),
    "network.halvings": ("yes", 1, "true or false"),
    "clock.ticks": (True, "10", "integer"),
    "clock.hours_per_tick": (True, "1, 4, 6, 12 or 24"),
    "bitcoin.volatility": (False, "0.5", "number"),
    "bitcoin.regime_drift": ([0.1, "0.2"], [True, 0.2], "item "),
    "clock.stop_when": ("coin.price > 1", "write a table"),
}


@pytest.mark.parametrize("path", WRONG_TYPES)
def test_nothing_is_converted_into_a_parameter(path):
    *values, part = WRONG_TYPES[path]
    base = Scenario.load("smoke")
    for value in values:
        with pytest.raises(ScenarioError, match=re.escape(f"{path} = {value!r}: ")) as told:
            base.override({path: value})
        assert part in str(told.value)


def test_whole_floats_and_whole_numbers_do_for_each_other():
    found = Scenario.load("smoke").override({"amm.fee_bps": 40.0, "bitcoin.volatility": 1, "clock.ticks": 3.0})
    assert found.mechanisms["amm"].fee_bps == 40 and found.clock.ticks == 3


def test_no_name_is_no_scenario():
    assert "'': is no scenario" in refuse("run", "")
    assert "--compare" in refuse("run", "smoke", "--compare", "")
    assert "'': is no scenario" in refuse("run", "smoke", "--compare", "", "--seeds", 2)


def test_seeds_counted_up_stay_in_range():
    said = refuse("run", "smoke", "--seed", 2**63 - 1, "--seeds", 3)
    assert f"--seeds 3: counted up from {2**63 - 1}, allowed are seeds 0 to {2**63 - 1}" in said


def test_a_backtest_is_drawn_into_a_picture(tmp_path):
    assert "is a folder" in refuse("backtest", "--out", tmp_path)
    for name in ("x.toml", "x"):
        assert "is no picture" in refuse("backtest", "--out", name)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("quantile(a.b, 5)", "5: quantile takes a share, allowed 0 to 1"),
        ("quantile(a.b, True)", "True: quantile takes a share"),
        ("autocorrelation(a.b, 1.7)", "1.7: autocorrelation takes a whole number of ticks above 0"),
        ("autocorrelation(a.b, 0)", "0: autocorrelation takes"),
        ("autocorrelation(a.b, 1e999)", "takes a whole number"),
        ("quantile(a.b, c)", "c: quantile takes"),
    ],
)
def test_the_number_of_a_moment_is_checked_when_it_is_read(text, part):
    with pytest.raises(ScenarioError, match=re.escape(part)):
        moment(text, ["a.b"])
    assert moment("autocorrelation(a.b, 2.0)", ["a.b"]) and moment("quantile(a.b, 1)", ["a.b"])


@pytest.mark.parametrize(
    "address", ["nonsense", "", "host:8786", "tcp://host", "tcp://:1", "foo://host:1", "tcp://h:99999"]
)
def test_a_scheduler_has_an_address(address):
    with pytest.raises(ScenarioError, match="write scheme://host:port"):
        check("dask", None, address)


def test_addresses_that_will_do():
    for address in ("tcp://127.0.0.1:8786", "tls://host.name:1", "tcp://[::1]:8786"):
        check("dask", None, address)


def test_a_stepped_range_ends_at_its_stop():
    with pytest.raises(ValueError, match=re.escape("stop 1 is none of the steps; give 0.9 or 1.2")):
        Variable(start=0, stop=1, step=0.3)


def test_repeated_values_keep_labels_short(tmp_path):
    found = load(sweep_file(tmp_path, fees=(10, 10, 30)))
    assert [point.label for point in found.points] == ["fee_bps 10", "fee_bps 30"]
    path = sweep_file(tmp_path)
    path.write_text(
        path.read_text().replace('"amm.fee_bps" = { values = [10, 50] }', '"bitcoin.volatility" = [0.59, 0.59]')
    )
    assert [point.label for point in load(path).points] == ["volatility 0.59"]


@pytest.mark.parametrize(("key", "value"), [("factor", "-1"), ("factor", "nan"), ("size", "-3"), ("size", "1e9")])
def test_a_shock_on_the_line_names_what_was_given(key, value):
    said = refuse("stress", "smoke", "--shock", f"channel=price,{key}={value},day=1")
    assert f"{key} = {float(value):g}: allowed" in said


def test_status_names_what_is_damaged_or_missing():
    for name in ("sound", "torn", "older"):
        execute(study(name=name, replicates=1), Path("results"), progress=False)
    manifest = json.loads((Path("results/torn") / MANIFEST).read_text())
    del manifest["history"]
    (Path("results/torn") / MANIFEST).write_text(json.dumps(manifest))
    (Path("results/older") / MANIFEST).write_text("{}")
    next(Path("results/sound/runs").rglob("*.parquet")).unlink()
    answer = cli.invoke(run.app, ["status"])
    assert answer.exit_code == 0 and "sound" in answer.stdout and "incomplete" in answer.stdout
    assert "runs of it are gone, such as " in answer.stdout and "torn" not in answer.stdout
    assert "torn/manifest.json: is damaged" in answer.stderr and "history missing" in answer.stderr
    assert "format = None" in answer.stderr
    row = json.loads(cli.invoke(run.app, ["status", "sound", "--json"]).stdout)[0]
    assert (row["missing"], row["state"], len(row["missing_runs"])) == (1, "incomplete", 1)
    assert cli.invoke(run.app, ["status", "torn"]).exit_code == 2
    with pytest.raises(ScenarioError, match="--new"):
        execute(study(name="torn", replicates=1), Path("results"), progress=False)


def test_a_day_is_text_or_a_date_of_toml():
    base = Scenario.load("smoke")
    for path, place in (
        ("clock.start", "clock"),
        ("gpu_coin.merge", "gpu_coin"),
        ("regulation.ban_date", "regulation"),
    ):
        text, day = (base.override(settings([f"{path}={value}"])) for value in ('"2023-02-01"', "2023-02-01"))
        assert day.resolved() == text.resolved() and day.fingerprint() == text.fingerprint(), place
    with pytest.raises(ScenarioError, match=r"clock\.start"):
        base.override(settings(["clock.start=2023-02-01T10:00:00"]))


def test_a_sweep_over_days_is_kept(tmp_path):
    path = sweep_file(tmp_path, fees=(10,), n=1)
    dates = '"clock.start" = [2023-01-01, 2023-06-01]\n[[design]]\nkind = "grid"\n[design.vars]\n'
    path.write_text(path.read_text().replace("[design.vars]\n", f"[design.vars]\n{dates}", 1))
    done = execute(load(path), tmp_path, progress=False)
    assert set(done.table["param.clock.start"].dropna()) == {"2023-01-01", "2023-06-01"}
