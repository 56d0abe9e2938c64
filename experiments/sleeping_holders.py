"""Do buy-outs succeed as often as sleeping holders let them? The collectible of the replay, seed by seed.

A holder blocks if he looks while the offer stands and has the money: p = (1 - (1 - a)^days) c, with a his attention a day
and c the chance that he has own x price in cash. Nobody blocks with chance (1 - p)^holders. Each row is one p, run under
many seeds: the share of successes with its exact interval, and what the formula says.

python -m experiments.sleeping_holders --seeds 200 --page docs/explanation/buyouts.md
"""

import sys
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from experiments.parallel import in_order
from experiments.script import Options, Publisher, Words, script
from experiments.sheets import Sheet
from experiments.statistics import clopper_pearson
from model import Marketplace, Scenario
from model.flows import Flow
from model.ledger import USD_ASSET
from model.mechanisms.buyouts import attention_for, success_probability
from model.streams import uniforms

NAME = "sleeping_holders"
HOLDER = "retail_investor"
CASES = ((0.001, 1.0), (0.005, 1.0), (0.02, 1.0), (0.001, 0.5))  # chance to block, of which chance to have the money
HEADINGS = ("p per holder", "with cash", "runs", "succeeded", "share", "95 % interval", "formula", "inside")


class Case(NamedTuple):
    """One run: chance that a holder blocks, chance that he has the money, seed, and the dead interface's part.

    Attributes:
        dimmed: part of attention that is left by a shock to it; the trait is larger by as much
    """

    block: float
    cash: float
    seed: int
    dimmed: float = 1.0


class Outcome(NamedTuple):
    """What became of one offer: whether it won, how many held, what was offered in all for the supply [USD]."""

    won: bool
    holders: int
    offered: float


def scenario_of(case: Case) -> Scenario:
    """The replay with holders who block with the case's chance."""
    base = Scenario.load(NAME)
    days = float(getattr(base.mechanisms["buyouts"], "shotgun_days"))  # noqa: B009 - parameters are known by name only
    attention = attention_for(case.block / case.cash, days)
    values: dict[str, object] = {f"agents.{HOLDER}.attention": attention / case.dimmed}
    if case.dimmed < 1.0:
        row = {"channel": "attention", "size": case.dimmed - 1.0, "day": 0.0, "source": "the interface has closed"}
        values["shocks"] = [row]
    return base.override(values)


def replay(case: Case) -> Outcome:
    """Run one seed; the cash of holders without money leaves before the first day."""
    with Marketplace(scenario_of(case), rng=case.seed) as market:
        people = market.populations[HOLDER]
        house, ledger, vaults = market.mechanisms["buyouts"], market.ledger, market.mechanisms["vaults"]
        draws = uniforms(market.streams.key("without money", HOLDER), np.arange(len(people), dtype=np.int64), 0)
        for account in people.account[: len(people)][draws >= case.cash]:
            ledger.pay(USD_ASSET, int(account), ledger.world, ledger.balance(USD_ASSET, int(account)), Flow.DEPARTURE)
        holders = int(np.count_nonzero(ledger.books.balances[vaults.fraction[0], people.account[: len(people)]] > 0))
        market.run()
        market.check()
        opened = [event for event in market.journal.events if event[1] == "buyout_opened"]
        won = [event for event in market.journal.events if event[1] == "buyout_won"]
        if len(opened) != 1 or house.table.phase.any():
            raise RuntimeError(f"seed {case.seed}: {len(opened)} buy-outs were opened, of which one is still open")
        return Outcome(bool(won), holders, opened[0][4] * vaults.params.supply)


def table(found: Sequence[tuple[Case, Outcome]], title: str) -> Sheet:
    """Shares of success by chance to block, with exact intervals, beside the formula."""
    rows: list[tuple[str, ...]] = []
    for block, cash in dict.fromkeys((case.block, case.cash) for case, _ in found):
        own = [outcome for case, outcome in found if (case.block, case.cash) == (block, cash)]
        wins, n = sum(outcome.won for outcome in own), len(own)
        interval = clopper_pearson(wins, n)
        expected = success_probability([block] * own[0].holders)
        inside = "yes" if interval.low <= expected <= interval.high else "no"
        rows.append((
            f"{block:g}", f"{cash:g}", f"{n}", f"{wins}", f"{wins / n:.3f}",
            f"{interval.low:.3f} to {interval.high:.3f}", f"{expected:.4f}", inside,
        ))  # fmt: skip
    return Sheet(title, HEADINGS, rows)


def cases(seeds: int, chosen: Sequence[tuple[float, float]] = CASES) -> list[Case]:
    """Seeds 1 to n of each case."""
    return [Case(block, cash, seed) for block, cash in chosen for seed in range(1, seeds + 1)]


@script
def main(arguments: Words = None) -> None:
    """Run, print, and write the page's table."""
    options = Options("sleeping_holders", __doc__)
    options.whole("--seeds", 200, "so many seeds of each row, from 1 on")
    options.workers()
    options.published()
    given = options.parse_args(arguments)
    publish = Publisher(given, (NAME,))
    asked = cases(given.seeds)
    found = list(zip(asked, in_order(replay, asked, given.workers), strict=True))
    first = found[0][1]
    title = f"{first.holders} holders, an offer of {first.offered:.2f} USD for the whole"
    publish.tables(NAME, table(found, title))


if __name__ == "__main__":
    sys.exit(main())
