"""One vault at three venues: where is it traded, where do providers earn, how far apart are prices, and what runs dry?

Each seed is a run of `fork_of_venues`: a constant product, an 80/20 weighted pool and a curve with a third of the seed
each and the same fee. Prices are compared in the evening of each day.

python -m experiments.venues --seeds 10 --page docs/explanation/venues.md
"""

import math
import sys
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.parallel import in_order
from experiments.script import Options, Publisher, Words, script
from experiments.sheets import Sheet
from experiments.statistics import clopper_pearson, estimated
from model import Marketplace, Scenario
from model.actions import Status, Trade
from model.units import BPS, DAYS_PER_YEAR, TOKEN

NAME, BESIDE = "fork_of_venues", "beside"
VENUES = {"amm": "constant product", "weighted": "80/20", "curve": "curve"}
DRY = 0.005  # part of the first supply; whoever wants to buy finds no more than this


class Case(NamedTuple):
    """One run."""

    seed: int
    ticks: int | None = None


class Outcome(NamedTuple):
    """What one run showed; the first four by venue.

    Attributes:
        trades, volume, price, gain: swaps; dollars a day; price at the end [USD]; providers' mean return over holding a year
        failed: part of swaps that were not carried out
        apart, beyond: median distance of the two pools' prices [log]; part of days on which it exceeds both fees
        dry, sold_out: days on which the curve had next to no fractions left; whether that was so in the end
        below: mean distance of a dry curve's price below the constant product's [log]
        premium: mean of ln(price / net asset value)
    """

    trades: list[float]
    volume: list[float]
    price: list[float]
    gain: list[float]
    failed: float
    apart: float
    beyond: float
    dry: float
    sold_out: bool
    below: float
    premium: float


def run(case: Case) -> Outcome:
    """One seed."""
    values = {} if case.ticks is None else {"clock.ticks": case.ticks}
    with Marketplace(Scenario.load(NAME).override(values), rng=case.seed) as market:
        left = []
        first = float(market.mechanisms["vaults"].supply[0]) / TOKEN
        while market.running and market.clock.tick + 1 < market.clock.ticks:
            market.step()
            left.append(float(market.mechanisms["curve"].view().can_buy[0]) / TOKEN)
        seen, summary = market.metrics(), market.summary()
        rows = np.sum([n for action, n in market.settlement.outcomes.items() if issubclass(action, Trade)], axis=0)
        fees = 2.0 * market.mechanisms["amm"].params.fee_bps / BPS
    pool, weighted, curve = (np.log(seen[f"{venue}.price_median"].to_numpy()) for venue in VENUES)
    empty: NDArray[np.bool_] = np.array(left) < DRY * first
    gap = np.abs(pool - weighted)
    return Outcome(
        trades=[summary[f"{venue}.trades"] for venue in VENUES],
        volume=[summary[f"{venue}.volume"] for venue in VENUES],
        price=[summary[f"{venue}.price_median"] for venue in VENUES],
        gain=[DAYS_PER_YEAR * float(seen[f"{venue}.lp_return"].mean()) for venue in VENUES],
        failed=1.0 - float(rows[Status.DONE] / rows.sum()),
        apart=float(np.median(gap)),
        beyond=float((gap > fees).mean()),
        dry=float(empty.sum()),
        sold_out=bool(empty[-1]),
        below=float((pool - curve)[empty].mean()) if empty.any() else math.nan,
        premium=summary["fractions.premium"],
    )


def _shown(values: Sequence[float], spec: str, name: str) -> str:
    """Mean and interval."""
    found = estimated(values, name)
    return f"{found.mean:{spec}} ({found.low:{spec}} to {found.high:{spec}})"


def by_venue(found: Sequence[Outcome]) -> Sheet:
    """Trade, price and return at each venue."""
    rows = []
    for label, name, spec in (
        ("swaps", "trades", ",.0f"), ("traded [USD a day]", "volume", ",.0f"), ("price at the end [USD]", "price", ".0f"),
        ("providers' mean return over holding [1/year]", "gain", ".2f"),
    ):  # fmt: skip
        sides = ([getattr(outcome, name)[k] for outcome in found] for k in range(len(VENUES)))
        rows.append((label, *(_shown(side, spec, name) for side in sides)))
    return Sheet(f"{len(found)} seeds of {NAME}", ("", *VENUES.values()), rows)


def beside(found: Sequence[Outcome]) -> Sheet:
    """How far prices lie apart, and what runs dry."""
    rows = [
        (label, _shown([getattr(outcome, name) for outcome in found], spec, name))
        for label, name, spec in (
            ("part of swaps that fail", "failed", ".3f"),
            ("the two pools' prices apart on the median day [log]", "apart", ".4f"),
            ("part of days on which they are further apart than both fees", "beyond", ".2f"),
            ("days on which the curve has next to no fractions left", "dry", ".0f"),
            ("a dry curve's price below the constant product's [log]", "below", ".2f"),
            ("price over net asset value [log]", "premium", ".2f"),
        )
    ]
    out = sum(outcome.sold_out for outcome in found)
    chance = clopper_pearson(out, len(found))
    rows.append(
        ("runs in which it is sold out in the end", f"{out} of {len(found)} ({chance.low:.2f} to {chance.high:.2f})")
    )
    return Sheet("prices, and what runs dry", ("", "mean (95 % interval)"), rows)


@script
def main(arguments: Words = None) -> None:
    """Run, print, and write the page's tables."""
    options = Options("venues", __doc__)
    options.whole("--seeds", 10, "so many seeds, from 1 on")
    options.whole("--ticks", None, "length of a run; the scenario's by default")
    options.workers()
    options.published()
    given = options.parse_args(arguments)
    publish = Publisher(given, (NAME, BESIDE))
    asked = [Case(seed, given.ticks) for seed in range(1, given.seeds + 1)]
    found = list(in_order(run, asked, given.workers))
    publish.tables(NAME, by_venue(found))
    publish.tables(BESIDE, beside(found))


if __name__ == "__main__":
    sys.exit(main())
