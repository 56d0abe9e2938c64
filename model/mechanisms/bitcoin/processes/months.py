"""Monthly means of the real past: what a backtest on monthly revenue may see, and no more."""

import math
from datetime import date
from pathlib import Path
from typing import Any

from model.clock import Clock
from model.errors import ScenarioError
from model.mechanisms.bitcoin.processes.process import Day, Process, last_day
from model.streams import Streams
from model.tables import month_series


class Months(Process):
    """The real mean of each month, held over it (nothing by chance)."""

    name = "months"
    dated = True

    def __init__(self, params: Any, clock: Clock, streams: Streams, folder: Path) -> None:
        first, last = f"{clock.start:%Y-%m}", f"{last_day(clock):%Y-%m}"
        try:
            self.mean = month_series("btc_monthly", "price_usd", first, last)
        except ScenarioError as error:
            raise ScenarioError(
                f"bitcoin.process = 'months', {clock.start} to {last_day(clock)}: {error}, or take fewer ticks"
            ) from None
        self.first, self.start = clock.start, float(self.mean[0])

    def day(self, x: float, day: date, number: int, params: Any, volatility: float) -> Day:
        """The month's mean."""
        i = (day.year - self.first.year) * 12 + day.month - self.first.month
        return Day(math.log(float(self.mean[i]) / self.start))
