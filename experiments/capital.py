"""Do miners who sell a share of their revenue grow faster, and what do their partners get back?

Half of all miners may take partners. Each seed is run twice, once with partners and once as if those miners used cash and
offerings only; the same miners are followed in both, so that luck and skill are alike.

python -m experiments.capital --seeds 30 --page docs/explanation/revenue_shares.md
"""

import math
import sys
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from experiments.parallel import in_order
from experiments.replicates import Estimate
from experiments.script import Options, Publisher, Words, script
from experiments.sheets import Sheet
from experiments.statistics import estimated, estimated_gap
from model import Marketplace, Scenario
from model.streams import uniforms
from model.units import DAYS_PER_YEAR

NAME, MINER, PARTNERED = "capital_raise", "miner", "equity_partner"
HEADINGS = ("mean over seeds", "with partners", "without", "with − without", "95 % interval")


class Case(NamedTuple):
    """One run."""

    seed: int
    partners: bool
    ticks: int | None = None


class Outcome(NamedTuple):
    """What became of the miners who may take partners, of all others, and of the partners' money.

    Attributes:
        theirs, others: growth of hashrate from first to last tick, log
        raised: capital that partners paid [USD]; failed: part of it left of the caps of companies that failed [1]
        multiple: paid so far, and what running shares are marked at, over what partners paid
        rate: internal rate of return a year of all partners' payments together, the mark taken as the last
    """

    theirs: float
    others: float
    raised: float
    failed: float
    multiple: float
    rate: float


def scenario_of(case: Case) -> Scenario:
    """The scenario, or the one in which nobody takes a partner: their share goes to the strategy that follows."""
    base = Scenario.load(NAME)
    values: dict[str, object] = {} if case.ticks is None else {"clock.ticks": case.ticks}
    if not case.partners:
        shares = dict(base.agents[MINER].shares)
        follows = list(shares)[list(shares).index(PARTNERED) + 1]
        shares[follows] += shares.pop(PARTNERED)
        values[f"agents.{MINER}.strategy"] = shares
    return base.override(values)


def internal_rate(flows: NDArray[np.float64], dt_days: float) -> float:
    """Rate a year at which payments tick by tick are worth nothing today; NaN where there is none in -99 to 10,000 %.

    >>> flows = np.zeros(366); flows[0], flows[365] = -100.0, 110.0
    >>> round(internal_rate(flows, 1.0), 9)
    0.1
    """
    years = np.arange(flows.size) * dt_days / DAYS_PER_YEAR

    def worth(log_rate: float) -> float:
        return math.fsum((flows * np.exp(-log_rate * years)).tolist())

    low, high = math.log(0.01), math.log(101.0)
    if not flows.any() or worth(low) * worth(high) > 0.0:
        return math.nan
    return math.exp(float(brentq(worth, low, high))) - 1.0


def run(case: Case) -> Outcome:
    """One seed in one of the two worlds."""
    share = Scenario.load(NAME).agents[MINER].shares[PARTNERED]
    with Marketplace(scenario_of(case), rng=case.seed) as market:
        people, rigs = market.populations[MINER], market.mechanisms["rigs"]
        slots = np.arange(len(people), dtype=np.int64)
        theirs = uniforms(market.streams.key("strategy", MINER), slots, 0) < share
        accounts = people.account[slots]
        before = rigs.registered[accounts].astype(float)
        market.run()
        after, seen = rigs.registered[accounts].astype(float), market.metrics()
        grown, others = (math.log(after[group].sum() / before[group].sum()) for group in (theirs, ~theirs))
        raised, paid = (seen[f"revenue_shares.{name}"].to_numpy() for name in ("raised", "paid"))
        flows, mark = paid - raised, float(seen["revenue_shares.outstanding"].iloc[-1])
        flows[-1] += mark
        total, failed = float(raised.sum()), float(seen["revenue_shares.defaulted"].sum())
        if total <= 0.0:
            return Outcome(grown, others, 0.0, math.nan, math.nan, math.nan)
        rate = internal_rate(flows, market.clock.dt_days)
        return Outcome(grown, others, total, failed / total, (float(paid.sum()) + mark) / total, rate)


def _row(
    name: str, spec: str, first: Estimate, second: Estimate | None = None, gap: Estimate | None = None
) -> list[str]:
    shown = gap or first
    interval = f"{shown.low:{spec}} to {shown.high:{spec}}"
    others = ["", ""] if second is None or gap is None else [f"{second.mean:{spec}}", f"{gap.mean:+{spec}}"]
    return [name, f"{first.mean:{spec}}", *others, interval]


def table(found: Sequence[tuple[Case, Outcome]]) -> Sheet:
    """Growth in both worlds and its paired difference; what partners paid and got."""
    having = [outcome for case, outcome in found if case.partners]
    lacking = [outcome for case, outcome in found if not case.partners]
    rows = []
    for name, field in (("growth of those who may take partners, log", "theirs"), ("growth of others, log", "others")):
        a, b = ([getattr(outcome, field) for outcome in side] for side in (having, lacking))
        rows.append(_row(name, ".3f", estimated(a, f"with {field}"), estimated(b, field), estimated_gap(b, a, field)))
    for name, field, spec in (
        ("partners paid, USD", "raised", ",.0f"), ("left of caps of companies that failed, over it", "failed", ".3f"),
        ("paid back and marked, over it", "multiple", ".3f"), ("return a year", "rate", ".3f"),
    ):  # fmt: skip
        rows.append(_row(name, spec, estimated([getattr(outcome, field) for outcome in having], field)))
    return Sheet(f"{len(having)} seeds in both worlds", HEADINGS, [tuple(row) for row in rows])


@script
def main(arguments: Words = None) -> None:
    """Run, print, and write the page's table."""
    options = Options("capital", __doc__)
    options.whole("--seeds", 30, "so many seeds in both worlds, from 1 on")
    options.whole("--ticks", None, "length of a run; the scenario's by default")
    options.workers()
    options.published()
    given = options.parse_args(arguments)
    publish = Publisher(given, (NAME,))
    asked = [Case(seed, side, given.ticks) for seed in range(1, given.seeds + 1) for side in (True, False)]
    publish.tables(NAME, table(list(zip(asked, in_order(run, asked, given.workers), strict=True))))


if __name__ == "__main__":
    sys.exit(main())
