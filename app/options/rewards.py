"""Where the coins of blocks went: from new coins and fees through pools and vaults to their holders; it balances."""

from collections.abc import Mapping
from typing import Any

from app.options import Table
from app.options.style import INK, base, colours
from experiments.console import readable

TITLE, ORDER = "Who got the coins", 5
EMPTY = "No block has been paid out yet."
HEIGHT = 380
KEPT, BEFORE = "kept by ", ": held before"


def applies(frame: Mapping[str, Any]) -> bool:
    """Whether somebody mines in this scenario."""
    return frame["rewards"] is not None


def option(frame: Mapping[str, Any], dark: bool) -> dict[str, Any] | None:
    """A Sankey diagram in coins since the start; what nobody has passed on ends at `kept by`."""
    rewards = frame["rewards"]
    if rewards is None or not rewards["links"]:
        return None
    rest = ", ".join(
        f"{readable(abs(x))} BTC {'kept by' if x >= 0 else 'drawn down by'} {n}"
        for n, x in rewards["remainder"].items()
    )
    words = f"{readable(rewards['total'])} BTC of new coins and fees since the start; {rest or 'nothing left over'}."
    found, palette = base(dark, words), colours(dark)
    found.pop("legend")
    found["tooltip"] |= {"trigger": "item"}
    nodes = []
    for i, name in enumerate(rewards["nodes"]):
        grey = name.startswith(KEPT) or name.endswith(BEFORE)
        nodes.append({"name": name, "itemStyle": {"color": "#9aa3ad" if grey else palette[i % (len(palette) - 1)]}})
    found["series"] = [
        {
            "type": "sankey",
            "left": 6,
            "right": 150,
            "top": 8,
            "bottom": 8,
            "nodeWidth": 12,
            "nodeGap": 12,
            "draggable": False,
            "emphasis": {"disabled": True},
            "data": nodes,
            "links": [{"source": a, "target": b, "value": coins} for a, b, coins in rewards["links"]],
            "label": {"color": INK[dark], "fontSize": 11, "width": 140, "overflow": "break"},
            "lineStyle": {"color": "source", "opacity": 0.3, "curveness": 0.5},
            "layoutIterations": 32,
        }
    ]
    return found


def table(frame: Mapping[str, Any]) -> Table:
    """One row per flow."""
    rewards = frame["rewards"]
    return Table(("from", "to", "BTC"), list(rewards["links"]) if rewards else [])
