"""Geometric Brownian motion."""

from datetime import date
from typing import Any

from model.jit import kernel
from model.mechanisms.bitcoin.processes.process import STREAM, CoinParams, Day, Process, daily
from model.streams import normal


@kernel
def normal_day(key: Any) -> float:
    """Standard normal of a day."""
    return normal(key, 0, 0)


class Gbm(Process):
    """Independent normal log returns."""

    name = "gbm"

    def day(self, x: float, day: date, number: int, params: CoinParams, volatility: float) -> Day:
        """X' = x + drift/365 + volatility/sqrt(365) N."""
        mean, sd = daily(params, volatility)
        return Day(x + mean + sd * normal_day(self.streams.key(STREAM, "", number)), sd)
