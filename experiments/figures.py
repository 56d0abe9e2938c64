"""A run on one page: small multiples of whatever the scenario recorded.

Panels name the metrics they would like; those that a scenario does not record are left out, and headline metrics that
no panel names get one of their own. Okabe-Ito colours, each with its own dashes, so that the page survives a
photocopier and colour-blind readers [OkabeIto2008].
"""

import math
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from model.metric import registry
from model.scenario import Scenario
from model.units import HOURS_PER_DAY, USD

if TYPE_CHECKING:
    import pandas as pd

STYLES = (  # Okabe-Ito, with dashes
    ("#0072B2", "solid"),
    ("#D55E00", (0, (4, 1.5))),
    ("#009E73", (0, (1, 1))),
    ("#CC79A7", (0, (4, 1.2, 1, 1.2))),
    ("#E69F00", (0, (6, 1.5, 1, 1.5, 1, 1.5))),
    ("#56B4E9", (0, (2, 1))),
)
COLUMNS, MOST_PANELS = 3, 12
WIDTH, ROW_HEIGHT, HEAD = 7.2, 1.75, 0.75  # inches: two columns of a journal page
DPI = 200
LARGEST_FLOWS = 8
MOST_POINTS = 2_000  # more than a column of print can show
RC: Any = {
    "font.family": "sans-serif",
    "font.size": 7,
    "axes.linewidth": 0.5,
    "axes.titlesize": 7.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 6.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.labelsize": 6.5,
    "ytick.labelsize": 6.5,
    "xtick.major.width": 0.5,
    "ytick.major.width": 0.5,
    "legend.fontsize": 6,
    "legend.frameon": False,
    "legend.handlelength": 2.2,
    "lines.linewidth": 1.1,
}


class Panel(NamedTuple):
    """One small multiple.

    Attributes:
        title: what it shows
        series: metric and label of each line
        scale: "plain", "log", or "index" (first defined value = 100, for things in different units)
        twin: metric and label of a line on a second axis at the right
        level: value of a thin reference line
    """

    title: str
    series: tuple[tuple[str, str], ...]
    scale: str = "plain"
    twin: tuple[str, str] | None = None
    level: float | None = None


PANELS = (
    Panel(
        "Coin and fraction prices",
        (("bitcoin.price", "coin"), ("amm.price_median", "fraction"), ("rigs.price", "rig per TH")),
        "index",
        level=100.0,
    ),
    Panel("Network hash rate", (("network.hashrate", "hash rate"),), twin=("network.difficulty", "difficulty")),
    Panel(
        "Hashprice and break-even",
        (("network.hashprice", "hashprice"), ("rigs.breakeven", "break-even"), ("rigs.running_cost", "power cost")),
    ),
    Panel("Price over net asset value", (("fractions.premium", "premium"), ("vaults.premium", "premium")), level=0.0),
    Panel("Pools: depth", (("amm.depth", "depth"),), twin=("amm.volume", "volume")),
    Panel("Wealth: Gini", (("wealth.gini", "everybody"), ("miners.gini", "miners"), ("retail.gini", "investors"))),
)


def draw(metrics: "pd.DataFrame", flows: "pd.DataFrame", scenario: Scenario, seed: int, path: Path) -> None:
    """Draw the page of a run and save it.

    Args:
        metrics: one row per tick, as `market.metrics()`
        flows: all flows in long form, as `journal.flow_table()`
        scenario: question and length of tick
        seed: of the run, for the caption
        path: picture to write
    """
    hours = scenario.clock.hours_per_tick
    usable = {str(name) for name in metrics if np.isfinite(metrics[name].to_numpy(float)).any()}
    panels = choose(usable, {m.name: m.meaning for m in registry().values() if m.headline})
    money = spending(flows)
    with matplotlib.rc_context(RC):
        n = min(MOST_PANELS, len(panels) + bool(money))
        rows = max(1, math.ceil(n / COLUMNS))
        figure = Figure(figsize=(WIDTH, rows * ROW_HEIGHT + HEAD), layout="constrained")
        grid = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
        thin = max(1, len(metrics) // MOST_POINTS)
        table = metrics.iloc[::thin]
        days = table.index.to_numpy() * hours / HOURS_PER_DAY
        for axes, panel in zip(grid, panels[: MOST_PANELS - bool(money)], strict=False):
            _lines(axes, panel, days, table, metrics.attrs.get("units", {}), usable)
        if money:
            _bars(grid[n - 1], money)
        for axes in grid[n:]:
            axes.set_axis_off()
        if n == 0:
            grid[0].text(0, 0.5, "This scenario records no metrics.")
        title = "\n".join(textwrap.wrap(scenario.question or scenario.name, 90))
        figure.suptitle(title, x=0.01, ha="left", fontsize=10, fontweight="bold")
        agents = sum(t.count for t in scenario.agents.values())
        caption = f"{scenario.name}, seed {seed}, {agents:,} agents, from {scenario.clock.start}"
        figure.supxlabel(caption, x=0.99, ha="right", fontsize=6, color="#555555")
        figure.savefig(path, dpi=DPI, metadata={"Software": "rigshare"})


def choose(usable: set[str], headlines: dict[str, str]) -> list[Panel]:
    """Panels that have something to show, then one for each headline metric that none of them names."""
    found, named = [], set()
    for panel in PANELS:
        named |= {name for name, _ in panel.series} | ({panel.twin[0]} if panel.twin else set())
        if any(name in usable for name, _ in panel.series):
            found.append(panel)
    return found + [Panel(text, ((name, text),)) for name, text in headlines.items() if name in usable - named]


def spending(flows: "pd.DataFrame") -> dict[str, float]:
    """Largest flows of dollars of the run by kind, the opening left out [USD].

    Only what moves between two sectors counts.
    """
    moved = flows[(flows["asset"] == "usd") & (flows["tick"] >= 0) & (flows["from"] != flows["to"])]
    totals = moved.groupby("kind")["amount"].sum().sort_values(ascending=False)
    return {str(kind): amount / USD for kind, amount in totals.head(LARGEST_FLOWS).items()}


def compact(value: float, _: Any = None) -> str:
    """A number for an axis.

    >>> compact(1500.0), compact(2.5e6), compact(0.25), compact(3e13)
    ('1.5k', '2.5M', '0.25', '30tn')
    """
    size = abs(value)
    for scale, letters in ((1e15, ""), (1e12, "tn"), (1e9, "bn"), (1e6, "M"), (1e3, "k")):
        if size >= scale:
            return f"{value / scale:.4g}{letters}" if letters else f"{value:.2g}"
    return f"{value:.4g}"


def _label(unit: str) -> str:
    return "" if unit == "1" else unit


def _lines(
    axes: Axes, panel: Panel, days: np.ndarray, table: "pd.DataFrame", units: dict[str, str], usable: set[str]
) -> None:
    shown = [(name, label) for name, label in panel.series if name in usable]
    for (name, label), (colour, dashes) in zip(shown, STYLES, strict=False):
        values = table[name].to_numpy(float)
        if panel.scale == "index":
            first = next((v for v in values if np.isfinite(v) and v != 0), 1.0)
            values = 100.0 * values / first
        axes.plot(days, values, color=colour, linestyle=dashes, label=label)
    if panel.scale == "log":
        axes.set_yscale("log")
    axes.set_ylabel("index, start = 100" if panel.scale == "index" else _label(units.get(shown[0][0], "")))
    if panel.level is not None:
        axes.axhline(panel.level, color="black", linewidth=0.4)
    handles, labels = axes.get_legend_handles_labels()
    if panel.twin is not None and panel.twin[0] in usable:
        right = axes.twinx()
        name, label = panel.twin
        colour, dashes = STYLES[len(shown)]
        right.plot(days, table[name].to_numpy(float), color=colour, linestyle=dashes, label=label)
        right.set_ylabel(_label(units.get(name, "")), color=colour)
        right.spines["right"].set_visible(True)
        right.yaxis.set_major_formatter(FuncFormatter(compact))
        right.yaxis.set_major_locator(MaxNLocator(4))
        axes.yaxis.label.set_color(STYLES[0][0])
        handles, labels = [*handles, *right.lines], [*labels, label]
    if len(handles) > 1:
        axes.legend(handles, labels, loc="best", borderaxespad=0.2, labelspacing=0.2)
    axes.yaxis.set_major_formatter(FuncFormatter(compact))
    if panel.scale != "log":
        axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.set_xlim(days[0], max(days[-1], days[0] + 1))
    axes.set_xlabel("day")
    axes.set_title(textwrap.shorten(panel.title, 44, placeholder=" …"))
    axes.grid(True, linewidth=0.25, alpha=0.5)


def _bars(axes: Axes, money: dict[str, float]) -> None:
    places = np.arange(len(money))[::-1]
    axes.barh(places, list(money.values()), color=STYLES[0][0], height=0.65)
    axes.set_yticks(places, labels=list(money))
    axes.set_xlabel("USD over the run, between sectors")
    axes.xaxis.set_major_formatter(FuncFormatter(compact))
    axes.xaxis.set_major_locator(MaxNLocator(3))
    axes.set_title("Who pays for what")
