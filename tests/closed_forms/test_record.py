"""Recording fewer metrics changes nothing but what is recorded."""

import math

import pytest

from experiments.sweeps.study import load
from experiments.sweeps.variants import Variants, identity
from model import Marketplace, Scenario, ScenarioError
from model.metric import metric, recorded, registry, summarise

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


def test_a_weighted_mean_is_the_ratio_of_the_sums():
    paid, staked = [50.0, 60.0, 0.0], [1.0, 1_000.0, 0.0]
    rates = [p / s if s else float("nan") for p, s in zip(paid, staked, strict=True)]
    assert summarise(rates, "mean", staked) == pytest.approx(sum(paid) / sum(staked))
    assert summarise(rates, "mean") > 25.0
    assert math.isnan(summarise([float("nan"), 2.0], "mean", [0.0, 0.0]))
    with pytest.raises(ValueError, match="weight"):
        metric("1", "last", weight="farms.staked_usd")


def test_what_weighs_is_recorded_wherever_the_ratio_is():
    known = registry()
    weighted = [m for m in known.values() if m.weight]
    assert {"farms.apr", "auction.filled"} <= {m.name for m in weighted}
    for m in weighted:
        assert set(known[m.weight].needs) <= set(m.needs), m.name
        assert [each.name for each in recorded(m.needs, [m.name])].count(m.weight) == 1


def test_a_yield_of_a_run_is_what_was_paid_over_what_was_staked():
    with Marketplace(Scenario.load("gomining").override({"clock.ticks": 40}), rng=1) as market:
        table, numbers = market.run().metrics(), market.summary()
    apr, staked = table["farms.apr"], table["farms.staked_usd"]
    assert numbers["farms.apr"] == pytest.approx((apr * staked).sum() / staked[apr.notna()].sum())
    bids = table["auction.bids"]
    assert numbers["auction.filled"] == pytest.approx(table["auction.volume"].sum() / bids.sum())


def test_days_without_a_value_are_left_out_of_a_summary():
    path = [float("nan"), 1.0, 3.0, float("nan")]
    found = {rule: summarise(path, rule) for rule in ("last", "mean", "sum", "max", "min")}
    assert found == {"last": 3.0, "mean": 2.0, "sum": 4.0, "max": 3.0, "min": 1.0}
