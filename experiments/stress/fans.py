"""Paths of many runs as a fan: what part of runs lies within which band, tick by tick."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

BANDS = (0.05, 0.25, 0.5, 0.75, 0.95)
FEWEST = 20  # runs below which 5 % of them is less than one
WIDTH, HEIGHT = 3.4, 2.0  # inches of a panel


class Fan(NamedTuple):
    """Quantiles of runs, tick by tick. They are no confidence interval: more runs do not make a fan narrower.

    Attributes:
        metric: whose paths
        days: of the run, by tick
        levels: quantiles
        bands: by level and tick
        runs: defined values, by tick
        note: what the bands are where runs are too few for the outermost; empty otherwise
    """

    metric: str
    days: NDArray[np.float64]
    levels: tuple[float, ...]
    bands: NDArray[np.float64]
    runs: NDArray[np.int64]
    note: str


def fan(paths: NDArray[np.float64], days: NDArray[np.float64], metric: str, levels: Sequence[float] = BANDS) -> Fan:
    """Bands of some paths; undefined values are left out tick by tick.

    Args:
        paths: by run and tick
        days: of each tick
        metric: whose paths
        levels: quantiles

    >>> fan(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0.0, 1.0]), "x", (0.5,)).bands.tolist()
    [[2.0, 3.0]]
    """
    runs = np.count_nonzero(~np.isnan(paths), axis=0)
    bands = np.full((len(levels), paths.shape[1]), np.nan)
    some = runs > 0
    if some.any():
        bands[:, some] = np.nanquantile(paths[:, some], levels, axis=0)
    note = "" if paths.shape[0] >= FEWEST else f"median, half, and about the whole range of {paths.shape[0]} runs"
    return Fan(metric, np.asarray(days, float), tuple(levels), bands, runs, note)


def together(series: Sequence["pd.DataFrame"], metric: str, days_per_tick: float) -> Fan:
    """Fan of one metric from the recorded series of several runs; shorter ones end earlier."""
    ticks = sorted({int(t) for table in series for t in table.index})
    paths = np.array([table[metric].reindex(ticks).to_numpy(float) for table in series])
    return fan(paths, np.array(ticks) * days_per_tick, metric)


def figure(fans: Mapping[str, Fan], units: Mapping[str, str], title: str) -> "Figure":
    """One panel for each metric: median, half of runs, nine in ten."""
    import matplotlib
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter

    from experiments.figures.style import RC, STYLES, compact
    from model.unit_names import unit_of

    columns = min(2, len(fans))
    rows = -(-len(fans) // columns)
    with matplotlib.rc_context(RC):
        page = Figure(figsize=(WIDTH * columns, HEIGHT * rows + 0.5), layout="constrained")
        panels = page.subplots(rows, columns, squeeze=False).ravel()
        for axes, (name, found) in zip(panels, fans.items(), strict=False):
            colour = STYLES[0][0]
            half = len(found.levels) // 2
            for i in range(half):
                low, high = found.bands[i], found.bands[-1 - i]
                axes.fill_between(found.days, low, high, color=colour, alpha=0.18 + 0.17 * i, linewidth=0.0)
            axes.plot(found.days, found.bands[half], color=colour)
            axes.set_title(name)
            axes.set_xlabel("day")
            axes.set_ylabel(unit_of(units.get(name, "")))
            axes.yaxis.set_major_formatter(FuncFormatter(compact))
        for axes in panels[len(fans) :]:
            axes.set_visible(False)
        first = next(iter(fans.values()))
        page.suptitle(title, x=0.01, ha="left", fontsize=8, fontweight="bold")
        note = first.note or f"median, 25-75 % and 5-95 % of {int(first.runs.max()):,} runs"
        page.supxlabel(note, x=0.99, ha="right", fontsize=6, color="#555555")
    return page


def save(fans: Mapping[str, Fan], units: Mapping[str, str], title: str, folder: Path) -> list[Path]:
    """Write all fans as one PNG and SVG."""
    from experiments.figures.keep import keep

    return keep(figure(fans, units, title), folder / "fans.png", folder / "fans.svg")
