"""Small multiples: what each needs, when it is shown, and how it is drawn; and which of them a page shows."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter
from numpy.typing import NDArray

from experiments.figures.style import STYLES, compact, head
from model.scan import modules
from model.unit_names import unit_of
from model.units import HOURS_PER_DAY

if TYPE_CHECKING:
    from experiments.figures.page import Page

COLUMNS, MOST_PANELS = 3, 30
WIDE_RANGE = 20.0  # an index whose highest value is this many times its lowest is drawn in logs
TWO_DECADES = 100.0  # an axis in logs that is shorter has labels at 2 and 5, too
PER_DAY = "/day"


class Lines(NamedTuple):
    """Metrics over the days of the run.

    Attributes:
        title: what it shows
        series: metric and label of each line
        scale: "plain", "index" (first defined value = 100, for things in different units), or "so far" (added up over
            the run; a rate is multiplied by the days of a tick)
        twin: metric and label of a line on a second axis at the right
        level: value of a thin reference line
        least: lines that must have something to show, for comparisons
        when: metrics one of which must change during the run, for mechanisms that may stand idle
        zeros: whether lines that are 0 throughout are drawn
        spare: shown only in places that would be left empty, those of low number first; 0 for always
    """

    title: str
    series: tuple[tuple[str, str], ...]
    scale: str = "plain"
    twin: tuple[str, str] | None = None
    level: float | None = None
    least: int = 1
    when: tuple[str, ...] = ()
    zeros: bool = True
    spare: int = 0

    @property
    def names(self) -> set[str]:
        """All metrics it draws."""
        return {name for name, _ in self.series} | ({self.twin[0]} if self.twin else set())

    def drawn(self, page: "Page") -> tuple[tuple[str, str], ...]:
        """The lines that have something to show."""
        known = page.usable if self.zeros else page.nonzero
        return tuple((name, label) for name, label in self.series if name in known)

    def shown(self, page: "Page") -> bool:
        """Whether there is anything to show."""
        return len(self.drawn(page)) >= self.least and (not self.when or bool(page.moving.intersection(self.when)))

    def draw(self, axes: Axes, page: "Page") -> None:
        """Draw it."""
        shown, days = self.drawn(page), page.days
        for (name, label), (colour, dashes) in zip(shown, STYLES, strict=False):
            axes.plot(days, self._path(page, name), color=colour, linestyle=dashes, label=label)
        self._scale(axes)
        if self.level is not None:
            axes.axhline(self.level, color="black", linewidth=0.4, zorder=0)
        handles, labels = axes.get_legend_handles_labels()
        if self.twin is not None and self.twin[0] in page.moving:
            name, label = self.twin
            colour, dashes = STYLES[len(shown)]
            right = axes.twinx()
            handles += right.plot(days, page.path(name), color=colour, linestyle=dashes, label=label)
            labels.append(label)
            right.set_ylabel(unit_of(page.unit(name)), color=colour)
            right.spines["right"].set_visible(True)
            right.yaxis.set_major_formatter(FuncFormatter(compact))
            right.yaxis.set_major_locator(MaxNLocator(4))
            if len(shown) == 1:
                axes.yaxis.label.set_color(STYLES[0][0])
        axes.set_ylabel(self._unit(page, shown[0][0]))
        axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.set_xlim(days[0], max(days[-1], days[0] + 1))
        axes.set_xlabel("day")
        axes.grid(True, linewidth=0.25, alpha=0.5)
        head(axes, self.title, handles if len(handles) > 1 or len(self.series) > 1 else [], labels)

    def _path(self, page: "Page", name: str) -> NDArray[np.float64]:
        values = page.path(name)
        if self.scale == "index":
            first = next((v for v in values if np.isfinite(v) and v != 0), 1.0)
            return 100.0 * values / first
        if self.scale == "so far":
            every = np.nancumsum(page.metrics[name].to_numpy(float))
            if page.unit(name).endswith(PER_DAY):
                every *= page.scenario.clock.hours_per_tick / HOURS_PER_DAY
            return every[page.drawn]
        return values

    def _unit(self, page: "Page", name: str) -> str:
        if self.scale == "index":
            return "index, start = 100"
        unit = page.unit(name)
        return unit_of(unit.removesuffix(PER_DAY) if self.scale == "so far" else unit)

    def _scale(self, axes: Axes) -> None:
        """Logs for an index of wide range, room above and below a line that never moves."""
        values = np.concatenate([line.get_ydata() for line in axes.get_lines()])
        values = values[np.isfinite(values)]
        if values.size and values.min() == values.max():
            room = 0.5 * max(1.0, abs(values[0]))
            axes.set_ylim(values[0] - room, values[0] + room)
        axes.yaxis.set_major_formatter(FuncFormatter(compact))
        if self.scale == "index" and 0 < WIDE_RANGE * values.min() < values.max():
            axes.set_yscale("log")
            if values.max() < TWO_DECADES * values.min():
                axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
            axes.yaxis.set_major_formatter(FuncFormatter(compact))
            axes.yaxis.set_minor_formatter(NullFormatter())
        else:
            axes.yaxis.set_major_locator(MaxNLocator(4))


class Picture(NamedTuple):
    """A chart of something else than metrics over days.

    Attributes:
        data: what is drawn, made from the page; nothing is drawn when it is empty or None
        paint: draws the data
        spare: as in `Lines`
    """

    data: Callable[["Page"], Any]
    paint: Callable[[Axes, Any], None]
    spare: int = 0

    @property
    def names(self) -> set[str]:
        """No metrics."""
        return set()

    def shown(self, page: "Page") -> bool:
        """Whether there is anything to show."""
        found = self.data(page)
        return found is not None and len(found) > 0

    def draw(self, axes: Axes, page: "Page") -> None:
        """Draw it."""
        self.paint(axes, self.data(page))


Panel = Lines | Picture


@cache
def panels() -> tuple[tuple[float, Panel], ...]:
    """All panels of all subjects with their place on the page, in order."""
    found = []
    for module in modules("experiments.figures.subjects"):
        found += [(float(module.PLACE), panel) for panel in module.PANELS]
    return tuple(sorted(found, key=lambda entry: entry[0]))


def choose(page: "Page", headlines: Mapping[str, str]) -> list[Panel]:
    """Panels of a page in order: those with something to show, headlines that none of them names, spares for the rest.

    Args:
        headlines: meaning of each headline metric
    """
    named = {name for _, panel in panels() for name in panel.names}
    shown = [(place, panel) for place, panel in panels() if panel.shown(page)]
    chosen: list[tuple[float, Panel]] = [entry for entry in shown if not entry[1].spare]
    last = max((place for place, panel in chosen if isinstance(panel, Lines)), default=0.0)
    left = [name for name in headlines if name in page.usable - named]
    chosen += [(last, Lines(headlines[name], ((name, headlines[name]),))) for name in left]
    empty = -len(chosen) % COLUMNS
    spares = sorted((entry for entry in shown if entry[1].spare), key=lambda entry: entry[1].spare)
    chosen += spares[:empty]
    ordered = [panel for _, panel in sorted(chosen, key=lambda entry: entry[0])]
    over = [panel for panel in ordered if isinstance(panel, Lines)][::-1][: max(0, len(ordered) - MOST_PANELS)]
    return [panel for panel in ordered if panel not in over]
