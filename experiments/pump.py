"""Does it pay to pump a pool and borrow against its price? The scenario oracle_pump, and what stops it, one by one.

An attacker with a quarter of a pool's fractions pumps its price by each multiple, in one bundle with a flash loan or
over ticks with own money, and walks away with the loan. Under each defence his profit is told as a part of the pool's
dollars, beside the multiple from which `agents.manipulation` says that it pays.

python -m experiments.pump --seeds 6 --out docs/pictures --page docs/explanation/oracle_manipulation.md
"""

import math
import sys
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from agents.manipulation import break_even_multiple
from experiments.replicates import Estimate
from experiments.script import Options, Publisher, Words, script
from experiments.sheets import Sheet
from experiments.statistics import estimated
from model import Marketplace, Scenario
from model.ledger import USD_ASSET
from model.mechanisms.lending import collateral_cap
from model.units import USD

MULTIPLES = (2.0, 2.5, 2.75, 3.0, 4.0, 6.0, 10.0)
SEEDS = 6
OWN = "agents.attacker."
WAIT, AFTER = 25, 8  # days before the attack, and after
SETTING: dict[str, Any] = {
    "clock.ticks": WAIT + AFTER,
    OWN + "first_day": float(WAIT),
    OWN + "least_profit": -1e12,  # he attacks in any case, so that losses are seen
}
OVERNIGHT = {OWN + "bundled": 0.0}
GUARD, CAP, RICH = {"oracle.guard": True}, {"lending.cap_share": None}, {OWN + "cash": 200_000.0}


def _mean(days: int) -> dict[str, Any]:
    return {"oracle.source": "twap", "oracle.window_hours": 24.0 * days}


VARIANTS: dict[str, dict[str, Any]] = {
    "bundle": {},
    "bundle, cap": CAP,
    "bundle, guard": GUARD,
    "bundle, guard and cap": GUARD | CAP,
    "bundle, mean of 3": _mean(3),
    "over ticks": OVERNIGHT,
    "over ticks, mean of 2": OVERNIGHT | _mean(2),
    "over ticks, mean of 3": OVERNIGHT | _mean(3),
    "over ticks, mean of 12": OVERNIGHT | _mean(12),
    "over ticks, guard and cap": OVERNIGHT | GUARD | CAP,
    "rich, over ticks": OVERNIGHT | RICH,
    "rich, over ticks, mean of 12": OVERNIGHT | RICH | _mean(12),
    "rich, over ticks, guard and cap": OVERNIGHT | RICH | GUARD | CAP,
}


class Attack(NamedTuple):
    """One run.

    Attributes:
        variant, multiple, seed: what was tried
        reached: multiple that the loan was to see; less than wanted where the money did not go further
        profit: over the pool's dollars before the pump
        loan: taken and left behind, over the same [1]
    """

    variant: str
    multiple: float
    seed: int
    reached: float
    profit: float
    loan: float


class Cell(NamedTuple):
    """All seeds of one variant and multiple."""

    variant: str
    multiple: float
    reached: float
    profit: Estimate

    @property
    def pays(self) -> bool:
        """Whether profit is surely above 0: in the mean, with the whole interval where there are several seeds."""
        return self.profit.mean > 0.0 and not self.profit.low <= 0.0


def scenario_of(variant: str, multiple: float, scenario: str = "oracle_pump") -> Scenario:
    """The scenario with one defence or none."""
    changes = SETTING | VARIANTS[variant] | {OWN + "multiple": multiple}
    if changes.get("lending.cap_share", 0.0) is None:  # what the pool's fee and the liquidators' bonus allow
        known = Scenario.load(scenario).mechanisms
        changes["lending.cap_share"] = collateral_cap(known["amm"].fee_bps / 10_000, known["lending"].bonus)  # type: ignore[attr-defined]
    return Scenario.load(scenario).override(changes)


def attack(variant: str, multiple: float, seed: int) -> Attack:
    """Run once and see what the attacker has gained."""
    with Marketplace(scenario_of(variant, multiple), rng=seed) as market:
        agent = market.populations["attacker"].agents[0]
        depth = loan = 0.0
        while market.running and market.clock.tick + 1 < market.clock.ticks:
            before = {v: _dollars(market, int(v)) for v in [int(agent.target)] if v >= 0}
            waiting = agent.staked == 0.0
            market.step()
            if waiting and agent.staked > 0.0:
                depth = before[int(agent.target)]
            loan = max(loan, market.mechanisms["lending"].owed_by(agent.account) / USD)
        market.check()
        scale = depth if depth > 0.0 else math.nan
        return Attack(variant, multiple, seed, agent.reached, agent.profit / scale, loan / scale)


def _dollars(market: Marketplace, v: int) -> float:
    """In a vault's pool."""
    return market.ledger.balance(USD_ASSET, int(market.mechanisms["amm"].pool[v])) / USD


def attacks(
    seeds: Sequence[int], variants: Sequence[str] = tuple(VARIANTS), multiples: Sequence[float] = MULTIPLES
) -> Iterator[Attack]:
    """Every variant at every multiple under every seed."""
    for variant in variants:
        for multiple in multiples:
            yield from (attack(variant, multiple, seed) for seed in seeds)


def cells(found: Sequence[Attack]) -> list[Cell]:
    """Means over seeds."""
    places = dict.fromkeys((a.variant, a.multiple) for a in found)
    rows = []
    for variant, multiple in places:
        own = [a for a in found if (a.variant, a.multiple) == (variant, multiple)]
        name = f"{variant} {multiple:g}"
        reached = estimated([a.reached for a in own], f"reached {name}").mean
        rows.append(Cell(variant, multiple, reached, estimated([a.profit for a in own], f"profit {name}")))
    return rows


def derived(variant: str) -> float:
    """Multiple from which a bundle should pay; infinite where no report moves within it, not a number over ticks."""
    changes = VARIANTS[variant]
    if OWN + "bundled" in changes:
        return math.nan
    if "oracle.guard" in changes or "oracle.source" in changes:
        return math.inf
    chosen = scenario_of(variant, MULTIPLES[0])
    lending, fee = chosen.mechanisms["lending"], chosen.mechanisms["amm"].fee_bps  # type: ignore[attr-defined]
    part = min(0.25, lending.cap_share)  # type: ignore[attr-defined]
    return break_even_multiple(part, lending.loan_to_value, fee, lending.flash_bps / 10_000)  # type: ignore[attr-defined]


def sheet(found: Sequence[Attack]) -> Sheet:
    """Profit by variant and multiple; bold where it surely pays."""
    means = cells(found)
    multiples = list(dict.fromkeys(cell.multiple for cell in means))
    rows = []
    for variant in dict.fromkeys(cell.variant for cell in means):
        own = {cell.multiple: cell for cell in means if cell.variant == variant}
        expected = derived(variant)
        said = "-" if math.isnan(expected) else "never" if math.isinf(expected) else f"{expected:.2f}"
        shown = [f"{own[m].profit.mean:+.1%}" + (" *" if own[m].pays else "") for m in multiples]
        rows.append((variant, said, f"{max(cell.reached for cell in own.values()):.1f}", *shown))
    headings = ("attack, defence", "pays from", "reached", *(f"×{m:g}" for m in multiples))
    seeds = len({a.seed for a in found})
    return Sheet(f"profit over the pool's dollars, mean of {seeds} seeds; * surely above 0", headings, rows)


@script
def main(arguments: Words = None) -> None:
    """Run, print the table, draw the picture."""
    from experiments import pump_picture

    options = Options("pump", __doc__)
    options.whole("--seeds", SEEDS, "so many seeds, from 1 on")
    options.published(picture=True)
    given = options.parse_args(arguments)
    publish = Publisher(given, ("oracle pump",))
    found = list(attacks(range(1, given.seeds + 1)))
    publish.tables("oracle pump", sheet(found))
    publish.picture(pump_picture.NAME, lambda path: pump_picture.draw(found, path))


if __name__ == "__main__":
    sys.exit(main())
