"""Debts under a pause, and without it."""

from typing import TYPE_CHECKING

from experiments.presets.looks import value
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace

FREE = "liquidators may seize"
LOST = tuple(f"lending.lost_{who}" for who in ("reserve", "fund", "depositors"))


def look(market: "Marketplace") -> Numbers:
    """Debts without cover, and liquidations."""
    owed = value(market, "lending.liquidated_debt")
    written = sum(value(market, name) for name in LOST)
    return {
        "debt gone bad": written + value(market, "lending.uncovered"),
        "liquidated": owed,
        "liquidations": value(market, "lending.liquidations"),
        "buy-outs open": value(market, "buyouts.open_now"),
    }


def tell(found: "Found") -> str:
    """How much, beside none."""
    lead = {
        1: "So the pause costs lenders",
        -1: "So the pause spares lenders",
        0: "Whether the pause costs lenders is open",
    }
    return (
        f"{found.mean('debt gone bad')} of debt loses its cover while no liquidator may act; where they may seize paused fractions, "
        f"{found.mean('debt gone bad', FREE)}, for {found.plain('liquidated', FREE)} is repaid in time. "
        f"{lead[found.clear('debt gone bad', FREE)]}: bad debt "
        f"{found.moved('debt gone bad', FREE)}."
    )


ANSWER = Answer(
    look,
    tell,
    {"debt gone bad": "USD", "liquidated": "USD", "liquidations": "", "buy-outs open": ""},
    against={FREE: {"buyouts.pause_blocks_liquidation": False}},
)
