"""What hoppers gain in a proportional pool."""

from typing import TYPE_CHECKING

from experiments.presets.looks import value
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace


def look(market: "Marketplace") -> Numbers:
    """Pay over the worth of work."""
    return {
        "gain of hoppers": value(market, "payout.hopping_gain"),
        "pay in the worst pool over work": value(market, "payout.earned_least"),
        "moves": value(market, "payout.moves"),
    }


def tell(found: "Found") -> str:
    """Who pays whom."""
    clear = found.side("gain of hoppers", 0.0)
    lead = {
        1: "more than their work is worth",
        0: "not clearly more than their work is worth",
        -1: "less than it is worth",
    }[clear]
    return (
        f"Hoppers earn {lead}: {found.mean('gain of hoppers')} above it, over both pools; who stays earns "
        f"{found.mean('pay in the worst pool over work')} of it where it is least."
    )


ANSWER = Answer(
    look,
    tell,
    {"gain of hoppers": "%", "pay in the worst pool over work": "%", "moves": ""},
    changes={"clock.ticks": 2_880},
    real="the formula: 1.28 times the worth of the work that is done in the pool",
    source="Rosenfeld 2011",
)
