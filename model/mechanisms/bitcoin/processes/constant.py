"""A price that stays."""

from datetime import date
from typing import Any

from model.mechanisms.bitcoin.processes.process import Day, Process


class Constant(Process):
    """The price stays."""

    name = "constant"

    def day(self, x: float, day: date, number: int, params: Any, volatility: float) -> Day:
        """Nothing moves."""
        return Day(x)
