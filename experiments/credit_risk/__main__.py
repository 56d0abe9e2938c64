"""The command `python -m experiments.credit_risk`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from experiments.credit_risk import __doc__ as about
from experiments.credit_risk import bars, grid, picture
from experiments.credit_risk.runs import Credit, Task, credit
from experiments.parallel import WORKERS, in_order
from experiments.sheets import Sheet, fill


def made(tasks: Sequence[Task], workers: int) -> list[Credit]:
    """All runs in order; how many are done is told on the terminal."""
    found = []
    for run in in_order(credit, tasks, workers):
        found.append(run)
        print(f"\r{len(found)} of {len(tasks)} runs", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return found


def main(arguments: list[str] | None = None) -> None:
    """Run, print the tables, draw the heat map."""
    parser = argparse.ArgumentParser(prog="python -m experiments.credit_risk", description=about)
    parser.add_argument(
        "--seeds", type=int, default=200, help="seeds of the market as it is, from 1 on; 0 leaves it out"
    )
    parser.add_argument("--grid-seeds", type=int, default=0, help="seeds of every cell of the grid; 0 leaves it out")
    parser.add_argument("--scenario", default="credit_baseline", help="a name from `run.py list`, or a path")
    parser.add_argument("--workers", type=int, default=WORKERS, help="processes")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="folder of the heat map; without it none is drawn")
    parser.add_argument("--page", type=Path, metavar="MD", help="page whose tables are written anew")
    given = parser.parse_args(arguments)
    console = Console(width=120)

    def tell(name: str, *sheets: Sheet) -> None:
        for sheet in sheets:
            sheet.show(console)
        if given.page is not None:
            fill(given.page, name, "\n\n".join(sheet.markdown() for sheet in sheets))

    if given.seeds > 0:
        runs = made([Task(given.scenario, seed) for seed in range(1, given.seeds + 1)], given.workers)
        tell("bars", bars.sheet(runs, f"{given.scenario}, {given.seeds} seeds"))
    if given.grid_seeds > 0:
        seeds = range(1, given.grid_seeds + 1)
        cells = grid.gathered(made(grid.tasks(given.scenario, seeds), given.workers), len(seeds))
        tell("grid", grid.sheet(cells, f"{given.scenario}, {len(seeds)} seeds a cell"), grid.verdict(cells))
        if given.out is not None:
            given.out.mkdir(parents=True, exist_ok=True)
            picture.draw(cells, given.out / picture.NAME)
            console.print(f"picture: {given.out / picture.NAME}")


if __name__ == "__main__":
    main()
