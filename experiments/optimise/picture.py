"""The frontier drawn: all trials, those that break a limit hollow, winners joined, and what fresh seeds say of them."""

from itertools import combinations
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from experiments.figures.keep import keep
from experiments.figures.style import GREY, RC, STYLES, compact
from experiments.optimise.frontier import Trial
from experiments.optimise.study import Frontier
from model.metric import registry

NAMES = ("frontier.png", "frontier.svg")
SIDE = 3.6  # inches of a panel
SMALL, LARGE = 3.0, 5.0  # points
HELD, FRESH = STYLES[0][0], STYLES[1][0]


def draw(frontier: Frontier, folder: Path) -> list[Path]:
    """Draw the objectives in pairs, and save the picture as PNG and SVG; one objective is drawn over trials."""
    goals = len(frontier.problem.goals)
    pairs: list[tuple[int | None, int]] = list(combinations(range(goals), 2)) if goals > 1 else [(None, 0)]
    with matplotlib.rc_context(RC):
        figure = Figure(figsize=(SIDE * 1.2 * len(pairs), SIDE), layout="constrained")
        panels = figure.subplots(1, len(pairs), squeeze=False).ravel()
        for axes, (x, y) in zip(panels, pairs, strict=True):
            panel(axes, frontier, x, y)
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=4)
        return keep(figure, *(folder / name for name in NAMES))


def place(trial: Trial, goal: int | None) -> float:
    """Where a trial stands along one axis; without an objective, its number."""
    return float(trial.number) if goal is None else trial.objectives[goal].value


def panel(axes: Axes, frontier: Frontier, x: int | None, y: int) -> None:
    """One pair of objectives."""
    done = [trial for trial in frontier.trials if not trial.refused]
    for trials, label, face in (
        ([t for t in done if t.feasible], "tried", GREY),
        ([t for t in done if not t.feasible], "breaks a limit", "none"),
    ):
        if trials:
            xs, ys = [place(t, x) for t in trials], [place(t, y) for t in trials]
            axes.plot(xs, ys, "o", color=GREY, markerfacecolor=face, markersize=SMALL, label=label, linestyle="none",
                      markeredgewidth=0.6)  # fmt: skip
    winners = sorted(frontier.winners, key=lambda winner: place(winner.trial, x))
    if winners:
        xs, ys = [place(w.trial, x) for w in winners], [place(w.trial, y) for w in winners]
        line = "-" if x is not None and len(frontier.problem.goals) == 2 else "none"
        axes.plot(xs, ys, "o", color=HELD, markersize=LARGE, linestyle=line, lw=0.9, label="frontier, as searched")
    label = "under fresh seeds, 95 %"
    for winner in winners:
        if winner.fresh is None:
            continue
        upright = winner.fresh.objectives[y]
        across = None if x is None else winner.fresh.objectives[x]
        axes.errorbar(
            place(winner.trial, x) if across is None else across.value,
            upright.value,
            xerr=None if across is None else [[across.value - across.low], [across.high - across.value]],
            yerr=[[upright.value - upright.low], [upright.high - upright.value]],
            fmt="s",
            color=FRESH,
            markerfacecolor=FRESH if winner.stays else "white",
            markersize=SMALL,
            lw=0.6,
            capsize=1.5,
            label=label,
        )
        label = "_nolegend_"
    axes.set_xlabel("trial" if x is None else axis(frontier, x))
    axes.set_ylabel(axis(frontier, y))
    for side in (axes.xaxis, axes.yaxis):
        side.set_major_formatter(FuncFormatter(compact))


def axis(frontier: Frontier, k: int) -> str:
    """Words at an axis: the number, its unit, and which way is good."""
    goal = frontier.problem.goals[k]
    unit = registry()[goal.metric].unit if goal.metric in registry() else ""
    better = "more is better" if goal.maximise else "less is better"
    return f"{goal.name}{f' [{unit}]' if unit not in ('', '1') else ''}, {better}"
