"""The book of hashpower for rent: how much renters want and sellers offer at each price."""

from collections.abc import Mapping
from typing import Any

from app.options import Table
from app.options.style import BACKED, DARK, DASHES, FONT, INK, LIGHT, axis, base
from experiments.console import readable

TITLE, ORDER = "Hashpower for rent: the book", 6
EMPTY = "Nobody bids for hashpower or offers any yet."
UNIT = "USD/PH/day"
SIDES = (("bids", "renters bid", 0), ("asks", "sellers ask", 1))


def applies(frame: Mapping[str, Any]) -> bool:
    """Whether hashpower is rented in this scenario."""
    return frame["book"] is not None


def option(frame: Mapping[str, Any], dark: bool) -> dict[str, Any] | None:
    """Both sides of standard orders as stairs, with the price paid last and what mining itself earns."""
    book = frame["book"]
    if book is None or not (book["bids"] or book["asks"]):
        return None
    wanted, offered = (readable(book[side][-1][0] if book[side] else 0.0) for side, _, _ in SIDES)
    words = (
        f"{book['orders']} orders bid for {wanted} PH/s, {book['sellers']} sellers offer {offered} PH/s; "
        f"last price {readable(book['price'])}, hashprice after fees {readable(book['fair'])} {UNIT}."
    )
    found, palette = base(dark, words), DARK if dark else LIGHT
    found["grid"] = {"left": 8, "right": 14, "top": 52, "bottom": 30, "containLabel": True}
    found["legend"] |= {"icon": None, "data": [name for _, name, _ in SIDES]}
    found["xAxis"] = axis(dark, "PH/s", scale=False, min=0, splitLine={"show": False})
    found["xAxis"] |= {"nameLocation": "middle", "nameGap": 24}
    found["yAxis"] = axis(dark, UNIT)
    found["series"] = []
    for side, name, style in SIDES:
        stairs = [[0.0, book[side][0][1]], *map(list, book[side])] if book[side] else []
        found["series"].append(
            {
                "name": name,
                "type": "line",
                "step": "start",
                "data": stairs,
                "symbol": "none",
                "lineStyle": {"color": palette[style], "type": DASHES[style], "width": 2},
                "itemStyle": {"color": palette[style]},
            }
        )
    rules = [(book["price"], "last price", 2), (book["fair"], "hashprice after fees", 3)]
    found["series"][0]["markLine"] = {
        "symbol": "none",
        "silent": True,
        "data": [_rule(at, name, palette[style], style, dark) for at, name, style in rules if at is not None],
    }
    levels = [price for side, _, _ in SIDES for _, price in book[side]] + [at for at, _, _ in rules if at is not None]
    found["yAxis"] |= {"min": "@floor", "max": "@ceil", "span": [min(levels), max(levels)]}
    found["yAxis"]["axisLabel"] |= {"showMinLabel": False}
    return found


def _rule(at: float, name: str, colour: str, style: int, dark: bool) -> dict[str, Any]:
    place = "insideStartTop" if style == 2 else "insideEndBottom"
    label = {"formatter": name, "position": place, "color": INK[dark], "fontSize": FONT - 1, **BACKED[dark]}
    return {"yAxis": at, "lineStyle": {"color": colour, "type": DASHES[style], "width": 1.5}, "label": label}


def table(frame: Mapping[str, Any]) -> Table:
    """One row per level of each side."""
    book = frame["book"]
    if book is None:
        return Table((), [])
    rows = [(name, price, total) for side, name, _ in SIDES for total, price in book[side]]
    return Table(("side", f"price [{UNIT}]", "PH/s up to it"), rows)
