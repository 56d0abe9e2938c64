"""The network of ownership and lending: at most 100 nodes, each at a place that it keeps for the whole run."""

import math
from typing import Any

import numpy as np

from app.log import named
from app.thin import short
from experiments.exposure.network import BILL, DEPOSIT, LOAN, exposures
from model.marketplace import Marketplace

MOST = 100  # nodes
MOST_VAULTS, MOST_LENDERS = 24, 4
MOST_EDGES = 320
OWNERS_OF_A_VAULT = 6  # largest holders of each vault that are drawn
OWNS = "owns"
LENDING = (LOAN, DEPOSIT)
INNER, OUTER = 0.5, 1.0  # radii: vaults within, agents around
TURN = 2.0 * math.pi


def network(market: Marketplace, places: dict[int, tuple[float, float]]) -> dict[str, Any]:
    """Nodes with places, edges with dollars, and how much of the whole is drawn.

    Args:
        market: at the end of a tick
        places: of nodes drawn before; new ones are added

    Returns:
        `nodes` (account, name, kind, usd, x, y), `edges` (from, to, usd, what), `drawn` and `all` nodes
    """
    owned, vaults = _owned(market)
    debts, names = _debts(market)
    size: dict[int, float] = {}
    for source, target, usd, _ in (*owned, *debts):
        size[source] = size.get(source, 0.0) + usd
        size[target] = size.get(target, 0.0) + usd
    ledger = market.ledger
    sector = {node: ledger.sectors[int(ledger.books.sector[node])] for node in size}
    ranked = sorted(size, key=lambda node: (-size[node], node))
    lenders = [node for node in ranked if sector[node] == "credit"][:MOST_LENDERS]
    homes = [node for node in ranked if node in vaults][:MOST_VAULTS]
    fixed = {*lenders, *homes}
    agents = [node for node in ranked if node not in fixed and sector[node] in market.populations]
    kept = [*lenders, *homes, *agents[: MOST - len(fixed)]]
    _place(market, kept, lenders, homes, places)
    inside = set(kept)
    edges = [edge for edge in (*owned, *debts) if edge[0] in inside and edge[1] in inside]
    edges = sorted(edges, key=lambda edge: -edge[2])[:MOST_EDGES]
    nodes = [
        {
            "account": node,
            "name": names.get(node, named(market, node)).replace("_", " "),
            "kind": "vault"
            if node in vaults
            else "lending pool"
            if node in lenders
            else sector[node].replace("_", " "),
            "usd": short(size[node]),
            "x": places[node][0],
            "y": places[node][1],
        }
        for node in kept
    ]
    rows = [{"from": a, "to": b, "usd": short(usd), "what": what} for a, b, usd, what in edges]
    return {"nodes": nodes, "edges": rows, "drawn": len(kept), "all": len(size)}


def _owned(market: Marketplace) -> tuple[list[tuple[int, int, float, str]], set[int]]:
    """Edges from vaults to their largest owners, pledged fractions with those at hand, and the vaults' accounts."""
    vaults: Any = market.mechanisms.get("vaults")
    if vaults is None:
        return [], set()
    ledger, found, homes = market.ledger, [], set()
    lending: Any = market.mechanisms.get("lending")
    agents = np.zeros(ledger.accounts, np.bool_)
    for people in market.populations.values():
        agents[people.account[: people.size]] = True
    for v in np.flatnonzero(vaults.live[: vaults.n]).tolist():
        asset, home = int(vaults.fraction[v]), int(vaults.account[v])
        value = float(ledger.value[asset])
        held = np.where(agents, ledger.books.balances[asset, : ledger.accounts], 0)
        if lending is not None and v < lending.desk.pledge.size and lending.desk.pledge[v] >= 0:
            pledged = ledger.books.balances[int(lending.desk.pledge[v]), : ledger.accounts]
            held = held + np.where(agents, np.maximum(pledged, 0), 0)
        homes.add(home)
        most = min(OWNERS_OF_A_VAULT, held.size)
        for account in np.argpartition(-held, most - 1)[:most].tolist():
            if held[account] > 0 and value > 0.0:
                found.append((home, account, float(held[account]) * value, OWNS))
    return found, homes


def _debts(market: Marketplace) -> tuple[list[tuple[int, int, float, str]], dict[int, str]]:
    """Edges from who owes to whom it is owed, and names of nodes that stand for several accounts."""
    if "lending" not in market.mechanisms and "nft_loans" not in market.mechanisms:
        return [], {}
    whole = exposures(market)
    edges = [
        (int(a), int(b), float(edge["usd"]), str(edge["what"]))
        for a, b, edge in whole.edges(data=True)
        if edge["what"] in (*LENDING, BILL)
    ]
    return edges, {int(node): str(name) for node, name in whole.nodes(data="name")}


def _place(
    market: Marketplace,
    kept: list[int],
    lenders: list[int],
    homes: list[int],
    places: dict[int, tuple[float, float]],
) -> None:
    """Give new nodes their places: lenders in the middle, vaults on an inner ring, agents on the outer one by kind."""
    for i, node in enumerate(lenders):
        places.setdefault(node, _on_ring(i, max(1, len(lenders)), 0.0 if len(lenders) == 1 else 0.15))
    _fill(homes, places, INNER, MOST_VAULTS)
    kinds = {int(a): i for i, people in enumerate(market.populations.values()) for a in people.account[: people.size]}
    others = sorted((n for n in kept if n not in places), key=lambda n: (kinds.get(n, len(kinds)), n))
    _fill(others, places, OUTER, MOST)


def _fill(nodes: list[int], places: dict[int, tuple[float, float]], radius: float, seats: int) -> None:
    """Seat nodes that have no place yet on the free seats of a ring; seats of those no longer drawn are free again."""
    seated = {places[node] for node in nodes if node in places}
    new = [node for node in nodes if node not in places]
    free = [seat for seat in (_on_ring(i, seats, radius) for i in range(seats)) if seat not in seated]
    first = not seated
    for i, node in enumerate(new):
        places[node] = free[(i * len(free)) // len(new) if first else i % len(free)]


def _on_ring(i: int, n: int, radius: float) -> tuple[float, float]:
    angle = TURN * i / n - TURN / 4
    return round(radius * math.cos(angle), 4), round(radius * math.sin(angle), 4)
