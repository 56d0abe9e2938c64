"""What a portfolio may lose, and how much of it a limit on that allows."""

import math
from collections.abc import Sequence

from model.units import DAYS_PER_YEAR


def portfolio_volatility(weights: Sequence[float], volatilities: Sequence[float], correlation: float) -> float:
    """Volatility of a portfolio whose parts have one correlation with one another [per year].

    s^2 = (1 - rho) sum (w_i s_i)^2 + rho (sum w_i s_i)^2                                   [EltonGruber1973].

    Args:
        weights: shares of wealth, w_i; the rest is cash
        volatilities: of each part, s_i [per year]
        correlation: rho, in [0, 1]

    >>> round(portfolio_volatility([0.5, 0.5], [0.6, 0.6], 0.0), 6), portfolio_volatility([0.5, 0.5], [0.6, 0.6], 1.0)
    (0.424264, 0.6)
    """
    risks = [w * s for w, s in zip(weights, volatilities, strict=True)]
    together, apart = math.fsum(risks), math.fsum(r * r for r in risks)
    return math.sqrt((1.0 - correlation) * apart + correlation * together * together)


def value_at_risk(volatility: float, days: float, quantile: float) -> float:
    """Loss over some days that is exceeded with the quantile's probability, as a share of wealth.

    VaR = z s sqrt(t), without drift                                                        [JPMorgan1996, RiskMetrics].

    Args:
        volatility: s [per year]
        days: horizon t
        quantile: z of the standard normal, 2.326 for 99 %

    >>> round(value_at_risk(0.69, 10.0, 2.326), 4)
    0.2657
    """
    return quantile * volatility * math.sqrt(days / DAYS_PER_YEAR)


def within_limit(loss: float, limit: float) -> float:
    """Factor by which all weights shrink so that the value at risk keeps its limit; 1 where it does.

    >>> within_limit(0.2, 0.1), within_limit(0.05, 0.1)
    (0.5, 1.0)
    """
    return 1.0 if loss <= limit else limit / loss
