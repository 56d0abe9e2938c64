"""Gains by sector as a figure: bars with intervals, the marketplace above, those who supply it below."""

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from experiments.figures.keep import keep
from experiments.figures.style import GAIN, LOSS, RC, compact, three_digits
from model.scenario import Scenario

if TYPE_CHECKING:
    from experiments.gains import Sector

OUTSIDE = ("rest_of_network", "manufacturers", "utilities", "state", "protocol", "world")
WIDTH, ROW, HEAD = 7.2, 0.21, 1.45  # inches
ROOM = 0.32  # of the axis, beside the longest bar, for its figures


def draw(sectors: Mapping[str, "Sector"], scenario: Scenario, seeds: int, path: Path) -> None:
    """Draw the gains of all sectors and save them.

    Args:
        sectors: as from `over_seeds`
        scenario: for title and caption
        seeds: how many
        path: picture to write
    """
    groups = {
        "in the marketplace": {n: s for n, s in sectors.items() if n not in OUTSIDE},
        "outside": {n: s for n, s in sectors.items() if n in OUTSIDE},
    }
    groups = {title: members for title, members in groups.items() if members}
    rows = [len(members) for members in groups.values()]
    with matplotlib.rc_context(RC):
        figure = Figure(figsize=(WIDTH, ROW * sum(rows) + HEAD), layout="constrained")
        panels = figure.subplots(len(groups), 1, squeeze=False, height_ratios=[n + 1 for n in rows]).ravel()
        for axes, (title, members) in zip(panels, groups.items(), strict=True):
            _bars(axes, members)
            axes.set_title(f"Gains {title}")
        title = "\n".join(textwrap.wrap(f"Who gained and who lost: {scenario.question or scenario.name}", 82))
        figure.suptitle(title, x=0.01, ha="left", fontsize=10, fontweight="bold")
        runs = f"{seeds} seeds, lines: 95 % interval of the mean" if seeds > 1 else f"seed {scenario.clock.seed}"
        caption = (
            f"{scenario.name}, {scenario.clock.ticks:,} ticks, {runs}; in brackets: gain over what was brought in\n"
        )
        caption += "vaults owe their fractions at market price; the world holds coins at the price it paid"
        figure.supxlabel(caption, x=0.99, ha="right", multialignment="right", fontsize=6, color="#555555")
        keep(figure, path)


def _bars(axes: Axes, members: Mapping[str, "Sector"]) -> None:
    """Bars to the right for gains, to the left for losses, largest gain first."""
    ordered = sorted(members.items(), key=lambda entry: entry[1].gain.mean)
    ends = [0.0]
    for place, (_, sector) in enumerate(ordered):
        gain = sector.gain
        axes.barh(place, gain.mean, color=GAIN if gain.mean >= 0.0 else LOSS, height=0.7)
        low, high = (gain.low, gain.high) if gain.n > 1 else (gain.mean, gain.mean)
        if gain.n > 1:
            axes.plot([low, high], [place, place], color="black", linewidth=0.8, solid_capstyle="butt")
        ends += [low, high]
    span = (max(ends) - min(ends)) or 1.0
    axes.set_xlim(min(ends) - ROOM * span * (min(ends) < 0.0), max(ends) + ROOM * span * (max(ends) > 0.0))
    for place, (_, sector) in enumerate(ordered):
        gain, up = sector.gain, sector.gain.mean >= 0.0
        edge = (
            max(gain.mean, gain.high if gain.n > 1 else 0.0, 0.0)
            if up
            else min(gain.mean, gain.low if gain.n > 1 else 0.0, 0.0)
        )
        rate = "" if sector.rate.n == 0 else f" ({sector.rate.mean:+.1%})"
        text = f"{'+' if gain.mean > 0 else ''}{three_digits(gain.mean)}{rate}"
        axes.text(
            edge + 0.01 * span * (1 if up else -1), place, text, va="center", ha="left" if up else "right", fontsize=6
        )
    axes.axvline(0.0, color="black", linewidth=0.5)
    axes.set_yticks(range(len(ordered)), [name.replace("_", " ") for name, _ in ordered])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_formatter(FuncFormatter(compact))
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.grid(True, axis="x", linewidth=0.25, alpha=0.5)
    axes.set_axisbelow(True)
    axes.set_xlabel("USD")
