"""What every price process shares: its parameters, its answer for a day, the way through a day, the first price.

Once a day a process says where the log price will stand at the end of the day. Within the day the price goes there by
a Brownian bridge of the day's own spread, and a jump happens at its moment, so that daily closes are the same for ticks
of any length, and returns within a day are as unpredictable as returns of days. A Student t day is a normal day with a
random scale; its bridge has that scale. The log price x is relative to the price before the first tick.
"""

import calendar
import math
from abc import ABC, abstractmethod
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar, Literal, NamedTuple

from model.clock import Clock
from model.errors import ScenarioError
from model.jit import kernel
from model.params import Params, param
from model.streams import Streams, normal
from model.tables import DEAREST, month_series
from model.units import DAYS_PER_YEAR

STREAM = "coin price"


class CoinParams(Params):
    """Parameters that all processes share."""

    price: float | None = param(
        None, "USD/BTC", "price before the first tick; left out, the table's price at clock.start", gt=0, le=DEAREST
    )
    file: str | None = param(
        None,
        "path",
        "CSV with header date,price_usd, one row a day, beside the scenario; for processes csv and bootstrap",
    )
    volatility: float = param(
        0.69,
        "1/sqrt(year)",
        "volatility of log returns: all of gbm, the long-run level of garch, jump_diffusion, regimes and bootstrap, "
        "within the day of csv",
        source="daily log returns of 2018-2024",
        live=True,
        ge=0,
        le=5,
    )
    drift: float = param(
        0.292,
        "1/year",
        "mean log return of gbm, garch, jump_diffusion, regimes and bootstrap",
        source="the garch fit to 2018-2024 (docs/explanation/fits.md); standard error .26",
        live=True,
        ge=-5,
        le=5,
    )


class Jump(NamedTuple):
    """A sudden change of the log price."""

    moment: float  # part of the day gone by, in [0, 1)
    size: float


class Day(NamedTuple):
    """What a process says about a day."""

    target: float  # log price at its end
    spread: float = 0.0  # standard deviation of its log return without jumps
    jumps: tuple[Jump, ...] = ()

    def jumping(self, tick: int, per_day: int) -> tuple[float, float]:
        """Sizes of the jumps that fall into a tick of the day, and of those still to come.

        >>> Day(0.0, 0.0, (Jump(0.3, -0.5), Jump(0.9, 0.25))).jumping(1, 4)
        (-0.5, 0.25)
        """
        places = [(int(jump.moment * per_day), jump.size) for jump in self.jumps]
        return math.fsum(s for at, s in places if at == tick), math.fsum(s for at, s in places if at > tick)


class Process(ABC):
    """Base of all price processes: one class each in this package, found by scanning.

    Args:
        params: parameters of the coin
        clock, streams: the market's
        folder: where the scenario lies, for a file of the user's

    Attributes:
        name: what `process` calls it
        Params: its parameters, those it alone has among them
        file: whether it reads `file`
        dated: whether it brings its own prices, so that `price` must be left out
        start: price before the first tick [USD]
    """

    name: ClassVar[str] = ""
    Params: ClassVar[type[CoinParams]] = CoinParams
    file: ClassVar[Literal["no", "must"]] = "no"
    dated: ClassVar[bool] = False

    @classmethod
    def refuse(cls, params: Any, folder: Path | None) -> None:
        """Raise ValueError if parameters do not go together; files are looked at where the folder is known."""

    def __init__(self, params: Any, clock: Clock, streams: Streams, folder: Path) -> None:
        self.streams = streams
        self.start = start_price(params, clock)

    @abstractmethod
    def day(self, x: float, day: date, number: int, params: Any, volatility: float) -> Day:
        """Where the day leads.

        Args:
            x: log price before it
            day, number: its date, and days since the start
            params: today's parameters; live ones may have changed
            volatility: a shock's factor on volatility
        """

    def state(self) -> tuple[float, ...]:
        """What it remembers from day to day, for the fingerprint."""
        return ()


def daily(params: CoinParams, volatility: float) -> tuple[float, float]:
    """Mean and standard deviation of a day's log return in the long run, with a shock's factor on volatility."""
    return params.drift / DAYS_PER_YEAR, params.volatility * volatility / math.sqrt(DAYS_PER_YEAR)


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


def start_price(params: Any, clock: Clock) -> float:
    """The price given, or the table's at the first day [USD/BTC]."""
    if params.price is not None:
        return float(params.price)
    try:
        return table_price(clock.start)
    except ScenarioError as error:
        raise ScenarioError(f"bitcoin.price is not given, and {error}; or set bitcoin.price") from None


def last_day(clock: Clock) -> date:
    """Date of the last tick."""
    return clock.start + timedelta(days=(clock.ticks - 1) // clock.per_day)
