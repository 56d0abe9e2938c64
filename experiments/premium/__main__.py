"""The command `python -m experiments.premium`."""

import argparse
from pathlib import Path

from rich.console import Console

from experiments.premium import __doc__ as about
from experiments.premium import picture, redemption, supply
from experiments.sheets import Sheet, fill
from model import Scenario


def main(arguments: list[str] | None = None) -> None:
    """Run both studies, print their tables, draw the picture."""
    parser = argparse.ArgumentParser(prog="python -m experiments.premium", description=about)
    parser.add_argument("--pairs", type=int, default=30, help="seeds of the first study; 0 leaves it out")
    parser.add_argument("--seeds", type=int, default=10, help="seeds of the second study; 0 leaves it out")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="folder of the picture; without it none is drawn")
    parser.add_argument("--scenario", default="baseline", help="a name from `run.py list`, or a path")
    parser.add_argument("--page", type=Path, metavar="MD", help="page whose tables are written anew")
    given = parser.parse_args(arguments)
    scenario, console = Scenario.load(given.scenario), Console()

    def tell(name: str, sheet: Sheet) -> None:
        sheet.show(console)
        if given.page is not None:
            fill(given.page, name, sheet.markdown())

    if given.pairs > 0:
        found = list(redemption.pairs(scenario, range(1, given.pairs + 1)))
        title = f"{scenario.name}, {scenario.clock.ticks:,} ticks, from day {redemption.BURN_IN}, {given.pairs} seeds"
        tell("redemption", redemption.sheet(found, title))
    if given.seeds > 0:
        runs = list(supply.points(scenario, range(1, given.seeds + 1)))
        tell("supply", supply.sheet(runs))
        if given.out is not None:
            given.out.mkdir(parents=True, exist_ok=True)
            picture.draw(runs, given.out / picture.NAME)
            console.print(f"picture: {given.out / picture.NAME}")


if __name__ == "__main__":
    main()
