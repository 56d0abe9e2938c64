"""How charts of the browser look: Okabe-Ito colours, each with its own dashes [OkabeIto2008], light and dark.

Strings that begin with `@` stand for functions of the browser (`app/widgets/chart.vue`): `@compact` writes numbers of
an axis (1.5k, 2.5M), `@number` numbers with four digits.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from app.options import Table
from experiments.console import readable

LIGHT = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#A66F00", "#56B4E9", "#000000")
DARK = ("#56B4E9", "#E69F00", "#009E73", "#CC79A7", "#F0E442", "#D55E00", "#FFFFFF")
DASHES: tuple[Any, ...] = ("solid", [8, 4], [2, 3], [10, 4, 2, 4], [12, 4, 2, 4, 2, 4], [4, 3], [1, 5])
INK, PAPER = ("#1f2937", "#e5e7eb"), ("#ffffff", "#171b22")  # light, dark
FAINT = ("#d8dde4", "#3a414c")
BACKED = (
    {"backgroundColor": "#ffffffc0", "padding": 1},
    {"backgroundColor": "#171b22c0", "padding": 1},
)  # labels over lines
STRIPES = {"symbol": "rect", "dashArrayX": [1, 0], "dashArrayY": [3, 3], "rotation": -0.785}  # of a bar
FEW_POINTS = 3  # fewer are drawn as dots
FONT = 12  # pixels


class Line(NamedTuple):
    """One path of a chart.

    Attributes:
        name, unit: in the key
        values: one per day; None where undefined
        axis: 0 left, 1 right
        style: place in the palette and among the dashes; its own place by default
        step: whether the value stands until the next
    """

    name: str
    values: Sequence[float | None]
    unit: str = ""
    axis: int = 0
    style: int | None = None
    step: bool = False


def colours(dark: bool) -> tuple[str, ...]:
    """The palette."""
    return DARK if dark else LIGHT


def base(dark: bool, description: str) -> dict[str, Any]:
    """What all charts share; the description is read out by screen readers."""
    ink, faint = INK[dark], FAINT[dark]
    return {
        "animation": False,
        "color": list(colours(dark)),
        "backgroundColor": "transparent",
        "textStyle": {"color": ink, "fontFamily": "Roboto, sans-serif", "fontSize": FONT},
        "aria": {"enabled": True, "label": {"enabled": True, "description": description}},
        "legend": {
            "top": 0,
            "left": 0,
            "textStyle": {"color": ink, "fontSize": FONT},
            "itemWidth": 28,
            "itemHeight": 8,
            "icon": "none",
        },
        "tooltip": {
            "confine": True,
            "backgroundColor": PAPER[dark],
            "borderColor": faint,
            "textStyle": {"color": ink, "fontSize": FONT},
            "valueFormatter": "@number",
        },
    }


def axis(dark: bool, name: str, **more: Any) -> dict[str, Any]:
    """A value axis."""
    ink, faint = INK[dark], FAINT[dark]
    return {
        "type": "value",
        "name": name,
        "nameTextStyle": {"color": ink, "align": "left", "fontSize": FONT - 1},
        "axisLabel": {"color": ink, "formatter": "@compact", "hideOverlap": True, "fontSize": FONT - 1},
        "axisLine": {"lineStyle": {"color": faint}},
        "splitLine": {"lineStyle": {"color": faint, "opacity": 0.6}},
        "scale": True,
        "splitNumber": 4,
        **more,
    }


def rule(value: float, label: str, dark: bool, style: int) -> dict[str, Any]:
    """A horizontal line with its name."""
    colour = colours(dark)[style % len(colours(dark))]
    return {
        "yAxis": value,
        "lineStyle": {"color": colour, "type": DASHES[style % len(DASHES)], "width": 1.5},
        "label": {
            "formatter": label,
            "position": "insideStartTop",
            "color": INK[dark],
            "fontSize": FONT - 1,
            **BACKED[dark],
        },
    }


def lines(
    days: Sequence[float], paths: Sequence[Line], dark: bool, description: str, rules: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    """Paths over days, with one or two value axes and horizontal rules.

    Args:
        days: of the points
        paths: what is drawn; those of axis 1 are measured on the right
        dark: for a dark page
        description: one sentence for screen readers
        rules: of `rule`, on the left axis
    """
    option = base(dark, description)
    palette = colours(dark)
    right = any(path.axis for path in paths)
    units = [
        "/".join(dict.fromkeys(p.unit for p in paths if p.axis == side and p.unit not in ("", "1"))) for side in (0, 1)
    ]
    option["grid"] = {"left": 8, "right": 14, "top": 52, "bottom": 24, "containLabel": True}
    option["tooltip"]["trigger"] = "axis"
    option["xAxis"] = axis(dark, "", scale=False, min="dataMin", max="dataMax", splitLine={"show": False})
    option["xAxis"] |= {"name": "day", "nameLocation": "middle", "nameGap": 24}
    option["yAxis"] = [axis(dark, units[0])]
    if right:
        align = {"color": INK[dark], "align": "right", "fontSize": FONT - 1}
        option["yAxis"].append(axis(dark, units[1], position="right", splitLine={"show": False}, nameTextStyle=align))
    option["series"] = []
    for i, path in enumerate(paths):
        style = i if path.style is None else path.style
        colour = palette[style % len(palette)]
        option["series"].append(
            {
                "name": path.name,
                "type": "line",
                "yAxisIndex": path.axis,
                "data": [[day, value] for day, value in zip(days, path.values, strict=False)],
                "showSymbol": len(days) < FEW_POINTS,
                "symbol": "circle" if len(days) < FEW_POINTS else "none",
                "symbolSize": 6,
                "step": "end" if path.step else False,
                "lineStyle": {"color": colour, "type": DASHES[style % len(DASHES)], "width": 2},
                "itemStyle": {"color": colour},
            }
        )
    option["legend"]["icon"] = None
    option["legend"]["data"] = [path.name for path in paths]
    if rules and option["series"]:
        option["series"][0]["markLine"] = {"symbol": "none", "silent": True, "data": list(rules)}
    return option


def paths_of(frame: Mapping[str, Any], names: Mapping[str, tuple[str, int]]) -> list[Line]:
    """Paths of a snapshot.

    Args:
        frame: snapshot
        names: what to call each metric, and its axis; those that the market does not record are left out
    """
    series = frame["series"]
    known = ((key, name, axis) for key, (name, axis) in names.items() if key in series)
    return [Line(name, series[key]["values"], series[key]["unit"], axis) for key, name, axis in known]


def told(frame: Mapping[str, Any], paths: Sequence[Line], dark: bool) -> dict[str, Any]:
    """Paths over the days of a snapshot, described by where they stand now."""
    now = ", ".join(f"{path.name} {readable(last(path.values))} {path.unit}".strip() for path in paths)
    return lines(frame["days"], paths, dark, f"Lines over {readable(frame['day'])} days; now {now}.")


def over_days(
    names: Mapping[str, tuple[str, int]], needed: str = ""
) -> tuple[Callable[[Mapping[str, Any], bool], dict[str, Any] | None], Callable[[Mapping[str, Any]], Table]]:
    """`option` and `table` of a chart that draws recorded metrics over days, and nothing else.

    Args:
        names: as for `paths_of`
        needed: the metric without which nothing is drawn; any of them by default
    """

    def option(frame: Mapping[str, Any], dark: bool) -> dict[str, Any] | None:
        """Lines over days."""
        paths = paths_of(frame, names)
        return told(frame, paths, dark) if paths and (not needed or needed in frame["series"]) else None

    def table(frame: Mapping[str, Any]) -> Table:
        """One row per day drawn."""
        return path_table(frame["days"], paths_of(frame, names))

    return option, table


def path_table(days: Sequence[float], paths: Sequence[Line]) -> Table:
    """The same paths as rows, one per day."""
    headings = ("day", *(f"{path.name} [{path.unit}]" if path.unit not in ("", "1") else path.name for path in paths))
    return Table(headings, [(day, *(path.values[i] for path in paths)) for i, day in enumerate(days)])


def last(values: Sequence[float | None]) -> float | None:
    """The last defined value."""
    return next((value for value in reversed(values) if value is not None), None)
