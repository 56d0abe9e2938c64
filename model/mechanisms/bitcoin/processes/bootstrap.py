"""A user's own past again, in blocks of random length: the stationary bootstrap [PolitisRomano1994]."""

import math
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from model.clock import Clock
from model.errors import ScenarioError
from model.mechanisms.bitcoin.processes.process import STREAM, CoinParams, Day, Process, daily
from model.params import param
from model.streams import Streams, u01
from model.tables import read_price_csv

LEAST_DAYS = 60  # of returns; fewer say nothing about tails
WEEK = 3  # days before and after that tell how lively a day was


class BootstrapParams(CoinParams):
    """How long a piece of the past is played."""

    block_days: float = param(
        85.0,
        "days",
        "bootstrap: mean length of a block; longer blocks keep more of the clustering of volatility",
        source="rule of Politis and White (2004) for the size of daily log returns of 2018-2024 (docs/explanation/fits.md)",
        ge=1,
        le=1000,
    )


def price_returns(path: Path) -> list[float]:
    """Daily log returns of a user's prices.

    Raises:
        ScenarioError: the file is no such series, is too short, or its price never moves
    """
    _, prices = read_price_csv(path)
    found = [math.log(b / a) for a, b in zip(prices[:-1].tolist(), prices[1:].tolist(), strict=True)]
    if len(found) < LEAST_DAYS:
        raise ScenarioError(f"{path}: rows of prices: {len(prices)}; bootstrap wants at least {LEAST_DAYS + 1} days")
    if max(found) == min(found):
        raise ScenarioError(f"{path}: price_usd changes by the same factor every day; bootstrap wants prices that vary")
    return found


def standardised(returns: Sequence[float]) -> list[float]:
    """Returns less their mean, over their standard deviation.

    >>> standardised([1.0, 3.0])
    [-1.0, 1.0]
    """
    mean = math.fsum(returns) / len(returns)
    sd = math.sqrt(math.fsum((r - mean) ** 2 for r in returns) / len(returns))
    return [(r - mean) / sd for r in returns]


def week_spreads(shapes: Sequence[float]) -> list[float]:
    """Root mean square of the days around each day; the last day is followed by the first."""
    n, span = len(shapes), range(-WEEK, WEEK + 1)
    return [math.sqrt(math.fsum(shapes[(i + j) % n] ** 2 for j in span) / len(span)) for i in range(n)]


class Bootstrap(Process):
    """Blocks of the daily returns of a file of yours, in random order."""

    name = "bootstrap"
    Params = BootstrapParams
    file = "must"
    place = -1

    @classmethod
    def refuse(cls, params: BootstrapParams, folder: Path | None) -> None:
        """The file must hold prices of consecutive days, enough of them, that vary."""
        if params.file is not None and folder is not None:
            price_returns(folder / params.file)

    def __init__(self, params: BootstrapParams, clock: Clock, streams: Streams, folder: Path) -> None:
        super().__init__(params, clock, streams, folder)
        self.shapes = standardised(price_returns(folder / str(params.file)))
        self.spreads = week_spreads(self.shapes)

    def day(self, x: float, day: date, number: int, params: BootstrapParams, volatility: float) -> Day:
        """X' = x + drift/365 + volatility/sqrt(365) z of the next day of the file, or with chance 1/block_days of any day."""
        key: Any = self.streams.key(STREAM, "", number)
        if self.place < 0 or u01(key, 0, 0) * params.block_days < 1.0:
            self.place = int(u01(key, 0, 1) * len(self.shapes))
        else:
            self.place = (self.place + 1) % len(self.shapes)
        mean, sd = daily(params, volatility)
        return Day(x + mean + sd * self.shapes[self.place], sd * self.spreads[self.place])

    def state(self) -> tuple[float, ...]:
        """Place in the series."""
        return (float(self.place),)
