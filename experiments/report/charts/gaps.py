"""Moments of a calibration: how far the model lies from the world, fitted ones filled, held-out ones hollow."""

from typing import TYPE_CHECKING

from experiments.figures.style import GREY, STYLES
from experiments.report.charts.base import PER_ROW, WIDTH, blank, literal
from experiments.report.svg import drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TWO_SIDED = 1.96  # |z| that chance exceeds once in twenty
ROOM = 0.8  # inches


@drawing()
def gaps(fitted: dict[str, float | None], held: dict[str, float | None]) -> "Figure":
    """Gaps over their standard deviations, by moment; undefined ones are left out."""
    rows = [*((name, gap, True) for name, gap in fitted.items()), *((name, gap, False) for name, gap in held.items())]
    figure, axes = blank(1.3 * WIDTH, PER_ROW * len(rows) + ROOM)
    axes.axvspan(-TWO_SIDED, TWO_SIDED, color=GREY, alpha=0.2, lw=0)
    axes.axvline(0.0, color="#000000", lw=0.5)
    for place, (_, gap, inside) in enumerate(rows):
        if gap is not None:
            colour = STYLES[0 if inside else 1][0]
            axes.plot(gap, place, "o", mec=colour, mfc=colour if inside else "none", ms=4.5)
    axes.set_yticks(range(len(rows)), [literal(name) for name, _, _ in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlabel("model less world, in standard deviations")
    return figure
