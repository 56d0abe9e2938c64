"""Beliefs: adaptive drift, two rules of expectation and the switching between them.

Fundamentalists expect the price of a fraction to return to its net asset value, chartists extrapolate the trend of
its total return; agents compare the rules' past profits and switch with intensity beta [BrockHommes1998]:

    P(chartist) = 1 / (1 + e^(-beta (U_c - U_f)))
    U = memory-weighted mean of z (return - safe) - a sigma^2 z^2 / 2 - fee |change of z|

Whoever follows a trend does so the less, the further the price is from value: the probability is multiplied by
e^(-ln(P/NAV)^2 / alpha) [GaunersdorferHommesWagener2008].

Drift beliefs are adaptive: mu_i = own prior + own weight times an exponentially weighted mean of the coin's log
returns with own memory. Priors, weights and memories are drawn once, so that beliefs never become one.
"""

import math

from model.jit import helper
from model.sheaf import Sheaf
from model.units import DAYS_PER_YEAR


@helper("float64(float64, float64, float64, float64)")
def trend_step(trend, log_return, days, memory):
    """Mean of log returns with exponential memory: m e^(-t/T) + (x/t)(1 - e^(-t/T)) [per year], t and T in days."""
    if days <= 0.0:
        return trend
    kept = math.exp(-days / memory)
    return trend * kept + (1.0 - kept) * log_return * DAYS_PER_YEAR / days


@helper("float64(float64, float64, float64)")
def chartist_probability(intensity, profit_chartist, profit_fundamental):
    """Probability to follow the chartists: logistic of beta (U_c - U_f)                     [BrockHommes1998, eq. 2.5]."""
    x = intensity * (profit_chartist - profit_fundamental)
    return 1.0 / (1.0 + math.exp(-min(max(x, -700.0), 700.0)))


@helper("float64(float64, float64)")
def sobered(deviation, alpha):
    """Part of trend followers left at a log deviation of price from value: e^(-d^2 / alpha)."""
    return math.exp(-min(deviation * deviation / alpha, 700.0))


@helper("float64(float64, float64, float64, float64)")
def target_weight(excess, risk_aversion, variance, cap):
    """Share of wealth that maximises mean minus variance: clip(excess / (a sigma^2), 0, cap)         [Markowitz1952]."""
    return min(max(excess / (risk_aversion * variance), 0.0), cap)


@helper("float64(float64, float64, float64, float64, float64)")
def reversion(pull, value, price, required, safe):
    """Fundamentalist's expected return above the safe rate: kappa ln(NAV/P) + r - safe [per year]."""
    if value <= 0.0:
        return -pull
    return pull * math.log(value / price) + required - safe


class Typical(Sheaf):
    """Traits of the typical investor, by whom rules of expectation are compared: medians of the population."""

    drift: float
    growth: float
    discount: float
    pull: float
    risk_aversion: float
    cap: float
    safe: float
    variance: float
    least_variance: float
    extrapolation: float
    wear: float


NOBODY = Typical(0.25, 0.30, 0.15, 1.0, 3.0, 0.2, 0.045, 0.4761, 0.09, 0.4, 0.4)  # where there are no investors
