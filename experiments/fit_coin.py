"""Fits of the coin price and of transaction fees to the daily figures of 2018-2024.

`python -m experiments.fit_coin [FOLDER]` prints both fits; FOLDER holds btc_daily.csv and targets.csv. The numbers
chosen as defaults are in docs/explanation/fits.md.
"""

import argparse
import csv
import math
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, signal, special, stats

Array = NDArray[np.float64]

FOLDER = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
FIRST, LAST = "2018-01-01", "2024-12-31"
VOLATILITY = 0.69  # annual, the target imposed on the fit
BANDS = {"excess kurtosis": (3.0, math.inf), "tail exponent": (2.5, 4.0), "acf1": (-0.1, 0.1), "acf|r|": (0.04, 0.12)}
SHARE_IN_BANDS = 0.6  # of simulated paths that must meet all bands at once
BURN_IN = 500  # days


class Garch(NamedTuple):
    """GJR-GARCH(1,1) of daily log returns with standardised Student-t innovations [GlostenEtAl1993]."""

    mu: float
    omega: float
    alpha: float
    gamma: float
    beta: float
    nu: float

    @property
    def persistence(self) -> float:
        """Share of a shock to variance left after a day, alpha + gamma/2 + beta; below 1."""
        return self.alpha + self.gamma / 2 + self.beta


class Fees(NamedTuple):
    """ln(fees/subsidy) as mean + slow AR(1) + fast AR(1) with t innovations; the ratio is cut at `cap`."""

    mean: float
    slow_persistence: float
    slow_sd: float
    fast_persistence: float
    fast_sd: float
    nu: float
    cap: float = 3.0


def targeted(mu: float, alpha: float, gamma: float, beta: float, nu: float, volatility: float = VOLATILITY) -> Garch:
    """Garch with omega set by variance targeting: omega = s^2/365 (1 - alpha - gamma/2 - beta), s annual."""
    return Garch(mu, volatility**2 / 365 * (1 - alpha - gamma / 2 - beta), alpha, gamma, beta, nu)


def garch_loglik(p: Garch, returns: Array) -> float:
    """Log likelihood of daily log returns; v_t = omega + (alpha + gamma [e < 0]) e_{t-1}^2 + beta v_{t-1}."""
    if min(p.omega, p.alpha, p.alpha + p.gamma, p.beta) < 0 or p.nu <= 2.05 or p.persistence >= 0.9999:
        return -math.inf
    error = returns - p.mu
    news = p.omega + (p.alpha + p.gamma * (error < 0)) * error**2
    start = returns.var()
    variance = np.concatenate(([start], signal.lfilter([1.0], [1.0, -p.beta], news[:-1], zi=[p.beta * start])[0]))
    return student_loglik(error**2 / variance, variance, p.nu)


def student_loglik(squares: Array, variance: Array, nu: float) -> float:
    """Sum of log densities of a Student t scaled to unit variance, given squared standardised errors."""
    constant = special.gammaln((nu + 1) / 2) - special.gammaln(nu / 2) - 0.5 * math.log(math.pi * (nu - 2))
    terms = 0.5 * np.log(variance) + (nu + 1) / 2 * np.log1p(squares / (nu - 2))
    return float(len(squares) * constant - terms.sum())


def fit_garch(returns: Array) -> Garch:
    """Maximum likelihood, all six parameters free."""
    scale = returns.var()

    def unpack(x: Array) -> Garch:
        return Garch(x[0] / 1e3, x[1] * scale, *x[2:])

    best = _minimise(lambda x: -garch_loglik(unpack(x), returns), [0.7, 0.01, 0.07, 0.01, 0.9, 3.5])
    return unpack(best)


def fit_targeted(returns: Array, persistence: float | None = None, nu: float | None = None) -> Garch:
    """Maximum likelihood with the annual volatility imposed; persistence and nu may be held fixed."""

    def unpack(x: Array) -> Garch:
        total = persistence or x[3]
        return targeted(x[0] / 1e3, x[1], x[2], total - x[1] - x[2] / 2, nu or x[-1])

    start = [0.7, 0.07, 0.01] + ([] if persistence else [0.97]) + ([] if nu else [3.5])
    return unpack(_minimise(lambda x: -garch_loglik(unpack(x), returns), start))


def simulate_garch(p: Garch, days: int, paths: int, rng: np.random.Generator) -> Array:
    """Daily log returns, one row a path, after a burn-in from the stationary variance."""
    z = rng.standard_t(p.nu, size=(BURN_IN + days, paths)) * math.sqrt((p.nu - 2) / p.nu)
    variance = np.full(paths, p.omega / (1 - p.persistence))
    for t in range(len(z)):
        error = np.sqrt(variance) * z[t]
        variance = p.omega + (p.alpha + p.gamma * (error < 0)) * error**2 + p.beta * variance
        z[t] = p.mu + error
    return z[BURN_IN:].T.copy()


def autocorrelation(x: Array, lag: int) -> Array:
    """Sample autocorrelation along the last axis."""
    x = x - x.mean(axis=-1, keepdims=True)
    return np.asarray((x[..., lag:] * x[..., :-lag]).sum(axis=-1) / (x**2).sum(axis=-1))


def return_moments(returns: Array) -> dict[str, Array]:
    """Moments of daily log returns along the last axis; the tail exponent is Hill's on the top 5 % of |r|."""
    size = np.abs(returns)
    ordered = -np.sort(-size, axis=-1)
    top = int(0.05 * size.shape[-1])
    tail = 1 / np.log(ordered[..., :top] / ordered[..., top : top + 1]).mean(axis=-1)
    return {
        "volatility": np.asarray(returns.std(axis=-1) * math.sqrt(365)),
        "excess kurtosis": np.asarray(stats.kurtosis(returns, axis=-1)),
        "tail exponent": np.asarray(tail),
        "acf1": autocorrelation(returns, 1),
        "acf|r|": np.mean([autocorrelation(size, lag) for lag in range(1, 31)], axis=0),
        "largest |r|": size.max(axis=-1),
    }


def in_bands(moments: dict[str, Array]) -> tuple[bool, float]:
    """Whether the median over paths meets every band, and the share of paths that meet all bands at once."""
    medians = all(low < np.median(moments[name]) < high for name, (low, high) in BANDS.items())
    each = [(low < moments[name]) & (moments[name] < high) for name, (low, high) in BANDS.items()]
    return medians, float(np.mean(np.all(each, axis=0)))


def nearest_in_bands(returns: Array, paths: int = 1000, seed: int = 1) -> Garch:
    """Likeliest targeted fit, on a grid of persistence and nu, whose simulated paths meet the bands."""
    grid = [(a, nu) for a in (0.95, 0.96, 0.97, 0.975, 0.98, 0.985, 0.99) for nu in (3.2, 3.4, 3.5, 3.6, 3.8, 4.0)]
    fits = [fit_targeted(returns, a, nu) for a, nu in grid]
    for p in sorted(fits, key=lambda p: -garch_loglik(p, returns)):
        medians, share = in_bands(return_moments(simulate_garch(p, len(returns), paths, np.random.default_rng(seed))))
        if medians and share >= SHARE_IN_BANDS:
            return p
    raise ArithmeticError("no parameters of the grid meet the bands")


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

    fit = unpack(_minimise(loss, [-3.5, 4.8, -0.2, 1.0, -1.5], evaluations=900))
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


def read_columns(path: Path, first: str = FIRST, last: str = LAST) -> dict[str, list[str]]:
    """Columns of a daily file, from the day before `first` (for the first return) to `last`."""
    if not path.is_file():
        raise SystemExit(f"{path}: no such file; give the folder of the daily figures as the first argument")
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["date"] <= last]
    start = max(next((i for i, row in enumerate(rows) if row["date"] >= first), len(rows)) - 1, 0)
    return {key: [row[key] for row in rows[start:]] for key in rows[0]}


def _minimise(loss: Callable[[Array], float], start: list[float], evaluations: int = 6000) -> Array:
    options = {"maxfev": evaluations, "maxiter": evaluations, "xatol": 1e-5, "fatol": 1e-6, "adaptive": True}
    first = optimize.minimize(loss, start, method="Nelder-Mead", options=options)
    return np.asarray(optimize.minimize(loss, first.x, method="Nelder-Mead", options=options).x)


def _table(real: dict[str, Array], simulated: dict[str, Array]) -> None:
    print(f"  {'moment':<26}{'real':>10}{'10 %':>10}{'median':>10}{'90 %':>10}{'mean':>10}")
    for name, values in simulated.items():
        low, middle, high = np.percentile(values, [10, 50, 90])
        print(f"  {name:<26}{np.mean(real[name]):>10.4g}{low:>10.4g}{middle:>10.4g}{high:>10.4g}{values.mean():>10.4g}")


def report_garch(returns: Array, paths: int, seed: int) -> None:
    """Print the free fit, the targeted fit and the one chosen, with moments."""
    real = return_moments(returns)
    fits = {
        "maximum likelihood": fit_garch(returns),
        f"volatility {VOLATILITY} imposed": fit_targeted(returns),
        "nearest that meets the bands": nearest_in_bands(returns, seed=seed),
    }
    for name, p in fits.items():
        values = "  ".join(f"{key} {value:.4g}" for key, value in p._asdict().items())
        print(f"GJR-GARCH, {name}: {values}  persistence {p.persistence:.4f}  logL {garch_loglik(p, returns):.1f}")
        moments = return_moments(simulate_garch(p, len(returns), paths, np.random.default_rng(seed + 1)))
        _table(real, moments)
        medians, share = in_bands(moments)
        print(f"  medians {'meet' if medians else 'MISS'} the bands; {share:.0%} of paths meet all of them at once")


def report_fees(ratios: Array, subsidies: Array, years: Array, paths: int, seed: int) -> None:
    """Print the fit of the fee process with moments."""
    p = fit_fees(ratios)
    print("Fees:", "  ".join(f"{key} {value:.4g}" for key, value in p._asdict().items()))
    moments = fee_moments(simulate_fees(p, len(ratios), paths, np.random.default_rng(seed)), subsidies, years)
    _table(fee_moments(ratios, subsidies, years), moments)
    largest, share = moments["largest day, BTC"], moments["yearly fee share"]
    print(f"  yearly share, 1 % and 99 %: {np.percentile(share, 1):.4f} {np.percentile(share, 99):.4f}")
    print(f"  years below .02: {np.mean(share < 0.02):.1%}, above .13: {np.mean(share > 0.13):.1%}")
    print(f"  periods of {len(ratios)} days with a day above 1,200 BTC: {np.mean(largest > 1200):.0%}")


def main(arguments: list[str] | None = None) -> None:
    """Read the daily figures, fit, simulate, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, help="folder of btc_daily.csv")
    parser.add_argument("--paths", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    columns = read_columns(options.folder / "btc_daily.csv")
    returns = np.diff(np.log(np.array(columns["price_usd"], float)))
    print(f"{len(returns)} days, {FIRST} to {LAST}")
    report_garch(returns, options.paths, options.seed)
    targets = options.folder / "targets.csv"
    if targets.is_file():
        with targets.open(encoding="utf-8", newline="") as file:
            kept = [row for row in csv.DictReader(file) if row["name"].startswith(("ret_", "fee_share_20"))]
        print("targets:", "  ".join(f"{row['name']} {row['value']}" for row in kept))
    subsidies = np.array(columns["subsidy_btc_per_day"][1:], float)
    ratios = np.array(columns["fees_btc_per_day"][1:], float) / subsidies
    years = np.array([float(day[:4]) for day in columns["date"][1:]])
    report_fees(ratios, subsidies, years, options.paths, options.seed)


if __name__ == "__main__":
    main()
