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
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

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
COLUMNS, MOST_PANELS = 3, 15
WIDTH, ROW_HEIGHT, HEAD = 7.2, 1.75, 0.75  # inches: two columns of a journal page
DPI = 200
LARGEST_FLOWS = 8
SMALLEST_KIND = 5  # people; a curve through fewer says nothing
WIDE_RANGE = 20.0  # an index whose highest value is this many times its lowest is drawn in logs
OUTSIDE = {"rest_of_network"}  # so large that nothing else would be seen
TITLE_WIDTH = 28  # characters
KEY_COLUMNS, KEY_HEIGHT = 2, 8.5  # labels in a row of a key, and its height in points
MOST_POINTS = 2_000  # more than a column of print can show
RC: Any = {
    "font.family": "sans-serif",
    "font.size": 7,
    "axes.linewidth": 0.5,
    "axes.titlesize": 7,
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
    Panel("Prices", (("bitcoin.price", "coin"), ("amm.price_median", "fraction"), ("rigs.price", "rig")), "index"),
    Panel("Mining network", (("network.hashrate", "hash rate"),), twin=("network.difficulty", "difficulty")),
    Panel(
        "Hashprice",
        (("network.hashprice", "hashprice"), ("rigs.breakeven_hashprice", "break-even")),
    ),
    Panel("Fractions: ln(price / NAV)", (("fractions.premium", "premium"),), level=0.0),
    Panel("Fractions: income yield", (("fractions.income_yield", "yield"),), level=0.0),
    Panel("Fractions: hash rate", (("fractions.hashrate", "hash rate"),)),
    Panel("Pools", (("amm.depth", "depth"),), twin=("amm.volume", "volume")),
    Panel("Share of pools traded today", (("amm.traded_share", "share"),)),
    Panel("Offerings so far", (("offerings.succeeded", "sold out"), ("offerings.failed", "refunded"))),
    Panel("Coins mined here, per tick", (("payout.paid", "paid"),)),
    Panel("Share of agents a tick", (("agents.awake", "awake"), ("agents.acting", "acting"))),
    Panel(
        "Shares of all wealth",
        (
            ("agents.miner_wealth", "miners"),
            ("agents.retail_wealth", "investors"),
            ("agents.provider_wealth", "providers"),
            ("agents.arbitrageur_wealth", "arbitrageurs"),
        ),
    ),
    Panel("Gini of wealth", (("agents.gini", "everybody"),)),
)


class Tables(NamedTuple):
    """What a picture is made of: `market.metrics()`, `journal.flow_table()`, and everybody at the end."""

    metrics: "pd.DataFrame"
    flows: "pd.DataFrame"
    agents: "pd.DataFrame"


def draw(tables: Tables, scenario: Scenario, seed: int, path: Path) -> None:
    """Draw the page of a run and save it.

    Args:
        tables: the run's tables
        scenario: question, kinds of agents, and length of tick
        seed: of the run, for the caption
        path: picture to write
    """
    metrics = tables.metrics
    usable = {str(name) for name in metrics if np.isfinite(metrics[name].to_numpy(float)).any()}
    panels = choose(usable, {m.name: m.meaning for m in registry().values() if m.headline})
    money = spending(tables.flows, set(scenario.agents) - OUTSIDE)
    curves = {str(kind): lorenz(group["wealth"].to_numpy(float)) for kind, group in tables.agents.groupby("kind")}
    curves = {kind: curve for kind, curve in curves.items() if curve[0].size > SMALLEST_KIND}
    with matplotlib.rc_context(RC):
        panels = panels[: MOST_PANELS - bool(money) - bool(curves)]
        n = len(panels) + bool(money) + bool(curves)
        rows = max(1, math.ceil(n / COLUMNS))
        figure = Figure(figsize=(WIDTH, rows * ROW_HEIGHT + HEAD), layout="constrained")
        grid = list(figure.subplots(rows, COLUMNS, squeeze=False).ravel())
        table = metrics.iloc[:: max(1, len(metrics) // MOST_POINTS)]
        days = table.index.to_numpy() * scenario.clock.hours_per_tick / HOURS_PER_DAY
        for axes, panel in zip(grid, panels, strict=False):
            _lines(axes, panel, days, table, metrics.attrs.get("units", {}), usable)
        if curves:
            _curves(grid[len(panels)], curves)
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


def spending(flows: "pd.DataFrame", sectors: set[str]) -> dict[str, float]:
    """Largest flows of dollars into and out of some sectors by kind, the opening left out [USD]."""
    ours = flows["from"].isin(sectors) | flows["to"].isin(sectors)
    moved = flows[ours & (flows["asset"] == "usd") & (flows["tick"] >= 0) & (flows["from"] != flows["to"])]
    totals = moved.groupby("kind")["amount"].sum().sort_values(ascending=False)
    return {str(kind): amount / USD for kind, amount in totals.head(LARGEST_FLOWS).items()}


def lorenz(wealth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lorenz curve: cumulative shares of people, poorest first, and of their wealth; debts count as nothing.

    >>> [float(x) for x in lorenz(np.array([3.0, 1.0]))[1]]
    [0.0, 0.25, 1.0]
    """
    ordered = np.sort(np.maximum(wealth, 0.0))
    total = float(ordered.sum())
    shares = np.cumsum(ordered) / total if total > 0 else np.linspace(0, 1, ordered.size + 1)[1:]
    return np.linspace(0.0, 1.0, ordered.size + 1), np.concatenate([[0.0], shares])


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
    """Unit at an axis; plain numbers and shares have none."""
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
    drawn = np.concatenate([line.get_ydata() for line in axes.get_lines()])
    drawn = drawn[np.isfinite(drawn)]
    logs = panel.scale == "log" or (panel.scale == "index" and 0 < WIDE_RANGE * drawn.min() < drawn.max())
    if drawn.size and drawn.min() == drawn.max():
        room = 0.5 * max(1.0, abs(drawn[0]))
        axes.set_ylim(drawn[0] - room, drawn[0] + room)
    if logs:
        axes.set_yscale("log")
        axes.yaxis.set_minor_formatter(NullFormatter())
    if panel.level is not None:
        axes.axhline(panel.level, color="black", linewidth=0.4, zorder=0)
    handles, labels = axes.get_legend_handles_labels()
    if panel.twin is not None and panel.twin[0] in usable:
        name, label = panel.twin
        colour, dashes = STYLES[len(shown)]
        right = axes.twinx()
        handles += right.plot(days, table[name].to_numpy(float), color=colour, linestyle=dashes, label=label)
        labels.append(label)
        right.set_ylabel(_label(units.get(name, "")), color=colour)
        right.spines["right"].set_visible(True)
        right.yaxis.set_major_formatter(FuncFormatter(compact))
        right.yaxis.set_major_locator(MaxNLocator(4))
        axes.yaxis.label.set_color(STYLES[0][0])
    axes.set_ylabel("index, start = 100" if panel.scale == "index" else _label(units.get(shown[0][0], "")))
    axes.yaxis.set_major_formatter(FuncFormatter(compact))
    if not logs:
        axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.set_xlim(days[0], max(days[-1], days[0] + 1))
    axes.set_xlabel("day")
    axes.grid(True, linewidth=0.25, alpha=0.5)
    _head(axes, panel.title, handles if len(handles) > 1 else [], labels)


def _curves(axes: Axes, curves: dict[str, tuple[np.ndarray, np.ndarray]]) -> None:
    axes.plot([0, 1], [0, 1], color="#999999", linewidth=0.4, zorder=0)
    for (kind, (people, wealth)), (colour, dashes) in zip(curves.items(), STYLES, strict=False):
        gini = 1.0 - float(np.sum((wealth[1:] + wealth[:-1]) * np.diff(people)))
        axes.plot(people, wealth, color=colour, linestyle=dashes, label=f"{kind.replace('_', ' ')}, Gini {gini:.2f}")
    axes.legend(loc="upper left", borderaxespad=0.1, labelspacing=0.25)
    axes.set_xlabel("share of people, poorest first")
    axes.set_ylabel("share of their wealth")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.set_title("Wealth at the end, by kind")


def _head(axes: Axes, title: str, handles: list[Any], labels: list[str]) -> None:
    """Title, and below it the key, clear of the curves."""
    lines = textwrap.wrap(title, TITLE_WIDTH, max_lines=1 if handles else 2, placeholder=" …")
    axes.set_title("\n".join(lines), pad=4 + KEY_HEIGHT * math.ceil(len(handles) / KEY_COLUMNS))
    if handles:
        axes.legend(
            handles,
            labels,
            ncols=KEY_COLUMNS,
            loc="lower left",
            bbox_to_anchor=(0.0, 1.0),
            borderaxespad=0.1,
            borderpad=0.1,
            columnspacing=1.0,
            handletextpad=0.4,
        )


def _bars(axes: Axes, money: dict[str, float]) -> None:
    places = np.arange(len(money))[::-1]
    axes.barh(places, list(money.values()), color=STYLES[0][0], height=0.7)
    largest = max(money.values())
    for place, (kind, amount) in zip(places, money.items(), strict=True):
        axes.text(amount + 0.02 * largest, place, f"{kind} {compact(float(f'{amount:.3g}'))}", va="center", fontsize=6)
    axes.set_yticks([])
    axes.set_xlim(0, 1.5 * largest)
    axes.set_xlabel("USD")
    axes.xaxis.set_major_formatter(FuncFormatter(compact))
    axes.xaxis.set_major_locator(MaxNLocator(3))
    axes.set_title("Dollars in and out, whole run")
