"""Simple forecasts that miners' rules must beat, on the same months.

Each sees hashrate up to the month before the window and, where it uses them, real revenue and best-rig efficiency.
The three parameters are known to two digits: from 2022 their score depends on the rounding of .03 (.025 gives .14, .034
.36), so the trial's .153 cannot be repeated, and .02 would give .06, better than the miners' rules.
"""

import math

import numpy as np

from model.mechanisms.rigs.weeks import Floats, Months, months

THREE_PARAMETERS = {"2018-01": (-8.24, 0.17, 0.07), "2021-01": (-7.70, 0.09, 0.65), "2022-01": (-6.32, 0.03, 0.19)}
TREND_MONTHS = 24
EH = 1e6


def score(forecast: Floats, observed: Floats) -> float:
    """Mean absolute log error of monthly hashrate."""
    return float(np.mean(np.abs(np.log(forecast / observed))))


def three_parameters(series: Months, s: int, k: float, up: float, down: float) -> Floats:
    """Partial adjustment: g = k + ln revenue - ln best J/TH - ln H; ln H += up max(g, 0) + down min(g, 0), monthly.

    Revenue in USD/day, H in EH/s; (k, up, down) fitted on the years before the window [MINERS].
    """
    log_hashrate = math.log(series.hashrate[s - 1] / EH)
    out = np.empty(len(series.month) - s)
    for i in range(s, len(series.month)):
        gap = k + math.log(series.revenue[i] / series.best[i]) - log_hashrate
        log_hashrate += up * max(gap, 0.0) + down * min(gap, 0.0)
        out[i - s] = math.exp(log_hashrate) * EH
    return out


def constant(series: Months, s: int) -> Floats:
    """Hashrate of the month before the window."""
    return np.full(len(series.month) - s, series.hashrate[s - 1])


def trend(series: Months, s: int) -> Floats:
    """Least-squares trend of log hashrate over the 24 months before the window, from its last month on."""
    slope = np.polyfit(np.arange(TREND_MONTHS), np.log(series.hashrate[s - TREND_MONTHS : s]), 1)[0]
    return np.asarray(series.hashrate[s - 1] * np.exp(slope * np.arange(1, len(series.month) - s + 1)))


def lagged_revenue(series: Months, s: int) -> Floats:
    """Hashrate in proportion to revenue 12 months earlier, anchored at the month before the window."""
    return np.asarray(series.hashrate[s - 1] * series.revenue[s - 12 : -12] / series.revenue[s - 13])


def electricity_share(series: Months, s: int) -> Floats:
    """Constant share of revenue spent on electricity: H e_best in proportion to revenue, anchored likewise."""
    reach = series.revenue / series.best
    return np.asarray(series.hashrate[s - 1] * reach[s:] / reach[s - 1])


def references(start: str, series: Months | None = None) -> dict[str, Floats]:
    """Monthly hashrate [TH/s] by every reference, from a window's first month on."""
    series = series or months()
    s = int(np.searchsorted(series.month, np.datetime64(start)))
    found = {
        "constant": constant(series, s),
        "trend of 24 months": trend(series, s),
        "revenue a year earlier": lagged_revenue(series, s),
        "constant electricity share": electricity_share(series, s),
    }
    if start in THREE_PARAMETERS:
        found = {"three parameters": three_parameters(series, s, *THREE_PARAMETERS[start])} | found
    return found
