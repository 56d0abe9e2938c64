"""The command `python -m experiments.premium`."""

import sys

from experiments.premium import __doc__ as about
from experiments.premium import picture, redemption, supply
from experiments.script import Options, Publisher, Words, loaded, script


@script
def main(arguments: Words = None) -> None:
    """Run both studies, print their tables, draw the picture."""
    options = Options("premium", about)
    options.whole("--pairs", 30, "seeds of the first study; 0 leaves it out", least=0)
    options.whole("--seeds", 10, "seeds of the second study; 0 leaves it out", least=0)
    options.scenario("baseline")
    options.published(picture=True)
    given = options.parse_args(arguments)
    scenario = loaded(given.scenario, "vaults", "offerings", "bitcoin")
    publish = Publisher(given, [m for m, n in (("redemption", given.pairs), ("supply", given.seeds)) if n])
    if given.pairs:
        found = list(redemption.pairs(scenario, range(1, given.pairs + 1)))
        title = f"{scenario.name}, {scenario.clock.ticks:,} ticks, from day {redemption.BURN_IN}, {given.pairs} seeds"
        publish.tables("redemption", redemption.sheet(found, title))
    if given.seeds:
        runs = list(supply.points(scenario, range(1, given.seeds + 1)))
        publish.tables("supply", supply.sheet(runs))
        publish.picture(picture.NAME, lambda path: picture.draw(runs, path))


if __name__ == "__main__":
    sys.exit(main())
