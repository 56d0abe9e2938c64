"""Charts of saved results: one metric of several runs over another, and a study's means with their intervals."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.options import Chart, Table
from app.options.drawing import chart
from app.options.style import DASHES, INK, Line, axis, base, colours, last, lines
from app.saved_numbers import Kept, Mean, meaning, unit
from app.thin import places, rounded, short
from experiments.console import plain, readable

MARK = 9  # pixels of a mean's mark
NAMED = 12  # means that the words for those who do not see the chart name
LEVEL_WORDS = "95 % interval"
HEIGHT = 340


def overlay(metric: str, runs: Sequence[Kept]) -> Chart:
    """One metric of several runs over days."""

    def draw(dark: bool) -> dict[str, Any] | None:
        if not runs:
            return None
        longest = max(runs, key=lambda run: run.days.size)
        paths = []
        for run in runs:
            drawn = places(run.days.size)
            paths.append(Line(run.name, rounded(run.table[metric].to_numpy(float)[drawn]), unit(metric)))
        if all(value is None for path in paths for value in path.values):
            return None
        words = ", ".join(f"{path.name} {readable(last(path.values))}" for path in paths)
        found = lines(longest.days.tolist(), paths, dark, f"{meaning(metric)} of {len(runs)} runs; at the end {words}.")
        for run, series in zip(runs, found["series"], strict=True):  # each over its own days
            drawn = places(run.days.size)
            values = [value for _, value in series["data"]]
            series["data"] = [[float(day), value] for day, value in zip(run.days[drawn], values, strict=False)]
        return found

    def table() -> Table:
        days = sorted({float(day) for run in runs for day in run.days})
        columns = [dict(zip(run.days.tolist(), run.table[metric].astype(float).tolist(), strict=True)) for run in runs]
        rows = [(day, *(plain(column.get(day, np.nan)) for column in columns)) for day in days]
        return Table(("day", *(run.name for run in runs)), rows)

    return chart("overlay", meaning(metric), draw, table, "This metric is undefined in all of them.", HEIGHT)


def means(metric: str, rows: Sequence[Mean], varied: str) -> Chart:
    """A study's means with their intervals, over the one number that it varies or by the names of its points."""

    def draw(dark: bool) -> dict[str, Any] | None:
        known = [row for row in rows if row.found.n]
        if not known:
            return None
        words = ", ".join(f"{row.label} {readable(row.found.mean)}" for row in known[:NAMED])
        found = base(dark, f"Means of {meaning(metric)} with their {LEVEL_WORDS}: {words}.")
        found["legend"] = {"show": False}
        found["grid"] = {"left": 8, "right": 22, "top": 30, "bottom": 26, "containLabel": True}
        found["xAxis"] = _places(known, varied, dark) if varied else _names(known, dark)
        found["yAxis"] = _heights(known, unit(metric) if unit(metric) != "1" else "", dark)
        found["series"] = [
            _dots(known, [row.place for row in known] if varied else range(len(known)), bool(varied), dark)
        ]
        return found

    def table() -> Table:
        heads = ("point", "runs", "mean", "low", "high", "standard deviation")
        found = [(row.label, row.found) for row in rows]
        return Table(heads, [(label, x.n, *map(plain, (x.mean, x.low, x.high, x.sd))) for label, x in found])

    return chart("means", meaning(metric), draw, table, "This metric is undefined at every point.", HEIGHT)


def _names(rows: Sequence[Mean], dark: bool) -> dict[str, Any]:
    """The axis of points that have nothing but names."""
    return {
        "type": "category",
        "data": [row.label for row in rows],
        "axisLabel": {"color": INK[dark], "interval": 0, "width": 120, "overflow": "break", "fontSize": 11},
        "axisLine": {"lineStyle": {"color": INK[dark]}},
    }


def _places(rows: Sequence[Mean], varied: str, dark: bool) -> dict[str, Any]:
    """The axis of the number that is varied."""
    found = axis(dark, varied, splitLine={"show": False}) | {"nameLocation": "middle", "nameGap": 26}
    places = [float(row.place or 0.0) for row in rows]
    if len(set(places)) > 1:
        side = 0.05 * (max(places) - min(places))
        _end(found, min(places) - side, max(places) + side)
    return found


def _heights(rows: Sequence[Mean], name: str, dark: bool) -> dict[str, Any]:
    """The axis of means, with room for every interval."""
    ends = [x for row in rows for x in (row.found.low, row.found.high, row.found.mean) if np.isfinite(x)]
    room = 0.08 * (max(ends) - min(ends)) or abs(max(ends)) * 0.05 or 1.0
    found = axis(dark, name)
    _end(found, min(ends) - room, max(ends) + room)
    return found


def _end(along: dict[str, Any], low: float, high: float) -> None:
    """Where an axis begins and ends, which are no round numbers and so without labels."""
    along |= {"min": short(low, 3), "max": short(high, 3)}
    along["axisLabel"] |= {"showMinLabel": False, "showMaxLabel": False}


def _dots(rows: Sequence[Mean], spots: Sequence[Any], joined: bool, dark: bool) -> dict[str, Any]:
    """A dot for each mean and a bar for its interval, joined by a line or not."""
    colour = colours(dark)[0]
    bars = []
    for spot, row in zip(spots, rows, strict=True):
        low, high = plain(row.found.low), plain(row.found.high)
        if low is not None and high is not None:
            bars.append([{"coord": [spot, short(low)]}, {"coord": [spot, short(high)]}])
    return {
        "type": "line",
        "data": [[spot, short(row.found.mean)] for spot, row in zip(spots, rows, strict=True)],
        "lineStyle": {"color": colour, "width": 2 if joined else 0, "type": DASHES[0]},
        "itemStyle": {"color": colour},
        "symbol": "circle",
        "symbolSize": MARK,
        "markLine": {
            "silent": True,
            "symbol": ["none", "none"],
            "label": {"show": False},
            "lineStyle": {"color": colour, "type": "solid", "width": 2},
            "data": bars,
        },
    }
