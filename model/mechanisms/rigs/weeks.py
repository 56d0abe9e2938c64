"""Inputs of the backtest: the monthly tables, and the weeks of one window cut from them.

Nothing later than the week's own month enters a week: monthly means are held over their month, never interpolated
towards the next one. Observed hashrate is used in the burn-in alone, as the mean of the last month's days; on the last
day of a month that is the month's own mean, so the last week before a window knows nothing of the window.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.errors import ScenarioError
from model.tables import table

Floats = NDArray[np.float64]

FIRST_MONTH = "2014-01"  # years of GPUs and first ASICs are no fair test
REMOVED = 0.46  # share of hashrate, scripted for the ban in China [Cambridge map of mining, 2021-05 against 2021-07]
REMOVAL = ("2021-05-17", "2021-07-05")
TH_PER_EH = 1e6
SHORTEST_BURN_IN = 26  # weeks
DAY = np.timedelta64(1, "D")


class Months(NamedTuple):
    """Monthly means; every row is one month."""

    month: NDArray[np.datetime64]
    revenue: Floats  # USD/day of the whole network, subsidy and fees
    best: Floats  # J/TH of the best rig on sale
    hashrate: Floats  # TH/s
    price: Floats  # USD/BTC


class Weeks(NamedTuple):
    """Inputs of one run, by week; the first `burn_in` weeks are held to `observed`."""

    revenue: Floats  # USD/day
    best: Floats  # J/TH
    observed: Floats  # TH/s, trailing mean of a month; read in the burn-in only
    removed: Floats  # share of the fleet taken away in the week
    burn_in: int
    first_day: np.datetime64


@cache
def months() -> Months:
    """The real series from `FIRST_MONTH` to the last month for which all of them exist."""
    coin, rig = table("btc_monthly"), table("best_rig")
    best = dict(zip(rig["month"], np.asarray(rig["j_per_th"]), strict=True))
    columns = ("price_usd", "subsidy_btc_per_day", "fees_btc_per_day", "hashrate_ehs")
    price, subsidy, fees, hashrate = (np.asarray(coin[name]) for name in columns)
    kept = [i for i, name in enumerate(coin["month"]) if str(name) >= FIRST_MONTH and name in best]
    names = np.array([coin["month"][i] for i in kept], "datetime64[M]")
    efficiency = np.array([best[coin["month"][i]] for i in kept])
    revenue = price[kept] * (subsidy[kept] + fees[kept])
    return Months(names, revenue, efficiency, hashrate[kept] * TH_PER_EH, price[kept])


def window(start: str, burn_in: int = 52, removal: bool = False, series: Months | None = None) -> Weeks:
    """Weeks of a window from `start` (YYYY-MM) to the last month, with a burn-in of so many weeks before it."""
    series = series or months()
    first = np.datetime64(f"{start}-01") - 7 * burn_in * DAY
    end = (series.month[-1] + np.timedelta64(1, "M")).astype("datetime64[D]")
    n = -(-int((end - first).astype(int)) // 7)
    days = np.minimum(first + np.arange(7 * n) * DAY, end - DAY)
    place = (days.astype("datetime64[M]") - series.month[0]).astype(int)
    if burn_in < SHORTEST_BURN_IN:
        raise ScenarioError(f"backtest: burn_in = {burn_in} weeks is too short; at least {SHORTEST_BURN_IN}")
    if place[0] < 1:
        raise ScenarioError(
            f"backtest: a window from {start} with {burn_in} weeks of burn-in needs data before {series.month[1]}; "
            "start later"
        )
    opening = series.month[place].astype("datetime64[D]")
    length = (series.month[place] + np.timedelta64(1, "M")).astype("datetime64[D]") - opening
    elapsed = ((days - opening).astype(int) + 1) / length.astype(int)
    trailing = elapsed * series.hashrate[place] + (1.0 - elapsed) * series.hashrate[place - 1]
    ban = (days >= np.datetime64(REMOVAL[0])) & (days < np.datetime64(REMOVAL[1]))
    daily = 1.0 - (1.0 - REMOVED) ** (1.0 / max(1, int(ban.sum())))
    removed = 1.0 - (1.0 - daily * (ban & removal)).reshape(n, 7).prod(1)
    removed[:burn_in] = 0.0
    return Weeks(
        series.revenue[place].reshape(n, 7).mean(1),
        series.best[place].reshape(n, 7)[:, 0].copy(),
        trailing.reshape(n, 7)[:, -1].copy(),
        removed,
        burn_in,
        first,
    )


def monthly(weeks: Weeks, values: Floats, series: Months | None = None) -> Floats:
    """Monthly means of a weekly result from the window's first month on."""
    series = series or months()
    days = weeks.first_day + np.arange(7 * len(values)) * DAY
    start = (weeks.first_day + 7 * weeks.burn_in * DAY).astype("datetime64[M]")
    place = (days.astype("datetime64[M]") - start).astype(int)
    inside = (place >= 0) & (days.astype("datetime64[M]") <= series.month[-1])
    daily = np.repeat(values, 7)[inside]
    return np.bincount(place[inside], weights=daily) / np.bincount(place[inside])
