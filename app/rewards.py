"""Who got the coins of the market's blocks: flows since the start, balanced, with what is left over shown as such.

A node is balanced by a remainder: what came in and has not gone on is `kept`; what went on beyond what came in was
held before. So the widths at every node agree, and nothing is hidden.
"""

from typing import Any

import numpy as np

from app.thin import short
from model.flows import Flow, Group
from model.marketplace import Marketplace
from model.units import BTC

POOLS, VAULTS, OUTSIDE = "mining_pools", "vaults", ("rest_of_network",)
SOURCES = {Flow.SUBSIDY: "new coins", Flow.NETWORK_FEES: "network fees"}
SOLD = "sold for dollars"
LEAST = 0.004  # of all coins; smaller holders are drawn together as `others`
VAULT_NODE, OTHERS = "vaults", "other holders"
HOLDERS = {
    "retail_investor": "retail investors",
    "liquidity_provider": "providers",
    "arbitrageur": "arbitrageurs",
    "miner": "miners who hold",
    "credit": "pledgers",
    "venues": "pools of fractions",
}
PLURAL = {"miner": "miners", "rest_of_network": "rest of the network"}


def totals(market: Marketplace) -> dict[tuple[Flow, str, str], float]:
    """Coins by (kind, from, to) since the start [BTC]; added up once per tick."""
    kept: dict[str, Any] = market.__dict__.setdefault("app_rewards", {"seen": 0, "sums": {}})
    sums: dict[tuple[Flow, str, str], int] = kept["sums"]
    sectors = market.ledger.sectors
    for rows in market.journal.flows[kept["seen"] :]:
        for kind, _, source, target, amount in rows[rows[:, 1] == Group.BTC].tolist():
            key = Flow(kind), sectors[source], sectors[target]
            sums[key] = sums.get(key, 0) + amount
    kept["seen"] = len(market.journal.flows)
    return {key: amount / BTC for key, amount in sums.items()}


def rewards(market: Marketplace) -> dict[str, Any] | None:
    """Links (from, to, BTC) between nodes, node names by column, and the remainder; None without mining."""
    if "network" not in market.mechanisms:
        return None
    links: dict[tuple[str, str], float] = {}

    def add(source: str, target: str, coins: float) -> None:
        links[source, target] = links.get((source, target), 0.0) + coins

    for (kind, source, target), coins in totals(market).items():
        if kind in SOURCES and target not in OUTSIDE:
            add(SOURCES[kind], _node(target), coins)
        elif kind == Flow.PAYOUT:
            add(_node(source), _node(target), coins)
        elif kind == Flow.INCOME and source == VAULTS and target != VAULTS:
            add(VAULT_NODE, HOLDERS.get(target, _node(target)), coins)
        elif kind == Flow.COIN_TRADE and source in (VAULTS, "miner") and target == "world":
            add(_node(source), SOLD, coins)
    return balanced(links)


def _node(sector: str) -> str:
    return PLURAL.get(sector, sector.replace("_", " "))


def balanced(links: dict[tuple[str, str], float]) -> dict[str, Any]:
    """Links with a remainder at every node that has both inflow and outflow.

    >>> balanced({("fees", "pools"): 3.0, ("pools", "miner"): 2.0})["remainder"]
    {'pools': 1.0}
    """
    out: dict[str, float] = {}
    into: dict[str, float] = {}
    for (source, target), coins in links.items():
        out[source] = out.get(source, 0.0) + coins
        into[target] = into.get(target, 0.0) + coins
    least = LEAST * max(links.values(), default=0.0)
    leaves = {target for _, target in links} - {source for source, _ in links}
    small = {target for (_, target), coins in links.items() if target in leaves and coins < least}
    if small:
        gathered: dict[tuple[str, str], float] = {}
        for (source, target), coins in links.items():
            key = source, OTHERS if target in small else target
            gathered[key] = gathered.get(key, 0.0) + coins
        return balanced(gathered) if set(gathered) != set(links) else _rows(links, out, into, least)
    return _rows(links, out, into, least)


def _rows(
    links: dict[tuple[str, str], float], out: dict[str, float], into: dict[str, float], least: float
) -> dict[str, Any]:
    remainder = {node: into[node] - out[node] for node in into if node in out}
    rows = [(source, target, coins) for (source, target), coins in links.items() if coins > 0.0]
    for node, rest in remainder.items():
        if rest > least:
            rows.append((node, f"kept by {node}", rest))
        elif rest < -least:
            rows.append((f"{node}: held before", node, -rest))
    shown = [(source, target, coins) for source, target, coins in rows if coins > least]
    return {
        "links": [(source, target, short(coins)) for source, target, coins in shown],
        "nodes": list(dict.fromkeys(name for source, target, _ in shown for name in (source, target))),
        "remainder": {node: float(np.round(rest, 8)) for node, rest in remainder.items()},
        "total": short(sum(coins for (source, _), coins in links.items() if source in SOURCES.values())),
    }
