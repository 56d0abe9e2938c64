"""Clocks of open buy-outs: days passed, days left, and what votes still lack."""

from collections.abc import Mapping
from typing import Any

from app.options import Table
from app.options.style import DARK, FONT, INK, LIGHT, PAPER, axis, base
from experiments.console import readable

TITLE, ORDER = "Buy-out clocks", 10
EMPTY = "No buy-out is open, and nobody has voted for one."
MOST_ROWS = 8  # drawn; the table has all
HEADINGS = (
    ("vault", "vault"),
    ("design", "design"),
    ("phase", "now"),
    ("who", "who offers"),
    ("left", "days left"),
    ("offer", "offer [USD/fraction]"),
    ("market", "market [USD/fraction]"),
    ("locked", "locked part"),
    ("voted", "voted part"),
    ("threshold", "threshold"),
    ("need", "stops it [USD]"),
)
PAST = {"symbol": "rect", "dashArrayX": [1, 0], "dashArrayY": [3, 3], "rotation": -0.785}


def applies(frame: Mapping[str, Any]) -> bool:
    """Whether vaults can be bought out in this scenario."""
    return frame["buyouts"] is not None


def _open(frame: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [row for row in frame["buyouts"] or () if row["passed"] is not None]


def _said(row: Mapping[str, Any]) -> str:
    """What stands beside a clock."""
    offer = f"{readable(row['offer'])} USD" if row["offer"] is not None else "no price"
    time = f"{readable(row['left'])} days left" if row["left"] is not None else "no deadline"
    return f"{offer} a fraction, market {readable(row['market'])}; {time}"


def option(frame: Mapping[str, Any], dark: bool) -> dict[str, Any] | None:
    """One bar per open buy-out, days passed and days left; those to be decided first on top."""
    rows = _open(frame)
    if not rows:
        return None
    drawn, palette = rows[:MOST_ROWS], DARK if dark else LIGHT
    said = "; ".join(f"vault {row['vault']}: {_said(row)}" for row in drawn)
    found = base(dark, f"{len(rows)} buy-outs are open. {said}.")
    found["grid"] = {"left": 8, "right": 18, "top": 34, "bottom": 30, "containLabel": True}
    found["legend"] |= {"icon": None, "data": ["days passed", "days left"]}
    found["tooltip"]["trigger"] = "axis"
    found["xAxis"] = axis(dark, "days", scale=False, minInterval=1)
    found["xAxis"] |= {"nameLocation": "middle", "nameGap": 24}
    found["yAxis"] = axis(dark, "", type="category", inverse=True, splitLine={"show": False})
    found["yAxis"] |= {"data": [f"vault {row['vault']}" for row in drawn]}
    found["yAxis"]["axisLabel"] = {"color": INK[dark], "fontSize": FONT - 1, "interval": 0}
    paper = {"backgroundColor": PAPER[dark], "padding": [2, 4], "borderRadius": 3}
    label = {"show": True, "position": "insideLeft", "color": INK[dark], "fontSize": FONT - 1, **paper}
    past = [{"value": row["passed"], "label": {"formatter": _said(row)}} for row in drawn]
    found["series"] = [
        {
            "name": "days passed",
            "type": "bar",
            "stack": "clock",
            "barMaxWidth": 26,
            "data": past,
            "itemStyle": {"color": palette[0], "decal": PAST},
            "label": label,
            "z": 3,
        },
        {
            "name": "days left",
            "type": "bar",
            "stack": "clock",
            "barMaxWidth": 26,
            "data": [row["left"] or 0.0 for row in drawn],
            "itemStyle": {"color": palette[0], "opacity": 0.4},
        },
    ]
    return found


def table(frame: Mapping[str, Any]) -> Table:
    """One row per vault with an open buy-out or with votes."""
    rows = [tuple("–" if row[key] is None else row[key] for key, _ in HEADINGS) for row in frame["buyouts"] or ()]
    return Table(tuple(name for _, name in HEADINGS), rows)
