"""The real past, month by month."""

import calendar
import math
from datetime import date
from pathlib import Path
from typing import Any

from model.clock import Clock
from model.errors import ScenarioError
from model.mechanisms.bitcoin.processes.process import STREAM, CoinParams, Day, Process, bridge_step, last_day
from model.streams import Streams
from model.tables import month_series
from model.units import DAYS_PER_YEAR


class History(Process):
    """Real monthly closes, joined by chance with each month's volatility."""

    name = "history"
    dated = True

    def __init__(self, params: CoinParams, clock: Clock, streams: Streams, folder: Path) -> None:
        first, last = f"{clock.start:%Y-%m}", f"{last_day(clock):%Y-%m}"
        try:
            super().__init__(params, clock, streams, folder)
            self.close = month_series("btc_monthly", "price_usd_close", first, last)
            self.volatility = month_series("btc_monthly", "volatility", first, last)
        except ScenarioError as error:
            raise ScenarioError(
                f"bitcoin.process = 'history', {clock.start} to {last_day(clock)}: {error}, or take fewer ticks"
            ) from None
        self.first = clock.start

    def day(self, x: float, day: date, number: int, params: Any, volatility: float) -> Day:
        """A day of the bridge that ends at the month's close on its last day."""
        i = (day.year - self.first.year) * 12 + day.month - self.first.month
        left = calendar.monthrange(day.year, day.month)[1] - day.day + 1
        spread = float(self.volatility[i]) * volatility / math.sqrt(DAYS_PER_YEAR)
        close = math.log(float(self.close[i]) / self.start)
        return Day(bridge_step(self.streams.key(STREAM, "", number), x, close, left, 1, spread), spread)
