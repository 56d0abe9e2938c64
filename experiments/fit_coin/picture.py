"""One page: daily returns of the real coin and of each process, and what the eye cannot see in them."""

from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter

from experiments.figures.keep import keep
from experiments.figures.style import RC, STYLES
from experiments.fit_coin.facts import simulate_beside
from experiments.fit_coin.series import Array, autocorrelation, daily_returns

SEEDS = 20  # paths behind each curve
WIDTH, HEIGHT = 7.2, 6.6  # inches
REAL: Any = {"color": "black", "linewidth": 1.4, "label": "real"}
LAGS = range(1, 61)
LARGEST = 0.32  # of the axes of returns; larger ones are cut, the largest is told


def draw(path: Path, columns: dict[str, list[str]], seed: int = 1) -> None:
    """Draw all processes beside the real series and save the page.

    Args:
        path: picture to write
        columns: days and prices of the real series
        seed: first of the seeds; the paths shown are its own
    """
    real, made = daily_returns(columns), simulate_beside(columns, range(seed, seed + SEEDS))
    with matplotlib.rc_context(RC):
        figure = Figure(figsize=(WIDTH, HEIGHT), layout="constrained")
        grid = figure.subplots(3, 3)
        _returns(grid[0, 0], "real, 2018-2024", real, "black")
        for axes in grid[:2, 0]:
            axes.set_ylabel("log return of a day")
        for axes, (name, paths), (colour, _) in zip(grid.ravel()[1:], made.items(), STYLES, strict=False):
            _returns(axes, f"{name}, seed {seed}", paths[0], colour)
        _prices(grid[2, 0], real, {name: paths[0] for name, paths in made.items()})
        _tails(grid[2, 1], real, made)
        _memory(grid[2, 2], real, made)
        handles, labels = grid[2, 1].get_legend_handles_labels()
        handles, labels = handles[-1:] + handles[:-1], labels[-1:] + labels[:-1]
        figure.legend(handles, labels, ncols=len(labels), loc="outside lower center")
        figure.suptitle("Daily log returns of the coin: real, and by each process at its defaults", x=0.01, ha="left")
        keep(figure, path)


def _returns(axes: Axes, title: str, returns: Array, colour: str) -> None:
    """Every day's return; those beyond the axis are cut, and the largest is told."""
    days = np.arange(len(returns))
    axes.vlines(days, 0, np.clip(returns, -LARGEST, LARGEST), color=colour, linewidth=0.35)
    axes.set(xlim=(0, len(returns)), ylim=(-LARGEST, LARGEST), title=title)
    axes.text(0.98, 0.94, f"largest {np.abs(returns).max():.2f}", ha="right", transform=axes.transAxes, fontsize=6)
    axes.axhline(0, color="black", linewidth=0.3)
    _years(axes)


def _years(axes: Axes) -> None:
    """Years along the axis of days."""
    axes.xaxis.set_major_locator(FixedLocator([365 * year for year in range(8)]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x / 365:.0f}"))
    axes.set_xlabel("years")


def _prices(axes: Axes, real: Array, made: dict[str, Array]) -> None:
    """Prices that the returns shown above lead to."""
    days = np.arange(len(real))
    for (_, returns), (colour, dashes) in zip(made.items(), STYLES, strict=False):
        axes.plot(days, np.exp(np.cumsum(returns)), color=colour, linestyle=dashes, linewidth=0.7)
    axes.plot(days, np.exp(np.cumsum(real)), **REAL)
    axes.set(yscale="log", xlim=(0, len(real)), title="Price over its start, same paths")
    _years(axes)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())


def _tails(axes: Axes, real: Array, made: dict[str, Array]) -> None:
    """Share of days whose return is larger than so many standard deviations, all paths together."""
    for (name, paths), (colour, dashes) in zip(made.items(), STYLES, strict=False):
        size, share = _exceedance(paths)
        axes.plot(size, share, color=colour, linestyle=dashes, label=name)
    size, share = _exceedance(real)
    axes.plot(size, share, ".", color="black", markersize=2.5, label="real")
    axes.set(
        xscale="log",
        yscale="log",
        xlim=(0.5, 20),
        ylim=(1 / real.size / 2, 1),
        title=f"Share of days beyond, {SEEDS} seeds",
    )
    axes.set_xlabel("size of return / standard deviation")
    axes.xaxis.set_major_locator(FixedLocator([0.5, 1, 2, 5, 10, 20]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())


def _exceedance(returns: Array) -> tuple[Array, Array]:
    """Sizes in standard deviations, largest first, and the share of days at least as large."""
    size = -np.sort(-np.abs(returns).ravel()) / float(returns.std())
    return size, np.arange(1, size.size + 1) / size.size


def _memory(axes: Axes, real: Array, made: dict[str, Array]) -> None:
    """Autocorrelation of the size of returns, mean over paths."""
    for (_, paths), (colour, dashes) in zip(made.items(), STYLES, strict=False):
        size = np.abs(paths)
        axes.plot(LAGS, [autocorrelation(size, lag).mean() for lag in LAGS], color=colour, linestyle=dashes)
    acf = [float(autocorrelation(np.abs(real), lag)) for lag in LAGS]
    axes.plot(LAGS, acf, ".", color="black", markersize=2.5)
    axes.axhline(0, color="black", linewidth=0.3)
    axes.set(xlim=(0, LAGS[-1]), title=f"Autocorrelation of size, {SEEDS} seeds", xlabel="lag, days")
