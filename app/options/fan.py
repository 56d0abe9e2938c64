"""Fans of many runs: nine in ten, half, and the median, day by day; and the median without the shock, dashed."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from app.options import Chart, Table
from app.options.drawing import chart
from app.options.style import DASHES, Line, colours, last, lines
from app.pair import label
from app.thin import places, rounded
from experiments.console import readable
from model.metric import registry

OUTER, INNER = 0.14, 0.3  # opacity of nine in ten, and of half
NAMES = ("5 to 95 %", "25 to 75 %", "median", "median without the shock")
SHORT = {
    "lending.at_risk_20": "Liquidations at risk: share of debt that falls due if prices fall by 20 %",
    "lending.lost_depositors": "Bad debt so far that depositors bore",
    "nft_loans.lost_by_depositors": "Bad debt of NFT loans so far that depositors bore",
    "amm.depth": "Depth: dollar side of all pools",
    "insolvency.miners": "Miners so far whose rigs were seized",
}


def bands(fan: Mapping[str, Any]) -> dict[float, list[float | None]]:
    """Quantiles by level, thinned."""
    drawn = places(len(fan["days"]))
    return {
        level: rounded(np.array([np.nan if x is None else float(x) for x in band])[drawn])
        for level, band in zip(fan["levels"], fan["bands"], strict=True)
    }


def fan(name: str, with_: Mapping[str, Any], without: Mapping[str, Any] | None, day: float) -> Chart:
    """Chart of one metric.

    Args:
        name: of the metric
        with_: fan of runs with the shock: days, levels, bands, note
        without: of the same runs without it
        day: on which the shock begins
    """
    known = registry()[name]
    days = [float(with_["days"][i]) for i in places(len(with_["days"]))]
    found = bands(with_)
    levels = sorted(found)
    middle = found[levels[len(levels) // 2]]
    calm = bands(without)[levels[len(levels) // 2]] if without is not None else None
    note = str(with_["note"])

    def draw(dark: bool) -> dict[str, Any] | None:
        if all(value is None for value in middle):
            return None
        paths = [Line(NAMES[2], middle, known.unit, style=0)]
        if calm is not None:
            paths.append(Line(NAMES[3], calm, known.unit, style=1))
        words = f"{SHORT.get(name, known.meaning)}: median {readable(last(middle))} {known.unit} at the end"
        ends = ", ".join(f"{100 * level:g} % {readable(last(found[level]))}" for level in levels)
        option = lines(days, paths, dark, f"{words}; {ends}.")
        option["xAxis"] |= {"type": "category", "data": [readable(one) for one in days], "boundaryGap": False}
        option["xAxis"]["axisLabel"].pop("formatter")
        for series in option["series"]:
            series["data"] = [value for _, value in series["data"]]
        colour = colours(dark)[0]
        shapes: list[dict[str, Any]] = []
        for i, opacity in ((0, OUTER), (1, INNER)):
            shapes += _band(found[levels[i]], found[levels[-1 - i]], colour, opacity, NAMES[i])
        option["series"] = [*shapes, *option["series"]]
        option["legend"]["data"] = [NAMES[0], NAMES[1], *(path.name for path in paths)]
        option["tooltip"] = {"show": False}  # bands are stacked, so that their parts are no numbers; the table has them
        option["series"][-1]["markLine"] = {
            "symbol": "none",
            "silent": True,
            "data": [{"xAxis": min(range(len(days)), key=lambda i: abs(days[i] - day))}],
            "label": {"show": False},
            "lineStyle": {"color": colours(dark)[3], "type": DASHES[2], "width": 2},
        }
        return option

    def table() -> Table:
        unit = "" if known.unit == "1" else f" [{known.unit}]"
        heads = ("day", *(f"{100 * level:g} %{unit}" for level in levels), *((NAMES[3],) if calm else ()))
        rows = [
            (one, *(found[level][i] for level in levels), *((calm[i],) if calm else ())) for i, one in enumerate(days)
        ]
        return Table(heads, rows)

    title = SHORT.get(name) or label(name)
    return chart(name, title, draw, table, note or "This metric is undefined in all runs.")


def _band(
    low: Sequence[float | None],
    high: Sequence[float | None],
    colour: str,
    opacity: float,
    name: str,
) -> list[dict[str, Any]]:
    """An unseen line and the area stacked on it."""
    gaps = [None if a is None or b is None else b - a for a, b in zip(low, high, strict=True)]
    plain = {"type": "line", "symbol": "none", "stack": name, "stackStrategy": "all", "lineStyle": {"opacity": 0}}
    hidden = {"tooltip": {"show": False}, "silent": True, "itemStyle": {"color": colour, "opacity": 2 * opacity}}
    return [
        {**plain, **hidden, "name": f"{name}, from", "data": list(low)},
        {
            **plain,
            **hidden,
            "name": name,
            "data": gaps,
            "areaStyle": {"color": colour, "opacity": opacity},
        },
    ]
