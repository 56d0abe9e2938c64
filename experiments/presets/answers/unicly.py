"""When locked votes open a collection, and at what price."""

from typing import TYPE_CHECKING

import numpy as np

from experiments.presets.looks import events, value
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace


def look(market: "Marketplace") -> Numbers:
    """Unlocks, their day and price; stakes in the farm."""
    won = events(market, "buyout_won")
    return {
        "bids": value(market, "buyouts.opened"),
        "unlocked": float(len(won)),
        "day of the first": won[0][0] * market.clock.dt_days if won else np.nan,
        "paid over appraisal": 1.0 - value(market, "buyouts.holders_loss"),
        "staked in farms": value(market, "farms.staked_pool_shares"),
    }


def tell(found: "Found") -> str:
    """When, and for what."""
    worth = found.side("paid over appraisal", 1.0)
    lead = {-1: "less than they are worth", 1: "more than they are worth", 0: "about what they are worth"}[worth]
    return (
        f"{found.mean('unlocked')} collections a run are opened, the first on day {found.mean('day of the first')}, for {lead}: "
        f"{found.mean('paid over appraisal')} of appraisal. {found.plain('staked in farms')} of pool shares farm."
    )


ANSWER = Answer(
    look,
    tell,
    {"bids": "", "unlocked": "", "day of the first": "", "paid over appraisal": "%", "staked in farms": "USD"},
    changes={"clock.ticks": 120},
)
