"""The study of credit in three frameworks: same draws, same rules, same results."""

import math
import os
import sys

import pytest

from benchmarks import bench_study
from benchmarks.peers.credit_study import draws, for_mesa, market, rules
from model.mechanisms.amm.formulas import amount_out
from model.mechanisms.lending import kinked_rate, liquidation_outcome, utilisation

BORROWERS, DAYS, SEEDS = 60, 150, [3, 4]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Draws of some runs."""
    place = tmp_path_factory.mktemp("draws")
    draws.save(place, BORROWERS, DAYS, SEEDS)
    return place


@pytest.fixture(scope="module")
def ours():
    """Our runs with the same seeds."""
    chosen = market.scenario(BORROWERS, DAYS)
    return [market.run(chosen, seed) for seed in SEEDS]


def same(ours, theirs):
    """Whether results differ by no more than rounding and the order of two swaps a day."""
    for own, other in zip(ours, theirs, strict=True):
        assert own.liquidations == pytest.approx(other.liquidations, abs=1)
        for name in ("price", "debt", "liquidated", "reserve"):
            assert getattr(own, name) == pytest.approx(getattr(other, name), rel=1e-3), name
        assert own.bad_debt == pytest.approx(other.bad_debt, abs=1.0)


def test_the_study_has_life(ours):
    assert sum(result.liquidations for result in ours) > 10
    assert all(result.debt > 100.0 * BORROWERS for result in ours)
    assert ours[0] != ours[1]


def test_mesa_and_we_agree(folder, ours):
    same(ours, for_mesa.run_all(folder, SEEDS, DAYS, 1))


@pytest.mark.parametrize("chosen", [r for r in bench_study.ROWS if r.how == "radcad"], ids=lambda r: r.name)
def test_radcad_and_we_agree(folder, ours, chosen):
    python = os.environ.get("RADCAD_PYTHON", sys.executable)
    row = bench_study.row(chosen, folder, BORROWERS, (len(SEEDS), 1), python, DAYS)
    if "missing" in row:
        pytest.skip(f"radCAD is {row['missing']}, or set RADCAD_PYTHON")
    assert row["rate"] > 0.0
    same(ours, [rules.Result(*values) for values in row["results"]])


def test_peers_know_the_day_as_we_do(folder):
    with market.Marketplace(market.scenario(BORROWERS, DAYS), rng=SEEDS[0]) as own:
        table = own.run().metrics()
    theirs = for_mesa.Credit(str(folder), SEEDS[0], DAYS)
    while theirs.running:
        theirs.step()
    other = theirs.datacollector.get_model_vars_dataframe()
    assert tuple(other.columns) == rules.METRICS
    for name in rules.METRICS:
        if name != "lending.bad_debt":
            assert table[name].tolist() == pytest.approx(other[name].tolist(), rel=2e-3, abs=1.0, nan_ok=True), name


def test_the_peers_formulas_are_ours():
    loan = draws.Loan(0.7, 0.08, 0.1, 0.5, 0.95, 1.0, 1.0, 0.6, 0.02, 0.8, 0.06, 1.0)
    for cash, debt in ((100.0, 0.0), (50.0, 50.0), (5.0, 95.0), (0.0, 10.0)):
        used, rate = rules.rate(cash, debt, 2.0, loan)
        assert used == utilisation(cash, debt, 2.0)
        assert rate == pytest.approx(kinked_rate(used, loan.base, loan.slope1, loan.slope2, loan.kink), rel=1e-12)
    for price in (130.0, 120.0, 100.0, 90.0):
        repaid, seized, count = rules.liquidate(1.0, 85.0, price, loan)
        first = liquidation_outcome(1.0, price, 85.0, loan.threshold, loan.bonus, loan.close_factor, loan.full_below)
        assert (count == 0) == (first[0] == 0.0)
        if count == 1:
            assert (repaid, seized) == pytest.approx(first[:2])
    assert rules.swap(1_000.0, 10_000.0, 10_000.0, 0.003) == pytest.approx(amount_out(10**9, 10**10, 10**10, 30) / 1e6)
    buys, _ = rules.gap(1_000.0, 1_000.0, 1.21, 0.0)
    assert buys == pytest.approx(100.0)


def test_sizes_grow_with_borrowers():
    small, large = market.scenario(50), market.scenario(200)
    assert large.agents["borrower"].count == 4 * small.agents["borrower"].count == 200
    assert large.mechanisms["vaults"].supply == 4 * small.mechanisms["vaults"].supply
    assert large.agents["sponsor"].traits["deposit"].constant.value == 1_000_000.0


def test_rows_that_differ_or_lag_are_told():
    found = {"a": [1.0, 2_000.0], "b": [1.0, 2_001.0], "c": [1.0, 2_100.0]}
    assert bench_study.agree(found) == ["c"]
    text = bench_study.shown("x", 3, {"rate": 2.0, "start": 1.0, "seconds": 2.5, "mb": 100.0}, 5.0)
    assert text.split()[-1] == "2.50x"
    assert math.isclose(float(text.split()[5].replace(",", "")), 501.0)
