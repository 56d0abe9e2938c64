"""`compare`: pairs stay paired, planted differences are found, bad input is one sentence."""

import json
import math

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import run
from experiments.compare import analysis, running
from experiments.compare.printing import notes
from experiments.compare.sense import LESS, MORE, sense
from experiments.statistics import Precision
from model import Scenario
from model.errors import ScenarioError
from model.metric import registry


def table(n=20, missing=()):
    """Two points; the second has a higher price by 1 and a lower bad debt in all replicates."""
    draws = np.random.default_rng(1).normal(size=n)
    rows = []
    for point, shift in (("a", 0.0), ("b", 1.0)):
        for r in range(n):
            if (point, r) not in missing:
                noise = 0.1 * math.sin(7.0 * r + shift)
                numbers = {
                    "bitcoin.price": 10.0 + 5.0 * draws[r] + shift + noise,
                    "lending.lost_depositors": 5.0 - shift + noise,
                    "amm.depth": 3.0,
                    "gains.miner": 100.0 * shift + draws[r] + noise,
                }
                rows.append({"point": point, "replicate": r, **numbers})
    return pd.DataFrame(rows)


def test_a_planted_difference_is_found_and_pairing_saves_runs():
    found = analysis.analyse(table(), "a", "b", ["bitcoin.*", "lending.*", "amm.depth"])
    price, lost, depth = found.rows
    assert price.difference.interval.low < 1.0 < price.difference.interval.high
    assert price.difference.reduction > 100.0
    assert (price.sense, lost.sense) == (0, -1)
    assert lost.difference.better.value == 1.0, "less is better"
    assert math.isnan(depth.adjusted), "what never differs is no test"
    assert found.sectors[0].metric.name == "gains.miner" and found.sectors[0].adjusted < 1e-6


def test_p_values_are_adjusted_over_all_rows():
    rows = analysis.rows_of(table(), ["bitcoin.price", "lending.lost_depositors"])
    raw = [row.difference.p for row in rows]
    assert max(row.adjusted for row in rows) >= max(raw)
    assert min(row.adjusted for row in rows) == pytest.approx(2 * min(raw))


def test_a_replicate_that_failed_on_one_side_is_left_out_and_told():
    found = analysis.analyse(table(missing={("b", 3), ("a", 5)}), "a", "b", ["bitcoin.price"])
    assert (found.replicates, found.unpaired, found.rows[0].difference.n) == (18, 2, 18)
    assert found.rows[0].difference.reduction > 100.0, "those that are left stay paired"
    assert any("2 replicates finished on one side only" in line for line in notes(found))


def test_a_table_of_one_point_is_refused():
    one = table()[lambda t: t["point"] == "a"]
    with pytest.raises(ScenarioError, match="two are needed"):
        analysis.analyse(one, "a", "b")


def test_a_precision_is_told_with_what_it_takes():
    found = analysis.analyse(
        table(), "a", "b", ["bitcoin.price"], ("bitcoin.price", Precision(20, 0.01, 0.05, 480, False))
    )
    assert any("not reached; it takes about 480 replicates" in line for line in notes(found))
    assert found.record()["precision"]["projected"] == 480


def test_every_metric_with_a_sense_exists():
    from fnmatch import fnmatchcase

    for pattern in (*LESS, *MORE):
        assert any(fnmatchcase(name, pattern) for name in registry()), pattern
    assert sense("lending.health_min") == 1 and sense("lending.debt") == 0


@pytest.mark.slow
def test_one_more_liquidity_provider_leaves_replicates_paired(tmp_path):
    smoke = Scenario.load("smoke")
    more = smoke.override({"agents.liquidity_provider.count": 7})
    finished, _ = running.execute(smoke, more, 8, None, tmp_path, progress=False)
    names = ["network.hashprice", "fractions.premium", "fractions.mispricing", "amm.price_median", "amm.depth"]
    found = {row.metric.name: row.difference.reduction for row in analysis.rows_of(finished.table, names)}
    assert found.pop("network.hashprice") > 1_000.0 or math.isnan(found.get("network.hashprice", math.nan))
    assert min(found.values()) > 1.0
    for row in analysis.rows_of(finished.table, ["bitcoin.price"]):
        assert math.isinf(row.difference.reduction), "the coin's price has its own stream"


@pytest.mark.slow
def test_a_precision_runs_a_pilot_and_goes_on_until_it_is_reached(tmp_path):
    smoke = Scenario.load("smoke").override({"clock.ticks": 8})
    more = smoke.override({"agents.retail_investor.count": 90})
    target = running.Wish("amm.volume", 1e9, 60)
    finished, (_, state) = running.execute(smoke, more, 0, target, tmp_path, progress=False)
    assert state.reached and state.n == 10 and len(finished.table) == 20
    tight = running.Wish("amm.volume", state.achieved * 0.8, 60)
    longer, (_, found) = running.execute(smoke, more, 0, tight, tmp_path, progress=False)
    assert found.n > 10 and len(longer.table) == 2 * found.n
    first = finished.table.set_index("run")["fingerprint"]
    again = longer.table.set_index("run")["fingerprint"]
    assert again.loc[first.index].equals(first), "more replicates change none that are there"
    assert found.achieved <= found.wanted or found.n == 60


def ask(*words):
    return CliRunner().invoke(run.app, [str(w) for w in words])


def test_the_command_prints_and_gives_json(tmp_path):
    words = ("compare", "smoke", "smoke", "--set-b", "amm.fee_bps=250", "--ticks", 8, "--seeds", 3, "--out", tmp_path)
    shown = ask(*words)
    assert shown.exit_code == 0, shown.output
    assert "who won and who lost" in shown.output and "reduction" in shown.output
    record = json.loads(ask(*words, "--json", "--metrics", "amm.*").stdout)
    assert record["replicates"] == 3
    assert {row["metric"].split(".")[0] for row in record["metrics"]} == {"amm"}
    assert {row["metric"] for row in record["sectors"]} >= {"gains.miner", "gains.retail_investor"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("smoke", "smoke"), "both are the same scenario"),
        (("smoke", "baseline"), "give both the same --ticks"),
        (("smoke", "smokey"), "did you mean 'smoke'"),
        (("smoke", "smoke", "--set-b", "amm.fee_bps=50", "--metrics", "bitcoin.prise"), "bitcoin.price"),
        (("smoke", "smoke", "--set-b", "amm.fee_bps=50", "--seeds", 1), "at least 2"),
        (("smoke", "smoke", "--set-b", "amm.fee_bps=50", "--precision", "amm.volume"), "half-width"),
        (("smoke", "smoke", "--set-b", "amm.fee_bps=50", "--precision", "amm.volum=3"), "did you mean 'amm.volume'"),
        (("smoke", "smoke", "--set-b", "amm.fee_bps=50", "--precision", "amm.volume=3", "--max", 4), "--max 4"),
        (("smoke", "smoke", "--set-b", "amm.fee_bps=50", "--precision", "amm.volume=3", "--seeds", 4), "--seeds and"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(words, sentence, tmp_path):
    result = ask("compare", *words, "--out", tmp_path)
    assert result.exit_code == 2
    assert sentence in result.output and "Traceback" not in result.output
    assert not list(tmp_path.iterdir()), "nothing ran"
