"""Who owns the vaults and who owes whom: at most 100 nodes at fixed places; a click opens the inspector."""

import math
from collections.abc import Mapping
from typing import Any

from app.graph import OWNS
from app.options import Table
from app.options.style import DASHES, INK, base, colours
from experiments.console import readable

TITLE, ORDER = "Owners and lenders", 6
EMPTY = "Nobody owns or owes anything yet."
HEIGHT = 420
LEAST_SIZE, MOST_SIZE = 5.0, 26.0  # pixels
SHAPES = ("circle", "rect", "triangle", "diamond", "roundRect", "pin")
FIRST = ("vault", "lending pool")  # kinds in the middle come first in the key
WORDS = {"owns": "owns", "loan": "owes", "deposit": "deposited", "bill": "bills"}


def applies(frame: Mapping[str, Any]) -> bool:
    """Whether there is a network at all."""
    return bool(frame.get("network") and frame["network"]["nodes"])


def kinds(frame: Mapping[str, Any]) -> list[str]:
    """Kinds of nodes in the order of the key."""
    found = {node["kind"] for node in frame["network"]["nodes"]}
    return [kind for kind in FIRST if kind in found] + sorted(found - set(FIRST))


def option(frame: Mapping[str, Any], dark: bool) -> dict[str, Any] | None:
    """Vaults on an inner ring, agents on the outer one by kind, lending pools in the middle."""
    network = frame.get("network")
    if not network or not network["nodes"]:
        return None
    order, palette = kinds(frame), colours(dark)
    words = f"{network['drawn']} of {network['all']} accounts, {len(network['edges'])} largest ties; " + ", ".join(
        f"{sum(node['kind'] == kind for node in network['nodes'])} {kind}" for kind in order
    )
    found = base(dark, words + ".")
    shapes = {kind: SHAPES[i % len(SHAPES)] for i, kind in enumerate(order)}
    key = [
        {"name": kind, "icon": shape} for kind, shape in shapes.items()
    ]  # colours come again from the eighth kind on
    found["legend"] = {**found["legend"], "data": key, "itemWidth": 12, "itemHeight": 12}
    found["tooltip"] |= {"trigger": "item"}
    top = max(node["usd"] or 0.0 for node in network["nodes"]) or 1.0
    heaviest = max((edge["usd"] or 0.0 for edge in network["edges"]), default=1.0) or 1.0
    nodes = [
        {
            "id": str(node["account"]),
            "name": node["name"],
            "value": node["usd"],
            "x": node["x"],
            "y": node["y"],
            "category": order.index(node["kind"]),
            "symbol": shapes[node["kind"]],
            "symbolSize": round(LEAST_SIZE + (MOST_SIZE - LEAST_SIZE) * math.sqrt((node["usd"] or 0.0) / top), 1),
        }
        for node in network["nodes"]
    ]
    used = list(dict.fromkeys(edge["what"] for edge in network["edges"]))
    links = [
        {
            "source": str(edge["from"]),
            "target": str(edge["to"]),
            "value": edge["usd"],
            "lineStyle": {
                "width": round(0.4 + 3.0 * math.sqrt((edge["usd"] or 0.0) / heaviest), 2),
                "type": DASHES[0 if edge["what"] == OWNS else 1 + used.index(edge["what"]) % 3],
            },
        }
        for edge in network["edges"]
    ]
    found["series"] = [
        {
            "type": "graph",
            "layout": "none",
            "left": 24,
            "right": 24,
            "top": 56,
            "bottom": 18,
            "data": nodes,
            "links": links,
            "categories": [
                {"name": kind, "itemStyle": {"color": palette[i % len(palette)]}} for i, kind in enumerate(order)
            ],
            "label": {"show": False, "color": INK[dark]},
            "lineStyle": {"color": "source", "opacity": 0.35, "curveness": 0.12},
            "cursor": "pointer",
        }
    ]
    return found


def table(frame: Mapping[str, Any]) -> Table:
    """One row per tie, the largest first."""
    network = frame.get("network") or {"nodes": [], "edges": []}
    names = {node["account"]: node["name"] for node in network["nodes"]}
    rows = []
    for edge in network["edges"]:
        first, second = (edge["to"], edge["from"]) if edge["what"] in (OWNS, "deposit") else (edge["from"], edge["to"])
        rows.append((names[first], WORDS.get(edge["what"], edge["what"]), names[second], edge["usd"]))
    return Table(("who", "what", "of whom", "USD"), rows)


def sentence(frame: Mapping[str, Any]) -> str:
    """How much of the whole is drawn."""
    network = frame.get("network") or {"drawn": 0, "all": 0}
    return f"{readable(network['drawn'])} of {readable(network['all'])} accounts with ties are drawn, the largest."
