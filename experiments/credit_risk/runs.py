"""One run of a market with credit, and what is kept of it."""

import math
from typing import Any, NamedTuple

from model import Marketplace, Scenario


class Task(NamedTuple):
    """A run to make: scenario by name or path, seed, overrides by dotted path."""

    scenario: str
    seed: int
    changed: tuple[tuple[str, Any], ...] = ()


class Credit(NamedTuple):
    """What one run says about its credit.

    Attributes:
        seed: of the run
        share: mean debt over the market value of all fractions
        debt: mean debt [USD]
        depth: mean debt over the dollars in pools of fractions
        liquidations: in all
        liquidated: debt that liquidators repaid, over mean debt
        bad: debt that went bad, and debt above the worth of its collateral at the end, over mean debt; 0 where nobody owed
        depositors: the part of it that depositors bore
        least_health: of any loan on any day
    """

    seed: int
    share: float
    debt: float
    depth: float
    liquidations: int
    liquidated: float
    bad: float
    depositors: float
    least_health: float


def over(part: float, whole: float) -> float:
    """A ratio; 0 where there is no whole.

    >>> over(1.0, 4.0), over(0.0, 0.0)
    (0.25, 0.0)
    """
    return part / whole if whole > 0.0 else 0.0


def credit(task: Task) -> Credit:
    """Run once and measure."""
    with Marketplace(Scenario.load(task.scenario).override(dict(task.changed)), rng=task.seed) as market:
        found, path = market.run().summary(), market.recorder.path
        debts, depths, uncovered = path("lending.debt"), path("amm.depth"), path("lending.uncovered")[-1]
    debt, lost = found["lending.debt"], [found[f"lending.lost_{who}"] for who in ("reserve", "fund", "depositors")]
    return Credit(
        task.seed,
        found["lending.debt_over_value"],
        debt,
        over(math.fsum(debts), math.fsum(depth for depth in depths if not math.isnan(depth))),
        int(found["lending.liquidations"]),
        over(found["lending.liquidated_debt"], debt),
        over(math.fsum((*lost, uncovered)), debt),
        over(lost[-1], debt),
        found["lending.health_min"],
    )
