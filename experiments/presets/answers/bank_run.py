"""A run on a sound pool."""

from typing import TYPE_CHECKING

from experiments.presets.looks import at, between
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace

CALM = "nobody fears"
DAY, WEEK = 150.0, 10.0


def look(market: "Marketplace") -> Numbers:
    """Deposits before and after the rumour, and what was asked for in vain."""
    before, after = at(market, "lending.deposits", DAY), at(market, "lending.deposits", DAY + WEEK)
    return {
        "deposits gone in ten days": 1.0 - after / before,
        "most asked for and not paid, over deposits": float(between(market, "lending.queue", DAY).max()) / before,
        "days with a queue": float((between(market, "lending.queue", DAY) > 0.0).sum()),
    }


def tell(found: "Found") -> str:
    """How fast, and who waits."""
    return (
        f"Ten days after the rumour {found.mean('deposits gone in ten days')} of deposits are gone; under the same seeds, where nobody fears, "
        f"{found.plain('deposits gone in ten days', CALM)}. Those who come late wait: up to {found.mean('most asked for and not paid, over deposits')} "
        f"of deposits are asked for at once and not paid, on {found.mean('days with a queue')} days, until borrowers repay."
    )


ANSWER = Answer(
    look,
    tell,
    {"deposits gone in ten days": "%", "most asked for and not paid, over deposits": "%", "days with a queue": ""},
    changes={"clock.ticks": 190, "agents.retail_investor.count": 400},
    against={CALM: {"agents.lender.nerve": 2.0, "agents.lender.caution": 0.0}},
)
