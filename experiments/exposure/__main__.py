"""The command `python -m experiments.exposure`."""

import sys
from collections.abc import Sequence

import networkx as nx

from experiments.exposure import __doc__ as about
from experiments.exposure import picture
from experiments.exposure.cascade import BONUS, Fallout, cascade
from experiments.exposure.centrality import Centrality, centralities
from experiments.exposure.network import exposures
from experiments.script import Options, Publisher, Words, loaded, script
from experiments.sheets import Sheet
from model import Marketplace, Scenario

FALLS = tuple(place / 20 for place in range(20))  # 0 to 95 %
TOLD = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
RANKED = 3  # of each column
NAME = "exposure.png"


def network(scenario: Scenario, seed: int, tick: int | None = None) -> tuple[nx.DiGraph, float]:
    """The network after a tick, or at the end, and the bonus of liquidators."""
    with Marketplace(scenario, rng=seed) as market:
        while market.running and (tick is None or market.clock.tick < tick):
            market.step()
        lending = market.mechanisms.get("lending")
        return exposures(market), BONUS if lending is None else float(lending.params.bonus)


def ranks_sheet(graph: nx.DiGraph, ranks: dict[object, Centrality], title: str) -> Sheet:
    """The nodes of each column whose failure would cost most."""
    rows = []
    for node in picture.leading(graph, ranks, RANKED):
        rank = ranks[node]
        usd = (f"{rank.debts:,.0f}", f"{rank.claims:,.0f}")
        measures = (f"{rank.eigenvector:.3f}", f"{rank.katz:.4f}", f"{rank.debt_rank:.3f}")
        rows.append((str(graph.nodes[node]["name"]), str(rank.owes), str(rank.is_owed), *usd, *measures))
    headings = ("", "owes to", "is owed by", "debts USD", "claims USD", "eigenvector", "Katz", "DebtRank")
    return Sheet(title, headings, rows)


def falls_sheet(falls: Sequence[Fallout], whole: Sequence[Fallout]) -> Sheet:
    """What falls do, without recourse to borrowers' other means, and with."""
    rows = []
    for bare, full in zip(falls, whole, strict=True):
        parts = (bare.defaulted, bare.missing, bare.lenders, full.defaulted, full.lenders)
        rows.append((f"{bare.fall:.0%}", *(f"{part:.1%}" for part in parts), str(full.second), str(full.waves)))
    headings = ("fall", "borrowers in default", "debt not covered", "deposits lost")
    more = ("in default, with recourse", "deposits lost", "others who fail", "waves")
    return Sheet("All prices but the coin's fall", (*headings, *more), rows)


@script
def main(arguments: Words = None) -> None:
    """Run, print the tables, draw the picture."""
    options = Options("exposure", about)
    options.add_argument("scenario", nargs="?", default="credit_baseline", help="a name from `run.py list`, or a path")
    options.whole("--seed", 1, "of the run", least=0)
    options.whole("--tick", None, "after which the network is taken, counted from 0; the last by default", least=0)
    options.published(picture=True)
    given = options.parse_args(arguments)
    scenario, publish = loaded(given.scenario), Publisher(given, ("exposure",), width=140)
    graph, bonus = network(scenario, given.seed, given.tick)
    ranks = centralities(graph)
    when = "at the end" if given.tick is None else f"after tick {given.tick}"
    title = f"{given.scenario}, seed {given.seed}, {when}: {len(graph)} accounts, {graph.number_of_edges()} debts"
    bare = [cascade(graph, fall, bonus) for fall in TOLD]
    whole = [cascade(graph, fall, bonus, recourse=1.0) for fall in TOLD]
    publish.tables("exposure", ranks_sheet(graph, ranks, title), falls_sheet(bare, whole))
    falls = [cascade(graph, fall, bonus) for fall in FALLS]
    publish.picture(NAME, lambda path: picture.draw(graph, ranks, falls, path, title))


if __name__ == "__main__":
    sys.exit(main())
