"""The command `python -m experiments.exposure`."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import networkx as nx
from rich.console import Console

from experiments.exposure import __doc__ as about
from experiments.exposure import picture
from experiments.exposure.cascade import BONUS, Fallout, cascade
from experiments.exposure.centrality import Centrality, centralities
from experiments.exposure.network import exposures
from experiments.sheets import Sheet, fill
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


def main(arguments: list[str] | None = None) -> None:
    """Run, print the tables, draw the picture."""
    parser = argparse.ArgumentParser(prog="python -m experiments.exposure", description=about)
    parser.add_argument("scenario", nargs="?", default="credit_baseline", help="a name from `run.py list`, or a path")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--tick", type=int, help="after which the network is taken, counted from 0; the last by default"
    )
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="folder of the picture; without it none is drawn")
    parser.add_argument("--page", type=Path, metavar="MD", help="page whose tables are written anew")
    given = parser.parse_args(arguments)
    graph, bonus = network(Scenario.load(given.scenario), given.seed, given.tick)
    ranks, console = centralities(graph), Console(width=140)
    when = "at the end" if given.tick is None else f"after tick {given.tick}"
    title = f"{given.scenario}, seed {given.seed}, {when}: {len(graph)} accounts, {graph.number_of_edges()} debts"
    told = (
        ranks_sheet(graph, ranks, title),
        falls_sheet([cascade(graph, f, bonus) for f in TOLD], [cascade(graph, f, bonus, recourse=1.0) for f in TOLD]),
    )
    for sheet in told:
        sheet.show(console)
    if given.page is not None:
        fill(given.page, "exposure", "\n\n".join(sheet.markdown() for sheet in told))
    if given.out is not None:
        given.out.mkdir(parents=True, exist_ok=True)
        picture.draw(graph, ranks, [cascade(graph, fall, bonus) for fall in FALLS], given.out / NAME, title)
        console.print(f"picture: {given.out / NAME}")


if __name__ == "__main__":
    main()
