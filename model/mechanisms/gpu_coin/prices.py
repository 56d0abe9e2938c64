"""The price of the second coin: its log return in a tick."""

import math
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from model.errors import ScenarioError
from model.mechanisms.gpu_coin.params import GpuCoinParams
from model.tables import read_price_csv

STREAM = "gpu coin"


def log_return(params: GpuCoinParams, first: float, years: float, normal: float) -> float:
    """Log return of a tick: gbm (m - s²/2) t + s √t N; correlated m t + b r + u √t N - u² t/2; constant 0.

    Args:
        params: m drift, s volatility, b beta, u own volatility
        first: r, log return of the first coin
        years: t, length of the tick
        normal: N, a standard normal

    >>> log_return(GpuCoinParams(beta=1.5, own_volatility=0.0), 0.1, 1 / 365, 2.0)
    0.15000000000000002
    """
    if params.process == "constant":
        return 0.0
    root = math.sqrt(years)
    if params.process == "gbm":
        return (params.drift - 0.5 * params.volatility**2) * years + params.volatility * root * normal
    own = params.own_volatility
    return (params.drift - 0.5 * own * own) * years + params.beta * first + own * root * normal


class OwnPrices:
    """Daily prices of a file.

    Args:
        file: CSV with date,price_usd
        folder: where it is
        clock: days that the run needs

    Raises:
        ScenarioError: the file has no prices of these days
    """

    def __init__(self, file: str, folder: Path, clock: Any) -> None:
        days, prices = read_price_csv(folder / file)
        last = clock.start + timedelta(days=(clock.ticks - 1) // clock.per_day)
        if clock.start < days[0] or last > days[-1]:
            raise ScenarioError(
                f"network.gpu.file = {file!r}: has prices of {days[0]} to {days[-1]}, the run needs {clock.start} to "
                f"{last}; move clock.start or take fewer clock.ticks"
            )
        self.first, self.prices = days[0], prices

    def of(self, day: date) -> float:
        """USD on a day."""
        return float(self.prices[(day - self.first).days])
