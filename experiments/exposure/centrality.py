"""Who stands where in a network of debts: degree, eigenvector and Katz centrality, and DebtRank.

Graphs are directed from who owes to whom it is owed, with `usd` at edges and `wealth` at nodes.
"""

from collections.abc import Hashable, Mapping
from typing import NamedTuple

import networkx as nx

ATTENUATION = 0.5  # of Katz: what a step further counts for


class Centrality(NamedTuple):
    """Where one node stands.

    Attributes:
        owes, is_owed: to how many, by how many
        debts, claims: [USD]
        eigenvector: in the network of exposures without direction, 1 in all squares; 0 outside its largest part
        katz: how much of what others owe leads here, through others as well
        debt_rank: part of all claims that would be lost if it failed
    """

    owes: int
    is_owed: int
    debts: float
    claims: float
    eigenvector: float
    katz: float
    debt_rank: float


def debt_rank(graph: nx.DiGraph, failed: Mapping[Hashable, float]) -> float:
    """Part of all claims that is lost beyond the first failures, if losses wear creditors down        [BattistonEtAl2012].

    Debtor i's distress h_i reaches creditor j by W_ij = min(1, claim of j on i / wealth of j), once from each node:
    h_j(t) = min(1, h_j(t - 1) + sum of W_ij h_i(t - 1) over i distressed since t - 1). R = sum of (h_j(end) - h_j(start)) v_j,
    v_j being the part of all claims that is j's. Claims count whole, as if nothing were pledged for them.

    Args:
        graph: of debts
        failed: distress at the start by node, 1 for a failure

    >>> chain = nx.DiGraph()
    >>> chain.add_edge("a", "b", usd=5.0)
    >>> chain.add_edge("b", "c", usd=10.0)
    >>> chain.add_nodes_from([("a", {"wealth": 1.0}), ("b", {"wealth": 10.0}), ("c", {"wealth": 10.0})])
    >>> round(debt_rank(chain, {"a": 1.0}), 6)
    0.5
    """
    value = claims(graph)
    distress = {node: min(1.0, size) for node, size in failed.items() if size > 0.0}
    active, spent = list(distress), set(distress)
    start = sum(size * value.get(node, 0.0) for node, size in distress.items())
    while active:
        added: dict[Hashable, float] = {}
        for debtor in active:
            for creditor, edge in graph[debtor].items():
                impact = _impact(edge["usd"], graph.nodes[creditor]["wealth"])
                added[creditor] = added.get(creditor, 0.0) + impact * distress[debtor]
        for node, size in added.items():
            distress[node] = min(1.0, distress.get(node, 0.0) + size)
        active = [node for node in added if node not in spent]
        spent.update(active)
    whole = sum(value.values())
    return (sum(size * value.get(node, 0.0) for node, size in distress.items()) - start) / whole if whole else 0.0


def _impact(usd: float, wealth: float) -> float:
    return min(1.0, usd / wealth) if wealth > 0.0 else 1.0


def claims(graph: nx.DiGraph) -> dict[Hashable, float]:
    """Dollars owed to each node that is owed any."""
    return {node: float(usd) for node, usd in graph.in_degree(weight="usd") if usd > 0.0}


def katz(graph: nx.DiGraph, attenuation: float = ATTENUATION) -> dict[Hashable, float]:
    """Katz centrality with every debtor's debts as parts of 1: x_j = 1/n + a sum of (debt of i to j / debts of i) x_i   [Katz1953].

    Parts of 1 have no eigenvalue above 1, so any attenuation below 1 will do.
    """
    if not graph:
        return {}
    debts = dict(graph.out_degree(weight="usd"))
    rank = dict.fromkeys(graph, 1.0 / len(graph))
    while True:
        new = dict.fromkeys(graph, 1.0 / len(graph))
        for debtor, creditor, usd in graph.edges(data="usd"):
            new[creditor] += attenuation * usd / debts[debtor] * rank[debtor]
        if max(abs(new[node] - rank[node]) for node in graph) < 1e-12:
            return new
        rank = new


def eigenvector(graph: nx.DiGraph) -> dict[Hashable, float]:
    """Eigenvector centrality of exposures without direction, in the largest connected part; 0 elsewhere [Bonacich1972]."""
    plain = nx.Graph()
    plain.add_nodes_from(graph)
    for debtor, creditor, usd in graph.edges(data="usd"):
        before = plain.edges[debtor, creditor]["usd"] if plain.has_edge(debtor, creditor) else 0.0
        plain.add_edge(debtor, creditor, usd=before + usd)
    out = dict.fromkeys(graph, 0.0)
    largest: set[Hashable] = max(nx.connected_components(plain), key=len, default=set())
    if len(largest) > 2:
        ranks = nx.eigenvector_centrality_numpy(plain.subgraph(largest), weight="usd")
        out.update({node: float(abs(rank)) for node, rank in ranks.items()})
    return out


def centralities(graph: nx.DiGraph) -> dict[Hashable, Centrality]:
    """All measures of all nodes, the node whose failure costs most first."""
    vectors, paths = eigenvector(graph), katz(graph)
    found = {
        node: Centrality(
            graph.out_degree(node),
            graph.in_degree(node),
            float(graph.out_degree(node, weight="usd")),
            float(graph.in_degree(node, weight="usd")),
            vectors[node],
            paths[node],
            debt_rank(graph, {node: 1.0}),
        )
        for node in graph
    }
    return dict(sorted(found.items(), key=lambda entry: (-entry[1].debt_rank, -entry[1].debts)))
