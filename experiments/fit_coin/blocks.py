"""Mean length of a block of the stationary bootstrap, by the rule of Politis and White (2004)."""

import math

import numpy as np

from experiments.fit_coin.series import Array, autocorrelation


def block_length(x: Array) -> float:
    """Length of blocks that estimates the variance of a mean best [days]   [PolitisWhite2004, PattonEtAl2009].

    b = (2 G^2 / D)^(1/3) n^(1/3), G = sum of w(k/M) |k| R(k), D = 2 (sum of w(k/M) R(k))^2, over lags -M to M, with
    flat-top weights w and R the autocovariance. M is twice the first lag after which five autocorrelations in a row
    are insignificant, at most sqrt(n) + 5.
    """
    n = len(x)
    calm = max(5, math.ceil(math.sqrt(math.log10(n))))
    most = math.ceil(math.sqrt(n)) + calm
    rho = np.array([float(autocorrelation(x, lag)) for lag in range(1, most + calm + 1)])
    small = np.abs(rho) < 2 * math.sqrt(math.log10(n) / n)
    first = next((lag for lag in range(most) if small[lag : lag + calm].all()), most)
    width = max(1, min(2 * first, most))
    lags = np.arange(1, width + 1)
    weighted = np.minimum(1.0, 2 * (1 - lags / width)) * rho[:width]
    slope, level = 2 * float(lags @ weighted), 1 + 2 * float(weighted.sum())
    return float((slope**2 / level**2 * n) ** (1 / 3))
