"""One page of small multiples, its grid as large as what there is to show."""

import math
import textwrap
import warnings
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.figures.keep import encoded
from experiments.figures.panels import COLUMNS, choose
from experiments.figures.style import RC
from model.metric import registry
from model.scenario import Scenario
from model.units import HOURS_PER_DAY

if TYPE_CHECKING:
    import pandas as pd

WIDTH, ROW_HEIGHT, HEAD = 7.2, 1.75, 0.75  # inches: two columns of a journal page
MOST_POINTS = 2_000  # more than a column of print can show
QUESTION_WIDTH = 82  # characters


class Page:
    """What a page is made of.

    Args:
        metrics: `market.metrics()`
        flows: `journal.flow_table()`
        agents: everybody at the end
        scenario: question, kinds of agents, and length of tick
        seed: of the run, for the caption
        market: the market at the end, for panels that look at it

    Attributes:
        usable: metrics that are defined at some time
        nonzero: those that are not 0 throughout
        moving: those that change
    """

    def __init__(
        self,
        metrics: "pd.DataFrame",
        flows: "pd.DataFrame",
        agents: "pd.DataFrame",
        scenario: Scenario,
        seed: int,
        market: Any = None,
    ) -> None:
        self.metrics, self.flows, self.agents = metrics, flows, agents
        self.scenario, self.seed, self.market = scenario, seed, market
        paths = {str(name): metrics[name].to_numpy(float) for name in metrics}
        defined = {name: path[np.isfinite(path)] for name, path in paths.items()}
        self.usable = {name for name, path in defined.items() if path.size}
        self.nonzero = {name for name, path in defined.items() if path.any()}
        self.moving = {name for name in self.usable if defined[name].min() < defined[name].max()}

    @cached_property
    def drawn(self) -> NDArray[np.int64]:
        """Ticks that are drawn: no more than print can show."""
        return np.arange(0, len(self.metrics), max(1, len(self.metrics) // MOST_POINTS))

    @property
    def days(self) -> NDArray[np.float64]:
        """Days of the ticks that are drawn."""
        days: NDArray[np.float64] = (
            self.metrics.index.to_numpy()[self.drawn] * self.scenario.clock.hours_per_tick / HOURS_PER_DAY
        )
        return days

    def path(self, name: str) -> NDArray[np.float64]:
        """Values of a metric at the ticks that are drawn."""
        return self.metrics[name].to_numpy(float)[self.drawn]

    def unit(self, name: str) -> str:
        """Unit of a metric."""
        return str(self.metrics.attrs.get("units", {}).get(name, ""))

    def mechanism(self, key: str) -> Any:
        """A mechanism at the end of the run, None where there is none."""
        return self.market.mechanisms.get(key) if self.market is not None else None


def draw(page: Page, path: Path) -> None:
    """Draw the page of a run and save it, as part of a folder that is put into its place as a whole."""
    panels = choose(page, {m.name: m.meaning for m in registry().values() if m.headline})
    scenario = page.scenario
    with matplotlib.rc_context(RC):
        rows = max(1, math.ceil(len(panels) / COLUMNS))
        figure = Figure(figsize=(WIDTH, rows * ROW_HEIGHT + HEAD), layout="constrained")
        grid = list(figure.subplots(rows, COLUMNS, squeeze=False).ravel())
        for axes, panel in zip(grid, panels, strict=False):
            panel.draw(axes, page)
        for axes in grid[len(panels) :]:
            axes.set_axis_off()
        if not panels:
            grid[0].text(0, 0.5, "This scenario records no metrics.")
        title = "\n".join(textwrap.wrap(scenario.question or scenario.name, QUESTION_WIDTH))
        figure.suptitle(title, x=0.01, ha="left", fontsize=10, fontweight="bold", parse_math=False)
        agents = sum(t.count for t in scenario.agents.values())
        caption = f"{scenario.name}, seed {page.seed}, {agents:,} agents, from {scenario.clock.start}"
        figure.supxlabel(caption, x=0.99, ha="right", fontsize=6, color="#555555", parse_math=False)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph .* missing from", UserWarning)  # a box stands for such a letter
            path.write_bytes(encoded(figure, path.suffix[1:]))
