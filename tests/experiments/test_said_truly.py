"""What reports, manifests and schemas say of themselves is so."""

import dataclasses
import json
import math

import pytest

from experiments.outputs import manifest
from experiments.report.page import write
from experiments.report.sections import manifest as of_report
from experiments.store.layout import run_files
from experiments.store.manifest import read_manifest, write_manifest
from experiments.sweeps import schema as sweeps
from experiments.sweeps.driver import execute
from experiments.sweeps.study import Precision
from model import schema as scenarios
from model.marketplace import Marketplace
from tests.experiments.tiny import scenario, study


def page(what, root):
    return write(execute(what, root, progress=False).folder).path.read_text()


def refuse(word):
    raise AssertionError(f"{word} is no JSON")


@pytest.mark.parametrize("schema", [scenarios.schema, sweeps.schema])
def test_schemas_are_strict_json(schema):
    found = schema()
    assert json.loads(json.dumps(found, allow_nan=False), parse_constant=refuse) == found


def test_only_what_is_not_finite_is_left_out_of_a_schema():
    known = scenarios.schema()["$defs"]["Normal"]["properties"]
    assert "default" not in known["low"] and "default" not in known["high"] and known["low"]["type"] == "number"
    plain = {"a": [{"default": math.nan, "x": 0.0}], "default": False}
    assert scenarios.strict(plain) == {"a": [{"x": 0.0}], "default": False}


def test_the_manifest_of_a_run_counts_flows():
    with Marketplace(scenario(), rng=1) as market:
        while market.clock.tick + 1 < market.clock.ticks:
            market.step()
        counts = manifest(market, {"run": 1.0})["counts"]
        assert counts["flows"] == len(market.journal.flow_table()) > counts["ticks"] + 1


@pytest.mark.slow
def test_seeds_that_are_not_shown_are_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(of_report, "MOST_SEEDS", 2)
    what = study(replicates=5)
    assert "3 more in the columns replicate and seed of summary.parquet" in page(what, tmp_path)
    own = dataclasses.replace(what, name="own", common=False)
    assert "8 more in the columns replicate and seed of summary.parquet" in page(own, tmp_path)
    monkeypatch.setattr(of_report, "MOST_SEEDS", 5)
    assert "more in the columns" not in page(what, tmp_path)


def test_the_manifest_of_a_report_says_what_ends_it(tmp_path):
    what = study(replicates=2)
    assert "after so many replicates" in page(what, tmp_path / "n")
    stop = dataclasses.replace(what, stop=Precision("agents.gini", 0.5, 4))
    assert "when the mean of agents.gini is known within ± 0.5, or after 4 of each point" in page(
        stop, tmp_path / "stop"
    )


def test_a_study_of_one_point_does_not_speak_of_points_that_differ(tmp_path):
    alone = page(study(fees=(10,)), tmp_path)
    assert "Nothing was varied: the study has one point." in alone and "The points differ" not in alone
    several = page(study(fees=(10, 50), name="two"), tmp_path)
    assert "The points differ in more than design variables" in several


def test_a_study_that_has_not_run_does_not_say_in_what_its_points_differ(tmp_path):
    folder = execute(study(), tmp_path, progress=False).folder
    files = sorted(run_files(folder))
    write_manifest(folder, read_manifest(folder) | {"state": "interrupted"})
    kept = files[0].stem.split("-")[0]
    for path in files:
        if not path.stem.startswith(kept):
            path.unlink()
    assert "Runs of one point alone have finished" in write(folder).path.read_text()
    for path in run_files(folder):
        path.unlink()
    told = write(folder).path.read_text()
    assert "No run has finished; the points are listed below." in told and "The points differ" not in told
