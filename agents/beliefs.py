"""Beliefs: adaptive drift, two rules of expectation and the switching between them, and the sheet both are read from.

Fundamentalists expect the price of a fraction to return to its net asset value, chartists extrapolate the trend of
its total return; agents compare the rules' past profits and switch with intensity beta [BrockHommes1998]:

    P(chartist) = 1 / (1 + e^(-beta (U_c - U_f))),    U = memory-weighted mean of z (return - safe) - a sigma^2 z^2 / 2

Drift beliefs are adaptive: mu_i = own prior + own weight times an exponentially weighted mean of the coin's log
returns with own memory. Priors, weights and memories are drawn once, so that beliefs never become one.
"""

import math
from typing import Any

from agents.valuation import present_value
from model.jit import helper, kernel
from model.units import DAYS_PER_YEAR

# rows of the sheet: one column per vault, USD per whole fraction
INCOME, COST, LIFE, SALVAGE, PRICE, RESERVE_USD, RESERVE, OFFER, OFFER_LEFT, TREND, VARIANCE, NAV = range(12)
_LOG_LAST, _HELD_FUNDAMENTAL, _HELD_CHARTIST = 12, 13, 14
ROWS = 15
# scalars of the sheet
COIN, HALVING, SUBSIDY_SHARE, FEE, PROFIT_FUNDAMENTAL, PROFIT_CHARTIST = range(6)
SCALARS = 6


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


@kernel
def _look(
    n: int,
    live: Any,
    income: Any,
    net_income: Any,
    price: Any,
    facts: Any,
    scalars: Any,
    typical: Any,
    days: float,
    trend_days: float,
    fitness_days: float,
) -> None:
    """Update trends, variances, the typical investor's NAV, and what each rule earned since the last look."""
    drift, growth, discount, pull, risk_aversion, cap, safe, prior_variance = typical
    years = days / DAYS_PER_YEAR
    earned_f = earned_c = 0.0
    for v in range(n):
        facts[INCOME, v] = income[v] if live[v] else 0.0
        facts[NAV, v] = present_value(
            facts[INCOME, v],
            facts[COST, v],
            facts[LIFE, v],
            facts[SALVAGE, v],
            (growth - drift) / DAYS_PER_YEAR,
            discount / DAYS_PER_YEAR,
            scalars[HALVING],
            scalars[SUBSIDY_SHARE],
        )
        now = price[v]
        if not (live[v] and now > 0.0):
            facts[PRICE, v] = 0.0
            facts[_LOG_LAST, v] = math.nan
            facts[TREND, v], facts[VARIANCE, v] = 0.0, prior_variance
            facts[_HELD_FUNDAMENTAL, v] = facts[_HELD_CHARTIST, v] = 0.0
            continue
        log_now, last = math.log(now), facts[_LOG_LAST, v]
        if last == last:
            gain = log_now - last + net_income[v] * days / now
            facts[TREND, v] = trend_step(facts[TREND, v], gain, days, trend_days)
            facts[VARIANCE, v] = trend_step(facts[VARIANCE, v], gain * gain, days, trend_days)
            variance = max(facts[VARIANCE, v], 0.1 * prior_variance)
            for row in (_HELD_FUNDAMENTAL, _HELD_CHARTIST):
                z = facts[row, v]
                profit = z * (gain - safe * years) - 0.5 * risk_aversion * variance * z * z * years
                if row == _HELD_FUNDAMENTAL:
                    earned_f += profit
                else:
                    earned_c += profit
        facts[PRICE, v], facts[_LOG_LAST, v] = now, log_now
        variance = max(facts[VARIANCE, v], 0.1 * prior_variance)
        excess = reversion(pull, facts[NAV, v], now, discount, safe)
        facts[_HELD_FUNDAMENTAL, v] = target_weight(excess, risk_aversion, variance, cap)
        facts[_HELD_CHARTIST, v] = target_weight(facts[TREND, v] - safe, risk_aversion, variance, cap)
    scalars[PROFIT_FUNDAMENTAL] = trend_step(scalars[PROFIT_FUNDAMENTAL], earned_f, days, fitness_days)
    scalars[PROFIT_CHARTIST] = trend_step(scalars[PROFIT_CHARTIST], earned_c, days, fitness_days)
