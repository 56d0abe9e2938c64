"""GJR-GARCH of daily log returns with Student t innovations, by maximum likelihood."""

import math
from typing import NamedTuple

import numpy as np
from scipy import signal, special

from experiments.fit_coin.facts import in_bands, return_moments
from experiments.fit_coin.series import BURN_IN, VOLATILITY, Array, minimise

SHARE_IN_BANDS = 0.6  # of simulated paths that must meet all bands at once


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

    best = minimise(lambda x: -garch_loglik(unpack(x), returns), [0.7, 0.01, 0.07, 0.01, 0.9, 3.5])
    return unpack(best)


def fit_targeted(returns: Array, persistence: float | None = None, nu: float | None = None) -> Garch:
    """Maximum likelihood with the annual volatility imposed; persistence and nu may be held fixed."""

    def unpack(x: Array) -> Garch:
        total = persistence or x[3]
        return targeted(x[0] / 1e3, x[1], x[2], total - x[1] - x[2] / 2, nu or x[-1])

    start = [0.7, 0.07, 0.01] + ([] if persistence else [0.97]) + ([] if nu else [3.5])
    return unpack(minimise(lambda x: -garch_loglik(unpack(x), returns), start))


def simulate_garch(p: Garch, days: int, paths: int, rng: np.random.Generator) -> Array:
    """Daily log returns, one row a path, after a burn-in from the stationary variance."""
    z = rng.standard_t(p.nu, size=(BURN_IN + days, paths)) * math.sqrt((p.nu - 2) / p.nu)
    variance = np.full(paths, p.omega / (1 - p.persistence))
    for t in range(len(z)):
        error = np.sqrt(variance) * z[t]
        variance = p.omega + (p.alpha + p.gamma * (error < 0)) * error**2 + p.beta * variance
        z[t] = p.mu + error
    return z[BURN_IN:].T.copy()


def nearest_in_bands(returns: Array, paths: int = 1000, seed: int = 1) -> Garch:
    """Likeliest targeted fit, on a grid of persistence and nu, whose simulated paths meet the bands."""
    grid = [(a, nu) for a in (0.95, 0.96, 0.97, 0.975, 0.98, 0.985, 0.99) for nu in (3.2, 3.4, 3.5, 3.6, 3.8, 4.0)]
    fits = [fit_targeted(returns, a, nu) for a, nu in grid]
    for p in sorted(fits, key=lambda p: -garch_loglik(p, returns)):
        medians, share = in_bands(return_moments(simulate_garch(p, len(returns), paths, np.random.default_rng(seed))))
        if medians and share >= SHARE_IN_BANDS:
            return p
    raise ArithmeticError("no parameters of the grid meet the bands")
