"""Recording fewer metrics changes nothing but what is recorded."""

import pytest

from experiments.sweeps.study import load
from experiments.sweeps.variants import Variants, identity
from model import Marketplace, Scenario, ScenarioError

FEW = ["bitcoin.*", "amm.volume", "miners.gini"]
SWEEP = """
[experiment]
name = "few"
question = "Are only these measured?"
base = "smoke"
ticks = 3

[[design]]
kind = "grid"

[design.vars]
"amm.fee_bps" = {{ values = [10, 100] }}

[replicates]
n = 1

[outputs]
record = {record}
summary = {summary}
"""


def few(record=FEW, **more):
    return Scenario.load("smoke").override({"record": record, **more})


def test_a_run_is_the_same_and_its_figures_are():
    with Marketplace("smoke", rng=1) as whole, Marketplace(few(), rng=1) as part:
        assert whole.run().fingerprint() == part.run().fingerprint()
        every, some = whole.metrics(), part.metrics()
        assert set(some) == {name for name in every if name.startswith("bitcoin.")} | {"amm.volume", "miners.gini"}
        assert some.equals(every[list(some)])
        assert part.summary() == {name: whole.summary()[name] for name in some}


@pytest.mark.parametrize("record", [["bitcon.price"], ["lending.*"], "bitcoin.price", [3]])
def test_what_no_run_could_record_is_refused(record):
    with pytest.raises(ScenarioError, match="record"):
        few(record)


def test_a_rule_that_ends_the_run_needs_its_metric():
    rule = {"metric": "amm.depth", "below": 1.0}
    assert few([*FEW, "amm.depth"], **{"clock.stop_when": rule}).recorded()
    with pytest.raises(ScenarioError, match="records no such metric"):
        few(**{"clock.stop_when": rule})


def test_points_of_other_metrics_are_other_points():
    assert identity(few()) != identity(Scenario.load("smoke")) != identity(few(["amm.volume"]))
    built = Variants(few()).of({"amm.fee_bps": 55})
    assert built.id == identity(few(**{"amm.fee_bps": 55}))


def test_a_sweep_measures_what_its_outputs_name(tmp_path):
    path = tmp_path / "few.toml"
    path.write_text(SWEEP.format(record='["amm.*"]', summary='["amm.volume"]'))
    study = load(path)
    assert {m.name.split(".")[0] for p in study.points for m in p.scenario.recorded()} == {"amm"}
    path.write_text(SWEEP.format(record='["amm.*"]', summary='["bitcoin.price"]'))
    with pytest.raises(ScenarioError, match=r"bitcoin\.price"):
        load(path)
