"""Transaction fees over the subsidy: two speeds of mean reversion, by a Gaussian quasi-likelihood."""

import math
from typing import NamedTuple

import numpy as np
from scipy import signal, special, stats

from experiments.fit_coin.series import BURN_IN, Array, autocorrelation, minimise


class Fees(NamedTuple):
    """ln(fees/subsidy) as mean + slow AR(1) + fast AR(1) with t innovations; the ratio is cut at `cap`."""

    mean: float
    slow_persistence: float
    slow_sd: float
    fast_persistence: float
    fast_sd: float
    nu: float
    cap: float = 3.0


def fee_errors(p: Fees, ratios: Array) -> tuple[Array, Array]:
    """One-day forecast errors of ln(fees/subsidy) and their variances, by the Kalman filter of the two AR(1) parts."""
    a, b = p.slow_persistence, p.fast_persistence
    q_slow, q_fast = p.slow_sd**2 * (1 - a * a), p.fast_sd**2
    slow = fast = cross = 0.0
    p_slow, p_fast = p.slow_sd**2, q_fast / (1 - b * b)
    errors, variances = np.empty(len(ratios)), np.empty(len(ratios))
    for t, value in enumerate(np.log(ratios).tolist()):
        variance = p_slow + 2 * cross + p_fast
        error = value - p.mean - slow - fast
        errors[t], variances[t] = error, variance
        gain_slow, gain_fast = (p_slow + cross) / variance, (p_fast + cross) / variance
        slow, fast = a * (slow + gain_slow * error), b * (fast + gain_fast * error)
        p_slow, cross, p_fast = (
            a * a * (p_slow - gain_slow**2 * variance) + q_slow,
            a * b * (cross - gain_slow * gain_fast * variance),
            b * b * (p_fast - gain_fast**2 * variance) + q_fast,
        )
    return errors, variances


def fit_fees(ratios: Array) -> Fees:
    """Gaussian quasi-likelihood for five parameters; nu = 4 + 6/k, k the excess kurtosis of the errors."""

    def unpack(x: Array) -> Fees:
        return Fees(x[0], special.expit(x[1]), math.exp(x[2]), special.expit(x[3]), math.exp(x[4]), 5.0)

    def loss(x: Array) -> float:
        errors, variances = fee_errors(unpack(x), ratios)
        return float(0.5 * (np.log(variances) + errors**2 / variances).sum())

    fit = unpack(minimise(loss, [-3.5, 4.8, -0.2, 1.0, -1.5], evaluations=900))
    errors, variances = fee_errors(fit, ratios)
    return fit._replace(nu=4 + 6 / float(stats.kurtosis(errors / np.sqrt(variances))))


def simulate_fees(p: Fees, days: int, paths: int, rng: np.random.Generator) -> Array:
    """Fees/subsidy by day, one row a path, after a burn-in."""
    normal = rng.standard_normal((BURN_IN + days, paths)) * p.slow_sd * math.sqrt(1 - p.slow_persistence**2)
    t = rng.standard_t(p.nu, size=(BURN_IN + days, paths)) * p.fast_sd * math.sqrt((p.nu - 2) / p.nu)
    slow = signal.lfilter([1.0], [1.0, -p.slow_persistence], normal, axis=0)
    fast = signal.lfilter([1.0], [1.0, -p.fast_persistence], t, axis=0)
    return np.asarray(np.minimum(np.exp(p.mean + slow + fast)[BURN_IN:], p.cap).T)


def fee_moments(ratios: Array, subsidies: Array, years: Array) -> dict[str, Array]:
    """Moments of fees along the last axis; yearly shares of revenue are flattened over paths and years."""
    fees, logs = ratios * subsidies, np.log(ratios)
    yearly = [
        fees[..., years == year].sum(axis=-1) / (fees + subsidies)[..., years == year].sum(axis=-1)
        for year in np.unique(years)
    ]
    return {
        "yearly fee share": np.ravel(yearly),
        "fee share of the period": np.asarray(fees.sum(axis=-1) / (fees + subsidies).sum(axis=-1)),
        "largest day, BTC": np.asarray(fees.max(axis=-1)),
        "sd of ln ratio": np.asarray(logs.std(axis=-1)),
        "sd of daily change": np.asarray(np.diff(logs, axis=-1).std(axis=-1)),
        "acf1 of ln ratio": autocorrelation(logs, 1),
        "acf10 of ln ratio": autocorrelation(logs, 10),
        "acf30 of ln ratio": autocorrelation(logs, 30),
    }
