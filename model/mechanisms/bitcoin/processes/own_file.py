"""A user's daily prices."""

import math
from datetime import date
from pathlib import Path

from model.clock import Clock
from model.errors import ScenarioError
from model.mechanisms.bitcoin.processes.process import CoinParams, Day, Process, daily, last_day
from model.streams import Streams
from model.tables import read_price_csv


class OwnFile(Process):
    """Daily prices of a file of yours (bridges with `volatility` within the day)."""

    name = "csv"
    file = "must"
    dated = True

    @classmethod
    def refuse(cls, params: CoinParams, folder: Path | None) -> None:
        """The file must hold prices of consecutive days."""
        if params.file is not None and folder is not None:
            read_price_csv(folder / params.file)

    def __init__(self, params: CoinParams, clock: Clock, streams: Streams, folder: Path) -> None:
        days, prices = read_price_csv(folder / str(params.file))
        offset = (clock.start - days[0]).days
        if offset < 0 or last_day(clock) > days[-1]:
            raise ScenarioError(
                f"bitcoin.file = {params.file!r}: has prices of {days[0]} to {days[-1]}, the run needs {clock.start} to "
                f"{last_day(clock)}; move clock.start or take fewer clock.ticks"
            )
        self.start = float(prices[max(offset - 1, 0)])
        self.prices = prices[offset:]

    def day(self, x: float, day: date, number: int, params: CoinParams, volatility: float) -> Day:
        """The file's price of the day."""
        return Day(math.log(float(self.prices[number]) / self.start), daily(params, volatility)[1])
