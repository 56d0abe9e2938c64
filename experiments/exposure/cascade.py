"""What a fall of prices does to debts: loans that their collateral does not cover, what lenders lose, who fails of that.

Liquidators take collateral at once for debts that it no longer carries, their bonus on top. What is missing falls on the
lender: a pool has its reserve and fund, then its depositors; they may owe, too. Debts without collateral are paid as
far as the debtor's means go, to all creditors in proportion.
"""

import math
from collections.abc import Hashable, Mapping
from typing import NamedTuple

import networkx as nx

from experiments.exposure.network import DEPOSIT, LOAN, PLEDGE

BONUS = 0.12
EXACT = 1e-9
MOST_ROUNDS = 10_000


class Fallout(NamedTuple):
    """What one fall of prices brings.

    Attributes:
        fall: of all prices but the coin's
        defaulted: part of borrowers who do not pay all
        missing: debts not covered by collateral, over all debts
        lenders: part of deposits that is lost
        second: others than borrowers and their pools who can no longer pay, because of losses or of the fall itself
        waves: rounds in which somebody fails for the first time
    """

    fall: float
    defaulted: float
    missing: float
    lenders: float
    second: int
    waves: int


class Cleared(NamedTuple):
    """Payments by debtor [USD], and who fails in which round."""

    paid: dict[Hashable, float]
    failed: dict[Hashable, int]


def clearing(graph: nx.DiGraph, means: Mapping[Hashable, float]) -> Cleared:
    """What everybody can pay when all settle at once, the most that all books allow                      [EisenbergNoe2001].

    p_i = min(debts of i, means of i + sum over j of p_j (debt of j to i) / (debts of j)), from p = debts downward.

    Args:
        graph: of debts, `usd` at edges
        means: what each node has outside the network [USD]

    >>> pair = nx.DiGraph()
    >>> pair.add_edge("a", "b", usd=10.0)
    >>> pair.add_edge("b", "c", usd=8.0)
    >>> found = clearing(pair, {"a": 4.0, "b": 1.0, "c": 0.0})
    >>> found.paid, found.failed
    ({'a': 4.0, 'b': 5.0}, {'a': 1, 'b': 2})
    """
    debts = {node: float(usd) for node, usd in graph.out_degree(weight="usd") if usd > 0.0}
    paid, failed = dict(debts), dict[Hashable, int]()
    for turn in range(1, MOST_ROUNDS):
        got = dict.fromkeys(debts, 0.0)
        for debtor, creditor, usd in graph.edges(data="usd"):
            if creditor in got:
                got[creditor] += paid[debtor] * usd / debts[debtor]
        new = {node: max(0.0, min(debts[node], means.get(node, 0.0) + got[node])) for node in debts}
        for node in debts:
            if new[node] < debts[node] * (1.0 - EXACT):
                failed.setdefault(node, turn)
        change = max((abs(new[node] - paid[node]) for node in debts), default=0.0)
        paid = new
        if change <= EXACT * max(1.0, max(debts.values(), default=1.0)):
            break
    return Cleared(paid, failed)


def after(graph: nx.DiGraph, node: Hashable, fall: float) -> float:
    """What a node has at hand after a fall [USD]: its wealth, less claims and things pledged, plus debts, less its loss."""
    facts = graph.nodes[node]
    own = facts["wealth"] - graph.in_degree(node, weight="usd") + graph.out_degree(node, weight="usd")
    return (
        float(own)
        - float(facts.get("things", 0.0))
        - fall * float(facts["falling"])
        - (1.0 - math.sqrt(1.0 - fall)) * float(facts["pooled"])
    )


def cascade(graph: nx.DiGraph, fall: float, bonus: float = BONUS, recourse: float = 0.0) -> Fallout:
    """What a fall of all prices but the coin's does.

    Args:
        graph: of `exposures`
        fall: of fractions, rigs and NFTs, between 0 and 1
        bonus: of liquidators
        recourse: part of a borrower's other means that lenders can reach; 0: nothing but the collateral, as in pools
    """
    if not 0.0 <= fall < 1.0:
        raise ValueError(f"fall = {fall}: give a part of 1 from 0 on, below 1")
    unpaid = nx.DiGraph()
    unpaid.add_nodes_from(graph)
    means = {node: max(0.0, after(graph, node, fall)) for node in graph}
    borrowers, lost, lent = set(), 0.0, 0.0
    for debtor, creditor, edge in graph.edges(data=True):
        usd, secured = float(edge["usd"]), float(edge["secured"])
        if edge["what"] == PLEDGE:
            continue
        if edge["what"] == LOAN and secured > 0.0:
            left = max(0.0, usd - secured * (1.0 - fall) / (1.0 + bonus))
            left = left if left > EXACT * usd else 0.0
            means[creditor] += usd - left
            borrowers.add(debtor)
            lost, lent = lost + left, lent + usd
            usd = left
        if usd > 0.0:
            unpaid.add_edge(debtor, creditor, usd=usd)
    for node in borrowers:
        means[node] *= recourse
    found = clearing(unpaid, means)
    deposits = {n: usd for n in graph if (usd := _owed(graph, n, DEPOSIT)) > 0.0}
    short = sum(max(0.0, usd - found.paid.get(n, 0.0)) for n, usd in deposits.items())
    return Fallout(
        fall,
        sum(node in found.failed for node in borrowers) / len(borrowers) if borrowers else 0.0,
        lost / lent if lent else 0.0,
        short / sum(deposits.values()) if deposits else 0.0,
        sum(node not in borrowers and node not in deposits for node in found.failed),
        len(set(found.failed.values())),
    )


def _owed(graph: nx.DiGraph, node: Hashable, what: str) -> float:
    """Dollars that a node owes of one kind."""
    return float(sum(edge["usd"] for edge in graph[node].values() if edge["what"] == what))
