"""Leverage in the rise and in the fall."""

from typing import TYPE_CHECKING

from experiments.presets.looks import between, mean
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace

RISE, TOP, FALL, END = 60.0, 270.0, 330.0, 450.0


def look(market: "Marketplace") -> Numbers:
    """Leverage at the start, the top and the end; liquidations in rise and fall."""
    up, down = between(market, "lending.liquidations", RISE, TOP), between(market, "lending.liquidations", FALL, END)
    return {
        "leverage before the rise": mean(market, "lending.debt_over_value", 40.0, RISE),
        "leverage at the top": mean(market, "lending.debt_over_value", TOP - 20.0, TOP),
        "leverage in the fall": mean(market, "lending.debt_over_value", FALL + 30.0, END),
        "debt at the top": mean(market, "lending.debt", TOP - 20.0, TOP),
        "debt after the fall": mean(market, "lending.debt", END - 20.0, END),
        "liquidations a day in the rise": float(up.mean()),
        "liquidations a day in the fall": float(down.mean()),
        "more liquidations in the fall": bool(down.mean() > up.mean()),
    }


def tell(found: "Found") -> str:
    """Whether there is a cycle."""
    return (
        f"Debt over the worth of fractions is {found.mean('leverage before the rise')} before the rise, {found.mean('leverage at the top')} at its top, and "
        f"{found.mean('leverage in the fall')} in the fall; debt goes from {found.plain('debt at the top')} to {found.plain('debt after the fall')}. "
        f"Liquidations a day are {found.mean('liquidations a day in the rise')} in the rise and {found.mean('liquidations a day in the fall')} in the fall; "
        f"they are more frequent there in {found.chance('more liquidations in the fall')}."
    )


ANSWER = Answer(
    look,
    tell,
    {
        "leverage before the rise": "%",
        "leverage at the top": "%",
        "leverage in the fall": "%",
        "debt at the top": "USD",
        "debt after the fall": "USD",
        "liquidations a day in the rise": "",
        "liquidations a day in the fall": "",
        "more liquidations in the fall": "%",
    },
    changes={"clock.ticks": 452, "agents.retail_investor.count": 250, "agents.miner.count": 40},
)
