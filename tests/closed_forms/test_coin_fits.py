"""Fits of the coin and of fees: likelihoods against closed forms, defaults against neighbours, facts against bands."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from experiments import fit_coin
from experiments.fit_coin.facts import FACTS, RANDOM
from experiments.fit_coin.regimes import bic
from experiments.sources import FOLDER
from model.mechanisms.bitcoin import BitcoinParams

ROOT = Path(__file__).resolve().parents[2]
DAILY = FOLDER / "btc_daily.csv"
needs_source = pytest.mark.skipif(not DAILY.is_file(), reason=f"needs {DAILY}, which does not ship: RIGSHARE_SOURCES")
DEFAULTS = BitcoinParams()


def test_variance_targeting_and_simulated_volatility() -> None:
    p = fit_coin.targeted(0.0, 0.05, 0.02, 0.85, 8.0, volatility=0.69)
    assert p.omega / (1 - p.persistence) * 365 == pytest.approx(0.69**2)
    returns = fit_coin.simulate_garch(p, 1000, 200, np.random.default_rng(1))
    assert math.sqrt(returns.var() * 365) == pytest.approx(0.69, rel=0.05)


def test_garch_likelihood_with_constant_variance_is_that_of_a_t() -> None:
    returns = np.random.default_rng(1).normal(0, 0.03, 500)
    p = fit_coin.Garch(0.001, returns.var(), 0.0, 0.0, 0.0, 5.0)
    scale = math.sqrt(returns.var() * 3 / 5)
    expected = stats.t.logpdf(returns, 5, loc=0.001, scale=scale).sum()
    assert fit_coin.garch_loglik(p, returns) == pytest.approx(expected)


def test_fee_filter_whitens_its_own_simulation() -> None:
    p = fit_coin.Fees(-3.5, 0.99, 0.9, 0.6, 0.25, 6.0)
    ratios = fit_coin.simulate_fees(p, 3000, 1, np.random.default_rng(2))[0]
    errors, variances = fit_coin.fee_errors(p, ratios)
    z = errors / np.sqrt(variances)
    assert z.std() == pytest.approx(1, abs=0.06) and abs(fit_coin.autocorrelation(z, 1)) < 0.06
    assert ratios.max() <= p.cap


@needs_source
def test_fitted_defaults_beat_their_neighbours() -> None:
    returns = fit_coin.daily_returns(fit_coin.read_columns(DAILY))
    assert len(returns) == 2557
    chosen = fit_coin.targeted(0.0008, 0.0746, 0.015, 0.893, 3.6)
    assert fit_coin.garch_loglik(chosen, returns) == pytest.approx(5340.4, abs=0.2)
    assert fit_coin.garch_loglik(chosen._replace(alpha=0.05, beta=0.9175), returns) < 5340


def test_jumps_too_small_to_see_leave_a_normal_law() -> None:
    returns = np.random.default_rng(3).normal(0.001, 0.69 / math.sqrt(365), 400)
    p = fit_coin.Jumps(float(returns.mean()), 0.5, 0.0, 1e-9)
    assert fit_coin.jumps_loglik(p, returns) == pytest.approx(fit_coin.normal_loglik(returns, 0.69))


def test_jump_likelihood_is_a_density() -> None:
    p = fit_coin.Jumps(0.001, 0.8, -0.2, 0.9)
    grid = np.linspace(-0.6, 0.6, 4001)
    density = [math.exp(fit_coin.jumps_loglik(p, np.array([r]))) for r in grid]
    assert np.trapezoid(density, grid) == pytest.approx(1, abs=1e-6)
    assert np.trapezoid(density * grid, grid) == pytest.approx(0.001, abs=1e-6)
    assert math.sqrt(np.trapezoid(density * (grid - 0.001) ** 2, grid) * 365) == pytest.approx(0.69, rel=1e-4)


def test_filter_with_equal_regimes_is_the_normal_likelihood() -> None:
    returns = np.random.default_rng(4).normal(0.0, 0.03, 300)
    mean, sd = np.full(2, returns.mean()), np.full(2, returns.std())
    p = fit_coin.Switching(mean, sd, np.array([[0.7, 0.3], [0.1, 0.9]]))
    assert fit_coin.switching_loglik(p, returns) == pytest.approx(fit_coin.normal_loglik(returns))


def test_expectation_maximisation_finds_the_regimes_of_its_own_simulation() -> None:
    two = {"regime_volatility": [0.3, 1.2], "regime_drift": [0.0, 0.0], "regime_moves": [[0.95, 0.05], [0.15, 0.85]]}
    returns = fit_coin.simulate("regimes", 3000, [1], **two)[0]
    p, loglik = fit_coin.fit_regimes(returns, 2, starts=2)
    assert p.sd[1] / p.sd[0] == pytest.approx(4, rel=0.1)
    assert np.diag(p.moves) == pytest.approx([0.95, 0.85], abs=0.03)
    assert loglik == pytest.approx(fit_coin.switching_loglik(p, returns))
    assert p.volatility == pytest.approx(0.69, rel=0.06)


def test_blocks_are_long_where_memory_is() -> None:
    noise = np.random.default_rng(5).normal(size=3000)
    slow = np.array(noise)
    for t in range(1, slow.size):
        slow[t] += 0.9 * slow[t - 1]
    lengths = [fit_coin.block_length(x) for x in (noise, slow)]
    assert lengths[0] < 5 < 20 < lengths[1] < 200


def chosen_regimes() -> fit_coin.Switching:
    volatility, drift = np.array(DEFAULTS.regime_volatility), np.array(DEFAULTS.regime_drift)
    return fit_coin.Switching(drift / 365, volatility / math.sqrt(365), np.array(DEFAULTS.regime_moves))


@needs_source
def test_defaults_of_jumps_and_regimes_beat_their_neighbours() -> None:
    returns = fit_coin.daily_returns(fit_coin.read_columns(DAILY))
    jumps = fit_coin.Jumps(0.00073, DEFAULTS.jump_rate, DEFAULTS.jump_mean, DEFAULTS.jump_sd)
    assert fit_coin.jumps_loglik(jumps, returns) == pytest.approx(5241.7, abs=0.1)
    for other in (jumps._replace(rate=0.7), jumps._replace(sd=0.95), jumps._replace(mean=-0.1)):
        assert fit_coin.jumps_loglik(other, returns) < 5241.6
    regimes = chosen_regimes()
    best = fit_coin.switching_loglik(regimes, returns)
    assert best == pytest.approx(5345.3, abs=0.1)
    assert bic(best, regimes.free, returns.size) < -10_533
    assert fit_coin.switching_loglik(regimes._replace(sd=regimes.sd * 1.05), returns) < best - 1
    assert fit_coin.block_length(np.abs(returns)) == pytest.approx(DEFAULTS.block_days, abs=0.5)


@pytest.fixture(scope="module")
def facts() -> str:
    return fit_coin.facts_table(fit_coin.read_columns(DAILY))


@needs_source
def test_the_page_shows_the_facts(facts: str) -> None:
    assert facts in (ROOT / "docs" / "explanation" / "fits.md").read_text(encoding="utf-8")


@needs_source
def test_facts_have_a_column_for_every_process(facts: str) -> None:
    head, _, *rows = facts.splitlines()
    assert head.count("|") == len(RANDOM) + 4 and len(rows) == len(FACTS) + 1


@pytest.mark.parametrize("process", ["garch", "regimes", pytest.param("bootstrap", marks=needs_source)])
def test_the_median_path_has_the_stylised_facts(process: str, tmp_path: Path) -> None:
    own: dict[str, Any] = {}
    if process == "bootstrap":
        own["file"] = str(fit_coin.write_prices(tmp_path / "prices.csv", fit_coin.read_columns(DAILY)))
    paths = fit_coin.simulate(process, 2557, range(101, 125), **own)
    medians, share = fit_coin.in_bands(fit_coin.return_moments(paths))
    assert medians and share > 0.4


@pytest.mark.parametrize("process", ["gbm", "jump_diffusion"])
def test_processes_without_memory_have_no_clusters(process: str) -> None:
    moments = fit_coin.return_moments(fit_coin.simulate(process, 2557, range(101, 113)))
    assert abs(np.median(moments["acf|r|"])) < 0.01
    assert np.median(moments["excess kurtosis"]) < 4
