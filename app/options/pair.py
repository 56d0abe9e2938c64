"""One metric of two runs on one axis, A solid and B dashed; and gains by kind of agents, side by side."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.options import Chart, Table
from app.options.drawing import chart
from app.options.style import DARK, INK, LIGHT, STRIPES, Line, axis, base, last, lines, path_table
from app.pair import End, Paths, kind, label
from app.thin import places, rounded, short
from experiments.console import readable
from model.metric import registry
from model.units import HOURS_PER_DAY

NAMES = ("A", "B")
ROOM, ROW = 74, 40  # pixels of a bar chart beside its rows, and of each row


def columns(name: str) -> tuple[str, str]:
    """What both paths are called in a file."""
    return f"A {name}", f"B {name}"


def path(name: str, paths: Sequence[Paths], hours: float) -> Chart:
    """Chart of one metric of both runs.

    Args:
        name: of the metric
        paths: of both runs, equally long
        hours: of a tick
    """
    known = registry()[name]
    drawn = places(min(len(each[name]) for each in paths))
    days = [float(day) for day in (drawn + 1) * hours / HOURS_PER_DAY]
    both = [
        Line(side, rounded(np.asarray(each[name], float)[drawn]), known.unit)
        for side, each in zip(NAMES, paths, strict=True)
    ]

    def draw(dark: bool) -> dict[str, Any] | None:
        if all(value is None for line in both for value in line.values):
            return None
        now = ", ".join(f"{line.name} {readable(last(line.values))}" for line in both)
        return lines(days, both, dark, f"{label(name)}; two lines, A solid and B dashed; now {now} {known.unit}.")

    return chart(
        name, label(name), draw, lambda: path_table(days, both), f"{name} is not defined yet.", metrics=columns(name)
    )


def bars(rows: Sequence[End]) -> Chart:
    """Gains of both runs by kind of agents [USD]."""

    def draw(dark: bool) -> dict[str, Any] | None:
        if not rows:
            return None
        palette = DARK if dark else LIGHT
        words = "; ".join(f"{kind(end)} A {readable(end.first)}, B {readable(end.second)} USD" for end in rows)
        found = base(dark, f"Gain by kind of agents: {words}.")
        found["grid"] = {"left": 8, "right": 18, "top": 34, "bottom": 26, "containLabel": True}
        found["tooltip"]["trigger"] = "axis"
        found["legend"] |= {"icon": None, "data": list(NAMES)}
        found["xAxis"] = axis(dark, "USD", scale=False) | {"nameLocation": "middle", "nameGap": 26}
        found["yAxis"] = {
            "type": "category",
            "inverse": True,
            "data": [kind(end) for end in rows],
            "axisLabel": {"color": INK[dark], "fontSize": 12},
            "axisTick": {"show": False},
            "axisLine": {"lineStyle": {"color": INK[dark]}},
        }
        looks: list[dict[str, Any]] = [{"color": palette[0]}, {"color": palette[1], "decal": STRIPES}]
        values = ([short(end.first) for end in rows], [short(end.second) for end in rows])
        found["series"] = [
            {"name": name, "type": "bar", "data": data, "itemStyle": look, "barMaxWidth": 14}
            for name, data, look in zip(NAMES, values, looks, strict=True)
        ]
        return found

    def table() -> Table:
        found = [(kind(end), short(end.first), short(end.second), short(end.difference)) for end in rows]
        return Table(("kind of agents", "A [USD]", "B [USD]", "B − A [USD]"), found)

    height = ROOM + ROW * max(2, len(rows))
    return chart("gains", "Who won and who lost", draw, table, "Gains are counted at the end of a week.", height)
