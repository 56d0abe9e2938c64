"""The command `python -m experiments.credit_risk`."""

import sys
from collections.abc import Sequence

from experiments.credit_risk import __doc__ as about
from experiments.credit_risk import bars, grid, picture
from experiments.credit_risk.runs import Credit, Task, credit
from experiments.parallel import in_order
from experiments.script import Options, Publisher, Words, loaded, script


def made(tasks: Sequence[Task], workers: int) -> list[Credit]:
    """All runs in order; how many are done is told on the terminal."""
    found = []
    for run in in_order(credit, tasks, workers):
        found.append(run)
        print(f"\r{len(found)} of {len(tasks)} runs", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return found


@script
def main(arguments: Words = None) -> None:
    """Run, print the tables, draw the heat map."""
    options = Options("credit_risk", about)
    options.whole("--seeds", 200, "seeds of the market as it is, from 1 on; 0 leaves it out", least=0)
    options.whole("--grid-seeds", 0, "seeds of every cell of the grid; 0 leaves it out", least=0)
    options.scenario("credit_baseline")
    options.workers()
    options.published(picture=True)
    given = options.parse_args(arguments)
    loaded(given.scenario, "lending", "amm", "bitcoin")
    marks = [mark for mark, seeds in (("bars", given.seeds), ("grid", given.grid_seeds)) if seeds]
    publish = Publisher(given, marks, width=120)
    if given.seeds:
        runs = made([Task(given.scenario, seed) for seed in range(1, given.seeds + 1)], given.workers)
        publish.tables("bars", bars.sheet(runs, f"{given.scenario}, {given.seeds} seeds"))
    if given.grid_seeds:
        seeds = range(1, given.grid_seeds + 1)
        cells = grid.gathered(made(grid.tasks(given.scenario, seeds), given.workers), len(seeds))
        title = f"{given.scenario}, {len(seeds)} seeds a cell"
        publish.tables("grid", grid.sheet(cells, title), grid.verdict(cells))
        publish.picture(picture.NAME, lambda path: picture.draw(cells, path))


if __name__ == "__main__":
    sys.exit(main())
