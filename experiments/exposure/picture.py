"""The picture of an exposure network: at most 100 nodes in columns from pledges to depositors, ranks, and what falls do."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib
import networkx as nx
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from experiments.exposure.cascade import Fallout
from experiments.exposure.centrality import Centrality
from experiments.exposure.network import BILL, DEPOSIT, LOAN, PLEDGE
from experiments.figures.keep import keep
from experiments.figures.style import RC, STYLES, bars, compact

SIZE = (7.2, 6.4)  # inches
MOST = 100  # nodes drawn
LABELS = 4  # nodes of a column with their names
WIDE = 12  # nodes from which a column is staggered
COLUMNS = ("vaults' pledges", "borrowers", "lending pools, operators", "depositors")
KINDS = {LOAN: STYLES[1][0], DEPOSIT: STYLES[0][0], PLEDGE: STYLES[2][0], BILL: STYLES[3][0]}


def reduced(graph: nx.DiGraph, most: int = MOST) -> nx.DiGraph:
    """The same network with its smallest nodes put together by what they are, so that no more than `most` are left.

    Args:
        graph: of `exposures`
        most: nodes
    """
    if len(graph) <= most:
        return graph
    size = dict(graph.degree(weight="usd"))
    group = {node: (column(graph, node), graph.nodes[node]["sector"]) for node in graph}
    ranked = sorted(graph, key=lambda node: (-size[node], str(node)))
    kept = set(ranked[: max(0, most - len(set(group.values())))])
    alone = {g for g in group.values() if sum(group[node] == g for node in ranked if node not in kept) == 1}
    kept |= {node for node in ranked if group[node] in alone}
    rest = [node for node in ranked if node not in kept]
    counts = {g: sum(group[node] == g for node in rest) for g in group.values()}
    place = {node: node if node in kept else group[node] for node in graph}
    out = nx.DiGraph()
    for node in graph:
        facts = dict(graph.nodes[node])
        if node not in kept:
            facts = {
                "sector": group[node][1],
                "name": f"{counts[group[node]]} others of {group[node][1].replace('_', ' ')}",
                "column": group[node][0],
            }
        out.add_node(place[node], **facts)
    for debtor, creditor, edge in graph.edges(data=True):
        ends = place[debtor], place[creditor]
        before = out.edges[ends]["usd"] if out.has_edge(*ends) else 0.0
        if ends[0] != ends[1]:
            out.add_edge(*ends, usd=before + edge["usd"], what=edge["what"])
    return out


def column(graph: nx.DiGraph, node: Any) -> int:
    """Place of a node in `COLUMNS`."""
    if "column" in graph.nodes[node]:
        return int(graph.nodes[node]["column"])
    owes = {edge["what"] for edge in graph[node].values()}
    owed = {edge["what"] for *_, edge in graph.in_edges(node, data=True)}
    if PLEDGE in owes:
        return 0
    if DEPOSIT in owes or (LOAN in owed and DEPOSIT not in owed) or BILL in owed:
        return 2
    return 3 if DEPOSIT in owed and LOAN not in owes else 1


def leading(graph: nx.DiGraph, ranks: Mapping[Any, Centrality], most: int) -> list[Any]:
    """The first nodes of each column in order of rank."""
    return [node for place in range(len(COLUMNS)) for node in [n for n in ranks if column(graph, n) == place][:most]]


def draw(
    graph: nx.DiGraph, ranks: Mapping[Any, Centrality], falls: Sequence[Fallout], path: Path, title: str = ""
) -> None:
    """Draw network, ranks and falls on one page, and save it."""
    with matplotlib.rc_context(RC):
        figure = Figure(figsize=SIZE, layout="constrained")
        grid = figure.add_gridspec(2, 2, height_ratios=(2.3, 1.0))
        _network(figure.add_subplot(grid[0, :]), reduced(graph))
        sizes = {str(graph.nodes[node]["name"]): ranks[node].debt_rank for node in leading(graph, ranks, 3)}
        sizes = {name: rank for name, rank in sizes.items() if rank > 0.0}
        bars(figure.add_subplot(grid[1, 0]), sizes or {"nobody owes": 0.0}, "part of all claims", "DebtRank")
        _falls(figure.add_subplot(grid[1, 1]), falls)
        figure.suptitle(title, x=0.01, ha="left", fontsize=9, fontweight="bold")
        keep(figure, path)


def _network(axes: Axes, graph: nx.DiGraph) -> None:
    """Nodes in columns, the largest in the middle; edges by kind, as wide as they are large."""
    sizes = dict(graph.degree(weight="usd"))
    spots: dict[Any, tuple[float, float]] = {}
    named: list[Any] = []
    for place in range(len(COLUMNS)):
        own = sorted((n for n in graph if column(graph, n) == place), key=lambda n: (-sizes[n], str(n)))
        named += own[:LABELS]
        for height, (rank, node) in zip(_heights(len(own)), enumerate(own), strict=True):
            spots[node] = place + 0.04 * ((rank % 3) - 1) * (len(own) > WIDE), height
        axes.text(place, 1.12, COLUMNS[place], ha="center", fontsize=7, fontweight="bold")
    largest = max((usd for *_, usd in graph.edges(data="usd")), default=1.0)
    for debtor, creditor, edge in graph.edges(data=True):
        (x, y), (u, v) = spots[debtor], spots[creditor]
        line: dict[str, Any] = {"arrowstyle": "-|>,head_length=0.25,head_width=0.12", "color": KINDS[edge["what"]]}
        line |= {
            "lw": 0.25 + 3.0 * (edge["usd"] / largest) ** 0.5,
            "alpha": 0.2 if edge["what"] == PLEDGE else 0.45,
            "shrinkA": 3,
            "shrinkB": 3,
        }
        axes.annotate("", (u, v), (x, y), arrowprops={**line, "connectionstyle": "arc3,rad=0.04"})
    top = max(sizes.values(), default=1.0)
    axes.scatter(
        [spots[n][0] for n in graph],
        [spots[n][1] for n in graph],
        [6.0 + 140.0 * sizes[n] / top for n in graph],
        color="#333333",
        zorder=3,
        linewidths=0,
    )
    for node in named:
        text = f"{graph.nodes[node]['name']}, {compact(float(f'{sizes[node]:.3g}'))}"
        box = {"facecolor": "white", "alpha": 0.7, "linewidth": 0, "pad": 0.6}
        axes.annotate(text, spots[node], (5, 5), textcoords="offset points", fontsize=5.5, zorder=4, bbox=box)
    for kind, colour in KINDS.items():
        if any(edge["what"] == kind for *_, edge in graph.edges(data=True)):
            axes.plot([], [], color=colour, label=kind)
    axes.set(xlim=(-0.3, len(COLUMNS) - 0.5), ylim=(-1.15, 1.25))
    axes.legend(loc="lower left", ncols=4, title="who owes → to whom [USD]", title_fontsize=6)
    axes.set_axis_off()


def _heights(n: int) -> list[float]:
    """Heights of n nodes from the largest on: those with names far apart, the others between them."""
    order = sorted(range(n), key=lambda place: (place * LABELS % n >= LABELS, place)) if n > LABELS else list(range(n))
    return [1.0 - 2.0 * (place + 0.5) / n for place in order]


def _falls(axes: Axes, falls: Sequence[Fallout]) -> None:
    """What comes of falls of prices of every size."""
    x = [found.fall for found in falls]
    lines = (("defaulted", "borrowers who default"), ("missing", "debt not covered"), ("lenders", "deposits lost"))
    for (name, label), (colour, dashes) in zip(lines, STYLES, strict=False):
        axes.plot(x, [getattr(found, name) for found in falls], color=colour, linestyle=dashes, label=label)
    axes.set_title("after a fall of all prices but the coin's")
    axes.set_xlabel("fall")
    axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.legend(loc="upper left")
