"""Where the real network stood on a date: difficulty, height, epoch, hash rate and fees, from scenarios/data."""

import calendar
import math
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from model.errors import ScenarioError
from model.mechanisms.network.formulas import BLOCKS_PER_EPOCH
from model.tables import month_index, month_series, table
from model.units import SECONDS_PER_DAY

EXAHASH = 1e18
HALVING = 3  # row of halvings.csv from which epochs are counted: height 630,000 on 2020-05-11


class Start(NamedTuple):
    """The chain at the beginning of a day."""

    difficulty: float
    height: int  # of the last block
    elapsed: float  # seconds since the epoch's first block


def chain_at(day: date) -> Start:
    """Difficulty, height and progress of the epoch at the beginning of a day.

    Epochs are counted from the halving of 2020; blocks of an epoch are spread evenly over its real length. Difficulty
    is a product of the retargets' ratios, with the day-weighted mean of the month equal to the month's in the table.

    >>> chain_at(date(2023, 1, 1)).height // 2016
    381
    """
    rows = table("retargets")
    dates = [date.fromisoformat(str(text)) for text in rows["date"]]
    past = [i for i, when in enumerate(dates) if when <= day]
    if not past or past[-1] + 1 >= len(dates):
        raise ScenarioError(f"no retarget table around {day}; choose a day from {dates[0]} to before {dates[-1]}")
    i = past[-1]
    halvings = table("halvings")
    when = date.fromisoformat(str(halvings["date"][HALVING]))
    anchor = max(j for j, d in enumerate(dates) if d <= when)
    epoch = int(float(halvings["height"][HALVING])) // BLOCKS_PER_EPOCH + i - anchor
    elapsed = float((day - dates[i]).days)
    found = min(BLOCKS_PER_EPOCH - 1, int(BLOCKS_PER_EPOCH * elapsed / float(rows["epoch_days"][i + 1])))

    def relative(d: date) -> float:
        """Difficulty over that of the day."""
        ratios = [float(r) for r, at in zip(rows["ratio"], dates, strict=True) if min(d, day) < at <= max(d, day)]
        product = math.prod(ratios)
        return product if d >= day else 1.0 / product

    month = f"{day:%Y-%m}"
    days = calendar.monthrange(day.year, day.month)[1]
    mean = math.fsum(relative(day.replace(day=k + 1)) for k in range(days)) / days
    difficulty = float(month_series("btc_monthly", "difficulty", month, month)[0]) / mean
    return Start(difficulty, epoch * BLOCKS_PER_EPOCH + found, elapsed * SECONDS_PER_DAY)


def monthly(column: Callable[[str], float], day: date, logs: bool = True) -> float:
    """A monthly figure at the beginning of a day, between the middles of months; flat beyond the table's ends.

    Args:
        column: the figure of a month YYYY-MM, or a ScenarioError where there is none
        day: the day
        logs: whether to go between months in logs
    """
    middle = (day.day - 1) / calendar.monthrange(day.year, day.month)[1] - 0.5
    here, other = f"{day:%Y-%m}", _neighbour(day, -1 if middle < 0 else 1)
    value = column(here)
    try:
        towards = column(other)
    except ScenarioError:
        return value
    weight = abs(middle)
    if logs and value > 0 and towards > 0:
        return value * math.exp(weight * math.log(towards / value))
    return value + weight * (towards - value)


def _neighbour(day: date, step: int) -> str:
    edge = day.replace(day=1) - timedelta(days=1) if step < 0 else day.replace(day=28) + timedelta(days=4)
    return f"{edge:%Y-%m}"


def _series(name: str) -> Callable[[str], float]:
    return lambda month: float(month_series("btc_monthly", name, month, month)[0])


def hashrate_at(day: date) -> float:
    """Real hash rate [hash/s] at the beginning of a day, between monthly means in logs."""
    return monthly(_series("hashrate_ehs"), day) * EXAHASH


def fees_at(day: date) -> float:
    """Real fees of a block [BTC] at the beginning of a day, between monthly means."""
    fees, blocks = _series("fees_btc_per_day"), _series("blocks_per_day")
    return monthly(lambda month: fees(month) / blocks(month), day, logs=False)


def fee_ratio_at(day: date) -> float:
    """Real fees over subsidy at the beginning of a day, between monthly means in logs."""
    fees, subsidy = _series("fees_btc_per_day"), _series("subsidy_btc_per_day")
    return monthly(lambda month: fees(month) / subsidy(month), day)


def refuse_beyond(path: str, first: date, last: date) -> None:
    """Refuse a run whose days have no real figures; `path` is the parameter that asks for them."""
    end = str(table("btc_monthly")["month"][-1])
    if month_index(f"{last:%Y-%m}") > month_index(end):
        raise ScenarioError(
            f"{path} = 'history': real figures end in {end}, the run goes from {first} to {last}; take fewer clock.ticks"
        )
