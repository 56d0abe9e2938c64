"""How do prices of fractions move: how heavy are their tails, what do they remember, and how soon do they follow?

A run is looked at each morning after a burn-in. Of every pool that is there all the time come the moments of its daily
returns, as of the coin's own; how much of a move of the coin it has made after so many days; and how far and for how
long it stands apart from net asset value. A run's figure is the median over its pools.

python -m experiments.price_moves --seeds 30 --out docs/pictures --page docs/explanation/price_moves.md
"""

import math
import sys
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments import price_moves_picture
from experiments.fit_coin.facts import return_moments
from experiments.fit_coin.series import autocorrelation
from experiments.parallel import in_order
from experiments.script import Options, Publisher, Words, loaded, script
from experiments.sheets import Sheet
from experiments.statistics import estimated
from model import Marketplace, Scenario
from model.errors import ScenarioError
from model.units import DAYS_PER_YEAR, HOURS_PER_DAY

MARK, BESIDE = "price_moves", "price_moves_beside"
BURN_IN = 60  # days
LEAST = 120  # days without which nothing is said
HORIZONS = (1, 5, 20, 40)  # days
LAGS = 41  # days of the picture's autocorrelations
MOMENTS = {
    "volatility": ("volatility of daily returns [1/year]", ".2f"),
    "excess kurtosis": ("excess kurtosis", ".1f"),
    "tail exponent": ("tail exponent (Hill, top 5 %)", ".1f"),
    "acf1": ("autocorrelation of returns, a day", ".3f"),
    "acf|r|": ("mean autocorrelation of their sizes, 1 to 30 days", ".3f"),
}
TIMES = {h: "a day" if h == 1 else f"{h} days" for h in HORIZONS}
OWN = {
    "still": ("days on which no price was made", ".3f"),
    "volume": ("correlation of a return's size with the day's trade", ".2f"),
    **{f"coin{h}": (f"part of a move of the coin that is made in {TIMES[h]}", ".2f") for h in HORIZONS},
    **{f"nav{h}": (f"volatility of net asset value over {TIMES[h]} [1/year]", ".2f") for h in (1, 40)},
    **{f"price{h}": (f"volatility of the price over {TIMES[h]} [1/year]", ".2f") for h in (1, 40)},
    "holding": ("return of holding a fraction, its income and all [1/year]", "+.2f"),
    "gap": ("standard deviation of ln(price / net asset value)", ".2f"),
    "half_life": ("half-life of this gap [days]", ".1f"),
}
Array = NDArray[np.float64]


class Case(NamedTuple):
    """A seed of a scenario."""

    scenario: str
    seed: int


class Path(NamedTuple):
    """One run, morning by morning after the burn-in.

    Attributes:
        price, nav, volume, income: USD a fraction, the same, USD traded on the day before, USD that a fraction earns
            a day; float64[day, pool]
        coin: USD by day
    """

    price: Array
    nav: Array
    volume: Array
    income: Array
    coin: Array


class Moves(NamedTuple):
    """What one run showed.

    Attributes:
        fraction, coin: moments of returns by name
        own: figures of fractions alone, by name
        remembers: autocorrelations of the sizes of returns by days, of fractions and of the coin; float64[2, lag]
        pools: that were looked at
    """

    fraction: dict[str, float]
    coin: dict[str, float]
    own: dict[str, float]
    remembers: Array
    pools: int


def mornings(market: Marketplace, look: Callable[[], None] = lambda: None) -> Path:
    """Play a market to its end and note each morning.

    Args:
        look: called on each of these mornings

    Raises:
        ScenarioError: no pool is there all the time
    """
    rows: list[tuple[Array, ...]] = []
    per_day = market.clock.per_day
    while market.running and market.clock.tick + 1 < market.clock.ticks:
        market.step()
        if market.clock.new_day and market.clock.day >= BURN_IN:
            view = market.mechanisms["amm"].view()
            nav = market.reference_nav() if market.reference_nav is not None else view.price * math.nan
            income = np.resize(market.view.vaults.income, view.price.size)  # the rest has no price
            rows.append((view.price.copy(), nav[: view.price.size].copy(), view.volume.copy(), income))
            look()
    coin = np.array(market.recorder.path("bitcoin.price"))[BURN_IN * per_day :: per_day]
    price, nav, volume, income = (np.array(part) for part in zip(*rows, strict=True))
    lasting = (price > 0.0).all(axis=0)
    if not lasting.any():
        raise ScenarioError(f"{market.scenario.name}, seed {market.seed}: no pool of fractions is there all the time")
    return Path(price[:, lasting], nav[:, lasting], volume[:, lasting], income[:, lasting], coin)


def watched(case: Case) -> Path:
    """Run once and note each morning."""
    with Marketplace(Scenario.load(case.scenario), rng=case.seed) as market:
        return mornings(market)


def elasticity(price: Array, coin: Array, days: int) -> float:
    """Slope of a price's log changes over so many days on the coin's, which are seen in the morning.

    >>> coin = np.exp(np.cumsum(np.random.default_rng(1).standard_normal(300)))
    >>> round(elasticity(np.r_[1.0, coin[:-1] ** 0.5], coin, 5), 9)
    0.5
    """
    of_price = np.log(price[1 + days :] / price[1:-days])
    of_coin = np.log(coin[days:-1] / coin[: -1 - days])
    return float(np.cov(of_price, of_coin)[0, 1] / of_coin.var(ddof=1))


def half_life(gap: Array) -> float:
    """Days in which half of a gap is gone, from its autocorrelation after a day; NaN where it does not return."""
    kept = float(autocorrelation(gap, 1))
    return math.log(0.5) / math.log(kept) if 0.0 < kept < 1.0 else math.nan


def yearly(values: Array, days: int) -> float:
    """Standard deviation of log changes over so many days, as of a year; NaN for what is worth nothing on some day."""
    if not (values > 0.0).all():
        return math.nan
    return float(np.std(np.log(values[days:] / values[:-days])) * math.sqrt(DAYS_PER_YEAR / days))


def of_pool(price: Array, nav: Array, volume: Array, income: Array, coin: Array) -> dict[str, float]:
    """Figures of one pool that fractions alone have; those of its value are NaN if that was ever below 0."""
    returns = np.diff(np.log(price))
    gap = np.log(price / np.where((nav > 0.0).all(), nav, math.nan))
    return {
        "still": float((returns == 0.0).mean()),
        "volume": float(np.corrcoef(np.abs(returns), volume[1:])[0, 1]),
        **{f"coin{h}": elasticity(price, coin, h) for h in HORIZONS},
        **{f"nav{h}": yearly(nav, h) for h in (1, 40)},
        **{f"price{h}": yearly(price, h) for h in (1, 40)},
        "holding": float(((np.diff(price) + income[1:]) / price[:-1]).mean() * DAYS_PER_YEAR),
        "gap": float(gap.std()),
        "half_life": half_life(gap),
    }


def _median(values: Sequence[float]) -> float:
    """Median of what is defined; NaN without."""
    known = [value for value in values if not math.isnan(value)]
    return float(np.median(known)) if known else math.nan


def moves(path: Path) -> Moves:
    """Medians over the pools of a run."""
    returns, coin = np.diff(np.log(path.price), axis=0).T, np.diff(np.log(path.coin))
    columns = zip(path.price.T, path.nav.T, path.volume.T, path.income.T, strict=True)
    pools = [of_pool(price, nav, volume, income, path.coin) for price, nav, volume, income in columns]
    sizes = np.abs(returns), np.abs(coin)
    remembers = [[np.median(autocorrelation(size, lag)) for lag in range(1, LAGS)] for size in sizes]
    return Moves(
        {name: float(np.median(return_moments(returns)[name])) for name in MOMENTS},
        {name: float(return_moments(coin)[name]) for name in MOMENTS},
        {name: _median([pool[name] for pool in pools]) for name in OWN},
        np.array(remembers),
        len(pools),
    )


def run(case: Case) -> tuple[Moves, Path | None]:
    """One seed; also the path of the first, for the picture."""
    path = watched(case)
    return moves(path), path if case.seed == 1 else None


def told(values: Sequence[float], spec: str, name: str) -> str:
    """Mean and interval, and of how many runs where not of all."""
    found = estimated(values, name)
    of = f", {found.n} runs" if found.n < len(values) else ""
    return f"{found.mean:{spec}} ({found.low:{spec}} to {found.high:{spec}}{of})"


def returns_sheet(found: Sequence[Moves], title: str) -> Sheet:
    """Moments of daily returns, of fractions and of the coin."""
    rows = []
    for name, (label, spec) in MOMENTS.items():
        sides = [each.fraction[name] for each in found], [each.coin[name] for each in found]
        rows.append((label, *(told(side, spec, name) for side in sides)))
    return Sheet(title, ("daily returns", "fractions", "coin"), rows)


def own_sheet(found: Sequence[Moves]) -> Sheet:
    """How fractions follow the coin and their value."""
    rows = [(label, told([each.own[name] for each in found], spec, name)) for name, (label, spec) in OWN.items()]
    return Sheet("fractions, coin and value", ("", "mean (95 % interval)"), rows)


def long_enough(name: str) -> Scenario:
    """A scenario with pools of fractions that lasts for long enough.

    Raises:
        ScenarioError: it lacks something, or is too short
    """
    scenario = loaded(name, "vaults", "amm", "bitcoin")
    if scenario.clock.ticks * scenario.clock.hours_per_tick < HOURS_PER_DAY * (BURN_IN + LEAST):
        raise ScenarioError(f"{name}: lasts less than {BURN_IN + LEAST} days; choose a longer scenario")
    return scenario


@script
def main(arguments: Words = None) -> None:
    """Run, print, write the page's tables, and draw."""
    options = Options("price_moves", __doc__)
    options.whole("--seeds", 10, "so many seeds, from 1 on")
    options.scenario("baseline")
    options.workers()
    options.published(picture=True)
    given = options.parse_args(arguments)
    scenario = long_enough(given.scenario)
    publish = Publisher(given, (MARK, BESIDE))
    cases = [Case(given.scenario, seed) for seed in range(1, given.seeds + 1)]
    results = list(in_order(run, cases, given.workers))
    found = [each for each, _ in results]
    pools = sum(each.pools for each in found)
    publish.tables(MARK, returns_sheet(found, f"{len(found)} seeds of {scenario.name}, {pools} pools"))
    publish.tables(BESIDE, own_sheet(found))
    publish.picture(
        price_moves_picture.NAME, lambda to: price_moves_picture.draw(results[0][1], found, HORIZONS, BURN_IN, to)
    )


if __name__ == "__main__":
    sys.exit(main())
