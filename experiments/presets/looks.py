"""What answers look at in a finished run: paths of metrics, their days, events."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.metric import registry

if TYPE_CHECKING:
    from model import Marketplace


def path(market: "Marketplace", name: str) -> NDArray[np.float64]:
    """A metric tick by tick."""
    return np.array(market.recorder.path(name), np.float64)


def value(market: "Marketplace", name: str) -> float:
    """A metric's number of the run, by its own rule."""
    return float(registry()[name].summary(market.recorder.columns))


def mean(market: "Marketplace", name: str, since: float = 0.0, until: float = np.inf) -> float:
    """Mean of a metric over some days; NaN where it is never defined."""
    found = between(market, name, since, until)
    defined = found[~np.isnan(found)]
    return float(defined.mean()) if defined.size else np.nan


def between(market: "Marketplace", name: str, since: float, until: float = np.inf) -> NDArray[np.float64]:
    """A metric from a day to before another."""
    found = path(market, name)
    days = np.arange(found.size) * market.clock.dt_days
    return found[(days >= since) & (days < until)]


def at(market: "Marketplace", name: str, day: float) -> float:
    """A metric when so many days have passed: at the end of the tick that ends then."""
    found = path(market, name)
    return float(found[min(max(round(day / market.clock.dt_days), 1), found.size) - 1])


def first_day(market: "Marketplace", name: str, level: float, since: float = 0.0, above: bool = True) -> float:
    """Days from a day on to the end of the first tick with a metric at a level or beyond it; NaN where it never is."""
    found = between(market, name, since)
    there = np.flatnonzero(found >= level if above else found <= level)
    return float((there[0] + 1) * market.clock.dt_days) if there.size else np.nan


def events(market: "Marketplace", kind: str) -> list[tuple[int, float]]:
    """Tick and amount of each event of a kind."""
    return [(event[0], event[4]) for event in market.journal.events if event[1] == kind]


def ratio(above: float, below: float) -> float:
    """A part; NaN of nothing."""
    return above / below if below else np.nan
