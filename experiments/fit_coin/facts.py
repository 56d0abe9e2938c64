"""Stylised facts of daily returns: volatility, fat tails, no memory of signs, long memory of sizes."""

import math
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from scipy import stats

from experiments.fit_coin.series import Array, autocorrelation, daily_returns, write_prices
from model.clock import Clock, ClockParams
from model.mechanisms.bitcoin import BitcoinParams
from model.mechanisms.bitcoin.processes import processes
from model.streams import Streams

BANDS = {"excess kurtosis": (3.0, math.inf), "tail exponent": (2.5, 4.0), "acf1": (-0.1, 0.1), "acf|r|": (0.04, 0.12)}
BANDS_IN_WORDS = {"excess kurtosis": "> 3", "tail exponent": "2.5 to 4", "acf1": "-.1 to .1", "acf|r|": ".04 to .12"}
RANDOM = ("gbm", "jump_diffusion", "garch", "regimes", "bootstrap")
FACTS = ("volatility", "excess kurtosis", "tail exponent", "acf1", "acf|r|")
TOP = 0.05  # share of days that Hill's estimator looks at
LAGS = 30
SEEDS = range(1, 41)


def return_moments(returns: Array) -> dict[str, Array]:
    """Moments of daily log returns along the last axis; the tail exponent is Hill's on the top 5 % of |r|."""
    size = np.abs(returns)
    ordered = -np.sort(-size, axis=-1)
    top = int(TOP * size.shape[-1])
    tail = 1 / np.log(ordered[..., :top] / ordered[..., top : top + 1]).mean(axis=-1)
    return {
        "volatility": np.asarray(returns.std(axis=-1) * math.sqrt(365)),
        "excess kurtosis": np.asarray(stats.kurtosis(returns, axis=-1)),
        "tail exponent": np.asarray(tail),
        "acf1": autocorrelation(returns, 1),
        "acf|r|": np.mean([autocorrelation(size, lag) for lag in range(1, LAGS + 1)], axis=0),
        "largest |r|": size.max(axis=-1),
    }


def in_bands(moments: dict[str, Array]) -> tuple[bool, float]:
    """Whether the median over paths meets every band, and the share of paths that meet all bands at once."""
    medians = all(low < np.median(moments[name]) < high for name, (low, high) in BANDS.items())
    each = [(low < moments[name]) & (moments[name] < high) for name, (low, high) in BANDS.items()]
    return medians, float(np.mean(np.all(each, axis=0)))


def simulate(process: str, days: int, seeds: Iterable[int], **params: Any) -> Array:
    """Daily log returns of the market's own process, one row a seed.

    Args:
        process: name of a price process
        days: length of each row
        seeds: one run each
        params: keys of `[bitcoin]` other than their defaults; `file` for bootstrap
    """
    own = BitcoinParams.model_validate({"process": process, "price": 20_000.0, **params})
    clock = Clock(ClockParams(start="2018-01", ticks=days))
    rows = []
    for seed in seeds:
        walk, x = processes()[process](own, clock, Streams(seed), Path()), [0.0]
        for number in range(days):
            x.append(walk.day(x[-1], clock.start + timedelta(days=number), number, own, 1.0).target)
        rows.append(np.diff(x))
    return np.array(rows)


def simulate_beside(columns: dict[str, list[str]], seeds: Iterable[int]) -> dict[str, Array]:
    """Daily log returns of each process, as many days as the real series has; bootstrap plays the real series.

    Args:
        columns: days and prices of the real series, the day before the first return included
        seeds: one run of each process each
    """
    days, seeds = len(columns["date"]) - 1, list(seeds)
    with TemporaryDirectory() as folder:
        own = {"bootstrap": {"file": str(write_prices(Path(folder) / "prices.csv", columns))}}
        return {name: simulate(name, days, seeds, **own.get(name, {})) for name in RANDOM}


def facts_table(columns: dict[str, list[str]], seeds: Iterable[int] = SEEDS) -> str:
    """Markdown table: each fact of the real series, and the median and 10-90 % of simulated ones, by process."""
    real, names = daily_returns(columns), RANDOM
    moments = {name: return_moments(paths) for name, paths in simulate_beside(columns, seeds).items()}
    lines = ["| fact | band | real | " + " | ".join(names) + " |", "|" + " --- |" * (len(names) + 3)]
    for fact in FACTS:
        cells = [f"{return_moments(real)[fact]:.3g}", *(spread(moments[name][fact]) for name in names)]
        lines.append(f"| {fact.replace('|', '∣')} | {BANDS_IN_WORDS.get(fact, '')} | " + " | ".join(cells) + " |")
    met = [in_bands(moments[name]) for name in names]
    words = [f"{'all' if medians else 'no'}, {share:.0%}" for medians, share in met]
    return "\n".join([*lines, "| medians in bands, paths in all | | | " + " | ".join(words) + " |"]) + "\n"


def spread(values: Array) -> str:
    """Median, and the range of the middle four fifths.

    >>> spread(np.arange(11.0))
    '5 (1 to 9)'
    """
    low, middle, high = (
        f"{value:.2g}" if abs(value) < 1 else f"{value:.3g}" for value in np.percentile(values, [10, 50, 90])
    )
    return f"{middle} ({low} to {high})"
