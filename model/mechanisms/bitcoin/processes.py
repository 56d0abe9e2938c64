"""Price processes: each gives, once a day, where the log price will stand at the end of the day.

Within the day the price goes there by a Brownian bridge of the day's own spread, so that daily closes are the same for
ticks of any length, and returns within a day are as unpredictable as returns of days. A Student t day is a normal day
with a random scale; its bridge has that scale. The log price x is relative to the price before the first tick.
"""

import calendar
import math
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Protocol

from model.clock import Clock
from model.draws import student_scale
from model.errors import ScenarioError
from model.jit import kernel
from model.mechanisms.bitcoin.params import BitcoinParams
from model.streams import Streams, normal
from model.tables import month_series, read_price_csv
from model.units import DAYS_PER_YEAR

STREAM = "coin price"


class Process(Protocol):
    """What a price process offers."""

    start: float  # USD before the first tick

    def day(self, x: float, day: date, number: int, params: BitcoinParams, volatility: float) -> tuple[float, float]:
        """Log price at the end of a day and the day's spread, given x before it and a shock's factor on volatility."""


@kernel
def bridge_step(key: Any, x: float, target: float, left: int, per_day: int, spread: float) -> float:
    """One tick of a Brownian bridge to the day's end.

    x += (target - x)/left + spread sqrt((left - 1) / (left per_day)) N

    Args:
        key: stream key of the tick
        x, target: log price now and at the end of the day
        left: ticks left in the day, this one included; 1 arrives
        per_day: ticks in a day
        spread: standard deviation of a day's log return
    """
    if left <= 1:
        return target
    return x + (target - x) / left + spread * math.sqrt((left - 1.0) / (left * per_day)) * normal(key, 0, 0)


@kernel
def normal_day(key: Any) -> float:
    """Standard normal of a day."""
    return normal(key, 0, 0)


@kernel
def garch_day(key: Any, h: float, alpha: float, gamma: float, beta: float, nu: float) -> tuple[float, float, float]:
    """One day of a GJR-GARCH(1,1) with t innovations and mean variance 1               [GlostenEtAl1993].

    e = sqrt(h) g N, t variance 1; h' = (1 - alpha - gamma/2 - beta) + (alpha + gamma [e < 0]) e^2 + beta h

    Args:
        key: stream key of the day
        h: variance over its long-run mean
        alpha, gamma, beta, nu: as in `BitcoinParams`

    Returns:
        e, its scale sqrt(h) g, and h'
    """
    scale = math.sqrt(h) * student_scale(key, 0, 1, nu)
    e = scale * normal(key, 0, 0)
    weight = alpha + gamma if e < 0.0 else alpha
    return e, scale, (1.0 - alpha - 0.5 * gamma - beta) + weight * e * e + beta * h


def table_price(day: date) -> float:
    """Price at the beginning of a day [USD/BTC]: between two monthly closes in proportion to time, in logs.

    >>> table_price(date(2023, 1, 1))
    16520.0
    """
    month = f"{day:%Y-%m}"
    before = f"{day.replace(day=1) - timedelta(days=1):%Y-%m}"
    if day.day == 1:
        return float(month_series("btc_monthly", "price_usd_close", before, before)[0])
    first, last = month_series("btc_monthly", "price_usd_close", before, month)
    return first * math.exp(math.log(last / first) * (day.day - 1) / calendar.monthrange(day.year, day.month)[1])


def start_price(params: BitcoinParams, clock: Clock) -> float:
    """The price given, or the table's at the first day."""
    if params.price is not None:
        return params.price
    try:
        return table_price(clock.start)
    except ScenarioError as error:
        raise ScenarioError(f"bitcoin.price is not given, and {error}; or set bitcoin.price") from None


class Constant:
    """The price stays."""

    def __init__(self, params: BitcoinParams, clock: Clock) -> None:
        self.start = start_price(params, clock)

    def day(self, x: float, day: date, number: int, params: BitcoinParams, volatility: float) -> tuple[float, float]:
        """Nothing moves."""
        return x, 0.0


class Gbm(Constant):
    """Geometric Brownian motion: log returns are independent normals."""

    def __init__(self, params: BitcoinParams, clock: Clock, streams: Streams) -> None:
        super().__init__(params, clock)
        self.streams = streams

    def day(self, x: float, day: date, number: int, params: BitcoinParams, volatility: float) -> tuple[float, float]:
        """X' = x + drift/365 + volatility/sqrt(365) N."""
        spread = params.volatility * volatility / math.sqrt(DAYS_PER_YEAR)
        e = normal_day(self.streams.key(STREAM, "", number))
        return x + params.drift / DAYS_PER_YEAR + spread * e, spread


class Garch(Gbm):
    """Clustered volatility and fat tails; a change of `volatility` scales all returns at once."""

    h = 1.0

    def day(self, x: float, day: date, number: int, params: BitcoinParams, volatility: float) -> tuple[float, float]:
        """X' = x + drift/365 + volatility/sqrt(365) e, e from `garch_day`."""
        spread = params.volatility * volatility / math.sqrt(DAYS_PER_YEAR)
        key = self.streams.key(STREAM, "", number)
        e, scale, self.h = garch_day(key, self.h, params.alpha, params.gamma, params.beta, params.nu)
        return x + params.drift / DAYS_PER_YEAR + spread * e, spread * scale


class History:
    """The real monthly closes, joined by Brownian bridges with each month's own volatility."""

    def __init__(self, params: BitcoinParams, clock: Clock, streams: Streams) -> None:
        self.streams = streams
        first, last = f"{clock.start:%Y-%m}", f"{last_day(clock):%Y-%m}"
        try:
            self.start = start_price(params, clock)
            self.close = month_series("btc_monthly", "price_usd_close", first, last)
            self.volatility = month_series("btc_monthly", "volatility", first, last)
        except ScenarioError as error:
            raise ScenarioError(
                f"bitcoin.process = 'history', {clock.start} to {last_day(clock)}: {error}, or take fewer ticks"
            ) from None
        self.first = clock.start

    def day(self, x: float, day: date, number: int, params: BitcoinParams, volatility: float) -> tuple[float, float]:
        """A day of the bridge that ends at the month's close on its last day."""
        i = (day.year - self.first.year) * 12 + day.month - self.first.month
        left = calendar.monthrange(day.year, day.month)[1] - day.day + 1
        spread = float(self.volatility[i]) * volatility / math.sqrt(DAYS_PER_YEAR)
        close = math.log(float(self.close[i]) / self.start)
        return bridge_step(self.streams.key(STREAM, "", number), x, close, left, 1, spread), spread


class Months:
    """The real mean of each month, held over it: what a backtest on monthly revenue may see, and no more."""

    def __init__(self, clock: Clock) -> None:
        first, last = f"{clock.start:%Y-%m}", f"{last_day(clock):%Y-%m}"
        try:
            self.mean = month_series("btc_monthly", "price_usd", first, last)
        except ScenarioError as error:
            raise ScenarioError(
                f"bitcoin.process = 'months', {clock.start} to {last_day(clock)}: {error}, or take fewer ticks"
            ) from None
        self.first, self.start = clock.start, float(self.mean[0])

    def day(self, x: float, day: date, number: int, params: BitcoinParams, volatility: float) -> tuple[float, float]:
        """The month's mean."""
        i = (day.year - self.first.year) * 12 + day.month - self.first.month
        return math.log(float(self.mean[i]) / self.start), 0.0


class Csv:
    """A user's daily prices; within the day bridges with `volatility`."""

    def __init__(self, params: BitcoinParams, clock: Clock, folder: Path) -> None:
        days, prices = read_price_csv(folder / str(params.file))
        offset = (clock.start - days[0]).days
        if offset < 0 or last_day(clock) > days[-1]:
            raise ScenarioError(
                f"bitcoin.file = {params.file!r}: has prices of {days[0]} to {days[-1]}, the run needs {clock.start} to "
                f"{last_day(clock)}; move clock.start or take fewer clock.ticks"
            )
        self.start = float(prices[max(offset - 1, 0)])
        self.prices = prices[offset:]

    def day(self, x: float, day: date, number: int, params: BitcoinParams, volatility: float) -> tuple[float, float]:
        """The file's price of the day."""
        spread = params.volatility * volatility / math.sqrt(DAYS_PER_YEAR)
        return math.log(float(self.prices[number]) / self.start), spread


def last_day(clock: Clock) -> date:
    """Date of the last tick."""
    return clock.start + timedelta(days=(clock.ticks - 1) // clock.per_day)


def make_process(params: BitcoinParams, clock: Clock, streams: Streams, folder: Path) -> Process:
    """The process that the parameters name."""
    if params.process == "constant":
        return Constant(params, clock)
    if params.process == "months":
        return Months(clock)
    if params.process == "csv":
        return Csv(params, clock, folder)
    if params.process == "gbm":
        return Gbm(params, clock, streams)
    return Garch(params, clock, streams) if params.process == "garch" else History(params, clock, streams)
