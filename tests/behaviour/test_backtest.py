"""Rules of investment with frozen defaults against the real hashrate; nothing here is fitted."""

import numpy as np
import pytest
from rich.console import Console

from experiments.backtest import (
    BARS,
    BARS_REMOVAL,
    WINDOWS,
    agents_market,
    agents_sample,
    aggregate,
    growth_check,
    picture,
    print_table,
)
from experiments.backtest.references import references, score
from model.errors import ScenarioError
from model.mechanisms.rigs.aggregate import bins, simulate
from model.mechanisms.rigs.rules import InvestmentRules
from model.mechanisms.rigs.weeks import months, window

CASES = [(start, False, bar) for start, bar in BARS.items()] + [
    (start, True, bar) for start, bar in BARS_REMOVAL.items()
]


@pytest.mark.parametrize(("start", "removal", "bar"), CASES)
def test_aggregate_follows_real_hashrate(start: str, removal: bool, bar: float) -> None:
    assert aggregate(start, removal).score <= bar


@pytest.mark.parametrize(("start", "removal", "bar"), CASES)
def test_sampled_miners_follow_real_hashrate(start: str, removal: bool, bar: float) -> None:
    scores = [agents_sample(start, removal, seed=seed).score for seed in (1, 2, 3)]
    assert scores[0] <= bar
    assert np.mean(scores) <= bar


@pytest.mark.slow
@pytest.mark.parametrize(("start", "removal", "bar"), CASES)
def test_miner_agents_follow_real_hashrate(start: str, removal: bool, bar: float) -> None:
    assert np.mean([agents_market(start, removal, seed=seed).score for seed in (1, 2, 3)]) <= bar


def test_miner_agents_follow_the_weekly_rules() -> None:
    """Two years of days differ from two years of weeks by the model's own pace of blocks alone."""
    start = "2023-01"
    assert agents_market(start, n=100).score == pytest.approx(agents_sample(start, n=100).score, abs=0.06)


@pytest.mark.parametrize("burn_in", [26, 39, 104])
def test_bars_hold_for_other_burn_ins(burn_in: int) -> None:
    for start, removal, bar in CASES:
        assert aggregate(start, removal, burn_in=burn_in).score <= bar


@pytest.mark.parametrize("start", WINDOWS)
def test_rules_beat_every_simple_reference(start: str) -> None:
    run = aggregate(start)
    for name, forecast in references(start).items():
        assert run.score < score(forecast, run.observed), name


def test_three_parameters_are_those_of_the_trial() -> None:
    """The trial, two months longer, had .265 and .380; from 2022 .03 is too coarse to repeat its .153."""
    for start, expected in (("2018-01", 0.265), ("2021-01", 0.380)):
        assert score(references(start)["three parameters"], aggregate(start).observed) == pytest.approx(
            expected, abs=0.01
        )


@pytest.mark.parametrize("trend", [0.2, 0.3, 0.4])
@pytest.mark.parametrize("by", ["bins", "agents", pytest.param("market", marks=pytest.mark.slow)])
def test_hashrate_grows_as_fast_as_rigs_improve(trend: float, by: str) -> None:
    assert growth_check(trend, by) == pytest.approx(trend, rel=0.1)


def test_the_window_never_sees_its_own_hashrate() -> None:
    series = months()
    hidden = np.where(series.month >= np.datetime64("2021-01"), 1.0, series.hashrate)
    rules = InvestmentRules.of()
    seen = simulate(bins(rules, 5), rules, window("2021-01"))
    blind = simulate(bins(rules, 5), rules, window("2021-01", series=series._replace(hashrate=hidden)))
    assert np.array_equal(seen.hashrate, blind.hashrate)


def test_no_week_sees_later_months() -> None:
    series = months()
    cut = np.datetime64("2022-06")
    changed = series._replace(
        revenue=np.where(series.month >= cut, 10.0 * series.revenue, series.revenue),
        best=np.where(series.month >= cut, 0.5 * series.best, series.best),
    )
    rules = InvestmentRules.of()
    weeks = window("2021-01")
    before = int((cut.astype("datetime64[D]") - weeks.first_day).astype(int)) // 7
    real = simulate(bins(rules, 5), rules, weeks)
    other = simulate(bins(rules, 5), rules, window("2021-01", series=changed))
    assert np.array_equal(real.hashrate[:before], other.hashrate[:before])
    assert not np.array_equal(real.hashrate[before + 1 :], other.hashrate[before + 1 :])


def test_few_bins_score_like_many() -> None:
    assert aggregate("2018-01", n=5).score == pytest.approx(aggregate("2018-01", n=40).score, abs=0.01)


def test_seven_years_pass_without_nan_or_negative() -> None:
    rules = InvestmentRules.of()
    path = simulate(bins(rules, 5), rules, window("2018-01", removal=True))
    for values in path:
        assert np.isfinite(values).all()
        assert (values >= 0.0).all()


def test_a_window_before_the_tables_is_refused() -> None:
    with pytest.raises(ScenarioError, match="2014-02"):
        window("2014-03")


@pytest.mark.slow
def test_report(tmp_path) -> None:
    console = Console(record=True, width=140, quiet=True)
    print_table(console)
    path = tmp_path / "backtest.png"
    picture(path)
    assert path.stat().st_size > 20_000
