"""How well a calibration fits: gaps of moments, and the distance along each parameter."""

from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from experiments.calibrate.report import TWO_SIDED, gaps
from experiments.calibrate.study import Calibration
from experiments.figures.keep import keep
from experiments.figures.style import GREY, RC, STYLES, compact
from experiments.sweeps.paths import short_names
from experiments.sweeps.ranges import at

NAMES = ("calibration.png", "calibration.svg")
WIDTH, PER_ROW, ROOM, LEAST = 3.0, 0.28, 0.9, 2.4  # inches
FITTED, HELD = STYLES[0][0], STYLES[1][0]


def draw(found: Calibration, folder: Path) -> list[Path]:
    """Draw gaps and distances, and save the picture as PNG and SVG."""
    size = len(found.estimates)
    moments = len(found.problem.moments)
    height = max(LEAST, ROOM + PER_ROW * moments)
    with matplotlib.rc_context(RC):
        figure = Figure(figsize=(WIDTH * (size + 1.4), height), layout="constrained")
        panels = figure.subplots(1, size + 1, squeeze=False, width_ratios=[1.4, *[1.0] * size]).ravel()
        gap_panel(panels[0], found)
        for k, axes in enumerate(panels[1:]):
            distance_panel(axes, found, k)
        return keep(figure, *(folder / name for name in NAMES))


def gap_panel(axes: Axes, found: Calibration) -> None:
    """Gaps over their standard deviations, fitted moments filled, held-out ones hollow."""
    rows = [(row["moment"], row["gap_over_error"], True) for row in gaps(found)]
    rows += [(held.name, held.z, False) for held in found.inference.held_out]
    axes.axvspan(-TWO_SIDED, TWO_SIDED, color=GREY, alpha=0.2, lw=0)
    axes.axvline(0.0, color="black", lw=0.5)
    for place, (_, gap, inside) in enumerate(rows):
        colour = FITTED if inside else HELD
        axes.plot(gap, place, "o", color=colour, markerfacecolor=colour if inside else "white", markersize=4.5)
    axes.set_yticks(range(len(rows)), [name for name, _, _ in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    reach = max([TWO_SIDED * 1.3, *(abs(gap) * 1.15 for _, gap, _ in rows if gap == gap)])
    axes.set_xlim(-reach, reach)
    axes.set_xlabel("model less world, in standard deviations of the gap")
    axes.set_title("moments: fitted filled, held out hollow")


def distance_panel(axes: Axes, found: Calibration, k: int) -> None:
    """Distance of every place simulated along one parameter, and the estimate with its interval."""
    path = list(found.estimates)[k]
    variable, interval = found.problem.asked.variables[path], found.estimates[path]
    xs = [at(variable, place[k]) for place, _ in found.tried]
    axes.plot(xs, [gap for _, gap in found.tried], ".", color=GREY, markersize=3)
    axes.axvspan(interval.low, interval.high, color=FITTED, alpha=0.2, lw=0)
    axes.axvline(interval.value, color=FITTED, lw=1.0)
    axes.set_yscale("log")
    axes.xaxis.set_major_formatter(FuncFormatter(compact))
    axes.set_xlim(float(variable.low), float(variable.high))  # type: ignore[arg-type]
    axes.set_xlabel(short_names(list(found.estimates))[path])
    axes.set_title("weighted distance of places tried" if k == 0 else "")
