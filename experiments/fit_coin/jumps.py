"""Merton's jump diffusion of daily log returns, by maximum likelihood."""

import math
from typing import NamedTuple

import numpy as np
from scipy import stats

from experiments.fit_coin.series import VOLATILITY, Array, minimise

MOST_JUMPS = 25  # in a day; more have no weight at the rates that are looked at


class Jumps(NamedTuple):
    """Mean log return a day, jumps a day, and their mean and sd in daily standard deviations [Merton1976]."""

    mu: float
    rate: float
    mean: float
    sd: float
    volatility: float = VOLATILITY

    @property
    def diffusion(self) -> float:
        """Part of the variance that is no jump."""
        return 1 - self.rate * (self.mean**2 + self.sd**2)


def jumps_loglik(p: Jumps, returns: Array) -> float:
    """Log likelihood: k jumps have Poisson weight, and given k a return is normal.

    r | k ~ N(mu + (k - rate) mean s, (diffusion + k sd^2) s^2), s = volatility/sqrt(365)
    """
    if min(p.rate, p.sd, p.volatility) <= 0 or p.rate > 5 or p.diffusion <= 0:
        return -math.inf
    s, k = p.volatility / math.sqrt(365), np.arange(MOST_JUMPS)
    centres, spreads = p.mu + (k - p.rate) * p.mean * s, s * np.sqrt(p.diffusion + k * p.sd**2)
    densities = stats.norm.pdf(returns[:, None], centres, spreads) @ stats.poisson.pmf(k, p.rate)
    return float(np.log(densities).sum())


def fit_jumps(returns: Array, volatility: float | None = VOLATILITY) -> Jumps:
    """Maximum likelihood with the annual volatility imposed, or free where None is given."""

    def unpack(x: Array) -> Jumps:
        return Jumps(x[0] / 1e3, x[1], x[2], x[3], volatility or x[4])

    start = [0.7, 0.5, 0.0, 1.0] + ([] if volatility else [VOLATILITY])
    return unpack(minimise(lambda x: -jumps_loglik(unpack(x), returns), start))


def normal_loglik(returns: Array, volatility: float | None = None) -> float:
    """Log likelihood of geometric Brownian motion at the sample mean, and at its volatility unless one is given."""
    sd = float(returns.std()) if volatility is None else volatility / math.sqrt(365)
    return float(stats.norm.logpdf(returns, returns.mean(), sd).sum())
