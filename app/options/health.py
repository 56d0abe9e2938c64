"""How near loans are to liquidation: debt by health factor, with the line at 1 below which anybody may liquidate."""

from collections.abc import Mapping
from typing import Any

from app.health import SOUND
from app.options import Table
from app.options.style import DARK, INK, LIGHT, STRIPES, axis, base
from experiments.console import readable

TITLE, ORDER = "Health factors of loans", 3
EMPTY = "Nobody has borrowed yet."


def applies(frame: Mapping[str, Any]) -> bool:
    """Whether somebody lends in this scenario."""
    return frame["health"] is not None


def option(frame: Mapping[str, Any], dark: bool) -> dict[str, Any] | None:
    """Dollars of debt in classes of health factor; classes below 1 in another colour and striped."""
    health = frame["health"]
    if health is None or not any(health["loans"]):
        return None
    risky = sum(debt or 0.0 for debt in health["debt"][:SOUND])
    words = f"{sum(health['loans'])} loans; {readable(risky)} USD of debt have a health factor below 1."
    found, palette = base(dark, words), DARK if dark else LIGHT
    found["grid"] = {"left": 8, "right": 14, "top": 34, "bottom": 30, "containLabel": True}
    found["legend"] = {"show": False}
    found["tooltip"]["trigger"] = "axis"
    found["xAxis"] = axis(dark, "health factor", type="category", data=health["classes"], splitLine={"show": False})
    found["xAxis"] |= {"nameLocation": "middle", "nameGap": 48}
    found["xAxis"]["axisLabel"] = {"color": INK[dark], "interval": 0, "rotate": 40, "fontSize": 11}
    found["yAxis"] = axis(dark, "USD of debt", scale=False)
    bars = []
    for i, debt in enumerate(health["debt"]):
        style: dict[str, Any] = {"color": palette[1] if i < SOUND else palette[0]}
        if i < SOUND:
            style["decal"] = STRIPES
        bars.append({"value": debt, "itemStyle": style})
    places = {
        "type": "value",
        "min": 0,
        "max": len(bars),
        "show": False,
    }  # a category axis would round the line's place
    found["xAxis"] = [found["xAxis"], places]
    line = {
        "xAxis": SOUND,
        "lineStyle": {"color": palette[1], "type": [8, 4], "width": 2},
        "label": {"formatter": "1: liquidation below", "color": INK[dark], "position": "end"},
    }
    found["series"] = [
        {"name": "debt", "type": "bar", "data": bars, "barCategoryGap": "20%", "z": 2},
        {"type": "line", "xAxisIndex": 1, "data": [], "markLine": {"symbol": "none", "silent": True, "data": [line]}},
    ]
    return found


def table(frame: Mapping[str, Any]) -> Table:
    """One row per class."""
    health = frame["health"]
    if health is None:
        return Table((), [])
    rows = list(zip(health["classes"], health["loans"], health["debt"], strict=True))
    return Table(("health factor", "loans", "debt [USD]"), rows)
